"""What the page of one value shows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from fractions import Fraction
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.accounts.permissions import Permission, Person
from app.clock import KAZAKHSTAN
from app.indicators.cases import Case
from app.indicators.catalogue import ReportingMethod, indicators_of
from app.indicators.drafts import CheckedValue, check_value
from app.indicators.errors import ImportRefusedError, UnknownCaseError
from app.indicators.evidence import Paper
from app.indicators.histories import (
    CaseEvents,
    Entered,
    History,
    Revision,
    get_case_and_period,
    get_history,
    last_change,
    read_events,
)
from app.indicators.keys import CaseKey
from app.indicators.queries import IndicatorRow, PeriodRow
from app.indicators.states import EDITABLE, Event, State, next_state
from app.indicators.vocabulary import Basis
from app.publishing.uses import publications_of
from app.web.console.cases.forms import ValueForm, answers_of, make_form, typed_value
from app.web.console.conflicts import Other, Side
from app.web.console.values.views import due_text
from app.web.console.values.words import (
    STATES,
    Badge,
    basis_text,
    bounds_text,
    change_text,
    fault_text,
    range_text,
    remark_texts,
    told_text,
    value_text,
    yes_count,
)
from app.web.language import _, _l, pick
from app.working_calendar import get_calendar
from scoring.edition import Indicator, load_edition
from surveys.languages import Text3

HOW = {
    ReportingMethod.YES_NO: _l("Answer yes or no."),
    ReportingMethod.PERCENTAGE: _l("Give the value in per cent, such as 61.5, or a numerator and a denominator."),
    ReportingMethod.RATIO: _l("Give a numerator and a denominator: how many of how many."),
    ReportingMethod.MEASURED: _l("Give the number in the unit of the indicator."),
}


class FieldChange(NamedTuple):
    """What a revision changed: the field, what stood there and what stands there."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """A revision in words."""

    number: int
    text: str
    who: str
    at: datetime | None
    """When; None where only the day is known."""
    on: date
    from_file: bool
    restored: bool
    """An import was undone."""
    accepted: bool
    published: tuple[int, ...]
    """Numbers of the publications that counted it."""
    changes: list[FieldChange]
    told: list[str]
    """What assessors told the city of it: reasons and notes."""


class PaperEvent(NamedTuple):
    """A document that was added to the value, or withdrawn from it."""

    title: str
    who: str
    at: datetime
    withdrawn: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """Everything beside the form."""

    case: Case
    period: PeriodRow
    indicator: Indicator
    name: str
    area: str
    how: str
    unit: str
    bounds: str
    state: Badge
    due: str
    now: str
    sent: tuple[str, datetime] | None
    """Who sent what stands there, and when."""
    one_person: bool
    """Whether who entered it has sent it too."""
    change: str
    source: str
    basis: str
    note: str
    earlier: list[tuple[str, str, bool]]
    elsewhere: str
    history: list[HistoryLine | PaperEvent]
    """The newest first."""
    told: list[str]
    """What assessors said of what came back, until it is sent again."""
    remarks: list[str]
    can_edit: bool
    can_recall: bool
    can_ask: bool
    can_reopen: bool


class RevisionFate(NamedTuple):
    """What became of the revisions of a value: when each was entered, and which publications counted it."""

    entered: Mapping[int, Entered]
    published: Mapping[int, tuple[int, ...]]


class Found(NamedTuple):
    """A case with its indicator, and what was ever given for it."""

    case: Case
    period: PeriodRow
    indicator: Indicator
    history: History


def find(session: Session, key: CaseKey) -> Found:
    """Read a case; raise UnknownCaseError."""
    case, period = get_case_and_period(session, key)
    indicator = indicators_of(period.edition).get(key.indicator)
    if indicator is None:
        raise UnknownCaseError(key)
    return Found(case, period, indicator, get_history(session, key, period))


def read_page(session: Session, found: Found, person: Person, today: date, papers: Iterable[Paper] = ()) -> CasePage:
    """Read the page of a value; `papers` are those its history tells of."""
    case, period, indicator, history = found
    key, latest = case.key, latest_of(found)
    numbers = history.elsewhere
    events = read_events(session, key) if history.revisions else CaseEvents(None, {})
    # A publication counts what was accepted; whoever edits sees which revision is in force.
    published = publications_of(session, key) if case.accepted_revision and case.state not in EDITABLE else {}
    before = history.earlier[0].row.measure if history.earlier else None
    areas = {area.code: pick(Text3(*area.name)) for area in load_edition(period.edition).areas}
    may_send = person.may(Permission.SEND_RETURN, key.city)
    can_be_reopened = next_state(case.state, Event.REOPEN) is not None
    return CasePage(
        case=case,
        period=period,
        indicator=indicator,
        name=pick(Text3(*indicator.name)),
        area=areas[indicator.area],
        how=str(HOW[ReportingMethod(indicator.method)]),
        unit="" if indicator.method == ReportingMethod.YES_NO else pick(Text3(*indicator.unit)),
        bounds=bounds_text(indicator),
        state=STATES[case.state],
        due=due_text(case.due_on, today, get_calendar(session)) if case.state in EDITABLE and case.due_on else "",
        sent=None if case.state in EDITABLE else events.sent,
        one_person=case.state not in EDITABLE and _is_by_one(case, history),
        now=value_text(indicator, latest.measure if latest else None),
        change=change_text(indicator, latest.measure if latest else None, before),
        source=latest.source if latest else "",
        basis=basis_text(latest.basis) if latest else "",
        note=latest.note if latest else "",
        earlier=[(each.period, value_text(indicator, each.row.measure), each.accepted) for each in history.earlier],
        elsewhere=_elsewhere(indicator, numbers),
        history=_with_papers(_history(indicator, history, RevisionFate(events.entered, published)), papers),
        told=_told_last(history, case.state),
        remarks=remark_texts(indicator, latest.measure, numbers, before) if latest else [],
        can_edit=can_edit(found, person),
        can_recall=may_send and case.state in {State.SENT, State.SPLIT},  # both are under examination, for a city
        can_ask=may_send and can_be_reopened and not case.asked_reason,
        can_reopen=person.may(Permission.REOPEN_VALUE) and can_be_reopened and not _is_of(person, key.city),
    )


def can_edit(found: Found, person: Person) -> bool:
    """Tell whether somebody may change a value now."""
    may = person.may(Permission.ENTER_VALUES, found.case.key.city)
    return may and found.case.state in EDITABLE and found.period.state != "planned"


def _is_by_one(case: Case, history: History) -> bool:
    return case.sent_by is not None and bool(history.revisions) and history.revisions[0].enterer == case.sent_by


def _is_of(person: Person, city: str) -> bool:
    return any(grant.city == city for grant in person.grants)


def form_of(found: Found, typed: Mapping[str, str], version: int) -> ValueForm:
    """Make the form, with what was typed where there is something."""
    return make_form(found.indicator, latest_of(found), version, typed)


def latest_of(found: Found) -> IndicatorRow | None:
    """Give what stands in a case; None where nothing does, though something did before an import was undone."""
    return None if found.case.state is State.OPEN else found.history.latest


def check(found: Found, typed: Mapping[str, str]) -> dict[str, object]:
    """Say what is wrong with what is being typed, by field, and what the linter finds, for the script."""
    try:
        checked: CheckedValue = check_value(typed_value(found.indicator, typed), found.indicator)
    except ImportRefusedError as error:
        return {"faults": {field_of(fault.column): fault_text(fault) for fault in error.faults}, "remarks": []}
    before = found.history.earlier[0].row.measure if found.history.earlier else None
    return {"faults": {}, "remarks": remark_texts(found.indicator, checked.measure, found.history.elsewhere, before)}


def typed_words(found: Found, typed: Mapping[str, str]) -> list[tuple[str, str]]:
    """Write what somebody typed as lines of name and text, to be read beside what is stored."""
    answers = dict(answers_of(found.indicator))
    numbers = [typed[name] for name in ("value", "numerator", "denominator") if typed.get(name)]
    shown = numbers or [str(answers.get(typed.get("answer", ""), ""))]
    basis = typed.get("basis", "")
    return [
        (_("Value"), ", ".join(shown)),
        (_("Kind of source"), basis_text(basis) if basis in set(Basis) else ""),
        (_("Source"), typed.get("source", "")),
        (_("Note"), typed.get("note", "")),
    ]


def sides_of(session: Session, found: Found, typed: Mapping[str, str]) -> tuple[list[Side], Other]:
    """Set what somebody typed beside what another stored meanwhile, and tell who that was."""
    latest = found.history.latest
    stored = {
        _("Value"): value_text(found.indicator, latest.measure) if latest else "",
        _("Kind of source"): basis_text(latest.basis) if latest else "",
        _("Source"): latest.source if latest else "",
        _("Note"): latest.note if latest else "",
    }
    name, at = last_change(session, found.case.key) or _of_file(found)
    sides = [Side(label, text, stored[label]) for label, text in typed_words(found, typed)]
    return sides, Other(name or _("assessor of the ministry"), at)


def _of_file(found: Found) -> tuple[str, datetime]:
    """Tell who brought the latest value where the journal names a file and not the case."""
    newest = found.history.revisions[0] if found.history.revisions else None
    on = newest.on if newest else found.period.span.ends
    return (newest.entered_by if newest else "") or _("command line"), datetime.combine(on, time(), KAZAKHSTAN)


def field_of(column: str) -> str:
    """Give the field of the form in which a fault of a cell is shown."""
    return "answer" if column == "status" else column


def _with_papers(lines: Sequence[HistoryLine], papers: Iterable[Paper]) -> list[HistoryLine | PaperEvent]:
    """Put what became of papers among the revisions, which come the newest first."""
    events: list[tuple[datetime, HistoryLine | PaperEvent]] = []
    moment = datetime.min.replace(tzinfo=KAZAKHSTAN)
    for line in reversed(lines):
        # Of some the day alone is known: they come as early on it as may be, and after the revision before.
        moment = max(moment, line.at or datetime.combine(line.on, time(), KAZAKHSTAN))
        events.append((moment, line))
    for each in papers:
        events.append((each.added_at, PaperEvent(each.caption, each.added_by, each.added_at, withdrawn=False)))
        if each.withdrawn_at is not None:
            withdrawn = PaperEvent(each.caption, each.withdrawn_by, each.withdrawn_at, withdrawn=True)
            events.append((each.withdrawn_at, withdrawn))
    return [event for _moment, event in sorted(events, key=lambda each: each[0])][::-1]


def _history(indicator: Indicator, history: History, fate: RevisionFate) -> list[HistoryLine]:
    older: list[IndicatorRow | None] = [*(each.row for each in history.revisions), None]
    return [
        _history_line(indicator, revision, before, fate)
        for revision, before in zip(history.revisions, older[1:], strict=True)
    ]


def _history_line(
    indicator: Indicator, revision: Revision, before: IndicatorRow | None, fate: RevisionFate
) -> HistoryLine:
    row = revision.row
    entered = fate.entered.get(row.revision)
    return HistoryLine(
        number=row.revision,
        text=value_text(indicator, row.measure),
        who=revision.entered_by,
        at=entered.at if entered else None,
        on=revision.on,
        from_file=revision.from_file,
        restored=entered is not None and entered.restored,
        accepted=revision.accepted,
        published=fate.published.get(row.revision, ()),
        changes=_changes(indicator, row, before) if before else [],
        told=[words for words in map(told_text, revision.notes) if words],
    )


def _told_last(history: History, state: State) -> list[str]:
    """Give what was said of the newest revision; while it is the city's to correct, of the newest of which it was."""
    newest = history.revisions if state in EDITABLE else history.revisions[:1]
    said = ([words for words in map(told_text, each.notes) if words] for each in newest)
    return next((words for words in said if words), [])


def _changes(indicator: Indicator, row: IndicatorRow, before: IndicatorRow) -> list[FieldChange]:
    pairs = [
        FieldChange(_("Value"), value_text(indicator, before.measure), value_text(indicator, row.measure)),
        FieldChange(_("Kind of source"), basis_text(before.basis), basis_text(row.basis)),
        FieldChange(_("Source"), before.source, row.source),
        FieldChange(_("Note"), before.note, row.note),
    ]
    return [pair for pair in pairs if pair.old != pair.new]


def _elsewhere(indicator: Indicator, numbers: Sequence[Fraction]) -> str:
    if not numbers:
        return ""
    if indicator.method == ReportingMethod.YES_NO:
        return yes_count(numbers)
    return range_text(indicator, numbers)
