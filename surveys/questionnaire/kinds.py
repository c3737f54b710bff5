"""The five kinds of question: what each accepts as an answer, and what an answer scores."""

import re
from collections.abc import Callable
from typing import Final

from surveys.errors import Reason, SurveyError
from surveys.questionnaire.definition import Answer, Kind, Question
from surveys.questionnaire.redaction import tidied

_NUMBER = re.compile(r"[+-]?[0-9]{1,15}")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class RefusedError(SurveyError):
    """An answer that its question cannot take."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(reason)


def clean(question: Question, given: object, city: str) -> Answer:
    """Give an answer as it is stored, "" or () when there is none; raises RefusedError."""
    return _CLEANERS[question.kind](question, given, city)


def scored_value(question: Question, answer: Answer) -> int | None:
    """Give the points of an answer, mirrored within the scale of a question put in reverse; None off the scale."""
    values = {option.code: option.value for option in question.options if option.value is not None}
    value = values.get(answer) if question.scored and isinstance(answer, str) else None
    if value is None or not question.reverse:
        return value
    return min(values.values()) + max(values.values()) - value


def _one_option(question: Question, given: object, city: str) -> Answer:
    if isinstance(given, (list, tuple)):
        if len(given) > 1:
            raise RefusedError(Reason.TOO_MANY)
        given = given[0] if given else ""
    return "" if given == "" else _offered(question, given, city)


def _some_options(question: Question, given: object, city: str) -> Answer:
    codes = given if isinstance(given, (list, tuple)) else [given] if given != "" else []
    if len(codes) > len(question.offered(city)):
        raise RefusedError(Reason.TOO_MANY)
    ticked = {_offered(question, code, city) for code in codes}
    if len(ticked) > 1 and any(option.apart and option.code in ticked for option in question.options):
        raise RefusedError(Reason.TOO_MANY)  # "none of these" stands alone
    return tuple(option.code for option in question.options if option.code in ticked)


def _offered(question: Question, given: object, city: str) -> str:
    if isinstance(given, str):
        if any(option.code == given for option in question.offered(city)):
            return given
        if any(option.code == given for option in question.options):
            raise RefusedError(Reason.WRONG_CITY)
    raise RefusedError(Reason.UNKNOWN_OPTION)


def _whole_number(question: Question, given: object, _city: str) -> Answer:
    if given == "":
        return ""
    if not isinstance(given, str) or len(given) > 40 or not _NUMBER.fullmatch(given.strip()):
        raise RefusedError(Reason.NOT_A_NUMBER)
    number = int(given)
    too_low = question.minimum is not None and number < question.minimum
    too_high = question.maximum is not None and number > question.maximum
    if too_low or too_high:
        raise RefusedError(Reason.OUT_OF_RANGE)
    return str(number)


def _free_text(question: Question, given: object, _city: str) -> Answer:
    if not isinstance(given, str):
        raise RefusedError(Reason.NOT_TEXT)
    limit = question.longest_text
    if len(given) > 4 * limit:  # not worth reading through: a form counts a line end twice, nothing counts four times
        raise RefusedError(Reason.TOO_LONG)
    if _UNPRINTABLE.search(given):
        raise RefusedError(Reason.NOT_TEXT)
    text = tidied(given)
    if len(text) > limit:
        raise RefusedError(Reason.TOO_LONG)
    return text


_CLEANERS: Final[dict[Kind, Callable[[Question, object, str], Answer]]] = {
    Kind.RATING: _one_option,
    Kind.CHOICE: _one_option,
    Kind.MULTI: _some_options,
    Kind.NUMBER: _whole_number,
    Kind.TEXT: _free_text,
}
