"""Whatever anybody opens in the console, it says the same whatever they must not know of others' verdicts yet.

Opened is every route, each list also as a file and to be printed; a new route that nobody comes to fails the test until
it is opened here, or it is said why it can know nothing of a verdict (everything.NOT_OPENED).
"""

import re
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

import pytest
from flask import Flask

from app.audit.journal import Entry, record
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.indicators.assessments import OpenRevision
from app.indicators.verdicts import CaseVerdict, ReturnReason, Ruling
from app.publishing.bundle import Bundle
from tests.app.web.console.crawl import Opened
from tests.app.web.console.everything import (
    NOBODY,
    Everything,
    console_over,
    make_everything,
    open_all,
    send_all,
    unopened,
    work_in_this_process,
)
from tests.builders.examination import ACCEPTED, KEY, RETURNED, UNABLE, actor, say, send_value, target_of

MARK = "ҚҰПИЯБЕЛГІ"
RETURNING = Ruling(verdict=CaseVerdict.RETURN, reasons=tuple(ReturnReason), note=MARK, private_note=MARK)
CHANGES = re.compile(
    rb'(name="csrf_token" value=")[^"]+|(session/)[\w-]+|(sessions/)[\w-]+|(data-token=")[^"]+'
    rb'|(name="secret" value=")[^"]+|(class="qr" src=")[^"]+|(class="secret">)[^<]+'
)
"""What is new in each answer."""

HASH = re.compile(rb"\b[0-9a-f]{64}\b")
"""A hash of a row of the journal: it is of all rows before, of every city, and known to nobody before."""

Said = tuple[tuple[str, Ruling], ...]
"""Verdicts on a value, one after the other: who gives each, by their word."""


class Rule(NamedTuple):
    """Two ways in which a value may have been judged, and to whom both must look the same."""

    ways: tuple[Said, Said]
    blind: frozenset[str]
    before: Said = ()
    """What was said either way before."""
    is_sent_again: bool = False
    """Whether the city sends the value anew after that."""
    elsewhere: int = 0
    """Rows that another city leaves in the journal in the first way: rows are counted over all cities."""


ONE_OR_THE_OTHER = ((("first", ACCEPTED),), (("first", RETURNING),))
NOT_THE_FIRST = frozenset(
    {"analyst", "lead", "moderator", "second", "third", "fourth", "publisher", "auditor", "admin", NOBODY}
)
CITY = frozenset({"analyst", "lead", "moderator"})
"""Those who never see what one of two said; what both came to is for the city to know."""

RULES = {
    "a first verdict": Rule(ONE_OR_THE_OTHER, NOT_THE_FIRST),
    "a first verdict, after another could not judge": Rule(ONE_OR_THE_OTHER, NOT_THE_FIRST, (("second", UNABLE),)),
    "a first verdict on a value that was returned before": Rule(
        ONE_OR_THE_OTHER, NOT_THE_FIRST, (("first", RETURNED), ("second", RETURNED)), is_sent_again=True
    ),
    "that two differ": Rule(((("first", ACCEPTED),), (("first", RETURNING), ("second", ACCEPTED))), CITY, elsewhere=2),
}
EVERY_DAY = "a first verdict"
"""The rule that is tried in `make test`: a crawl takes a minute for each."""


def worlds(published: Database, folder: Path, settings: Settings, clock: FrozenClock, rule: Rule) -> "Worlds":
    """Make two consoles with everything in them, alike but for what was said of one value."""
    files = [folder / name for name in ("one.sqlite3", "other.sqlite3")]
    files[0].write_bytes(published.file.read_bytes())
    databases = [Database(f"sqlite:///{file}") for file in files]
    made = make_everything(console_over(databases[0], settings, clock))
    pronounce(databases[0], made, rule.before)
    if rule.is_sent_again:
        with databases[0].writing() as session:
            send_value(session, KEY, (made.people["analyst"] or 0, made.people["lead"] or 0), "no")
    with databases[0].engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    files[1].write_bytes(files[0].read_bytes())
    with databases[0].reading() as session:
        seen = target_of(session, KEY)
    for database, words in zip(databases, rule.ways, strict=True):
        pronounce(database, made, words)
    happens_elsewhere(databases[0], rule.elsewhere)
    one, other = (console_over(database, settings, clock) for database in databases)
    return Worlds(one, other, made, seen)


class Worlds(NamedTuple):
    """Two consoles, and who is there."""

    one: Flask
    other: Flask
    made: Everything
    seen: OpenRevision
    """What the value was before the last verdicts."""

    def open_as(self, name: str) -> tuple[Mapping[str, Opened], Mapping[str, Opened]]:
        """Open everything as somebody in both, and send what is refused."""
        staff, unlinked = self.made.people[name], self.made.unlinked.get(name, ())
        one, other = (
            open_all(app, staff, unlinked) | send_all(app, staff, self.seen) for app in (self.one, self.other)
        )
        return one, other


def pronounce(database: Database, made: Everything, words: Said) -> None:
    """Give verdicts on the value."""
    with database.writing() as session:
        for name, word in words:
            say(session, KEY, made.people[name], word)


def happens_elsewhere(database: Database, rows: int) -> None:
    """Let as many things happen in another city."""
    entry = Entry(event="values.exported", object_kind="period", object_id=KEY.period, city="oral")
    with database.writing() as session:
        for _each in range(rows):
            record(session, actor(None), entry)


def said(one: Opened) -> bytes:
    """Give what an answer says, without what is new each time."""
    if one.mimetype.endswith("sheet"):
        with ZipFile(BytesIO(one.body)) as book:  # docProps holds the moment
            parts = sorted(name for name in book.namelist() if not name.startswith("docProps/"))
            return HASH.sub(b"", b"\n".join(name.encode() + book.read(name) for name in parts))
    return CHANGES.sub(lambda found: next(filter(None, found.groups())), HASH.sub(b"", one.body))


@pytest.fixture(autouse=True)
def _no_children(monkeypatch: pytest.MonkeyPatch) -> None:
    work_in_this_process(monkeypatch)


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name == EVERY_DAY else pytest.mark.full) for name in RULES]
)
def test_nobody_can_tell_what_others_said_by_anything_they_open(
    published: tuple[Database, Bundle], tmp_path: Path, settings: Settings, clock: FrozenClock, name: str
) -> None:
    rule = RULES[name]
    both = worlds(published[0], tmp_path, settings, clock, rule)
    told: list[str] = []
    everything: list[Opened] = []
    for who in sorted(rule.blind):
        one, other = both.open_as(who)
        everything += one.values()
        told += [f"{who} {page}: in one alone" for page in one.keys() ^ other.keys()]
        told += [f"{who} {page}: differs" for page in one.keys() & other.keys() if said(one[page]) != said(other[page])]
        told += [f"{who} {page}: says it" for page, answer in other.items() if MARK.encode() in said(answer)]
    left = unopened(both.one, everything) if rule.blind == NOT_THE_FIRST else {}
    told += [f"{words}: {each}" for words, names in left.items() for each in names]
    assert told == [], "\n".join(told)
    _one, own = both.open_as("first")
    assert any(MARK.encode() in said(answer) for answer in own.values()), "its author does see it"
