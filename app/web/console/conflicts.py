"""Two people changed the same thing: both texts beside each other, and three ways on.

A form carries `version` in a hidden field. Where the row has another version by now, the view answers with `both`:
whoever was second sees what the first stored, and keeps their own, takes the other's, or goes on editing.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from flask import render_template
from werkzeug.datastructures import ImmutableMultiDict

from app.web.console import form_drafts


class Side(NamedTuple):
    """One field: its label, what this person typed, and what the other stored meanwhile."""

    label: str
    mine: str
    theirs: str


class Other(NamedTuple):
    """Who stored it meanwhile, and when."""

    name: str
    at: datetime


def version_of(typed: ImmutableMultiDict[str, str]) -> int:
    """Read the version that a form was drawn with; 0 for none."""
    text = typed.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def both(
    sides: Sequence[Side], other: Other, *, version: int, page: str, without: tuple[str, ...] = ()
) -> tuple[str, int]:
    """Show both; `version` is that of the row now, `page` the address of the form.

    Fields whose names begin with one of `without` are not sent again: what they said was taken, or refused, already.
    """
    fields, place = form_drafts.typed_fields(), form_drafts.place_of_request()
    fields = [(name, text) for name, text in fields if not (without and name.startswith(without))]
    if place:
        fields.append((form_drafts.FIELD, "|".join(place)))
    differing = [side for side in sides if side.mine != side.theirs]
    shown = render_template(
        "console/conflict.html",
        sides=differing,
        other=other,
        fields=fields,
        version=version,
        page=page,
        can_edit=place is not None,
    )
    return shown, 409
