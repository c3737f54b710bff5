"""What the page of one case shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy.orm import Session

from app.accounts.permissions import Permission, Person
from app.indicators.assessors import list_assessors
from app.indicators.case_sheets import CaseSheet, hindrance_of, read_people, read_sheet
from app.indicators.catalogue import ReportingMethod
from app.indicators.errors import Hindrance
from app.indicators.evidence import Paper, other_uses, papers_of
from app.indicators.evidence_files import ACTING, PICTURES
from app.indicators.examination import VerdictRow, visible_verdicts
from app.indicators.keys import CaseKey
from app.indicators.oddities import WAITING
from app.indicators.states import State
from app.indicators.vocabulary import Status
from app.web.console.assess.forms import RulingForm
from app.web.console.assess.queue_page import city_names
from app.web.console.assess.words import HINDRANCES, ODDITIES, REASONS, TICKS, VERDICTS
from app.web.console.values.words import basis_text, change_text, number_text, remark_texts, value_text, yes_count
from app.web.language import _, _n, pick
from scoring.edition import Indicator, load_edition
from surveys.languages import Text3


@dataclass(frozen=True, slots=True)
class CasePaper:
    """A paper of the case; `uses` are the other cases with the same file."""

    number: int
    caption: str
    what: str
    day: date | None
    address: str
    is_file: bool
    may_act: bool
    """Whether a program may act on the machine of whoever opens it."""
    is_picture: bool
    uses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseVerdictLine:
    """A verdict that the viewer may see."""

    revision: int
    is_stale: bool
    is_third: bool
    name: str
    verdict: str
    ticks: tuple[str, ...]
    reasons: tuple[str, ...]
    note: str
    private_note: str


@dataclass(frozen=True, slots=True)
class AssessedCasePage:
    """One case as an assessor sees it."""

    key: CaseKey
    revision: int
    version: int
    name: str
    city: str
    unit: str
    area: str
    defined_by: str
    remarks: tuple[str, ...]
    value: str
    change: str
    basis: str
    source: str
    note: str
    late: bool
    one_person: bool
    earlier: tuple[tuple[str, str], ...]
    elsewhere: str
    elsewhere_label: str
    oddities: tuple[str, ...]
    papers: tuple[CasePaper, ...]
    needs_evidence: bool
    verdicts: tuple[CaseVerdictLine, ...]
    is_split: bool
    is_waiting: bool
    given: int
    hindrance: str
    form: RulingForm

    @property
    def code(self) -> str:
        """Give the indicator's code."""
        return self.key.indicator

    @property
    def can_rule(self) -> bool:
        """Tell whether the viewer may give a verdict now."""
        return self.is_waiting and not self.hindrance


def read_case(session: Session, key: CaseKey, person: Person, today: date, form: RulingForm) -> AssessedCasePage:
    """Read a case for somebody; raise UnknownCaseError."""
    sheet = read_sheet(session, key)
    people = read_people(session, sheet.case)
    hindrance: Hindrance | None = Hindrance.NO_REVIEWER
    if person.may(Permission.ASSESS):
        assessors = {each.id: each for each in list_assessors(session, today)}
        hindrance = hindrance_of(sheet.case, people, person.id, assessors)
    uses = other_uses(session, key)
    verdicts = visible_verdicts(session, key, person.id)
    indicator = load_edition(sheet.edition).indicator(key.indicator)
    return _page(
        _Parts(key, sheet, indicator, form),
        papers=tuple(_paper(paper, uses) for paper in papers_of(session, key) if paper.withdrawn_at is None),
        verdicts=tuple(_verdict(row, sheet.case.revision or 0) for row in verdicts),
        given=people.in_seats,
        hindrance="" if hindrance is None else str(HINDRANCES[hindrance]),
    )


@dataclass(frozen=True, slots=True)
class _Parts:
    key: CaseKey
    sheet: CaseSheet
    indicator: Indicator | None
    form: RulingForm


