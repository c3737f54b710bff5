"""`python -m app seed`: the demo country, from an empty schema to a first published rating."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import click
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.audit.journal import Actor
from app.cli.context import Context, pass_context
from app.demo.acceptance import accept_unexamined
from app.demo.approvals import ask, demo_ministry, publish_by_three
from app.demo.codings import seed_codings
from app.demo.commitments import seed_commitments, seed_earlier_commitments
from app.demo.current_period import PERIOD, seed_current_period
from app.demo.decisions import seed_decisions
from app.demo.illustrative import illustrative_values
from app.demo.initiatives import seed_figures, seed_initiatives, seed_later_initiatives
from app.demo.persons import seed_persons
from app.demo.replies import seed_replies
from app.demo.responses import SyntheticWave, synthetic_rows
from app.demo.steps import synthetic_steps
from app.demo.suggestions import WEEKS, seed_neighbours, seed_suggestions
from app.feedback.frame import store_frame
from app.fieldwork.step_counts import fold_totals
from app.indicators.evidence import Vault
from app.indicators.files import SpreadsheetFile
from app.indicators.imports import Target, import_file
from app.publishing.models import Publication
from app.ratings.execution import RunOrder, execute_run
from surveys.authoring.yaml_source import load, shipped
from surveys.ballots import keys
from surveys.fieldwork import waves
from surveys.fieldwork.channels import PLAIN
from surveys.fieldwork.modes import write_mode_counts
from surveys.models import Response, Wave
from surveys.population.margins import store_margins
from surveys.population.places import load_places, store_places
from surveys.questionnaire.definition import PUBLIC_AUDIENCES, Questionnaire
from surveys.questionnaire.versions import freeze_questionnaire, get_compiled
from surveys.tallies import folding

OPEN_FIGURES = Path(__file__).parents[1] / "demo" / "data" / "open_figures_2024.csv"
WAVES = {"resident": ("residents-demo", 17_000), "business": ("businesses-demo", 3_000)}
"""Wave and number of synthetic answers of each audience: 20,000 in all."""

STAFF_WAVE, STAFF_ANSWERS, STAFF_LEVEL = "staff-demo", 2_400, 0.35
"""Wave of those who work in administrations, its synthetic answers, and how much more satisfied they are made to be."""

VERIFIED, UNVERIFIED_CITY = 0.8, "kyzylorda"
"""Share of synthetic answers that count as verified, and the city where none does: what it does to a rating shows."""

_WAVE_CODES = tuple(sorted(code for code, _n in WAVES.values()))

WAITING_ALPHA = "0.2"
"""Share of opinion in the rating that waits for its second approval: places differ, so there is something to see."""

SEED = 469
DAYS_PAST = 20
"""Over so many days the synthetic answers are spread."""

DAYS_OPEN = 7 * (WEEKS + 1)
"""For so many days the waves have been open: suggestions must be old enough for some to be overdue."""

DAYS_AHEAD = 180
_INSERT = 2_000

Say = Callable[[str], None]


@click.command()
@pass_context
def seed(context: Context) -> None:
    """Fill an empty schema with the demo country; does nothing when it is there."""
    if not context.settings.demo:
        raise click.UsageError("synthetic answers belong in a demo only: set DEMO=1")
    seed_demo(context, say=click.echo)


def seed_demo(context: Context, *, say: Say) -> None:
    """Fill the demo country once: places, questionnaires, waves, indicators, answers, counts, two publications.

    All of it is one transaction: what was interrupted is not there, and the next start begins anew.
    """
    with context.database.writing() as session:
        waves_there = set(session.scalars(select(Wave.code)))
        if waves_there and waves_there.isdisjoint(_WAVE_CODES):
            raise click.ClickException("another country is here: give the demo an INSTANCE of its own, no DATABASE_URL")
        if not waves_there:
            # First, for its days lie before today and the journal goes forward. No scanner: the papers are our own.
            say(f"themes of suggestions: {len(store_frame(session).added)} national ones")
            seed_earlier_commitments(session, context.clock.now())
            initiatives = seed_initiatives(session, context.clock.now())
            states = seed_current_period(session, Vault(context.settings.evidence), context.clock.now())
            say(f"current period: {PERIOD}, illustrative; " + ", ".join(f"{n} {state}" for state, n in states.items()))
            later = seed_later_initiatives(session, context.clock.now())
            say(f"initiatives: {initiatives + later}, illustrative")
            _fill(session, context, say)
        persons = seed_persons(session, Actor(None, context.clock.now()))
        # A release before this one filled and published apart: what it was interrupted in is finished.
        if session.scalars(select(Publication.number)).first() is not None:
            say("the demo country is there already")
            return
        say(f"console: {len(persons)} persons to press")
        stand = seed_decisions(session, persons, context.clock.now())
        say("moderation: " + ", ".join(f"{number} {state}" for state, number in sorted(stand.items())))
        made = seed_codings(session, persons, context.clock.now())
        say("themes: {} suggestions coded, {} groups, {} coded twice".format(*made))
        promised = seed_commitments(session, persons, context.clock.now())
        say("commitments: " + ", ".join(f"{number} {state}" for state, number in sorted(promised.items())))
        answered = seed_replies(session, persons, context.clock.now())
        say("replies: " + ", ".join(f"{number} {stage}" for stage, number in sorted(answered.items())))
        _publish(session, context.clock.now(), say)


def _publish(session: Session, at: datetime, say: Say) -> None:
    """Publish both periods as everything is published: by three persons, who are of the demo and nobody."""
    ministry = demo_ministry(session, at)
    for period in ("2019", "2024"):
        order = RunOrder(period=period, waves=_WAVE_CODES, kind="official")
        run = execute_run(session, order, Actor(ministry.requester, at))
        number = publish_by_three(session, run, ministry, at)
        say(f"published: number {number}, indicators of {period}; asked for and approved by demo persons")
    seed_figures(session, at)
    order = RunOrder(period="2024", waves=_WAVE_CODES, kind="official", alpha=WAITING_ALPHA)
    run = execute_run(session, order, Actor(ministry.requester, at))
    say(f"waits for its second approval: request {ask(session, run, ministry, at)}")


def _fill(session: Session, context: Context, say: Say) -> None:
    directory, today, actor = context.settings.keys, context.clock.today(), Actor(None, context.clock.now())
    say(f"places: {store_places(session)} cities, {store_margins(session)} population counts")
    *rated, staff = shipped()
    for questionnaire in map(load, rated):
        _start_wave(session, WAVES[questionnaire.audience][0], questionnaire, directory, today)
    _start_wave(session, STAFF_WAVE, load(staff), directory, today)
    _import(session, OPEN_FIGURES.name, OPEN_FIGURES.read_bytes(), Target("2024", "open_figures_2024_verified"), actor)
    _import(session, "illustrative_2019.csv", illustrative_file(), Target("2019", "standard_2019_verified"), actor)
    say(f"answers: {_answer(session, today)} synthetic ones")
    say(f"answers of akimat staff, apart: {_answer_as_staff(session, today)} synthetic ones")
    say(str(folding.fold(session)))
    codes = {audience: code for audience, (code, _n) in WAVES.items()}
    say(f"suggestions: {seed_suggestions(session, directory, codes, today)} illustrative ones")
    say(f"suggestions that are alike: {seed_neighbours(session)} neighbours")
    for code in _WAVE_CODES:
        write_mode_counts(session, code)


def illustrative_file() -> bytes:
    """Write the illustrative set as an indicator file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("city", "indicator", "value", "source"))
    writer.writerows(illustrative_values())
    return text.getvalue().encode()


