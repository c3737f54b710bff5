"""What every command is handed: settings, database and clock of this process."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec, TypeVar

import click

from app.clock import Clock, SystemClock
from app.config import Settings, SettingsError
from app.database import Database

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Context:
    """The process a command runs in."""

    settings: Settings
    database: Database
    clock: Clock


class SettingsRefusedError(click.ClickException):
    """Bad settings stop a command before it does anything; each fault is one line."""

    exit_code = 78
    """The usual code of a configuration that cannot be used (EX_CONFIG)."""


def pass_context(command: Callable[Concatenate[Context, P], R]) -> Callable[P, R]:
    """Hand a command its Context, read from the environment when the caller gave none.

    Commands that need no settings (lint, template) do not ask for it and run anywhere.
    """

    def wrapper(*args: Any, **kwargs: Any) -> Any:
        context = click.get_current_context()
        if context.obj is None:
            context.find_root().obj = context.obj = _from_environment()
        return context.invoke(command, context.obj, *args, **kwargs)

    return update_wrapper(wrapper, command)


def _from_environment() -> Context:
    try:
        settings = Settings.from_env(os.environ)
    except SettingsError as error:
        raise SettingsRefusedError("\n".join(("these settings cannot be used:", *error.faults))) from error
    settings.instance.mkdir(parents=True, exist_ok=True)
    return Context(settings, Database(settings.database_url), SystemClock())
