"""Every screen of the console over PostgreSQL, for each role: none fails, and none needs too many statements."""

import pytest

from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from tests.app.published import publish
from tests.app.web.console.conftest import MOST_STATEMENTS
from tests.app.web.console.crawl import Opened
from tests.app.web.console.everything import console_over, make_everything, open_all, unopened, work_in_this_process
from tests.builders.country import make_country


@pytest.fixture(autouse=True)
def _no_children(monkeypatch: pytest.MonkeyPatch) -> None:
    work_in_this_process(monkeypatch)


@pytest.mark.full
def test_every_screen_is_there_on_postgresql(postgres: Database, settings: Settings, clock: FrozenClock) -> None:
    country = make_country(postgres, settings.keys, today=clock.today())
    with postgres.writing() as session:
        publish(session, country)
    app = console_over(postgres, settings, clock)
    made = make_everything(app)
    faults: list[str] = []
    everything: list[Opened] = []
    for name, staff in made.people.items():
        opened = open_all(app, staff, made.unlinked.get(name, ())).values()
        everything += opened
        faults += [f"{name} {one.address}: {one.status}" for one in opened if one.status >= 500]
        many = (one for one in opened if one.is_page and one.statements > MOST_STATEMENTS)
        faults += [f"{name} {one.address}: {one.statements} statements" for one in many]
    assert faults == [], "\n".join(faults)
    left = unopened(app, everything)
    assert left == {}, "\n".join(f"{words}: {name}" for words, names in left.items() for name in names)
