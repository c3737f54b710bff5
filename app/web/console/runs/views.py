"""What the pages of runs show."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs

from app.indicators.queries import list_periods
from app.publishing.differences import CityStanding, Differences, differences, read_frames, standings
from app.publishing.models import PublicationRequest
from app.ratings.models import Run
from app.ratings.stored import list_findings
from app.web.console.layout import city_name
from app.web.console.runs import finding_words
from app.web.console.runs.finding_words import RunFinding
from app.web.console.runs.forms import RunForm
from app.web.console.waves.naming import name_waves
from app.web.console.waves.words import STATE_NAMES
from app.web.language import alphabetical, percent, pick
from scoring.edition import load_edition
from surveys.languages import Text3
from surveys.models import Wave
from surveys.questionnaire.definition import PUBLIC_AUDIENCES


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """A run with its totals, its findings and, where it was asked for, its request."""

    run: Run
    request: int | None
    publication: int | None
    has_draft: bool
    """Whether the portal's pages of it can be looked at, the derivation of each total among them."""
    standings: list[tuple[str, CityStanding]]
    """Cities in the order of the portal."""
    findings: list[RunFinding]
    waves: list[tuple[str, str]]
    """Names and codes."""
    others: tuple[Run, ...]
    """Runs it can be compared with: those of its period and of the newest, newest first."""


def runs_with_requests() -> Select[Any]:
    """Select all runs, each with the numbers of its request and of its publication."""
    columns: Any = (Run, PublicationRequest.id.label("request"), PublicationRequest.publication.label("publication"))
    return select(*columns, PublicationRequest.few_people).outerjoin(
        PublicationRequest, PublicationRequest.run == Run.id
    )


def read_run(session: Session, run_id: str) -> RunView | None:
    """Read everything about a run; None when there is none of that id."""
    row = session.execute(runs_with_requests().where(Run.id == run_id)).first()
    if row is None:
        return None
    run, names = row.Run, wave_names(session)
    found = standings(read_frames(session, (run.id,)), run.id)
    others = session.scalars(select(Run).where(Run.id != run.id).order_by(Run.finished_on.desc(), Run.id).limit(20))
    return RunView(
        run=run,
        request=row.request,
        publication=row.publication,
        has_draft=row.few_people is not None,
        standings=sorted(found.items(), key=lambda each: (each[1].order, alphabetical(city_name(each[0])))),
        findings=[finding_words.say(each, run.edition) for each in list_findings(session, run.id)],
        waves=[(names.get(code, code), code) for code in run.waves.split()],
        others=tuple(others),
    )


def compared(session: Session, first: str, second: str) -> tuple[Run, Run, Differences] | None:
    """Compare two runs; None when one of them is not there."""
    runs = {run.id: run for run in session.scalars(select(Run).where(Run.id.in_((first, second))))}
    if first not in runs or second not in runs:
        return None
    frames = read_frames(session, (first, second))
    return runs[first], runs[second], differences(session, frames, runs[first], runs[second])


def filled_form(session: Session, form: RunForm) -> RunForm:
    """Offer the periods, and the waves that take no more answers.

    Two runs of an open wave, before and after somebody answered, would tell what that person said. Answers of an
    illustrative wave are nobody's.
    """
    periods = list_periods(session)
    form.period.choices = [SelectChoice(each.code, f"{each.code}: {edition_title(each.edition)}") for each in periods]
    at_rest = Wave.state.in_(("closed", "frozen")) | (Wave.illustrative & (Wave.state != "planned"))
    rated = Wave.audience.in_(PUBLIC_AUDIENCES)
    offered = session.scalars(select(Wave).where(at_rest, rated).order_by(Wave.opens_on.desc(), Wave.code)).all()
    names = name_waves(session, offered)
    form.waves.choices = [
        SelectChoice(each.code, f"{names[each.code]} ({each.code}): {STATE_NAMES[each.state]}") for each in offered
    ]
    return form


def shares(session: Session) -> list[tuple[str, str]]:
    """List the editions of the periods there are, each with its share of opinion."""
    editions = sorted({each.edition for each in list_periods(session)})
    return [(edition_title(code), share_of(str(load_edition(code).alpha))) for code in editions]


def share_of(alpha: str) -> str:
    """Write a share of opinion, which is stored as a fraction, as it is read: 30 %."""
    value = float(100 * Fraction(alpha))
    return percent(value, 0 if value == round(value) else 1)


def edition_title(code: str) -> str:
    """Give the title of an edition."""
    return pick(Text3(*load_edition(code).title))


def wave_names(session: Session) -> dict[str, str]:
    """Name all waves by the titles of their questionnaires and their months."""
    return name_waves(session, session.scalars(select(Wave)).all())
