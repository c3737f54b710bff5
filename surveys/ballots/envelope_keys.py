"""Keys under which people's words wait in sealed envelopes: numbered files beside those of waves, the last one in use.

A key lives from one filing to the next (surveys.responses.filing). Numbers have no gap, and are erased from the lowest
on, so whoever sees a number sees the last one too.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from surveys.ballots import keys
from surveys.errors import SurveyError

_DIGITS, _SUFFIX = 8, ".envelope-key"


class EnvelopeKeyError(SurveyError):
    """No key to seal words with can be had: the answer that brings them must not be acknowledged."""


class EnvelopeKey(NamedTuple):
    """A key of 32 bytes and its place in the row of keys, from 1."""

    number: int
    key: bytes


def newest(directory: Path) -> EnvelopeKey:
    """Give the key in use, made when there is none; raises EnvelopeKeyError.

    Ask within the transaction that stores the envelope, after it began to write: a filing that waits for such
    transactions then knows that nobody seals with an earlier key any more.
    """
    try:
        # The first has its number, not the next one: another process may have made it since the look.
        number = max(_numbers(directory), default=0) or _make(directory, 1)
        return EnvelopeKey(number, _read(directory, number))
    except OSError as error:
        raise EnvelopeKeyError("the folder of keys cannot be used") from error


def add(directory: Path) -> int:
    """Make the next key in a folder that is there; gives its number."""
    return _make(directory, max(_numbers(directory), default=0) + 1)


def _make(directory: Path, number: int) -> int:
    """Make the key of a number unless it is there."""
    keys.write_whole(directory / _name(number))
    return number


def all_of(directory: Path) -> tuple[EnvelopeKey, ...]:
    """Give every key there is, the oldest first; raises EnvelopeKeyError when one is damaged."""
    there = []
    for number in sorted(_numbers(directory)):
        with suppress(FileNotFoundError):  # another filing has done with it
            there.append(EnvelopeKey(number, _read(directory, number)))
    return tuple(there)


def copy_all(source: Path, target: Path) -> int:
    """Copy the keys that a folder lacks into it, which is there; gives how many. Raises EnvelopeKeyError."""
    there = set(_numbers(target))
    lacking = [key for key in all_of(source) if key.number not in there]
    for number, key in lacking:
        keys.write_whole(target / _name(number), key)
    return len(lacking)


def erase_before(directory: Path, number: int) -> int:
    """Overwrite and remove the keys before a number: what they sealed, wherever a copy of it lies, is noise.

    Gives how many there were.
    """
    earlier = [each for each in sorted(_numbers(directory)) if each < number]
    for each in earlier:
        keys.erase(directory / _name(each))
    return len(earlier)


def _numbers(directory: Path) -> list[int]:
    length = _DIGITS + len(_SUFFIX)  # a key that is being written has a longer name
    names = os.listdir(directory)  # noqa: PTH208 - at every answer, and the paths of pathlib cost as much again
    return [int(name[:_DIGITS]) for name in names if name.endswith(_SUFFIX) and len(name) == length]


def _read(directory: Path, number: int) -> bytes:
    key = keys.read(f"{directory}/{_name(number)}")
    if len(key) != keys.LENGTH:
        raise EnvelopeKeyError(f"the envelope key {number} is damaged")
    return key


def _name(number: int) -> str:
    return f"{number:0{_DIGITS}}{_SUFFIX}"
