"""The kinds of question, one object each: what its answer may be, where it is stored, how it is drawn and exchanged.

Everything else asks the object; no other module knows a kind by name. A new kind is a row of KINDS here, a row of
KINDS in app/static/js/kinds.js for the phone, and a template of app/templates/resident/controls where no control that
there is will do. docs/questionnaires.md says what each kind is for.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from surveys.errors import Defect, Reason, SurveyError
from surveys.questionnaire.definition import MAX_TEXT, Answer, Question, Questionnaire
from surveys.questionnaire.redaction import tidied

MOST_NUMBERS: Final = 65_535
"""Values a number question may tell apart, counted from its minimum: what fits two bytes beside "no answer"."""

LARGEST_NUMBER: Final = 999_999_999
"""Nine digits: what a YAML file's whole number may have."""

_NUMBER = re.compile(r"[+-]?[0-9]{1,15}")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_BOUND = re.compile(r"\.\s*(>=|<=|>|<)\s*(-?\d{1,9})")
_LENGTH = re.compile(r"string-length\(\s*\.\s*\)\s*(<=|<)\s*(\d{1,4})")


class RefusedError(SurveyError):
    """An answer that its question cannot take."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(reason)


class Stored(StrEnum):
    """Where the answers of a kind are stored: surveys.questionnaire.packing says how the bytes follow each other."""

    BYTE = "byte"
    """In one byte of the packed row, whose values are tallied."""
    NUMBER = "number"
    """In two bytes of the packed row, as a number counted from the least."""
    WORDS = "words"
    """Apart from the row, as a suggestion on the question's area."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Kind(ABC):
    """A kind of question. A method is given the question; what it does not override is right for most kinds."""

    code: str
    """Its name in files, in canonical JSON and on the phone."""
    stored: Stored
    xlsform: str
    """The type of its rows in an XLSForm."""
    is_named: bool = False
    """Whether the type alone means another kind, so that our own column qp_kind has to name this one."""
    control: str
    """What it is answered with: the template of that name in app/templates/resident/controls."""
    inputmode: str = ""
    """The keyboard that a phone should offer, in HTML's words."""
    several: bool = False
    """Whether an answer is any number of options, not one value."""
    most_options: int = 0
    """Options that a question may have; 0 for a kind without options."""
    is_scale: bool = False
    """Whether its options are points from one end to the other, of which the linter asks balance."""
    can_be_scored: bool = False
    can_weigh: bool = False
    """Whether its answer may give a dimension of the weighting cell."""

    @abstractmethod
    def clean(self, question: Question, raw: object, city: str) -> Answer:
        """Give an answer as it is stored, "" or () when there is none; raises RefusedError. Nothing is trusted."""

    def posted(self, values: Sequence[str]) -> object:
        """Take what is to be cleaned from the values that an HTML form sent under the question's code."""
        if self.several:
            return values
        return values[0] if values else ""

    def ready(self, question: Question, city: str) -> tuple[str, ...]:  # noqa: ARG002 - for kinds that have some
        """List the answers of a city that are stored just as they are sent; whatever else comes is cleaned."""
        return ()

    def points(self, question: Question, answer: Answer) -> int | None:
        """Give the points of an answer, mirrored within the scale where it is put in reverse; None off the scale."""
        values = {option.code: option.value for option in question.options if option.value is not None}
        value = values.get(answer) if question.scored and isinstance(answer, str) else None
        if value is None or not question.reverse:
            return value
        return min(values.values()) + max(values.values()) - value

    def weights(self, question: Question) -> Mapping[str, int]:
        """Give what each answer, or each of several options, adds to the byte; 0 stays for "no answer"."""
        if self.several:
            return {option.code: 1 << index for index, option in enumerate(question.options)}
        return {option.code: index for index, option in enumerate(question.options, 1)}

    def bounds(self, question: Question) -> tuple[int, int]:
        """Give the least and the greatest number that the two bytes of the question can hold."""
        least = question.minimum or 0
        most = least + MOST_NUMBERS - 1 if question.maximum is None else question.maximum
        return least, min(most, least + MOST_NUMBERS - 1)

    def to_number(self, answer: Answer) -> int:
        """Write a clean answer as the number that is stored; raises ValueError."""
        return int("".join(answer))

    def from_number(self, number: int) -> str:
        """Read an answer back from the number that is stored."""
        return str(number)

    def defects(self, where: str, question: Question) -> Iterator[Defect]:
        """Name what a question of this kind lacks, and what it has and must not have."""
        if question.options and not self.most_options:
            yield Defect(where, "options_not_used", self.code)
        elif self.most_options and not question.options:
            yield Defect(where, "no_options")
        elif len(question.options) > self.most_options:
            yield Defect(where, "too_many_options", f"{len(question.options)} where {self.most_options} fit a byte")
        yield from self.limit_defects(where, question)

    def limit_defects(self, where: str, question: Question) -> Iterator[Defect]:
        """Name what is wrong with a question's limits: unless a kind has some, that there are any."""
        return self.unused(where, question, "max_chars", "minimum", "maximum")

    def unused(self, where: str, question: Question, *limits: str) -> Iterator[Defect]:
        """Name the limits that a question sets though its kind has none of that name."""
        set_anyway = [limit for limit in limits if getattr(question, limit) is not None]
        yield from (Defect(where, "limit_not_used", f"{limit} of a {self.code} question") for limit in set_anyway)

    def constraint(self, question: Question) -> str:
        """Write the question's limits as the constraint of an XLSForm row."""
        return "" if question.max_chars is None else f"string-length(.) <= {question.max_chars}"

    def read_limit(self, part: str) -> dict[str, int]:  # noqa: ARG002 - for kinds that have limits
        """Read one condition of a constraint as limits of a question; empty when it is none of this kind's."""
        return {}


