"""Two examiners of the ministry look at an initiative without seeing each other's word; a third decides between them.

As with values, a first word changes nothing that anybody can see but its author: the initiative stays as it was, its
row in the journal is the same whatever was said, and nobody is told.
"""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.audit.journal import Actor, Entry, record
from app.clock import day_of
from app.indicators.assessors import Assessor, get_assessor
from app.initiatives import telling
from app.initiatives.errors import MayNotExamineError, NothingToExamineError, WhyNot
from app.initiatives.models import InitiativeEvent, InitiativeExamination
from app.initiatives.opinions import ExaminerWord, Opinion, checked_word
from app.initiatives.standing import InitiativeKey, InitiativeStanding, hold, take_step
from app.initiatives.states import BY_MINISTRY, WITH_EXAMINERS, InitiativeState, InitiativeStep

SEATS = 2
"""Examiners who look without seeing each other."""

THIRD = SEATS + 1

_STEPS = {
    Opinion.SUPPORT: InitiativeStep.SUPPORT,
    Opinion.RETURN: InitiativeStep.RETURN,
    Opinion.NOT_SUPPORT: InitiativeStep.REFUSE,
}


class OpenText(NamedTuple):
    """What was on the screen of who examines: a text of an initiative, and the initiative's version."""

    key: InitiativeKey
    revision: int
    version: int


class GivenWord(NamedTuple):
    """A word that was stored; None in `slot` is for who could not judge."""

    examiner: int
    slot: int | None
    opinion: Opinion


def examine(session: Session, target: OpenText, word: ExaminerWord, actor: Actor) -> InitiativeState:
    """Store one of the two words, or the third where the two differ; gives the state of the initiative.

    Raises MayNotExamineError, NothingToExamineError, StaleInitiativeError, UnknownInitiativeError, OpinionError.
    """
    standing = hold(session, target.key, target.version)
    check_permitted(session, standing, actor)
    given = words_on(session, target.key.id, target.revision)
    if actor.id in {each.examiner for each in given}:
        raise MayNotExamineError(WhyNot.GIVEN_ALREADY)
    if standing.state not in WITH_EXAMINERS or standing.revision != target.revision:
        raise NothingToExamineError(target.key)
    settles = standing.state is InitiativeState.EXAMINED
    whole = checked_word(word, settles=settles)
    in_slots = [each for each in given if each.slot]
    slot = None if whole.opinion is Opinion.UNABLE else len(in_slots) + 1
    _store(session, target, whole, actor, slot)
    if slot is None or slot < SEATS:
        return standing.state
    opinions = [whole.opinion] if slot == THIRD else [in_slots[0].opinion, whole.opinion]
    return _decide(session, standing, opinions, actor)


def words_on(session: Session, initiative: int, revision: int) -> list[GivenWord]:
    """List all words on a text, for deciding; what people may see is `app.initiatives.visible`'s."""
    rows = select(InitiativeExamination.examiner, InitiativeExamination.slot, InitiativeExamination.opinion).where(
        InitiativeExamination.initiative == initiative, InitiativeExamination.revision == revision
    )
    ordered = session.execute(rows.order_by(InitiativeExamination.id))
    return [GivenWord(row.examiner, row.slot, Opinion(row.opinion)) for row in ordered]


def why_not(examiner: Assessor | None, city: str, authors: Collection[int | None]) -> WhyNot | None:
    """Tell why somebody may not examine an initiative of a city that `authors` worked on; None where they may."""
    if examiner is None:
        return WhyNot.NO_REVIEWER
    if city in examiner.barred:
        return WhyNot.OWN_CITY
    return WhyNot.OWN_WORK if examiner.id in authors else None


def check_permitted(session: Session, standing: InitiativeStanding, actor: Actor) -> None:
    """Keep everybody out who has to do with the city, now or within a year, or with the initiative; commands too."""
    examiner = None if actor.id is None else get_assessor(session, actor.id, day_of(actor.at))
    why = why_not(examiner, standing.key.city, _authors(session, standing.key.id))
    if why is not None:
        raise MayNotExamineError(why)


def _authors(session: Session, initiative: int) -> frozenset[int | None]:
    """List who took one of the city's steps, however long ago: each text came with one."""
    steps = select(InitiativeEvent.by).where(
        InitiativeEvent.initiative == initiative, InitiativeEvent.step.not_in(sorted(BY_MINISTRY))
    )
    return frozenset(session.scalars(steps))


def _store(session: Session, target: OpenText, word: ExaminerWord, actor: Actor, slot: int | None) -> None:
    row = {
        "initiative": target.key.id,
        "revision": target.revision,
        "examiner": actor.id,
        "slot": slot,
        "points": int(word.points),
        "opinion": word.opinion,
        "conditions_kk": word.conditions_kk,
        "conditions_ru": word.conditions_ru,
        "note": word.note,
        "private_note": word.private_note,
        "given_at": actor.at,
    }
    session.execute(insert(InitiativeExamination), [row])
    # The same words whatever was said: neither an opinion nor a digest of one, which could be guessed.
    entry = Entry(
        event="examination.given",
        object_kind="initiative",
        object_id=str(target.key.id),
        city=target.key.city,
        detail={"revision": target.revision},
    )
    record(session, actor, entry)


def _decide(session: Session, standing: InitiativeStanding, opinions: list[Opinion], actor: Actor) -> InitiativeState:
    if len(set(opinions)) > 1:
        changed = take_step(session, standing, InitiativeStep.DIFFER, actor)
        given = {each.examiner for each in words_on(session, standing.key.id, standing.revision)}
        telling.tell_third(session, changed, given, actor)
        return changed.state
    changed = take_step(session, standing, _STEPS[opinions[0]], actor, decided_on=day_of(actor.at))
    telling.tell_city(session, changed, actor)
    return changed.state
