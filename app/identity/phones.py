"""Telephone numbers of Kazakhstan in one canonical form."""

import re

_SIGNS = re.compile(r"[\s().\u2010-\u2014-]")
_MOBILE = re.compile(r"(?:\+?7|8)?(7\d{9})")


def read_phone(typed: str) -> str | None:
    """Read a mobile number as people write it (8 701 …, +7 (701) …, 701 …) as +77011234567; None for anything else."""
    match = _MOBILE.fullmatch(_SIGNS.sub("", typed.strip()))
    return f"+7{match[1]}" if match and match[1].isascii() else None