def _start_wave(session: Session, code: str, questionnaire: Questionnaire, directory: Path, today: date) -> None:
    keys.destroy(directory, code)
    keys.create(directory, code)
    plan = waves.WavePlan(
        code=code,
        version=freeze_questionnaire(session, questionnaire, today=today),
        opens_on=today - timedelta(days=DAYS_OPEN),
        closes_on=today + timedelta(days=DAYS_AHEAD),
        targets=dict.fromkeys((city.code for city in load_places().cities), 60 if code == STAFF_WAVE else 400),
        gates=frozenset({"open"}) if questionnaire.audience in PUBLIC_AUDIENCES else frozenset({"code"}),
        illustrative=True,
    )
    waves.plan_wave(session, plan)
    waves.open_wave(session, code)


def _import(session: Session, name: str, content: bytes, target: Target, actor: Actor) -> None:
    import_file(session, SpreadsheetFile(name, content), target, actor)
    accept_unexamined(session, target.period, actor)


def _answer(session: Session, today: date) -> int:
    total = 0
    for number, (code, n) in enumerate(WAVES.values()):
        version = session.execute(select(Wave.version).where(Wave.code == code)).scalar_one()
        first_day = today - timedelta(days=DAYS_PAST)
        wave = SyntheticWave(
            code=code,
            version=version,
            compiled=get_compiled(session, version),
            n=n,
            first_day=first_day,
            days=DAYS_PAST,
            verified=VERIFIED,
            unverified_city=UNVERIFIED_CITY,
        )
        steps = synthetic_steps(code, wave.compiled.questionnaire, n)
        fold_totals(session, steps, since="synthetic")
        for rows in _batches(synthetic_rows(wave, seed=SEED + number)):
            session.execute(insert(Response), rows)
            total += len(rows)
    return total


def _answer_as_staff(session: Session, today: date) -> int:
    version = session.execute(select(Wave.version).where(Wave.code == STAFF_WAVE)).scalar_one()
    wave = SyntheticWave(
        code=STAFF_WAVE,
        version=version,
        compiled=get_compiled(session, version),
        n=STAFF_ANSWERS,
        first_day=today - timedelta(days=DAYS_PAST),
        days=DAYS_PAST,
        verified=1.0,
        level=STAFF_LEVEL,
    )
    # Whoever has a letter came by no channel.
    rows = [row | {"channel": PLAIN} for row in synthetic_rows(wave, seed=SEED + len(WAVES))]
    session.execute(insert(Response), rows)
    return len(rows)


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    waiting = iter(rows)
    while batch := list(islice(waiting, _INSERT)):
        yield batch
