"""An office at work: the demo's persons and its period with values in every state, and what else can be open there."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.permissions import Person, Role
from app.accounts.queries import get_person
from app.audit.journal import Actor
from app.clock import FrozenClock, SystemClock, day_of
from app.config import Settings
from app.database import Database
from app.demo.current_period import EDITION, PERIOD
from app.demo.persons import demo_ids
from app.indicators.case_models import ValueCase
from app.indicators.files import SpreadsheetFile
from app.indicators.keys import CaseKey
from app.indicators.staging import StageTarget, stage_file
from app.indicators.uploads import Expected, UploadReading, read_upload
from app.notices.models import OutgoingMail
from app.publishing.corrections import ask_withdrawal
from app.staffing import services as staffing
from app.web.console_site import create_console
from app.workspace.tasks import BulkOrder, start
from app.workspace.views import keep_view
from surveys.languages import Text3
from tests.builders.staff import make_staff

ROLES: Mapping[Role, str] = {
    Role.ANALYST: "analyst-aktau",
    Role.LEAD: "lead-aktau",
    Role.MODERATOR: "moderator",
    Role.REVIEWER: "reviewer-3",
    Role.PUBLISHER: "publisher",
    Role.AUDITOR: "auditor",
    Role.ADMIN: "admin",
}
"""Whose day it is, for each role, by the word of a person."""

REASON = Text3(kk="Мән түзетілді.", ru="Значение исправлено.", en="A value was corrected.")
HEADER = "city;indicator;value;status;source\n"
FILES = {
    "faults.csv": f"{HEADER}aktau;its_1;maybe;;\nalmaty;ctm_5;5;;\n",
    "values.csv": f"{HEADER}aktau;its_1;;;\naktau;agr_5;61,5;;Stat\naktau;agr_1;yes;;Stat\n",
}
"""Files that wait for somebody: one with faults, and one that withdraws a value, changes one and brings one."""


class Office(NamedTuple):
    """A console over an office, who is there by their words, and addresses that no link leads to."""

    app: Flask
    clock: FrozenClock
    database: Database
    people: dict[str, Person]
    cases: list[CaseKey]
    unlinked: dict[str, list[str]]
    """By the word of a person, and under "nobody"."""


def open_office(demo: Path, folder: Path, secret: str) -> Office:
    """Copy the demo into a folder and make the console over it; its clock stands still at the present."""
    shutil.copytree(demo, folder, dirs_exist_ok=True)
    settings = Settings.from_env({"SECRET_KEY": secret, "INSTANCE": str(folder)})
    database, clock = Database(settings.database_url), FrozenClock(SystemClock().now())
    files = [SpreadsheetFile(name, text.encode()) for name, text in FILES.items()]
    read = [(file, read_upload(file, Expected(EDITION, "aktau"))) for file in files]  # in a process, so apart
    with database.writing() as session:
        ids = demo_ids(session)
        ids["moderator"] = make_staff(session, Role.MODERATOR, "aktau", name="Модератор").id
        by = {word: Actor(staff, clock.now()) for word, staff in ids.items()}
        unlinked = _leave_work(session, by, read)
        people = {word: get_person(session, staff, day_of(clock.now())) for word, staff in ids.items()}
        cases = _case_in_each_state(session)
    known = {word: person for word, person in people.items() if person is not None}
    return Office(create_console(settings, database, clock), clock, database, known, cases, unlinked)


def _leave_work(
    session: Session, by: Mapping[str, Actor], read: Sequence[tuple[SpreadsheetFile, UploadReading]]
) -> dict[str, list[str]]:
    """Leave an open reset, a mail that failed, a kept view, files that wait, long work, a withdrawal half confirmed."""
    analyst, lead = by["analyst-aktau"], by["lead-aktau"]
    unlinked = {"nobody": ["/console/sign-in", "/console/sign-in/code", "/console/welcome/unknown"]}
    unlinked |= {word: ["/console/step-up?next=/console/me"] for word in by}
    staffing.open_reset(session, by["admin"], by["reviewer-2"].id or 0)
    for mail in session.scalars(select(OutgoingMail).limit(2)):
        mail.state, mail.last_error = "failed", "550"
    ask_withdrawal(session, 1, REASON, by["publisher"])
    for actor in (analyst, lead):
        keep_view(session, actor, "Кешіккендері", f"/console/values/?period={PERIOD}&flag=late", city="aktau")
    for file, reading in read:
        stage = stage_file(session, StageTarget(PERIOD, "aktau"), file, reading, analyst)
        unlinked["analyst-aktau"].append(f"/console/import/{stage}")
    task = start(session, by["publisher"], BulkOrder(kind="runs.make", ids=("2024",), back="/console/"))
    unlinked["publisher"].append(f"/console/tasks/{task}")
    return unlinked


def _case_in_each_state(session: Session) -> list[CaseKey]:
    """Give the first case of each city in each state."""
    columns = (ValueCase.city, ValueCase.state, ValueCase.indicator)
    rows = session.execute(select(*columns).where(ValueCase.period == PERIOD).order_by(*columns)).all()
    first = {(city, state): indicator for city, state, indicator in reversed(rows)}
    return [CaseKey(PERIOD, city, indicator) for (city, _state), indicator in sorted(first.items())]
