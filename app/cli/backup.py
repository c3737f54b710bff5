"""`python -m app backup …`: copies of the database and of evidence, and apart from them copies of the keys."""

import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path

import click

from app.backup.evidence import FOLDER as EVIDENCE
from app.backup.evidence import copy_evidence
from app.backup.folder import BackupError, hour_of, open_folder
from app.backup.following import MINUTE, follow_keys, follow_postgresql, follow_sqlite
from app.backup.keys import copy_keys
from app.backup.postgresql_archive import Archive
from app.backup.sqlite_copies import MARK, Copier
from app.cli.context import Context, pass_context

FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group()
def backup() -> None:
    """Copy the database with its files of evidence and, apart from them, the keys."""


@backup.command()
@click.argument("folder", type=FOLDER)
@click.option("--every", default=MINUTE, show_default=True, help="Seconds between two copies of SQLite.")
@pass_context
def run(context: Context, folder: Path, every: float) -> None:
    """Keep the copies of database and evidence in FOLDER up to date until Ctrl-C."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    copy_files = partial(copy_evidence, context.settings.evidence, folder.resolve() / EVIDENCE)
    with _told(), suppress(KeyboardInterrupt):
        if context.settings.is_sqlite:
            with closing(_copier(context, folder)) as copier:
                follow_sqlite(copier, context.clock, copy_files, every)
        else:
            follow_postgresql(_archive(context, folder), context.clock, copy_files)


@backup.command()
@click.argument("folder", type=FOLDER)
@pass_context
def copy(context: Context, folder: Path) -> None:
    """Copy the database and the files of evidence into FOLDER once, now: after a freeze, or before a change."""
    hour = hour_of(context.clock)
    with _told():
        if context.settings.is_sqlite:
            with closing(_copier(context, folder)) as copier:
                copier.copy(hour)
        else:
            _archive(context, folder).take_base(hour)
        copy_evidence(context.settings.evidence, folder.resolve() / EVIDENCE)
    click.echo(f"copied into {folder}")


@backup.command()
@click.argument("folder", type=FOLDER)
@click.option("--every", type=float, help="Seconds between two copies: go on until Ctrl-C.")
@pass_context
def keys(context: Context, folder: Path, every: float | None) -> None:
    """Copy the keys in use into FOLDER and destroy its keys that are done with, once or until Ctrl-C."""

    def copy_once() -> tuple[int, int]:
        with context.database.reading() as session:
            return copy_keys(session, context.settings.keys, folder.resolve())

    with _told():
        copied, destroyed = copy_once()
        click.echo(f"copied {copied} keys, destroyed {destroyed}")
        if every:
            signal.signal(signal.SIGTERM, signal.default_int_handler)
            with suppress(KeyboardInterrupt):
                follow_keys(copy_once, every)


@contextmanager
def _told() -> Iterator[None]:
    """Tell what cannot be done in one line."""
    try:
        yield
    except BackupError as error:
        raise click.ClickException(str(error)) from error


def _copier(context: Context, folder: Path) -> Copier:
    return Copier(context.database.file, open_folder(folder), context.settings.instance / MARK)


def _archive(context: Context, folder: Path) -> Archive:
    return Archive(context.database.engine.url, open_folder(folder))
