"""What every command is handed: settings, database and clock of this process."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec, TypeVar

import click

from app.cli.environment import read_settings
from app.clock import Clock, SystemClock
from app.config import Settings
from app.database import Database

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Context:
    """The process a command runs in."""

    settings: Settings
    database: Database
    clock: Clock


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
    settings = read_settings()
    return Context(settings, Database(settings.database_url), SystemClock())
