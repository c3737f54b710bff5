"""`python -m tests.app.audit.writing URL …`: processes that write into a journal at once, or are killed while they do.

A process of its own, so that it has one thread and may fork: a new interpreter for each writer would take a second.
"""

import os
import random
import signal
import sys
import time
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, insert, select

from app import models
from app.audit.journal import Actor, Entry, record
from app.audit.models import JournalRow
from app.database import Database
from app.working_calendar import DayOff

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
FIRST = date(2030, 1, 1)


def write_many(url: str, processes: int, records: int) -> None:
    """Let some processes write rows at once, each row in a transaction of its own; exits with the failed ones."""
    children = []
    for number in range(processes):
        child = os.fork()
        if child == 0:
            database = Database(url)
            for n in range(records):
                with database.writing() as session:
                    entry = Entry(event="value.sent", object_kind="value", object_id=f"{number}/{n}")
                    record(session, Actor(None, NOW), entry)
            os._exit(0)
        children.append(child)
    sys.exit(sum(os.waitpid(child, 0)[1] != 0 for child in children))


def kill_writers(url: str, kills: int) -> None:
    """Kill one process after the other at some moment of its work; says after each what it left."""
    draw, database = random.Random(3), Database(url)
    for _ in range(kills):
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            _change_for_ever(url, write)
        os.close(write)
        os.read(read, 1)  # it has kept a change
        time.sleep(draw.random() / 40)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(read)
        with database.reading() as session:
            rows, changes = (session.scalar(select(func.count()).select_from(table)) for table in (JournalRow, DayOff))
        sys.stdout.write(f"{rows} {changes}\n")
        database.close()  # a forked process may not share it


def _change_for_ever(url: str, told: int) -> None:
    """Change something and write its row, in one transaction each, with time to be killed between the two."""
    database = Database(url)
    while True:
        with database.writing() as session:
            number = session.execute(select(func.count()).select_from(DayOff)).scalar_one()
            session.execute(insert(DayOff).values(day=FIRST + timedelta(days=number), works=False))
            time.sleep(random.random() / 200)
            entry = Entry(event="calendar.changed", object_kind="calendar", object_id=str(number))
            record(session, Actor(None, NOW), entry)
            time.sleep(random.random() / 200)
        os.write(told, b".")


if __name__ == "__main__":
    assert models.metadata.tables
    work, url, *numbers = sys.argv[1:]
    {"write": write_many, "kill": kill_writers}[work](url, *map(int, numbers))
