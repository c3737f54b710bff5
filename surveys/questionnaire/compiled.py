"""A questionnaire version made ready for the hot path: byte columns, frozensets, and the arithmetic of areas."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple, cast

from surveys.errors import AnswersError, Defect, DefinitionError, Problem, Reason
from surveys.questionnaire.definition import (
    Answer,
    Answers,
    Page,
    PageRole,
    Question,
    Questionnaire,
)
from surveys.questionnaire.kinds import KINDS, Kind, RefusedError, Stored, questions_stored
from surveys.questionnaire.routing import walk


class AnswerColumn(NamedTuple):
    """One byte of a packed response: `weights` gives what each option adds to it."""

    question: str
    position: int
    multi: bool
    weights: Mapping[str, int]


class NumberField(NamedTuple):
    """Two bytes of a packed response, after the columns: 0 for no answer, else the number counted from `least` as 1."""

    question: str
    least: int
    most: int
    kind: Kind
    """Writes an answer as a number, and reads it back."""


class AreaItem(NamedTuple):
    """One scored question: its byte, and the points (1–5) of each of that byte's 256 values, 0 for none."""

    question: str
    position: int
    values: bytes


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """What intake and tallies need of a questionnaire version; made by compile_questionnaire."""

    questionnaire: Questionnaire
    closed: tuple[Question, ...]
    """Questions of one byte each, in the frozen order of the packed bytes."""
    texts: tuple[Question, ...]
    """Questions answered in words; the answers are stored apart, as suggestions on the question's area."""
    columns: tuple[AnswerColumn, ...]
    bytes_of: "ByteTable"
    numbers: tuple[NumberField, ...]
    items: Mapping[str, tuple[AreaItem, ...]]
    _questions: Mapping[str, Question]
    _required: frozenset[str]
    _in_order: tuple[Page, ...]
    _open: Mapping[str, frozenset[tuple[str, str]]]
    _open_elsewhere: frozenset[tuple[str, str]]

    @property
    def areas(self) -> tuple[str, ...]:
        """Areas asked about, in the order of the pages."""
        return self.questionnaire.areas

    def area_items(self, area: str) -> tuple[AreaItem, ...]:
        """List the scored questions of an area."""
        return self.items[area]

    def area_scale(self, area: str) -> int:
        """Give the factor that makes every mean of 1…k answered items a whole number: lcm(1, …, k)."""
        return math.lcm(*range(1, len(self.items[area]) + 1))

    def check(self, answers: Mapping[str, object], city: str) -> Answers:
        """Give the answers as they are stored; raises AnswersError.

        Nothing of the input is trusted: keys, types, lengths and characters are all checked. A required
        question counts on the About page, and on an area's page once anything on that page is answered.
        """
        if not isinstance(answers, Mapping) or len(answers) > len(self._questions):
            raise AnswersError([Problem("", Reason.UNKNOWN_QUESTION)])
        problems: list[Problem] = []
        if _all_among(answers, self._open.get(city, self._open_elsewhere)):
            cleaned = cast(Answers, answers)
        else:
            cleaned = self._clean(answers, city, problems)
        if self._required:
            refused = {problem.question for problem in problems}
            problems += [Problem(code, Reason.REQUIRED) for code in self._missing(city, cleaned) if code not in refused]
        if problems:
            raise AnswersError(problems)
        return cleaned

    def _clean(self, answers: Mapping[str, object], city: str, problems: list[Problem]) -> Answers:
        """Clean one answer after the other; gives those that stand, and adds what is wrong with the rest."""
        cleaned: dict[str, Answer] = {}
        for code, raw in answers.items():
            question = self._questions.get(code) if isinstance(code, str) else None
            if question is None:
                problems.append(Problem("", Reason.UNKNOWN_QUESTION))
                continue
            try:
                if answer := KINDS[question.kind].clean(question, raw, city):
                    cleaned[question.code] = answer
            except RefusedError as refused:
                problems.append(Problem(question.code, refused.reason))
        return cleaned

    def _missing(self, city: str, answers: Answers) -> Iterator[str]:
        """Find what is required, shown by the answers that stand, and left without one."""
        for page in walk(self._in_order, city, answers).pages:
            if page.role is PageRole.ABOUT or any(question.code in answers for question in page.questions):
                codes = (question.code for question in page.questions)
                yield from (code for code in codes if code in self._required and code not in answers)