class _OneOption(Kind):
    """One option of those offered in the city."""

    __slots__ = ()

    def clean(self, question: Question, raw: object, city: str) -> Answer:
        if isinstance(raw, (list, tuple)):
            if len(raw) > 1:
                raise RefusedError(Reason.TOO_MANY)
            raw = raw[0] if raw else ""
        return "" if raw == "" else _offered(question, raw, city)

    def ready(self, question: Question, city: str) -> tuple[str, ...]:
        return tuple(option.code for option in question.offered(city))


class _SomeOptions(Kind):
    """Any number of options, each once, in the questionnaire's order."""

    __slots__ = ()

    def clean(self, question: Question, raw: object, city: str) -> Answer:
        codes = raw if isinstance(raw, (list, tuple)) else [raw] if raw != "" else []
        if len(codes) > len(question.offered(city)):
            raise RefusedError(Reason.TOO_MANY)
        ticked = {_offered(question, code, city) for code in codes}
        if len(ticked) > 1 and any(option.apart and option.code in ticked for option in question.options):
            raise RefusedError(Reason.TOO_MANY)  # "none of these" stands alone
        return tuple(option.code for option in question.options if option.code in ticked)


class _WholeNumber(Kind):
    """A whole number between the question's minimum and maximum, as text."""

    __slots__ = ()

    def clean(self, question: Question, raw: object, city: str) -> Answer:  # noqa: ARG002 - the same in every city
        if raw == "":
            return ""
        if not isinstance(raw, str) or len(raw) > 40 or not _NUMBER.fullmatch(raw.strip()):
            raise RefusedError(Reason.NOT_A_NUMBER)
        number = int(raw)
        too_low = question.minimum is not None and number < question.minimum
        too_high = question.maximum is not None and number > question.maximum
        if too_low or too_high:
            raise RefusedError(Reason.OUT_OF_RANGE)
        return str(number)

    def limit_defects(self, where: str, question: Question) -> Iterator[Defect]:
        yield from self.unused(where, question, "max_chars")
        least, most = question.minimum, question.maximum
        if least is None or most is None:
            yield Defect(where, "number_without_bounds", "minimum and maximum fix its place in the bytes")
        elif not 0 <= most - least < MOST_NUMBERS:
            yield Defect(where, "out_of_range", f"{least} to {most}; {MOST_NUMBERS} values at most")
        elif max(abs(least), abs(most)) > LARGEST_NUMBER:
            yield Defect(where, "out_of_range", f"at most {LARGEST_NUMBER}, either side of 0")

    def constraint(self, question: Question) -> str:
        bounds = ((">=", question.minimum), ("<=", question.maximum))
        return " and ".join(f". {sign} {bound}" for sign, bound in bounds if bound is not None)

    def read_limit(self, part: str) -> dict[str, int]:
        bound = _BOUND.fullmatch(part.strip("()").strip())
        if bound is None:
            return {}
        strict = {">": 1, "<": -1}.get(bound[1], 0)
        return {"minimum" if bound[1].startswith(">") else "maximum": int(bound[2]) + strict}


