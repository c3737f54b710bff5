"""`python -m app work`: the child process in which the console has long work done."""

import logging
import os
from importlib import import_module
from threading import Thread

import click

from app.cli.context import Context, pass_context
from app.faults import describe
from surveys.background import step_back

STANDARD_INPUT = 0

logger = logging.getLogger(__name__)


@click.command()
@click.argument("task")
@pass_context
def work(context: Context, task: str) -> None:
    """Do ordered work of the console by its id; ends early when its standard input does: the console has ended."""
    step_back()
    Thread(target=_end_with_input, daemon=True).start()
    site = import_module("app.web.console_site").create_console(context.settings, context.database, context.clock)
    try:
        with site.app_context():
            import_module("app.web.console.selection").do(task)
    except Exception as error:  # noqa: BLE001 - the console says that it failed; what was typed stays out of the log
        logger.error("long work failed", extra={"fault": describe(error)})
        raise SystemExit(1) from None


def _end_with_input() -> None:
    """Wait until whoever started this process is there no more; what is not committed is rolled back."""
    # Not through sys.stdin, whose lock this thread would still hold when the interpreter ends.
    while os.read(STANDARD_INPUT, 1):
        pass
    os._exit(1)
