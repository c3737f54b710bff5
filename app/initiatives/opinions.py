"""What an examiner says of an initiative: an opinion, eight points, conditions and two notes; what makes it whole."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import IntFlag, StrEnum

from app.initiatives.contents import tidy
from app.initiatives.errors import OpinionError, OpinionFault

LONGEST_CONDITIONS, LONGEST_NOTE, LONGEST_PRIVATE_NOTE = 600, 600, 400
SHORTEST_NOTE = 10


class Opinion(StrEnum):
    """What is to become of an initiative."""

    SUPPORT = "support"
    RETURN = "return"
    NOT_SUPPORT = "not_support"
    UNABLE = "cannot_judge"
    """Another examiner takes it."""


class ChecklistPoint(IntFlag):
    """What was found in order (DESK §14)."""

    WHAT_IT_DOES = 1
    WHAT_IT_MOVES = 2
    COST_AND_YEARS = 4
    SAME_ELSEWHERE = 8
    REGISTERS = 16
    PERSONAL_DATA = 32
    LANGUAGES = 64
    WHO_RUNS_IT = 128


NO_POINT = ChecklistPoint(0)
EVERY_POINT = ChecklistPoint(255)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExaminerWord:
    """One examiner's word on one text; `note` is for the city to read, `private_note` for the ministry."""

    opinion: Opinion
    points: ChecklistPoint = NO_POINT
    conditions_kk: str = ""
    conditions_ru: str = ""
    note: str = ""
    private_note: str = ""


def checked_word(word: ExaminerWord, *, settles: bool = False) -> ExaminerWord:
    """Tidy a word; raise OpinionError naming everything that is missing or contradicts itself.

    A point that is not in order is what a condition is for. Who decides between two says why, in either note.
    """
    tidied = replace(
        word,
        conditions_kk=tidy(word.conditions_kk, lines=True),
        conditions_ru=tidy(word.conditions_ru, lines=True),
        note=tidy(word.note, lines=True),
        private_note=tidy(word.private_note, lines=True),
    )
    faults = list(_faults(tidied, settles=settles))
    if faults:
        raise OpinionError(faults)
    return tidied


def _faults(word: ExaminerWord, *, settles: bool) -> Iterator[OpinionFault]:
    conditions = (word.conditions_kk, word.conditions_ru)
    supports = word.opinion is Opinion.SUPPORT
    goes_back = word.opinion in {Opinion.RETURN, Opinion.NOT_SUPPORT}
    says_why = word.note or word.private_note or any(conditions) or word.opinion is Opinion.UNABLE
    found = (
        (OpinionFault.POINT_OPEN, supports and word.points != EVERY_POINT and not any(conditions)),
        (OpinionFault.CONDITIONS_HALF, bool(conditions[0]) != bool(conditions[1])),
        (OpinionFault.CONDITIONS_WITHOUT_SUPPORT, any(conditions) and not supports),
        (OpinionFault.LONG_CONDITIONS, max(map(len, conditions)) > LONGEST_CONDITIONS),
        (OpinionFault.NO_NOTE, goes_back and len(word.note) < SHORTEST_NOTE),
        (OpinionFault.LONG_NOTE, len(word.note) > LONGEST_NOTE),
        (OpinionFault.LONG_PRIVATE_NOTE, len(word.private_note) > LONGEST_PRIVATE_NOTE),
        (OpinionFault.UNREASONED, settles and not says_why),
    )
    yield from (fault for fault, applies in found if applies)
