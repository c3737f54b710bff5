"""What the pages of runs show."""

import re
from dataclasses import dataclass
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
from app.web.console.runs.forms import RunForm
from app.web.language import pick
from app.web.rating import words
from scoring.edition import load_edition
from scoring.output.findings import InputFinding
from surveys.languages import Text3
from surveys.models import Wave


@dataclass(frozen=True, slots=True)
class RunFinding:
    """What the linter found, in words."""

    is_error: bool
    subject: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """A run with its totals, its findings and, where it was asked for, its request."""

    run: Run
    request: int | None
    has_draft: bool
    """Whether the portal's pages of it can be looked at, the derivation of each total among them."""
    standings: list[tuple[str, CityStanding]]
    findings: list[RunFinding]
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
    run = row.Run
    found = standings(read_frames(session, (run.id,)), run.id)
    others = session.scalars(select(Run).where(Run.id != run.id).order_by(Run.finished_on.desc(), Run.id).limit(20))
    return RunView(
        run=run,
        request=row.request,
        has_draft=row.few_people is not None,
        standings=sorted(found.items(), key=lambda each: (each[1].place is None, each[1].place or 0, each[0])),
        findings=[_finding(each, run) for each in list_findings(session, run.id)],
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
    """Offer the periods and waves that there are."""
    form.period.choices = [SelectChoice(each.code, each.code) for each in list_periods(session)]
    begun = session.scalars(select(Wave.code).where(Wave.state != "planned").order_by(Wave.code))
    form.waves.choices = [SelectChoice(code, code) for code in begun]
    return form


def _finding(found: InputFinding, run: Run) -> RunFinding:
    names = {each.code: pick(Text3(*each.name)) for each in load_edition(run.edition).indicators}
    names |= {code: str(name) for code, name in words.AUDIENCES.items()}
    parts = [names.get(part) or city_name(part) for part in found.subject.replace(", ", "/").split("/")]
    said = str(words.FINDINGS.get(found.code, found.code))
    # Details are codes of cities with numbers: "karaganda 469, pavlodar 724.2".
    detail = _CODE.sub(lambda code: city_name(code[0]), found.detail)
    return RunFinding(found.severity == "error", ": ".join(parts), f"{said} ({detail})" if detail else said)


_CODE = re.compile(r"(?<![\w-])[a-z][a-z-]+(?![\w-])")
