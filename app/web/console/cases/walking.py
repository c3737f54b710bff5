"""From one value to the next: of the list that somebody came from, else of what waits for the city."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.accounts.permissions import Person
from app.indicators.case_models import ValueCase
from app.indicators.catalogue import indicators_of
from app.indicators.keys import CaseKey
from app.indicators.states import State
from app.web.console.cases.views import Found
from app.web.console.tables import filtered, ordered
from app.web.console.values.views import scope_of

LIST = "list"
"""The word of an address, and the field of a form, that holds the filters of the list somebody came from."""

_LONGEST = 1000


def list_query(fields: Mapping[str, str]) -> str:
    """Write the list that somebody came from as the query of an address; empty where they came from none."""
    query = _tidy(fields.get(LIST, ""))
    return f"?{urlencode({LIST: query})}" if query else ""


def list_address(fields: Mapping[str, str], key: CaseKey) -> str:
    """Give the address of the list that somebody came from, else of all values of the city."""
    query = _tidy(fields.get(LIST, ""))
    return f"/console/values/?{query or urlencode({'period': key.period, 'city': key.city})}"


def following(session: Session, person: Person, found: Found, fields: Mapping[str, str]) -> CaseKey | None:
    """Find the value to go on with; None after the last one of a list, and where nothing waits."""
    key, query = found.case.key, _tidy(fields.get(LIST, ""))
    if query:
        return _next_of_list(session, person, key, query)
    return _next_to_do(session, key, found.period.edition)


def _tidy(query: str) -> str:
    """Read and write a query anew, so that nothing else gets into an address."""
    return urlencode(parse_qsl(query[:_LONGEST]))


def _next_of_list(session: Session, person: Person, key: CaseKey, query: str) -> CaseKey | None:
    args = MultiDict(parse_qsl(query))
    scope = scope_of(session, person, args)
    if scope is None or scope.period.code != key.period:
        return None
    by, is_descending = ordered(scope.listing, args)
    wanted = filtered(scope.listing, scope.statement, args)
    wanted = wanted.with_only_columns(*scope.listing.key, maintain_column_froms=True).order_by(None)
    rows = session.execute(wanted.order_by(*(column.desc() if is_descending else column.asc() for column in by)))
    keys = [CaseKey(*row) for row in rows]
    after = keys[keys.index(key) + 1 :] if key in keys else keys
    return next(iter(after), None)


def _next_to_do(session: Session, key: CaseKey, edition: str) -> CaseKey | None:
    """Find the next value of the city, in the order of the edition, that waits for its city."""
    waiting = select(ValueCase.indicator).where(
        ValueCase.period == key.period,
        ValueCase.city == key.city,
        ValueCase.state.in_((State.OPEN, State.RETURNED)),
    )
    there = set(session.scalars(waiting))
    codes = list(indicators_of(edition))
    at = codes.index(key.indicator) if key.indicator in codes else 0
    code = next((code for code in codes[at + 1 :] + codes[:at] if code in there), None)
    return key._replace(indicator=code) if code else None
