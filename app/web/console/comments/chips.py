"""The filters of a list of suggestions as they are set: named above the list, each with the address that takes it off.

Nothing that leaves rows out is hidden from whoever reads the list, also where nothing is left to count.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from app.web.console.comments.listing import PATH, TURNING, Facet
from app.web.console.tables import Args, FilterState
from app.web.language import _


class FilterChip(NamedTuple):
    """A value of a filter that is set, in words; its address leaves it out."""

    words: str
    address: str


def list_chips(filters: Sequence[FilterState], facets: Sequence[Facet], args: Args) -> list[FilterChip]:
    """List what is set, in the order of the filters; themes and waves have the names that their numbers stand at."""
    names = {(facet.name, line.value): line.words for facet in facets for line in facet.lines}
    return [
        FilterChip(f"{each.label}: {_words(each, value, names)}", without(args, each.name, value))
        for each in filters
        for value in each.values
    ]


def _words(each: FilterState, value: str, names: Mapping[tuple[str, str], str]) -> str:
    if each.name == "q":
        return f"«{value}»"
    return str((each.choices or {}).get(value) or names.get((each.name, value)) or _("chosen"))


def without(args: Args, name: str, value: str = "") -> str:
    """Write the address of the list without a filter, or without one of its values; what is searched for stays."""
    return _address(
        [(word, own) for word, own in args.items(multi=True) if word != name or (value and own.strip() != value)]
    )


def only_searched(args: Args) -> str:
    """Write the address of the whole list, with the words that are searched for."""
    return _address([("q", args["q"])] if args.get("q") else [])


def _address(pairs: Sequence[tuple[str, str]]) -> str:
    kept = [pair for pair in pairs if pair[0] not in TURNING and pair[0] != "all"]
    is_sorted_alone = all(name == "sort" for name, _value in kept)
    return f"{PATH}?{urlencode([*kept, *([('all', '1')] if is_sorted_alone else [])])}"


def every_state(filters: Sequence[FilterState], args: Args) -> str:
    """Write the address of a search in all states; empty where it is one, or nothing is searched for."""
    is_set = any(each.name == "state" and each.values for each in filters)
    return without(args, "state") if is_set and args.get("q") else ""
