"""The objects and the details of the journal's rows in words, for whoever reads them."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.accounts.permissions import Permission, Person
from app.indicators.catalogue import indicators_of
from app.indicators.keys import CaseKey
from app.indicators.models import Period
from app.web.console.journal.words import CLOSED, DETAILS, EVENTS, LIST_NAMES, OBJECTS, PEOPLE, SEVERAL, SPLIT_SEEN
from app.web.console.layout import city_name, console
from app.web.console.tables import Column
from app.web.language import _, _l, current_language, day, pick
from scoring.edition import edition_codes, load_edition
from surveys.languages import Text3

LONGEST = 12
"""Characters that are shown of a digest; files have it whole."""

_ORDER = {name: index for index, name in enumerate(DETAILS)}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_RUN = re.compile(r"([0-9a-f]{8})(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Names(NamedTuple):
    """What ids of a page's rows stand for: people by id, and the edition by period."""

    people: Mapping[int, str]
    editions: Mapping[str, str]


def read_names(session: Session, rows: Sequence[Any]) -> Names:
    """Read the names that some rows need, in two statements whatever their number."""
    ids = {int(each) for row in rows for each in _people_in(row)}
    people = session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(ids)))
    periods = session.execute(select(Period.code, Period.edition))
    return Names({row.id: row.name for row in people}, {row.code: row.edition for row in periods})


def read_all_names(session: Session) -> Names:
    """Read the names of all persons and periods, for a file of many rows."""
    people = session.execute(select(Staff.id, Staff.name))
    periods = session.execute(select(Period.code, Period.edition))
    return Names({row.id: row.name for row in people}, {row.code: row.edition for row in periods})


def columns_in_words(names: Names, *, sees_split: bool) -> tuple[Column, ...]:
    """Give the columns of a file that say what its codes mean, in the language of the reader."""

    def told(row: Any) -> str:
        said = details_of(row, names, sees_split=sees_split)
        return "; ".join(f"{name}: {value}" for name, value in said)

    return (
        Column("event_words", _l("What happened"), lambda row: event_words(row.event)),
        Column("object_words", _l("Name of the object"), lambda row: object_of(row, names)),
        Column("city_words", _l("Name of the city"), lambda row: city_name(row.city) if row.city else ""),
        Column("detail_words", _l("Details in plain words"), told),
    )


def event_words(event: str) -> str:
    """Say an event in words; one of which there are none yet by its name."""
    return str(EVENTS.get(event, event))


def details_of(row: Any, names: Names, *, sees_split: bool = True) -> list[tuple[str, str]]:
    """Give what a row holds beside its object, both in words; whom it names stays hidden where its actor is.

    A city does not read that two assessors differed.
    """
    shown = []
    held = json.loads(row.detail)
    for name in sorted(held, key=_index):
        value = held[name]
        is_person = name in PEOPLE.get(row.event, ())
        if value in (None, "") or (is_person and row.is_hidden):
            continue
        words = _names_of(value, names) if is_person else _said(row.event, name, value, names)
        if value == "split" and sees_split:
            words = str(SPLIT_SEEN)
        shown.append((str(DETAILS.get(f"{row.event}/{name}", DETAILS.get(name, name))), words))
    return shown


def _index(name: str) -> int:
    return _ORDER.get(name, len(_ORDER))


def object_of(row: Any, names: Names) -> str:
    """Say what a row is about: its kind, and its name where it has one."""
    kind, which = row.object_kind, row.object_id
    if kind == "bulk":
        return next((str(each.title) for each in console().bulk if each.name == which), str(OBJECTS[kind]))
    return f"{OBJECTS.get(kind, kind)} {_which(kind, which, names)}".rstrip()


def address_of(row: Any, person: Person) -> str:
    """Give the page of a row's object; "" where there is none that this person may open."""
    kind = row.object_kind
    if kind in _OF_CITIES:
        permission, folder = _OF_CITIES[kind]
        return f"/console/{folder}/{row.city}/{row.object_id}" if person.may(permission, row.city) else ""
    which = json.loads(row.detail).get("case", "") if kind == "evidence" else row.object_id
    page = _PAGES.get(kind)
    return page[1](which) if page and which and person.may(page[0], row.city) else ""


