"""`python -m app indicators …`: import the values of the indicators, make files to fill in, show what is there."""

import csv
from pathlib import Path

import click

from app.audit.journal import Actor
from app.cli.context import Context, pass_context
from app.indicators.catalogue import indicators_of
from app.indicators.errors import ImportFault, ImportRefusedError
from app.indicators.files import open_file
from app.indicators.imports import ImportReport, Target, import_file
from app.indicators.queries import coverage as count_coverage
from app.indicators.queries import current_values, get_period
from app.indicators.sheet import neutral
from app.indicators.templates import Template, write_template
from app.indicators.wording import gaps_of, template_of
from surveys.languages import LANGUAGES
from surveys.population.places import City, PlaceError, load_places


class RefusedFile(click.ClickException):
    """A file that was not imported: each reason is a line, and the exit code is 1."""

    def __init__(self, error: ImportRefusedError) -> None:
        """Put the reasons in the order of the file."""
        reasons = (f"  {_location(fault)}{sentence(fault)} [{fault.code}]" for fault in error.faults)
        super().__init__("\n".join((f"nothing was imported; reasons: {len(error.faults)}", *reasons)))


def sentence(fault: ImportFault) -> str:
    """Say in English what is wrong."""
    return template_of(fault) % gaps_of(fault)


def _location(fault: ImportFault) -> str:
    column = f", {gaps_of(fault._replace(found=fault.column))['found']}" if fault.column else ""
    return f"line {fault.line}{column}: " if fault.line else ""


@click.group()
def indicators() -> None:
    """Import the values of indicators and see what is there."""


@indicators.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--period", required=True, help="2024, 2024-H1, 2024-Q3 or 2024-07.")
@click.option("--edition", help="Edition that rates the period; needed with its first file only.")
@click.option("--dry-run", is_flag=True, help="Check and report, store nothing.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Write the bad rows to this CSV file.")
@pass_context
def import_values(
    context: Context, *, file: Path, period: str, edition: str | None, dry_run: bool, report: Path | None
) -> None:
    """Import FILE (.csv or .xlsx): every row of it, or none and all the reasons."""
    transaction = context.database.reading if dry_run else context.database.writing
    try:
        with transaction() as session:
            summary = import_file(session, open_file(file), Target(period, edition), Actor(None, context.clock.now()))
    except ImportRefusedError as error:
        if report:
            _write_report(report, error)
        raise RefusedFile(error) from error
    click.echo(_summary(summary, file.name, dry_run=dry_run))


def _summary(report: ImportReport, name: str, *, dry_run: bool) -> str:
    verb = "checked, nothing stored" if dry_run else "imported"
    return (
        f"{verb}: {name} into {report.period} ({report.edition}), {report.rows} rows\n"
        f"  new {report.new}, changed {report.changed} (withdrawn {report.withdrawn}), unchanged {report.unchanged}\n"
        f"  reported {report.reported} (flagged {report.flagged}), missing {report.missing}, "
        f"not applicable {report.not_applicable}"
    )


def _write_report(path: Path, error: ImportRefusedError) -> None:
    """Write the bad rows for a spreadsheet or a program: line, column, code, message."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("line", "column", "code", "message"))
        for fault in error.faults:
            writer.writerow((fault.line, neutral(fault.column), fault.code, neutral(sentence(fault))))


@indicators.command()
@click.argument("edition")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--lang", type=click.Choice(LANGUAGES), default=LANGUAGES[0], show_default=True, help="Of names and hints."
)
@click.option("--city", "names", multiple=True, help="Only this city, by code or any of its names; may be repeated.")
def template(edition: str, file: Path, lang: str, names: tuple[str, ...]) -> None:
    """Write FILE (.csv or .xlsx) to fill in for EDITION."""
    try:
        contents = Template(_chosen(names), indicators_of(edition).values(), lang)
        rows = write_template(file, contents)
    except ImportRefusedError as error:
        raise click.ClickException(sentence(error.faults[0])) from error
    click.echo(f"{file.name}: {rows} rows to fill in")


def _chosen(names: tuple[str, ...]) -> list[City]:
    """Find the cities named, or all."""
    places = load_places()
    try:
        codes = {places.find_city(name).code for name in names}
    except PlaceError as error:
        raise click.BadParameter(str(error), param_hint="--city") from error
    return [city for city in places.cities if not names or city.code in codes]


@indicators.command()
@click.option("--period", required=True, help="A period that values were imported for.")
@pass_context
def coverage(context: Context, *, period: str) -> None:
    """Show for each city how many indicators are reported, missing, not applicable and flagged."""
    with context.database.reading() as session:
        stored_period = get_period(session, period)
        if stored_period is None:
            raise click.ClickException(f"nothing was imported for {period}")
        codes = [city.code for city in load_places().cities]
        table = count_coverage(current_values(session, period, "latest"), codes, indicators_of(stored_period.edition))
    click.echo(f"{'city':20}{'reported':>10}{'missing':>10}{'not appl.':>10}{'flagged':>10}")
    for row in table:
        click.echo(f"{row.city:20}{row.reported:10}{row.missing:10}{row.not_applicable:10}{row.flagged:10}")
