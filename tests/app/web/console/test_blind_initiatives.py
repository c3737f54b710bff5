"""Whatever anybody opens of initiatives, it says the same whatever they must not know of examiners' opinions yet."""

import re
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.audit.journal import Entry, record
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.initiatives.opinions import EVERY_POINT, ExaminerWord, Opinion
from app.initiatives.standing import InitiativeKey
from tests.app.web.console.everything import browser_of_staff, console_over, work_in_this_process
from tests.builders import initiatives as make
from tests.builders.examination import actor, make_person
from tests.builders.initiatives import CITY, Planners

MARK = "ҚҰПИЯБЕЛГІ"
KEY = InitiativeKey(CITY, 1)
BACK = ExaminerWord(opinion=Opinion.RETURN, note=f"{MARK} қайтару керек", private_note=MARK)
YES = ExaminerWord(opinion=Opinion.SUPPORT, points=EVERY_POINT)
CHANGES = re.compile(
    rb'(name="csrf_token" value=")[^"]+|(name="draft_owner" value=")[^"]+|(data-token=")[^"]+|(session/)[\w-]+'
)
HASH = re.compile(rb"\b[0-9a-f]{64}\b")
LISTS = ("/console/initiatives/", "/console/initiatives/examination", "/console/journal/")
PAGES = (
    "/console/",
    "/console/notices",
    "/console/initiatives/board",
    "/console/initiatives/board?area=its",
    "/console/initiatives/?state=submitted",
    "/console/initiatives/?state=examined",
    "/console/initiatives/?sort=state",
    f"/console/initiatives/{CITY}/1",
    f"/console/initiatives/{CITY}/1/examine",
    f"/console/initiatives/{CITY}/1/edit",
    f"/console/initiatives/{CITY}/1/evaluate",
    *LISTS,
    *(f"{address}?as={form}" for address in LISTS for form in ("csv", "xlsx", "print")),
)


class Way(NamedTuple):
    """What examiners say in two worlds, and to whom both must look the same."""

    one: tuple[tuple[str, ExaminerWord], ...]
    other: tuple[tuple[str, ExaminerWord], ...]
    blind: tuple[str, ...]
    elsewhere: int = 0
    """Rows that another city leaves in the journal in the first world: rows are counted over all cities."""


CITYS = ("analyst", "lead", "moderator")
WAYS = {
    "a first opinion": Way(
        (("one", YES),),
        (("one", BACK),),
        (*CITYS, "two", "three", "publisher", "auditor", "admin", "neighbour"),
    ),
    "that two differ": Way((("one", YES),), (("one", BACK), ("two", YES)), (*CITYS, "neighbour"), elsewhere=2),
}


def make_people(session: Session) -> dict[str, int]:
    own = make.make_planners(session)
    others = {role: make_person(session, role, role) for role in ("publisher", "auditor", "admin")}
    others |= {"moderator": make_person(session, "moderator", "moderator", CITY)}
    neighbours = make.make_planners(session, "oral")
    make.submit(session, own)
    make.submit(session, neighbours, "oral")
    return Planners._asdict(own) | others | {"neighbour": neighbours.lead}


def said(app: Flask, staff: int, address: str) -> bytes:
    """Give what an address says to somebody, without what is new each time."""
    answer = browser_of_staff(app, staff).get(address)
    body = answer.data
    if str(answer.mimetype).endswith("sheet"):
        with ZipFile(BytesIO(body)) as book:
            parts = sorted(name for name in book.namelist() if not name.startswith("docProps/"))
            body = b"\n".join(name.encode() + book.read(name) for name in parts)
    text = CHANGES.sub(lambda found: next(filter(None, found.groups())), HASH.sub(b"", body))
    return str(answer.status).encode() + text


def worlds(folder: Path, template: Path, settings: Settings, way: Way) -> tuple[Flask, Flask, dict[str, int]]:
    """Make two consoles, alike but for what examiners said."""
    files = [folder / name for name in ("one.sqlite3", "other.sqlite3")]
    files[0].write_bytes(template.read_bytes())
    first = Database(f"sqlite:///{files[0]}")
    with first.writing() as session:
        people = make_people(session)
    with first.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    files[1].write_bytes(files[0].read_bytes())
    apps = []
    for database, words in zip((first, Database(f"sqlite:///{files[1]}")), (way.one, way.other), strict=True):
        with database.writing() as session:
            for who, word in words:
                make.opine(session, KEY, people[who], word)
            if database is first:
                entry = Entry(event="values.exported", object_kind="period", object_id="2026", city="astana")
                for _row in range(way.elsewhere):
                    record(session, actor(None), entry)
        apps.append(console_over(database, settings, FrozenClock(actor(None).at)))
    return apps[0], apps[1], people


@pytest.fixture(autouse=True)
def _no_children(monkeypatch: pytest.MonkeyPatch) -> None:
    work_in_this_process(monkeypatch)


@pytest.mark.parametrize("name", WAYS)
def test_nobody_can_tell_what_examiners_said_by_anything_they_open(
    sqlite_template: Path, tmp_path: Path, settings: Settings, name: str
) -> None:
    way = WAYS[name]
    one, other, people = worlds(tmp_path, sqlite_template, settings, way)
    told = []
    for who in way.blind:
        for address in PAGES:
            first, second = said(one, people[who], address), said(other, people[who], address)
            told += [f"{who} {address}: differs"] * (first != second)
            told += [f"{who} {address}: says it"] * (MARK.encode() in second)
    assert told == []
    assert MARK.encode() in said(other, people["one"], f"/console/initiatives/{CITY}/1/examine"), "its author sees it"
