"""Answers ↔ bytes: one byte per closed question, then two per number, in the frozen order of the version.

The kind of a question says where its answers are stored. Byte i belongs to the i-th question of one byte: 0 not asked
or not answered, n the n-th option counted from 1; where several options may be ticked, bit n (from the lowest) is set
when the option at index n, counted from 0, was. Then, for the j-th question of a number, two bytes, the lower first:
0 not asked or not answered, n the n-th value counted from the question's least as 1. Words are not in the bytes.
Nothing else is: no header, no language; the version stored beside the bytes says how to read them, for ever.
"""

from collections.abc import Iterator

from surveys.errors import PackingError
from surveys.questionnaire.compiled import AnswerColumn, Compiled, NumberField
from surveys.questionnaire.definition import Answer, Answers

_WIDTH = 2


def row_size(compiled: Compiled) -> int:
    """Give the number of bytes of every response of a version."""
    return len(compiled.columns) + _WIDTH * len(compiled.numbers)


def pack(compiled: Compiled, answers: Answers) -> bytes:
    """Write checked answers as bytes; raises PackingError for one that the version does not have."""
    codes = compiled.bytes_of.codes
    try:
        closed = bytes(map(compiled.bytes_of.__getitem__, zip(codes, map(answers.get, codes), strict=True)))
    except KeyError as error:
        raise PackingError(f"no option {error}") from error
    if not compiled.numbers:
        return closed
    return closed + b"".join(_two_bytes(number, answers.get(number.question)) for number in compiled.numbers)


def unpack(compiled: Compiled, packed: bytes) -> dict[str, Answer]:
    """Read bytes back into answers; raises PackingError for a wrong length or a byte of no meaning."""
    closed = len(compiled.columns)
    if len(packed) != row_size(compiled):
        raise PackingError(f"{len(packed)} bytes where {row_size(compiled)} are due")
    answers = {
        column.question: _answer(column, byte) for column, byte in zip(compiled.columns, packed, strict=False) if byte
    }
    return answers | dict(_numbers(compiled, packed[closed:]))


def _answer(column: AnswerColumn, byte: int) -> Answer:
    if column.multi:
        ticked = tuple(code for code, weight in column.weights.items() if byte & weight)
        if byte >> len(column.weights) == 0:
            return ticked
    elif byte <= len(column.weights):
        return tuple(column.weights)[byte - 1]
    raise PackingError(f"byte {byte} means nothing in question {column.question}")


def _two_bytes(number: NumberField, answer: Answer | None) -> bytes:
    if answer is None:
        return bytes(_WIDTH)
    try:
        value = number.kind.to_number(answer)
    except ValueError as error:
        raise PackingError(f"no number in question {number.question}") from error
    if not number.least <= value <= number.most:
        raise PackingError(f"{value} is out of the range of question {number.question}")
    return (value - number.least + 1).to_bytes(_WIDTH, "little")


def _numbers(compiled: Compiled, packed: bytes) -> Iterator[tuple[str, Answer]]:
    for index, number in enumerate(compiled.numbers):
        stored = int.from_bytes(packed[_WIDTH * index : _WIDTH * (index + 1)], "little")
        if stored > number.most - number.least + 1:
            raise PackingError(f"{stored} means nothing in question {number.question}")
        if stored:
            yield number.question, number.kind.from_number(number.least + stored - 1)