class _FreeText(Kind):
    """Words, without control characters, in one form however they were typed."""

    __slots__ = ()

    def clean(self, question: Question, raw: object, city: str) -> Answer:  # noqa: ARG002 - the same in every city
        if not isinstance(raw, str):
            raise RefusedError(Reason.NOT_TEXT)
        limit = question.longest_text
        if len(raw) > 4 * limit:  # not worth reading: a form counts a line end twice, nothing counts four times
            raise RefusedError(Reason.TOO_LONG)
        if _UNPRINTABLE.search(raw):
            raise RefusedError(Reason.NOT_TEXT)
        text = tidied(raw)
        if len(text) > limit:
            raise RefusedError(Reason.TOO_LONG)
        return text

    def limit_defects(self, where: str, question: Question) -> Iterator[Defect]:
        if question.max_chars is not None and not 1 <= question.max_chars <= MAX_TEXT:
            yield Defect(where, "out_of_range", f"max_chars counts from 1 to {MAX_TEXT}")
        if question.area is None:
            yield Defect(where, "text_without_area", "words are stored and read as suggestions on an area")
        yield from self.unused(where, question, "minimum", "maximum")

    def read_limit(self, part: str) -> dict[str, int]:
        length = _LENGTH.fullmatch(part)
        return {"max_chars": int(length[2]) - (length[1] == "<")} if length else {}


def _offered(question: Question, raw: object, city: str) -> str:
    if isinstance(raw, str):
        if any(option.code == raw for option in question.offered(city)):
            return raw
        if any(option.code == raw for option in question.options):
            raise RefusedError(Reason.WRONG_CITY)
    raise RefusedError(Reason.UNKNOWN_OPTION)


_BYTE_VALUES: Final = 255
"""What a byte can tell apart, 0 being "no answer"."""
_BITS: Final = 8

_ALL: Final[tuple[Kind, ...]] = (
    _OneOption(
        code="rating",
        stored=Stored.BYTE,
        xlsform="select_one",
        is_named=True,
        control="options",
        most_options=_BYTE_VALUES,
        is_scale=True,
        can_be_scored=True,
    ),
    _OneOption(
        code="choice",
        stored=Stored.BYTE,
        xlsform="select_one",
        control="options",
        most_options=_BYTE_VALUES,
        can_be_scored=True,
        can_weigh=True,
    ),
    _SomeOptions(
        code="multi",
        stored=Stored.BYTE,
        xlsform="select_multiple",
        control="options",
        several=True,
        most_options=_BITS,
    ),
    _WholeNumber(code="number", stored=Stored.NUMBER, xlsform="integer", control="number_line", inputmode="numeric"),
    _FreeText(code="text", stored=Stored.WORDS, xlsform="text", control="text_box"),
)

KINDS: Final[dict[str, Kind]] = {kind.code: kind for kind in _ALL}
"""Every kind by its code."""

STAND_IN: Final = "choice"
"""Stands in for a kind that could not be read."""


def of_xlsform(xlsform: str, named: str = "") -> Kind:
    """Find the kind of an XLSForm row by its type and what qp_kind names; raises KeyError for a type of no kind."""
    own = KINDS.get(named)
    if own is not None and own.xlsform == xlsform:
        return own
    return {kind.xlsform: kind for kind in KINDS.values() if not kind.is_named}[xlsform]


def questions_stored(q: Questionnaire, where: Stored) -> tuple[Question, ...]:
    """List the questions whose answers are stored in one place, in the frozen order of the pages."""
    return tuple(question for question in q.questions if KINDS[question.kind].stored is where)
