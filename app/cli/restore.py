"""`python -m app restore …`: a database out of its copies, the keys beside it, and a check of both."""

from pathlib import Path

import click

from app.backup import postgresql_archive, sqlite_copies
from app.backup.evidence import FOLDER as EVIDENCE
from app.backup.evidence import copy_evidence, lost_evidence
from app.backup.folder import BackupError
from app.backup.keys import count_sealed, restore_keys
from app.backup.summary import faults, summarize
from app.cli.context import Context, pass_context

FOLDER = click.Path(file_okay=False, exists=True, path_type=Path)


@click.group()
def restore() -> None:
    """Bring a database back from its copies."""


@restore.command()
@click.argument("folder", type=FOLDER)
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), help="PostgreSQL: the data folder to make.")
@click.option("--night", is_flag=True, help="Take the copy of the last night, not the newest.")
@pass_context
def database(context: Context, folder: Path, into: Path | None, night: bool) -> None:
    """Restore the copies of FOLDER into an empty place: DATABASE_URL for SQLite, --into for PostgreSQL.

    Files of evidence that INSTANCE lacks are put back too.
    """
    is_sqlite = context.settings.is_sqlite
    if is_sqlite is (into is not None):
        raise click.UsageError("--into names the data folder of a PostgreSQL, and of nothing else")
    try:
        if into is None:
            sqlite_copies.restore(folder.resolve(), context.database.file, night=night)
        else:
            postgresql_archive.restore(folder.resolve(), into.resolve(), night=night)
        copy_evidence(folder.resolve() / EVIDENCE, context.settings.evidence)
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    click.echo("restored" if is_sqlite else f"restored: start PostgreSQL on {into}, which then replays its log")


@restore.command()
@click.argument("folder", type=FOLDER)
@pass_context
def keys(context: Context, folder: Path) -> None:
    """Put keys of FOLDER back that running waves lack."""
    with context.database.reading() as session:
        missing = restore_keys(session, folder, context.settings.keys)
    if missing:
        raise click.ClickException(f"no key for {', '.join(missing)}: no answers can be taken, nor the wave frozen")
    click.echo("every running wave has its key")


@restore.command()
@pass_context
def check(context: Context) -> None:
    """Say what the database holds, and whether its counts, publications and evidence agree with it."""
    with context.database.reading() as session:
        click.echo(str(summarize(session)))
        found = list(faults(session))
        sealed = count_sealed(session, context.settings.keys)
        lost = lost_evidence(session, context.settings.evidence)
    if sealed:
        click.echo(f"no key opens {sealed} envelopes: suggestions that waited in them are lost")
    found += [f"the file of evidence {digest[:12]} is lost or damaged" for digest in lost]
    if found:
        raise click.ClickException("\n".join(found))
    click.echo("counts and publications agree with what is stored, and every file of evidence is there")
