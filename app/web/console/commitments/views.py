"""What the page of a commitment shows: the promise, its days, every step, what residents say, and what can be done."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.accounts.permissions import Permission, Person, Role
from app.feedback.board.themes import UNSORTED
from app.feedback.clock import due_on
from app.feedback.commitment_queries import ReadCommitment, read_commitment
from app.feedback.commitment_states import OPEN, RUNNING, CommitmentAct, CommitmentState, next_state
from app.feedback.commitments import dated, writers_of_draft
from app.feedback.reply_models import Commitment, CommitmentEvent
from app.feedback.verdicts import ANSWERABLE, ResidentAgreement, agreement, count_answers
from app.notices.recipients import holders_named
from app.web import site
from app.web.console.commitments.listing import is_late, readable, title_of, unit_of
from app.web.console.commitments.words import STEPS
from app.web.console.themes.scope import areas, called
from app.web.console.values.views import due_text
from app.web.language import _, _n, current_language, day, percent
from app.working_calendar import WorkingCalendar, get_calendar

WORDS = {
    "announce": CommitmentAct.ANNOUNCE,
    "progress": CommitmentAct.PROGRESS,
    "move": CommitmentAct.MOVE,
    "report-done": CommitmentAct.REPORT_DONE,
    "drop": CommitmentAct.DROP,
}
"""Steps of staff, by their word in the address."""


class ToldStep(NamedTuple):
    """One step as the page tells it: who did what on which day, what it changed, and the words for everybody."""

    who: str
    day: date
    facts: tuple[str, ...]
    body_kk: str
    body_ru: str
    body_en: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentPage:
    """One commitment for a reader."""

    row: Commitment
    state: CommitmentState
    title: str
    area: str
    theme: str
    unit: str
    due: str
    """By when what has to be done, in words; empty where nothing is asked of the administration."""
    is_overdue: bool
    is_dated: bool
    """Whether somebody said by which day; a draft may have none."""
    moved: str
    """How often the day was moved, in words; empty for never."""
    steps: tuple[ToldStep, ...]
    verdict: ResidentAgreement | None
    """What residents say; None while they are not asked."""
    reply: int | None
    waits_for_reply: bool
    """Whether it is announced with the reply that promises it."""
    is_own: bool
    """Whether the reader wrote what waits to be announced."""
    portal: str
    """Where everybody reads it; empty while nobody does."""
    can: frozenset[str]
    """What the reader may do: edit, remove, and the words of WORDS."""
    speakers: tuple[str, ...]
    """Who says what the reader may not: names of the city's leads; empty for whoever may."""


def read_page(session: Session, city: str, number: int, person: Person, today: date) -> CommitmentPage:
    """Read a commitment for somebody, in six statements; raises UnknownAnswerError."""
    found = read_commitment(session, city, number, readable(person)[1])
    row, state = found.row, CommitmentState(found.row.state)
    moves = sum(each.event == CommitmentAct.MOVE for each in found.events)
    told = count_answers(session, number).get(number, {}) if state in ANSWERABLE else None
    is_own = state is CommitmentState.DRAFT and person.id in writers_of_draft(session, row)
    return CommitmentPage(
        row=row,
        state=state,
        title=title_of(row),
        area=areas().get(row.area, row.area),
        theme=called(found.theme) if found.theme else "",
        unit=unit_of(row),
        due=_due(found, today, get_calendar(session)),
        is_overdue=is_late(row, today),
        is_dated=dated(row.due) is not None,
        moved=_n("moved once", "moved %(num)s times", moves) if moves else "",
        steps=tuple(_lines(found)),
        verdict=None if told is None else agreement(told),
        reply=row.reply,
        waits_for_reply=_waits_for_reply(found),
        is_own=is_own,
        portal=_portal(row) if state is not CommitmentState.DRAFT else "",
        can=_can(found, person, is_own=is_own),
        speakers=_speakers(session, row, person, today),
    )


def _portal(row: Commitment) -> str:
    """Give where everybody reads it: its theme, or what has none in its area."""
    where = f"{row.theme}" if row.theme else f"{UNSORTED}?area={row.area}"
    return f"{site.settings().public_url}/{current_language()}/said/{row.city}/{where}#commitment-{row.id}"


def _speakers(session: Session, row: Commitment, person: Person, today: date) -> tuple[str, ...]:
    """Name those who move the day, report it as done or give it up, for staff of the city who may not."""
    is_told = person.may(Permission.KEEP_COMMITMENTS, row.city) and not person.may(
        Permission.RELEASE_COMMITMENTS, row.city
    )
    is_kept = is_told and CommitmentState(row.state) in OPEN
    return tuple(sorted(session.scalars(holders_named(Role.LEAD, today, [row.city])))) if is_kept else ()


def _waits_for_reply(found: ReadCommitment) -> bool:
    return found.row.state == CommitmentState.DRAFT and found.row.reply is not None


def _can(found: ReadCommitment, person: Person, *, is_own: bool) -> frozenset[str]:
    """Tell what somebody may do with it as it stands."""
    state, city = CommitmentState(found.row.state), found.row.city
    keeps = person.may(Permission.KEEP_COMMITMENTS, city)
    speaks = person.may(Permission.RELEASE_COMMITMENTS, city)
    if state is CommitmentState.DRAFT:
        if _waits_for_reply(found):
            return frozenset()
        may = {"edit": keeps, "remove": keeps, "announce": speaks and not is_own}
    else:
        may = {
            word: (keeps if word == "progress" else speaks) and next_state(state, step) is not None
            for word, step in WORDS.items()
        }
    return frozenset(word for word, is_allowed in may.items() if is_allowed)


def _due(found: ReadCommitment, today: date, calendar: WorkingCalendar) -> str:
    state = CommitmentState(found.row.state)
    if state in RUNNING:
        return due_text(found.row.due, today, calendar)
    if state is CommitmentState.DISPUTED:
        disputed = [each.day for each in found.events if each.event == CommitmentAct.DISPUTE]
        last = due_on(disputed[-1], calendar) if disputed else found.row.due
        return _("a new day is to be said: %(due)s", due=due_text(last, today, calendar))
    return ""


def _lines(found: ReadCommitment) -> list[ToldStep]:
    """Tell every step, the newest first."""
    lines, due = [], found.row.first_due
    for event in found.events:
        facts = list(_facts(event, due))
        due = event.due or due
        who = str(STEPS[CommitmentAct(event.event)])
        lines.append(
            ToldStep(who, event.day, tuple(facts), event.body_kk, event.body_ru, event.body_en, event.evidence_address)
        )
    return lines[::-1]


def _facts(event: CommitmentEvent, before: date) -> list[str]:
    facts = []
    if event.event == CommitmentAct.ANNOUNCE:
        facts.append(_("Promised by %(day)s", day=day(event.due or before)))
    elif event.due is not None:
        facts.append(_("Before: by %(before)s. Now: by %(now)s.", before=day(before), now=day(event.due)))
    if event.percent is not None:
        facts.append(_("%(share)s done", share=percent(event.percent)))
    if event.done_on is not None:
        facts.append(_("Done on %(day)s", day=day(event.done_on)))
    return facts
