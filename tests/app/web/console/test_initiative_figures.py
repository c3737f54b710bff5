"""An examiner sets a finished initiative beside two publications, and everybody reads what can be told."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.indicators.models import Period
from app.initiatives.standing import InitiativeKey, get_standing
from app.publishing.bundle import Bundle
from app.publishing.models import PublicationFile
from app.web.public import create_public
from tests.app.publications import publish_copy
from tests.app.web.console.everything import console_over
from tests.app.web.console.rows import every_change_recorded
from tests.app.web.console.test_initiatives import browser, words_of
from tests.builders import initiatives as make
from tests.builders.initiatives import CITY, Planners
from tests.builders.staff import TODAY
from tests.conftest import NOW

PAGE = f"/console/initiatives/{CITY}/1/evaluate"
AREA = "hlt"


@pytest.fixture
def world(published: tuple[Database, Bundle], tmp_path: Path, settings: Settings) -> tuple[Database, Planners, Flask]:
    """A finished initiative, a publication from before it and one from after in which opinion is much higher."""
    file = tmp_path / "figures.sqlite3"
    file.write_bytes(published[0].file.read_bytes())
    database = Database(f"sqlite:///{file}")
    publish_copy(database, 2)
    with database.writing() as session:
        people = make.make_planners(session)
        make.finish(session, people, area=AREA, indicators="hlt_1")
        session.execute(update(Period).values(ends=TODAY - timedelta(days=400), starts=TODAY - timedelta(days=700)))
        later = _later(published[1])
        session.add(
            PublicationFile(publication=2, path="bundle.json", sha256="2" * 64, content=later.to_json().encode())
        )
        tree = {"kind": "total", "code": "", "value": 1.0, "weight": 1, "note": "", "details": {}, "parts": []}
        content = json.dumps(tree).encode()
        session.add(PublicationFile(publication=2, path=f"explain/{CITY}.json", sha256="3" * 64, content=content))
    clock = FrozenClock(NOW + timedelta(days=90))
    return database, people, console_over(database, settings, clock)


def _later(bundle: Bundle) -> Bundle:
    rows = tuple(
        replace(row, opinion=90.0, opinion_se=1.0) if (row.city, row.area) == (CITY, AREA) else row
        for row in bundle.area_results
    )
    card = replace(bundle.card, collected_from=TODAY + timedelta(days=10), collected_to=date(2027, 2, 1))
    return replace(bundle, number=2, area_results=rows, card=card)


def test_figures_are_looked_at_first_and_then_public(
    world: tuple[Database, Planners, Flask], settings: Settings
) -> None:
    database, people, console = world
    examiner, lead = (browser(console, database, staff) for staff in (people.three, people.lead))
    seen = words_of(examiner.get(f"{PAGE}?before=1&after=2"))
    assert "Opinion of residents and businesses" in seen
    assert "cannot be told: the earlier figures are from days on which it had begun" in seen
    wrong = words_of(examiner.get(f"{PAGE}?before=2&after=1"))
    assert "The publication from after must be a later one." in wrong
    assert lead.get(PAGE).status_code == 403
    with database.reading() as session:
        version = get_standing(session, InitiativeKey(CITY, 1)).version
    with every_change_recorded(database):
        done = examiner.send(PAGE, {"version": str(version), "before": "1", "after": "2"})
    assert done.location == f"/console/initiatives/{CITY}/1"
    assert "Publications 1 and 2" in words_of(lead.get(done.location))
    assert "examiner 3" not in words_of(lead.get(done.location))
    public = create_public(settings, database, FrozenClock(NOW + timedelta(days=90)))
    page = public.test_client().get(f"/en/initiatives/{CITY}").text
    assert "Publications 1 and 2" in page
    assert "cannot be told" in page


def test_who_is_of_the_city_sets_nothing_beside_it(world: tuple[Database, Planners, Flask]) -> None:
    database, people, console = world
    from tests.builders.examination import give_role  # noqa: PLC0415 - beside its use

    with database.writing() as session:
        give_role(session, people.four, "analyst", CITY, revoked=True, until_day=TODAY)
    examiner = browser(console, database, people.four)
    assert examiner.get(PAGE).status_code == 403
    examiner.send(PAGE, {"version": "5", "before": "1", "after": "2"})
    with database.reading() as session:
        assert get_standing(session, InitiativeKey(CITY, 1)).state == "finished"