def _values(which: str) -> str:
    return f"/console/values/{which}"


def _on_the_portal(which: str) -> str:
    return f"/{current_language()}/ratings/{which}/"


_OF_CITIES = {
    "initiative": (Permission.SEE_INITIATIVES, "initiatives"),
    "document": (Permission.SEE_INITIATIVES, "documents"),
    "commitment": (Permission.SEE_REPLIES, "commitments"),
    "reply": (Permission.SEE_REPLIES, "replies"),
    "template": (Permission.MANAGE_TEMPLATES, "templates"),
}
"""Objects that are numbers of a city: who may open them, and below which folder."""

_PAGES: Mapping[str, tuple[Permission, Callable[[str], str]]] = {
    "case": (Permission.SEE_VALUES, _values),
    "evidence": (Permission.SEE_VALUES, _values),
    "initiative_list": (Permission.SEE_INITIATIVES, "/console/initiatives/list?edition={}".format),
    "period": (Permission.SEE_PERIODS, "/console/periods/{}".format),
    "run": (Permission.SEE_RUNS, "/console/runs/{}".format),
    "publication": (Permission.SEE_PUBLICATIONS, _on_the_portal),
    "publication_request": (Permission.SEE_PUBLICATIONS, "/console/publications/{}".format),
    "wave": (Permission.SEE_FIELDWORK, "/console/waves/{}".format),
    "questionnaire": (Permission.SEE_QUESTIONNAIRES, "/console/questionnaires/{}".format),
    "staff": (Permission.SEE_STAFF, "/console/staff/{}".format),
    "comment": (Permission.READ_COMMENTS, "/console/comments/of/{}".format),
}


def _which(kind: str, which: str, names: Names) -> str:
    if kind == "staff":
        return _names_of(which, names)
    if kind == "return":
        period, _slash, city = which.partition("/")
        return f"{city_name(city)}, {period}"
    if kind in ("calendar", "selection"):
        return ""
    said = {"case": _case(which, names), "city": city_name(which), "list": str(LIST_NAMES.get(which, which))}
    return said.get(kind) or _short(which)


def _case(which: str, names: Names) -> str:
    """Write a case as people name it: "Aktau, hlt_3 (Number of doctors), 2024"."""
    if which.count("/") != 2:
        return which
    key = CaseKey(*which.split("/"))
    edition = names.editions.get(key.period, "")
    indicator = indicators_of(edition).get(key.indicator) if edition else None
    name = f" ({pick(Text3(*indicator.name))})" if indicator else ""
    return f"{city_name(key.city)}, {key.indicator}{name}, {key.period}"


def _people_in(row: Any) -> list[str]:
    """List the ids of people that a row names."""
    found = [row.object_id] if row.object_kind == "staff" else []
    wanted = PEOPLE.get(row.event, ())
    if wanted and not row.is_hidden:
        detail = json.loads(row.detail)
        found += [each for name in wanted for each in str(detail.get(name) or "").split()]
    return [each for each in found if each.isdigit()]


def _names_of(value: object, names: Names) -> str:
    found = str(value).split()
    return ", ".join(names.people.get(int(each), each) if each.isdigit() else each for each in found)


def _said(event: str, name: str, value: object, names: Names) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = str(value)
    closed = CLOSED.get(f"{event}/{name}", CLOSED.get(name))
    if closed is not None:
        parts = text.split() if name in SEVERAL else [text]
        return ", ".join(str(closed.get(each, each)) for each in parts)
    if name == "case":
        return _case(text, names)
    if name == "edition" and text in edition_codes():
        return f"{pick(Text3(*load_edition(text).title))} ({text})"
    return _short(text)


def _short(text: str) -> str:
    if _DAY.fullmatch(text):
        return str(day(date.fromisoformat(text)))
    if found := _RUN.fullmatch(text):
        return f"{found[1]}…"
    return f"{text[:LONGEST]}…" if _DIGEST.fullmatch(text) else text
