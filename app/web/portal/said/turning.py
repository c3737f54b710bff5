"""Turning the pages of a long list: which part of it is shown, and the addresses of the parts before and after."""

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from flask import request, url_for

Item = TypeVar("Item")

KEPT = ("area", "page", "steps")
"""Words of the address that stay when a page is turned."""
_DIGITS = 6
"""A page's number has no more."""


class PageTurn(NamedTuple):
    """A page of a list: its number, how many there are, and where the neighbours are (empty where there is none)."""

    number: int
    pages: int
    before: str
    after: str


def turned(items: Sequence[Item], size: int, name: str) -> tuple[Sequence[Item], PageTurn]:
    """Give the page of a list that the address asks for by a name of KEPT, the last one where it asks for more."""
    pages = max(1, -(-len(items) // size))
    number = _number(name, pages)
    before = _address(name, number - 1) if number > 1 else ""
    after = _address(name, number + 1) if number < pages else ""
    return items[(number - 1) * size : number * size], PageTurn(number, pages, before, after)


def address_of(index: int, items: Sequence[object], size: int, name: str, anchor: str) -> str:
    """Give the address of an item of a list that is turned: an anchor alone where the page shows it already."""
    number = index // size + 1
    if number == _number(name, max(1, -(-len(items) // size))):
        return f"#{anchor}"
    return _address(name, number, anchor)


def _number(name: str, pages: int) -> int:
    asked = request.args.get(name, "")
    return min(pages, max(1, int(asked))) if asked.isdecimal() and len(asked) <= _DIGITS else 1


def _address(name: str, number: int, anchor: str = "") -> str:
    words = {each: request.args[each] for each in KEPT if each in request.args and each != name}
    if number > 1:
        words[name] = str(number)
    return url_for(request.endpoint or "", **{**(request.view_args or {}), **words, "_anchor": anchor or name})
