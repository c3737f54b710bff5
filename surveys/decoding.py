"""JSON text → frozen dataclasses: the one reader, for questionnaires and publications alike.

No value changes its type, no field is passed over, only a field with a default may be absent. A float field keeps a
whole number as it is, because a publication tells an exact 0 from 0.0.
"""

import json
import sys
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, TypeVar

from cattrs import Converter
from cattrs.errors import CattrsError

from surveys.errors import DecodingError

Made = TypeVar("Made")


def decode(kind: type[Made], text: str) -> Made:
    """Make a dataclass out of JSON text; raises DecodingError when the text does not hold one."""
    try:
        return _converter().structure(json.loads(text), kind)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, CattrsError) as error:
        raise DecodingError(kind.__name__, type(error).__name__) from error


@cache
def _converter() -> Converter:
    converter = Converter(forbid_extra_keys=True, detailed_validation=False)
    converter.register_structure_hook(str, _shared_text)
    converter.register_structure_hook(int, _exactly(int))
    converter.register_structure_hook(float, _exactly(int | float))
    converter.register_structure_hook(StrEnum, lambda value, kind: kind(value))  # or the hook of str would take it
    converter.register_structure_hook(bool, _exactly(bool))
    converter.register_structure_hook(date, lambda value, _: date.fromisoformat(value))
    return converter


def _shared_text(value: Any, _: Any) -> str:
    """Keep equal texts once: a publication holds the codes of its cities and areas thousands of times."""
    if type(value) is not str:
        raise TypeError(value)
    return sys.intern(value)


def _exactly(kind: type | UnionType) -> Callable[[Any, Any], Any]:
    def check(value: Any, _: Any) -> Any:
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise TypeError(value)
        return value

    return check
