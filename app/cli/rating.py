"""`python -m app rating …`: compute, verify, export and publish ratings."""

import json
from pathlib import Path

import click

from app.accounts.queries import find_staff
from app.audit.journal import Actor
from app.cli.context import Context, pass_context
from app.cli.private import write_private
from app.publishing import corrections, services
from app.publishing.comparison import Value, compare_runs
from app.publishing.derivations import derived
from app.publishing.errors import Barrier, BarrierError, PublicationError
from app.publishing.requests import request_of_run
from app.ratings.execution import RunOrder, make_run, one_line, repeat_run
from app.ratings.stored import RunError, list_findings
from scoring.derivation.numbers import DERIVED, NumberAddress
from scoring.errors import RatingError
from scoring.frames import canonical_csv
from surveys.languages import Text3


@click.group()
def rating() -> None:
    """Compute and publish ratings."""


@rating.command()
@click.option("--period", required=True, help="Period whose indicators are rated, such as 2024.")
@click.option("--wave", "waves", multiple=True, help="Wave whose answers count; may be given again.")
@click.option("--alpha", help="Share of opinion, 0 to 1; the edition's own by default.")
@click.option("--official", is_flag=True, help="Mark the run as official rather than a trial.")
@pass_context
def run(context: Context, period: str, waves: tuple[str, ...], alpha: str | None, official: bool) -> None:
    """Rate a PERIOD and store the run with its inputs; prints its id, and on stderr what the linter found."""
    order = RunOrder(period=period, waves=waves, kind="official" if official else "trial", alpha=alpha)
    try:
        run_id = make_run(context.database, order, Actor(None, context.clock.now()))
        with context.database.reading() as session:
            for finding in list_findings(session, run_id):
                click.echo(one_line(finding), err=True)
            click.echo(run_id)
    except (RunError, RatingError, ValueError) as error:
        raise click.ClickException(str(error)) from error


@rating.command()
@click.argument("first")
@click.argument("second")
@pass_context
def compare(context: Context, first: str, second: str) -> None:
    """Say what differs between two stored runs: what they were made of, then every value that would be published."""
    try:
        with context.database.reading() as session:
            comparison = compare_runs(session, first, second)
    except RunError as error:
        raise click.ClickException(str(error)) from error
    for field, before, after in comparison.made_of:
        click.echo(f"{field}: {before} -> {after}")
    for change in comparison.changes:
        where = "/".join(filter(None, (change.city, change.area, *change.row)))
        table = "" if change.table in {"cities", "areas"} else f"{change.table} "
        click.echo(f"{table}{where}: {change.number} {_shown(change.before)} -> {_shown(change.after)}")
    click.echo(f"{comparison.cities} {'city differs' if comparison.cities == 1 else 'cities differ'}")
    if comparison.elsewhere:
        click.echo(f"values that belong to no city and differ: {comparison.elsewhere}")


def _shown(value: Value) -> str:
    if value is None or isinstance(value, str):
        return "..." if value is None else value or '""'
    return f"{value:.4g}" if value == int(value) else f"{value:.6g}"


@rating.command()
@click.argument("run_id")
@pass_context
def verify(context: Context, run_id: str) -> None:
    """Compute a stored run again and compare it to the byte."""
    try:
        with context.database.reading() as session:
            digest = repeat_run(session, run_id).digest()
    except RunError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"the same result: {digest}")


@rating.command()
@click.argument("run_id")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@pass_context
def export(context: Context, run_id: str, folder: Path) -> None:
    """Write the result tables of a run as CSV files into FOLDER."""
    try:
        with context.database.reading() as session:
            tables = repeat_run(session, run_id).tables()
    except RunError as error:
        raise click.ClickException(str(error)) from error
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, table in tables.items():
        write_private(folder / f"{name}.csv", canonical_csv(table))
        click.echo(f"{folder / name}.csv: {len(table)} rows")


@rating.command()
@click.argument("run_id")
@click.argument("table", type=click.Choice(list(DERIVED)))
@click.argument("column")
@click.argument("row", nargs=-1)
@pass_context
def explain(context: Context, run_id: str, table: str, column: str, row: tuple[str, ...]) -> None:
    """Derive one number of a run down to counts and reported values, as JSON; ROW is what tells its row apart."""
    try:
        with context.database.reading() as session:
            tree = derived(session, run_id, NumberAddress(table, column, row))
    except (RunError, RatingError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(json.dumps(tree.to_json(), ensure_ascii=False, indent=1))


@rating.command()
@click.argument("run_id")
@click.option("--by", "email", required=True, help="E-mail of the publisher in whose name it is done.")
@click.option("--kk", default="", help="Why it is published though its inputs have changed, in Kazakh.")
@click.option("--ru", default="", help="The same in Russian.")
@click.option("--en", default="", help="The same in English.")
@pass_context
def publish(context: Context, run_id: str, *, email: str, kk: str, ru: str, en: str) -> None:
    """Publish a stored run that was asked for and that two others approved; prints the number of the publication.

    Asking and approving is done in the console. The journal keeps that the command line published it, and for whom.
    """
    reason = Text3(kk, ru, en) if kk or ru or en else None
    try:
        with context.database.reading() as session:
            publisher = find_staff(session, email)
            request = request_of_run(session, run_id)
            if publisher is None or request is None:
                raise BarrierError(Barrier.APPROVALS_MISSING if request is None else Barrier.NO_RIGHT)
            prepared = services.prepare(session, request, today=context.clock.today(), reason=reason)
        with context.database.writing() as session:
            click.echo(services.publish(session, prepared, Actor(None, context.clock.now()), publisher))
    except (RunError, PublicationError) as error:
        raise click.ClickException(str(error)) from error


@rating.command()
@click.argument("number", type=int)
@click.option("--by", "email", required=True, help="E-mail of the publisher in whose name it is asked.")
@click.option("--kk", required=True, help="The reason in Kazakh.")
@click.option("--ru", required=True, help="The reason in Russian.")
@click.option("--en", required=True, help="The reason in English.")
@pass_context
def withdraw(context: Context, number: int, *, email: str, kk: str, ru: str, en: str) -> None:
    """Ask to withdraw the publication NUMBER; it happens when a second person confirms it in the console."""
    try:
        with context.database.writing() as session:
            publisher = find_staff(session, email)
            if publisher is None:
                raise BarrierError(Barrier.NO_RIGHT)
            actor = Actor(None, context.clock.now())
            corrections.ask_withdrawal(session, number, Text3(kk, ru, en), actor, publisher)
    except PublicationError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"asked: {number} stands until a second person confirms it in the console")


@rating.command()
@click.argument("number", type=int)
@click.argument("successor", type=int)
@pass_context
def succeed(context: Context, number: int, successor: int) -> None:
    """Say that the publication SUCCESSOR takes the place of the withdrawn publication NUMBER."""
    try:
        with context.database.writing() as session:
            corrections.name_successor(session, number, successor, Actor(None, context.clock.now()))
    except PublicationError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{number} is succeeded by {successor}")
