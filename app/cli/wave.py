"""`python -m app wave …`: plan a wave, open it, close it, freeze it."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit.journal import Actor
from app.cli.context import Context, pass_context
from app.database import StaleRowsError
from app.fieldwork import services
from app.jobs.tasks.file_suggestions import file_waiting
from surveys.authoring.yaml_source import load
from surveys.errors import SurveyError
from surveys.fieldwork import waves
from surveys.models import Response, Wave
from surveys.models.fieldwork import GATES
from surveys.population.places import load_places
from surveys.responses import filing, withdrawal

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def wave() -> None:
    """Run the fieldwork."""


@wave.command()
@click.argument("code")
@click.argument("questionnaire", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--opens", type=DAY, required=True, help="First day, such as 2027-03-01.")
@click.option("--closes", type=DAY, required=True, help="Last day.")
@click.option("--target", default=400, show_default=True, help="Answers hoped for in each city.")
@click.option("--city", "cities", multiple=True, help="A city by any of its names; all when not given.")
@click.option("--gate", "gates", multiple=True, type=click.Choice(GATES), help="A way in; `open` when not given.")
@pass_context
def plan(
    context: Context,
    code: str,
    questionnaire: Path,
    *,
    opens: datetime,
    closes: datetime,
    target: int,
    cities: tuple[str, ...],
    gates: tuple[str, ...],
) -> None:
    """Plan the wave CODE: freeze the QUESTIONNAIRE file, make the wave's key, and wait for its first day."""
    _check_gates(context, gates)
    try:
        city_codes = _codes(cities)
        definition = load(questionnaire)
        plan = waves.WavePlan(
            code=code,
            version=definition.digest(),
            opens_on=_day(opens),
            closes_on=_day(closes),
            targets=dict.fromkeys(city_codes, target),
            gates=frozenset(gates or ("open",)),
        )
        with context.database.writing() as session:
            services.plan_wave(session, _actor(context), plan, definition, context.settings.keys)
    except SurveyError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"planned: {code}, {len(city_codes)} cities; keep the key in {context.settings.keys} out of backups")


@wave.command(name="open")
@click.argument("code")
@pass_context
def open_(context: Context, code: str) -> None:
    """Let the planned wave CODE take answers now, whatever its first day."""
    _step(context, services.open_wave, code)


@wave.command()
@click.argument("code")
@pass_context
def close(context: Context, code: str) -> None:
    """Let the open wave CODE take no more answers."""
    _step(context, services.close_wave, code)


@wave.command()
@click.argument("code")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--waiting", type=click.Choice(["accept", "refuse"]), help="What becomes of withdrawals that wait.")
@pass_context
def freeze(context: Context, code: str, *, yes: bool, waiting: str | None) -> None:
    """Count the closed wave CODE for good and destroy its key."""
    if not yes:
        click.confirm(f"Wave {code} will be counted for good and its key destroyed. Go on?", abort=True)
    directory = context.settings.keys
    accept = None if waiting is None else waiting == "accept"

    def settle(session: Session, actor: Actor, name: str) -> Wave:
        return services.freeze_wave(session, actor, name, directory, accept_waiting=accept)

    _step(context, settle, code)
    try:
        context.database.forget_old_rows(waves.SHUFFLED)
    except StaleRowsError as error:
        raise click.ClickException(f"{error}: run `python -m app jobs once list-receipts`") from error


@wave.command()
@pass_context
def file_suggestions(context: Context) -> None:
    """File all suggestions that wait, however few, before a release that knows no envelopes is put back.

    Stop the web server first.
    """
    click.echo(file_waiting(context.database, context.clock, context.settings.keys, filing.file_all))


@wave.command()
@click.argument("code")
@click.option("--accept", "decision", flag_value="accept", help="Take all that wait back.")
@click.option("--refuse", "decision", flag_value="refuse", help="Let all that wait fall.")
@pass_context
def withdrawals(context: Context, code: str, decision: str | None) -> None:
    """Show how many answers of the wave CODE were taken back each day, and decide about those that wait.

    More than thirty in an hour wait for a person: look whether codes were stolen or passed on before accepting them.
    """
    try:
        with context.database.writing() as session:
            taken, number = 0, len(withdrawal.waiting(session, code))
            days = withdrawal.counts(session, code)
            if decision:
                accept = decision == "accept"
                taken, number = services.decide_withdrawals(session, _actor(context), code, accept=accept)
    except SurveyError as error:
        raise click.ClickException(str(error)) from error
    if decision == "accept":
        click.echo(f"taken back: {taken} of {number} that waited")
    elif decision == "refuse":
        click.echo(f"refused: {number} that waited; their answers stay")
    else:
        for day, n in days:
            click.echo(f"{day}\t{n} taken back")
        click.echo(f"{number} wait for a decision")


@wave.command(name="list")
@pass_context
def list_waves(context: Context) -> None:
    """List the waves with their state and the number of answers."""
    with context.database.reading() as session:
        counts = dict(session.execute(select(Response.wave, func.count()).group_by(Response.wave)).all())
        for row in session.scalars(select(Wave).order_by(Wave.code)):
            days = f"{row.opens_on} to {row.closes_on}"
            click.echo(f"{row.code}\t{row.audience}\t{row.state}\t{days}\t{counts.get(row.code, 0)} answers")


def _step(context: Context, step: Callable[[Session, Actor, str], Wave], code: str) -> None:
    try:
        with context.database.writing() as session:
            state = step(session, _actor(context), code).state
    except SurveyError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{state}: {code}")


def _actor(context: Context) -> Actor:
    return Actor(None, context.clock.now())


def _check_gates(context: Context, gates: tuple[str, ...]) -> None:
    """Refuse a way in that this installation could not serve on the first day."""
    for gate in gates:
        if lacking := context.settings.identity.lacking(gate):
            raise click.ClickException(f"--gate {gate} needs the setting {lacking} (docs/identity.md)")


def _codes(names: tuple[str, ...]) -> tuple[str, ...]:
    places = load_places()
    return tuple(places.find_city(name).code for name in names) or tuple(city.code for city in places.cities)


def _day(moment: datetime) -> date:
    return moment.date()
