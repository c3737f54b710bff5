"""`python -m app days-off …`: which days the country does not work, or works though it is a weekend."""

from pathlib import Path

import click

from app.audit.journal import Actor
from app.cli.context import Context, pass_context
from app.notices import working_days
from app.notices.working_days import CalendarFileError
from app.working_calendar import get_calendar


@click.group(name="days-off")
def days_off() -> None:
    """Keep the calendar of working days, by which terms are reckoned."""


@days_off.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@pass_context
def import_days(context: Context, file: Path) -> None:
    """Take days from FILE, a CSV with the columns day,works (2027-03-22,no); others stay as they are."""
    try:
        days = working_days.read_days(file.read_text(encoding="utf-8-sig"))
    except (CalendarFileError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{file}: {error}") from error
    with context.database.writing() as session:
        changed = working_days.store_days(session, Actor(None, context.clock.now()), days)
    click.echo(f"{len(days)} days read, {changed} changed")


@days_off.command(name="list")
@pass_context
def list_days(context: Context) -> None:
    """List the days that differ from their week, in the form of the file."""
    with context.database.reading() as session:
        moved = get_calendar(session).moved
    click.echo(",".join(working_days.COLUMNS))
    for day in sorted(moved):
        click.echo(f"{day.isoformat()},{'yes' if moved[day] else 'no'}")
