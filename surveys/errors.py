"""Everything the survey side refuses, under one root; words for people are made at the edge."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple


class SurveyError(Exception):
    """Root of the survey side's refusals."""


class NewerFormatError(SurveyError):
    """A value that a newer release gave out and this one cannot read: it stays with whoever brought it."""


class Defect(NamedTuple):
    """One fault of a questionnaire: where it is, its code, and what exactly was found."""

    where: str
    code: str
    detail: str = ""

    def __str__(self) -> str:
        """Write the defect as one line of a report."""
        return f"{self.where}: {self.code}" + (f" ({self.detail})" if self.detail else "")


class DefinitionError(SurveyError):
    """A questionnaire cannot be used; `defects` names every fault found, not only the first."""

    def __init__(self, defects: Iterable[Defect]) -> None:
        self.defects = tuple(defects)
        super().__init__("\n".join(map(str, self.defects)))


class DecodingError(SurveyError):
    """A JSON text does not hold what it should: `kind` names that, `why` the fault found first."""

    def __init__(self, kind: str, why: str) -> None:
        self.kind, self.why = kind, why
        super().__init__(f"not a {kind}: {why}")


class Reason(StrEnum):
    """Why an answer is refused."""

    UNKNOWN_QUESTION = "unknown_question"
    UNKNOWN_OPTION = "unknown_option"
    TOO_MANY = "too_many"
    TOO_LONG = "too_long"
    NOT_TEXT = "not_text"
    NOT_A_NUMBER = "not_a_number"
    OUT_OF_RANGE = "out_of_range"
    REQUIRED = "required"
    WRONG_CITY = "wrong_city"


class Problem(NamedTuple):
    """One refused answer; `question` is empty when the key itself is none of ours."""

    question: str
    reason: Reason


class AnswersError(SurveyError):
    """A set of answers cannot be stored; `problems` names every refused answer."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(", ".join(f"{problem.question}: {problem.reason}" for problem in self.problems))


class PackingError(SurveyError):
    """Bytes or answers that do not belong to this questionnaire version."""


class CellError(SurveyError):
    """A text that is not the code of a weighting cell."""
