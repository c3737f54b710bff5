"""What is shown of the papers behind a value: on a page of their own, and as a part of the value's page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.accounts.permissions import Permission, Person, cities_of
from app.indicators.case_models import ValueCase
from app.indicators.catalogue import indicators_of
from app.indicators.evidence import MOST_PAPERS, Paper, PaperKind, other_uses, papers_of
from app.indicators.evidence_files import ACTING, PICTURES, MediaType
from app.indicators.keys import CaseKey
from app.indicators.queries import get_period
from app.indicators.states import EDITABLE
from app.web.console.evidence.forms import FORMS, PaperForm
from app.web.console.layout import city_name
from app.web.language import _, _l, number, pick
from surveys.languages import Text3

SCANS = {"clean": _l("checked for viruses"), "unscanned": _l("not checked for viruses")}
KIND_NAMES = {
    MediaType.PDF: "PDF",
    MediaType.PNG: "PNG",
    MediaType.JPEG: "JPEG",
    MediaType.XLSX: "XLSX",
    MediaType.CSV: "CSV",
}


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A paper as it is shown."""

    paper: Paper
    address: str
    """Where it is opened or saved; empty for an extract of a register."""
    name: str
    """Name of the file, the address, or the register with the number."""
    detail: str
    """Kind, size and whether somebody looked for viruses; empty for what is no file."""
    uses: tuple[tuple[str, str], ...]
    """Other values that the same file stands behind: in words, and the address."""
    is_picture: bool
    """Whether the page may show it: PNG and JPEG run nothing."""
    withdrawing: str
    """Address of the button; empty where nobody may press it."""

    @property
    def may_act(self) -> bool:
        """Whether a program may act on the machine of whoever opens it."""
        return self.paper.media_type in ACTING


@dataclass(frozen=True, slots=True)
class PaperSection:
    """The papers behind a value."""

    address: str
    """Of their own page, to which the forms are sent."""
    lines: tuple[PaperLine, ...]
    withdrawn: tuple[PaperLine, ...]
    can_change: bool
    room: int
    """How many more there may be."""
    forms: Mapping[str, PaperForm]
    """By kind of paper."""
    opened: tuple[str, ...]
    """The kinds whose forms are shown open: they have errors."""
    inside: str
    """The id of the form that the fields belong to; empty where each kind has its own."""

    @property
    def errors(self) -> list[tuple[str, str]]:
        """List the faults of the form that was sent: the field's id, and the sentence."""
        forms = [self.forms[kind] for kind in self.opened]
        fields = [form[name] for form in forms for name in form.errors]
        return [(field.id, sentence) for field in fields for sentence in field.errors]


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """The page of the papers: of which value they are, and the papers."""

    key: CaseKey
    title: str
    city: str
    back: str
    section: PaperSection


def read_section(
    session: Session,
    key: CaseKey,
    person: Person,
    sent: Sequence[PaperForm] = (),
    *,
    state: str = "",
    inside: str = "",
) -> PaperSection:
    """Read the papers of a case for somebody; `sent` are the forms that came back with faults.

    Whoever knows the state of the case says it, and it is not read again. `inside` is the id of the form of the page
    that the fields belong to, so that one press of its button takes them too; else each kind has a form of its own.
    """
    case = None if state else session.get(ValueCase, tuple(key))
    state = case.state if case else state
    may = person.may(Permission.ENTER_VALUES, key.city) and state in EDITABLE
    papers = papers_of(session, key)
    has_files = any(paper.sha256 for paper in papers)
    uses = other_uses(session, key, cities_of(person.grants, Permission.SEE_VALUES)) if has_files else {}
    own = f"/console/values/{key}/evidence"
    lines = tuple(_line(paper, own, uses, may=may) for paper in papers)
    forms: dict[str, PaperForm] = {str(kind): form(prefix=kind) for kind, form in FORMS.items()}
    opened = {str(kind): each for kind, form in FORMS.items() for each in sent if isinstance(each, form)}
    forms |= opened
    if inside:
        _put_inside(forms.values(), inside)
    there = tuple(line for line in lines if line.paper.withdrawn_at is None)
    return PaperSection(
        address=own,
        lines=there,
        withdrawn=tuple(line for line in lines if line.paper.withdrawn_at is not None),
        can_change=may,
        room=max(MOST_PAPERS - len(there), 0),
        forms=forms,
        opened=tuple(opened),
        inside=inside,
    )


def _put_inside(forms: Iterable[PaperForm], form: str) -> None:
    """Make the fields belong to a form elsewhere on the page, which is sent without them too."""
    for field in (field for each in forms for field in each):
        asked = dict(field.render_kw or {})
        if asked.pop("required", False):
            asked["data-needed"] = True
        field.render_kw = asked | {"form": form}


def read_page(session: Session, key: CaseKey, person: Person, sent: Sequence[PaperForm] = ()) -> EvidencePage | None:
    """Read the page of a case's papers; None where there is no such case."""
    period = get_period(session, key.period)
    if period is None or session.get(ValueCase, tuple(key)) is None:
        return None
    indicator = indicators_of(period.edition).get(key.indicator)
    return EvidencePage(
        key=key,
        title=pick(Text3(*indicator.name)) if indicator else key.indicator,
        city=city_name(key.city),
        back=f"/console/values/{key}",
        section=read_section(session, key, person, sent),
    )


def _line(paper: Paper, own: str, uses: Mapping[str, Sequence[CaseKey]], *, may: bool) -> PaperLine:
    is_there = paper.withdrawn_at is None
    others = uses.get(paper.sha256 or "", ()) if is_there else ()
    return PaperLine(
        paper=paper,
        address={PaperKind.FILE: f"{own}/{paper.id}/file", PaperKind.ADDRESS: paper.address}.get(paper.kind, ""),
        name=_name(paper),
        detail=_detail(paper),
        is_picture=paper.media_type in PICTURES,
        uses=tuple((_key_text(key), f"/console/values/{key}") for key in others),
        withdrawing=f"{own}/{paper.id}/withdraw" if may and is_there else "",
    )


def _key_text(key: CaseKey) -> str:
    return f"{city_name(key.city)}, {key.indicator}, {key.period}"


def _name(paper: Paper) -> str:
    if paper.kind is PaperKind.REGISTER:
        return f"{paper.register}, № {paper.extract}" if paper.extract else paper.register
    return paper.file_name or paper.address


def _detail(paper: Paper) -> str:
    if not paper.media_type:
        return ""
    size = (
        _("%(n)s MB", n=number(paper.size / 1_000_000, 1))
        if paper.size >= 100_000
        else _("%(n)s KB", n=number(max(paper.size / 1000, 1)))
    )
    return f"{KIND_NAMES[MediaType(paper.media_type)]}, {size}, {SCANS[paper.scan]}"