class ByteTable(dict[tuple[str, Answer | None], int]):
    """The byte of every answer to every closed question, 0 for none; several ticks are added up when asked for.

    Raises KeyError for an answer that is no option. A table, for it is looked into for each question of each answer.
    """

    def __init__(self, columns: tuple[AnswerColumn, ...]) -> None:
        super().__init__({(column.question, None): 0 for column in columns})
        self.codes = tuple(column.question for column in columns)
        self._columns = dict(zip(self.codes, columns, strict=True))
        for column in columns:
            self.update({(column.question, option): weight for option, weight in column.weights.items()})

    def __missing__(self, key: tuple[str, Answer | None]) -> int:
        code, answer = key
        weights = self._columns[code].weights
        if isinstance(answer, tuple) and (self._columns[code].multi or len(answer) == 1):
            return sum({weights[option] for option in answer})
        raise KeyError(answer)


def _all_among(answers: Mapping[str, object], pairs: frozenset[tuple[str, str]]) -> bool:
    """Tell whether every answer is one option that is open: so it is with nearly all, and one comparison shows it."""
    try:
        return answers.items() <= pairs
    except TypeError:  # several options in a list, which no set can hold
        return False


@lru_cache(maxsize=64)
def compile_questionnaire(q: Questionnaire) -> Compiled:
    """Make a questionnaire version ready for answers; cached by its digest.

    Raises DefinitionError where it asks a kind of question that this release does not know.
    """
    if unknown := [question for question in q.questions if question.kind not in KINDS]:
        raise DefinitionError(
            Defect(f"question {question.code}", "unknown_kind", question.kind) for question in unknown
        )
    closed = questions_stored(q, Stored.BYTE)
    columns = tuple(_column(question, position) for position, question in enumerate(closed))
    cities = {option.city for question in closed for option in question.options} - {None}
    return Compiled(
        questionnaire=q,
        closed=closed,
        texts=questions_stored(q, Stored.WORDS),
        columns=columns,
        bytes_of=ByteTable(columns),
        numbers=tuple(_number_field(question) for question in questions_stored(q, Stored.NUMBER)),
        items=MappingProxyType({area: _items(columns, closed, area) for area in q.areas}),
        _questions=MappingProxyType({question.code: question for question in q.questions}),
        _required=frozenset(question.code for question in q.questions if question.required),
        _in_order=tuple(sorted(q.pages, key=lambda page: page.role is PageRole.ABOUT)),
        _open=MappingProxyType({city: _ready(closed, city) for city in cities if city is not None}),
        _open_elsewhere=_ready(closed, ""),
    )


def _column(question: Question, position: int) -> AnswerColumn:
    kind = KINDS[question.kind]
    return AnswerColumn(question.code, position, kind.several, MappingProxyType(dict(kind.weights(question))))


def _number_field(question: Question) -> NumberField:
    kind = KINDS[question.kind]
    return NumberField(question.code, *kind.bounds(question), kind)


def _items(columns: tuple[AnswerColumn, ...], closed: tuple[Question, ...], area: str) -> tuple[AreaItem, ...]:
    return tuple(
        AreaItem(question.code, column.position, _points_by_byte(question, column))
        for column, question in zip(columns, closed, strict=True)
        if question.scored and question.area == area
    )


def _points_by_byte(question: Question, column: AnswerColumn) -> bytes:
    points = bytearray(256)
    for code, byte in column.weights.items():
        points[byte] = KINDS[question.kind].points(question, code) or 0
    return bytes(points)


def _ready(closed: tuple[Question, ...], city: str) -> frozenset[tuple[str, str]]:
    """List the answers that a city takes just as they are sent, each with its question."""
    return frozenset(
        (question.code, answer) for question in closed for answer in KINDS[question.kind].ready(question, city)
    )
