"""A press that met the question for a second factor: kept for ten minutes, and shown again to be pressed once more.

It is sealed into a row of its owner's, as forms half typed are. Nothing is done by itself: another site must not lay a
press into somebody's browser, nor may one be carried out that its owner no longer sees.
"""

from typing import NamedTuple

from flask import request, session

from app.audit.journal import Actor
from app.web import csrf, sealed, site
from app.web.console import access
from app.workspace import drafts
from app.workspace.drafts import FormPlace

AGAIN = f"{access.STEP_UP}/again"
"""The page that shows a kept press."""
LIFE = 600
"""Seconds that a press is kept: as long as a second factor is good for."""
_PLACE = FormPlace("step-up", "")
_NOT_KEPT = frozenset({"csrf_token"})
_SECRET = frozenset({"current", "password", "again", "secret", "code", "answer"})
"""Fields that are typed anew: with one of them nothing is kept."""
_LONGEST = 200_000


class Press(NamedTuple):
    """A form that was sent: where to, from which page, and with what."""

    address: str
    page: str
    fields: list[tuple[str, str]]


def keep() -> bool:
    """Keep the press of this request; False for one that another site may have made, and for secrets and files."""
    fields = [pair for pair in request.form.items(multi=True) if pair[0] not in _NOT_KEPT]
    is_long = sum(len(name) + len(value) for name, value in fields) > _LONGEST
    if not _is_ours() or request.files or is_long or _SECRET & {name for name, _value in fields}:
        return False
    person, now = access.me(), site.clock().now()
    content = {"address": request.full_path.rstrip("?"), "page": request.headers.get("Referer", ""), "fields": fields}
    with site.database().writing() as rows:
        drafts.keep(rows, Actor(person.id, now), _PLACE, sealed.seal(_name(person.id), content).encode())
    return True


def kept() -> Press | None:
    """Give the press that is kept of whoever asks; None where there is none, or it is too old."""
    person, now = access.me(), site.clock().now()
    with site.database().reading() as rows:
        found = drafts.read(rows, person.id, _PLACE, now)
    data = sealed.unseal(_name(person.id), found.sealed.decode(), life=LIFE) if found else None
    if not data:
        return None
    fields = [(str(name), str(value)) for name, value in data["fields"]]
    return Press(access.own_address(data["address"]), str(data["page"]), fields)


def _is_ours() -> bool:
    secret = str(session.get("csrf_token", ""))
    is_a_page = request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
    return is_a_page and bool(secret) and csrf.is_same(request.form.get("csrf_token", ""), csrf.token_of(secret))


def _name(staff: int) -> str:
    return f"press of {staff}"
