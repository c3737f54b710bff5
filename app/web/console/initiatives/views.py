"""What the page of an initiative shows: its text in the order of the checklist, its history, whom to talk to."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from flask import abort
from sqlalchemy.orm import Session

from app.accounts.permissions import Permission, Person
from app.audit.journal import Actor
from app.clock import day_of
from app.indicators.assessors import get_assessor
from app.initiatives import examining, visible
from app.initiatives.comparison import from_json
from app.initiatives.contents import InitiativeContent
from app.initiatives.errors import UnknownInitiativeError, WhyNot
from app.initiatives.examining import GivenWord
from app.initiatives.models import InitiativeEvaluation
from app.initiatives.opinions import ChecklistPoint
from app.initiatives.queries import HistoryStep, LikeOne, history_of, like_one, read_one
from app.initiatives.standing import InitiativeKey, InitiativeStanding
from app.initiatives.states import BY_MINISTRY, EDITABLE, WITH_EXAMINERS, InitiativeState, shown_to_city
from app.initiatives.visible import CityWord, WordRow
from app.web.console.initiatives.listing import readership, years_of
from app.web.console.initiatives.words import OPINIONS, POINTS, WHY_NOT
from app.web.console.layout import city_name
from app.web.initiatives.words import FigureLine, areas_of, figure_line, indicator_names
from app.web.language import _, current_language, number, pick

EVALUABLE = frozenset({InitiativeState.FINISHED, InitiativeState.EVALUATED})


TOLD = frozenset({"start", "report", "finish", "stop"})
"""Steps with words and days of their own."""


class TextLine(NamedTuple):
    """A part of the text: the field it comes from, what it is called, what it says in each language."""

    field: str
    label: str
    texts: tuple[tuple[str, str], ...]
    """Language (empty where it is one of ours) and text."""


class ExaminersWord(NamedTuple):
    """An examiner's word as it is read."""

    revision: int
    is_newest: bool
    who: str
    """Empty for a city, which is told no name."""
    is_third: bool
    opinion: str
    open_points: tuple[str, ...]
    conditions_kk: str
    conditions_ru: str
    note: str
    private_note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureTable:
    """FigureTable before and after, of which publications."""

    before: int
    after: int
    on: date
    lines: tuple[FigureLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiativePage:
    """One initiative for a reader."""

    standing: InitiativeStanding
    state: InitiativeState
    """As the reader is told it."""
    content: InitiativeContent
    title: str
    city: str
    area: str
    lines: tuple[TextLine, ...]
    like: tuple[LikeOne, ...]
    words: tuple[ExaminersWord, ...]
    history: tuple[HistoryStep, ...]
    figures: FigureTable | None
    given: int | None
    """Opinions that are in, while it is with the examiners; None for who is not told."""
    hindrance: str
    """Why the reader may not examine it; empty where they may, or need not."""
    can: frozenset[str]
    """What the reader may do: edit, submit, recall, withdraw, start, report, finish, stop, examine, evaluate."""

    @property
    def has_steps(self) -> bool:
        """Whether the reader may tell of a step that everybody reads."""
        return bool(self.can & TOLD)

    @property
    def has_actions(self) -> bool:
        """Whether the reader may do anything else."""
        return bool(self.can - TOLD)


def read_page(session: Session, key: InitiativeKey, person: Person, actor: Actor) -> InitiativePage:
    """Read an initiative for somebody; 404 where there is none that they may read."""
    eyes = readership(person)
    try:
        standing, content, evaluation = read_one(session, key, eyes)
    except UnknownInitiativeError:
        abort(404)
    is_own = key.city in eyes.own
    sees_words = person.may(Permission.SEE_ASSESSMENTS) and not is_own
    history = history_of(session, key, for_city=not sees_words)
    waits = standing.state in WITH_EXAMINERS and sees_words
    given = examining.words_on(session, key.id, standing.revision) if waits else []
    why = _hindrance(session, standing, person, actor, (history, given))
    return InitiativePage(
        standing=standing,
        state=shown_to_city(standing.state) if is_own else standing.state,
        content=content,
        title=pick(content.title),
        city=city_name(key.city),
        area=areas_of(standing.edition).get(content.area, content.area),
        lines=_lines(content, standing.edition),
        like=tuple(like_one(session, key)),
        words=tuple(_words(session, standing, person, sees_words=sees_words)),
        history=tuple(history),
        figures=_figures(evaluation, standing.edition),
        given=sum(word.slot is not None for word in given) if waits else None,
        hindrance=str(WHY_NOT[why]) if why else "",
        can=_can(standing, person, why),
    )


def _hindrance(
    session: Session,
    standing: InitiativeStanding,
    person: Person,
    actor: Actor,
    known: tuple[list[HistoryStep], list[GivenWord]],
) -> WhyNot | None:
    """Tell why an examiner may not say anything of it; None for who is none, and where nothing is to be said."""
    waits = standing.state in WITH_EXAMINERS or standing.state in EVALUABLE
    if not person.may(Permission.EXAMINE_INITIATIVES) or not waits:
        return None
    history, given = known
    authors = {step.by for step in history if step.step not in BY_MINISTRY}
    why = examining.why_not(get_assessor(session, person.id, day_of(actor.at)), standing.key.city, authors)
    is_given = person.id in {word.examiner for word in given}
    return why or (WhyNot.GIVEN_ALREADY if is_given else None)


def _can(standing: InitiativeStanding, person: Person, why: WhyNot | None) -> frozenset[str]:
    """Tell what somebody may do with an initiative as it stands."""
    state, city = standing.state, standing.key.city
    keeps = person.may(Permission.KEEP_INITIATIVES, city)
    submits = person.may(Permission.SUBMIT_INITIATIVES, city)
    examines = person.may(Permission.EXAMINE_INITIATIVES)
    is_early = state in EDITABLE
    found = {
        "edit": keeps and is_early,
        "submit": submits and is_early,
        "withdraw": submits and is_early,
        "recall": submits and state in WITH_EXAMINERS,
        "start": submits and state is InitiativeState.SUPPORTED,
        "report": keeps and state is InitiativeState.RUNNING,
        "finish": submits and state is InitiativeState.RUNNING,
        "stop": submits and state in {InitiativeState.SUPPORTED, InitiativeState.RUNNING},
        "examine": examines and state in WITH_EXAMINERS and why is None,
        "evaluate": examines and state in EVALUABLE and why is None,
    }
    return frozenset(name for name, may in found.items() if may)


def _words(session: Session, standing: InitiativeStanding, person: Person, *, sees_words: bool) -> list[ExaminersWord]:
    """Give examiners' words: with names to examiners and auditors, as what was decided to the others."""
    if sees_words:
        rows = visible.visible_words(session, standing.key.id, person.id)
        return [_word(row, standing.revision) for row in rows]
    if person.may(Permission.KEEP_INITIATIVES, standing.key.city):
        return [_told(row, standing.revision) for row in visible.told_to_city(session, standing.key.id)]
    return []


def _word(row: WordRow, revision: int) -> ExaminersWord:
    open_points = ~row.points & ChecklistPoint(255)
    return ExaminersWord(
        revision=row.revision,
        is_newest=row.revision == revision,
        who=row.name,
        is_third=row.slot == examining.THIRD,
        opinion=str(OPINIONS[row.opinion]),
        open_points=() if row.slot is None else _points(open_points),
        conditions_kk=row.conditions_kk,
        conditions_ru=row.conditions_ru,
        note=row.note,
        private_note=row.private_note,
    )


def _told(row: CityWord, revision: int) -> ExaminersWord:
    return ExaminersWord(
        revision=row.revision,
        is_newest=row.revision == revision,
        who="",
        is_third=False,
        opinion=str(OPINIONS[row.opinion]),
        open_points=_points(row.open_points),
        conditions_kk=row.conditions_kk,
        conditions_ru=row.conditions_ru,
        note=row.note,
        private_note="",
    )


def _points(points: ChecklistPoint) -> tuple[str, ...]:
    return tuple(str(words) for point, words in POINTS.items() if point in points)


def _lines(content: InitiativeContent, edition: str) -> tuple[TextLine, ...]:
    """Write the text in the order of the examiners' checklist."""
    moved = "; ".join(indicator_names(edition, tuple(content.indicators.split())))
    cost = "" if content.cost is None else _("%(number)s thousand tenge", number=number(content.cost))
    years = years_of(content)
    personal = {"no": _("no"), "yes": _("yes"), "": ""}[content.personal_data]
    of_whom = "; ".join(filter(None, [personal, content.personal_basis]))
    # Similar ones are found and shown below: a line of nothing above them would contradict it.
    elsewhere = [TextLine("elsewhere", _("The same in other cities"), (("", content.elsewhere),))]
    elsewhere = elsewhere if content.elsewhere else []
    return (
        _in_languages("what_kk", _("What it does"), [content.what_kk, content.what_ru, content.what_en]),
        TextLine("indicators", _("Indicators that it should move"), (("", moved),)),
        TextLine("cost", _("Cost and years"), (("", ", ".join(filter(None, [cost, years]))),)),
        *elsewhere,
        TextLine("registers", _("State registers and interfaces that it uses"), (("", content.registers),)),
        TextLine("personal_data", _("Personal data"), (("", of_whom),)),
        TextLine(
            "languages", _("Use in Kazakh and in Russian, and by people with disabilities"), (("", content.languages),)
        ),
        _in_languages("keeper_kk", _("Unit that runs it later"), [content.keeper_kk, content.keeper_ru]),
        TextLine("contact", _("How colleagues of other cities reach the unit"), (("", content.contact),)),
    )


def _in_languages(field: str, label: str, texts: list[str]) -> TextLine:
    pairs = list(zip(("kk", "ru", "en"), texts, strict=False))
    own = current_language()
    pairs.sort(key=lambda pair: pair[0] != own)
    return TextLine(field, label, tuple(pair for pair in pairs if pair[1]) or (("", ""),))


def _figures(row: InitiativeEvaluation | None, edition: str) -> FigureTable | None:
    if row is None:
        return None
    lines = tuple(figure_line(figure, edition) for figure in from_json(row.figures))
    return FigureTable(before=row.before, after=row.after, on=row.evaluated_on, lines=lines)