def _page(
    parts: _Parts,
    *,
    papers: tuple[CasePaper, ...],
    verdicts: tuple[CaseVerdictLine, ...],
    given: int,
    hindrance: str,
) -> AssessedCasePage:
    sheet, indicator = parts.sheet, parts.indicator
    case, value, before = sheet.case, sheet.value, sheet.earlier[0][1].measure if sheet.earlier else None
    return AssessedCasePage(
        key=parts.key,
        revision=case.revision or 0,
        version=case.version,
        name=pick(Text3(*indicator.name)) if indicator else "",
        city=city_names().get(parts.key.city, parts.key.city),
        unit=_unit(indicator),
        area=_area(sheet.edition, indicator),
        defined_by=indicator.source if indicator else "",
        remarks=_remarks(indicator, sheet),
        value=value_text(indicator, value.measure) if indicator and value else "",
        change=change_text(indicator, value.measure, before) if indicator and value else "",
        basis=basis_text(value.basis) if value else "",
        source=value.source if value else "",
        note=value.note if value else "",
        late=case.late,
        one_person=sheet.one_person,
        earlier=tuple((period, value_text(indicator, row.measure)) for period, row in sheet.earlier if indicator),
        elsewhere=_range(indicator, sheet.elsewhere),
        elsewhere_label=_elsewhere_label(indicator, len(sheet.elsewhere)),
        oddities=_oddities(sheet),
        papers=papers,
        needs_evidence=value is not None and value.status is not Status.MISSING,
        verdicts=verdicts,
        is_split=case.state is State.SPLIT,
        is_waiting=case.state in {State.SENT, State.SPLIT},
        given=given,
        hindrance=hindrance,
        form=parts.form,
    )


def _oddities(sheet: CaseSheet) -> tuple[str, ...]:
    return tuple(str(ODDITIES[each]) for each in sheet.oddities) if sheet.case.state in WAITING else ()


def _unit(indicator: Indicator | None) -> str:
    has_none = indicator is None or indicator.method == ReportingMethod.YES_NO
    return "" if has_none or indicator is None else pick(Text3(*indicator.unit))


def _area(edition: str, indicator: Indicator | None) -> str:
    areas = {area.code: pick(Text3(*area.name)) for area in load_edition(edition).areas}
    return areas.get(indicator.area, "") if indicator else ""


def _remarks(indicator: Indicator | None, sheet: CaseSheet) -> tuple[str, ...]:
    """Say what the linter says of the value beside the accepted ones of other cities and its own of before."""
    if indicator is None or sheet.value is None:
        return ()
    before = sheet.earlier[0][1].measure if sheet.earlier else None
    return tuple(remark_texts(indicator, sheet.value.measure, sheet.elsewhere, before))


def _range(indicator: Indicator | None, numbers: tuple[Fraction, ...]) -> str:
    if indicator is None or not numbers:
        return ""
    if indicator.method == ReportingMethod.YES_NO:
        return yes_count(numbers)
    low, middle, high = numbers[0], numbers[len(numbers) // 2], numbers[-1]
    return " – ".join(number_text(indicator, each) for each in dict.fromkeys((low, middle, high)))


def _elsewhere_label(indicator: Indicator | None, cities: int) -> str:
    if indicator is not None and indicator.method == ReportingMethod.YES_NO:
        return _("Accepted in other cities")
    return _n(
        "Accepted in %(num)s other city: least, middle, most",
        "Accepted in %(num)s other cities: least, middle, most",
        cities,
    )


def _paper(paper: Paper, uses: Mapping[str, tuple[CaseKey, ...]]) -> CasePaper:
    elsewhere = uses.get(paper.sha256 or "", ())
    names = city_names()
    is_file = paper.sha256 is not None
    return CasePaper(
        number=paper.id,
        caption=paper.caption,
        what=paper.file_name or paper.address or f"{paper.register} {paper.extract}".strip(),
        day=paper.document_day,
        address=f"/console/values/{paper.key}/evidence/{paper.id}/file" if is_file else paper.address,
        is_file=is_file,
        may_act=paper.media_type in ACTING,
        is_picture=paper.media_type in PICTURES,
        uses=tuple(f"{names.get(key.city, key.city)}, {key.indicator}, {key.period}" for key in elsewhere),
    )


def _verdict(row: VerdictRow, revision: int) -> CaseVerdictLine:
    return CaseVerdictLine(
        revision=row.revision,
        is_stale=row.revision != revision,
        is_third=row.slot == 3,
        name=row.name,
        verdict=str(VERDICTS[row.verdict]),
        ticks=tuple(str(words) for tick, words in TICKS.items() if tick in row.ticks),
        reasons=tuple(str(REASONS[reason]) for reason in row.reasons),
        note=row.note,
        private_note=row.private_note,
    )
