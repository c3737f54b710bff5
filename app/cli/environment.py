"""The settings of a command, without the database: for commands that only start other processes."""

import os

import click

from app.config import Settings, SettingsError


class SettingsRefusedError(click.ClickException):
    """Bad settings stop a command before it does anything; each fault is one line."""

    exit_code = 78
    """The usual code of a configuration that cannot be used (EX_CONFIG)."""


def read_settings() -> Settings:
    """Read the settings from the environment and make the folder of the instance; raises SettingsRefusedError."""
    try:
        settings = Settings.from_env(os.environ)
    except SettingsError as error:
        raise SettingsRefusedError("\n".join(("these settings cannot be used:", *error.faults))) from error
    settings.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    if settings.keys.exists():
        # One restored from a copy may be open to everybody; the folder around it may be somebody else's.
        settings.keys.chmod(0o700)
    return settings
