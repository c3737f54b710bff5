"""Answers ↔ bytes: one byte per closed question, in the frozen order of the questionnaire version.

Byte i belongs to the i-th closed question. Rating and choice: 0 not asked or not answered, n the n-th
option counted from 1. Multi: bit n (from the lowest) is set when the option at place n, counted from 0, was
ticked; at most eight options. Numbers and texts are not in the bytes. Nothing else is: no header, no
language; the version stored beside the bytes says how to read them, for ever.
"""

from surveys.compiled import Column, Compiled
from surveys.definition import Answer, Answers
from surveys.errors import PackingError


def pack(compiled: Compiled, answers: Answers) -> bytes:
    """Write checked answers as bytes; raises PackingError for an option the version does not have."""
    try:
        return bytes(_byte(column, answers.get(column.question)) for column in compiled.columns)
    except KeyError as error:
        raise PackingError(f"no option {error}") from error


def unpack(compiled: Compiled, packed: bytes) -> dict[str, Answer]:
    """Read bytes back into answers; raises PackingError for a wrong length or a byte of no meaning."""
    if len(packed) != len(compiled.columns):
        raise PackingError(f"{len(packed)} bytes where {len(compiled.columns)} are due")
    return {
        column.question: _answer(column, byte) for column, byte in zip(compiled.columns, packed, strict=True) if byte
    }


def _byte(column: Column, answer: Answer | None) -> int:
    if answer is None:
        return 0
    if column.multi:
        return sum({column.weights[code] for code in ((answer,) if isinstance(answer, str) else answer)})
    return column.weights[answer if isinstance(answer, str) else ",".join(answer)]


def _answer(column: Column, byte: int) -> Answer:
    if column.multi:
        ticked = tuple(code for code, weight in column.weights.items() if byte & weight)
        if byte >> len(column.weights) == 0:
            return ticked
    elif byte <= len(column.weights):
        return tuple(column.weights)[byte - 1]
    raise PackingError(f"byte {byte} means nothing in question {column.question}")
