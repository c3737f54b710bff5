"""A small country for tests: places, population, both questionnaires and an open wave for each."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import func, select

from app.database import Database
from surveys.authoring.yaml_source import load, shipped
from surveys.ballots import keys
from surveys.fieldwork import waves
from surveys.models import Wave
from surveys.population.margins import store_margins
from surveys.population.places import load_places, store_places
from surveys.questionnaire.compiled import Compiled
from surveys.questionnaire.definition import Questionnaire
from surveys.questionnaire.versions import freeze_questionnaire, get_compiled

RESIDENTS, BUSINESSES = "residents-test", "businesses-test"
WAVES = {"resident": RESIDENTS, "business": BUSINESSES}


@dataclass(frozen=True, slots=True)
class Country:
    """What was made."""

    database: Database
    keys: Path
    today: date
    residents: Compiled
    businesses: Compiled

    @property
    def key(self) -> bytes:
        """Key of the residents' wave."""
        return keys.load(self.keys, RESIDENTS)


def make_country(database: Database, directory: Path, *, today: date) -> Country:
    """Fill an empty database with a country whose two waves are open.

    The first country of a day that a process makes on SQLite is made; the others are copies, with keys of their own.
    """
    with database.reading() as session:
        assert session.execute(select(func.count()).select_from(Wave)).scalar_one() == 0, "the database is not empty"
    if database.is_sqlite and today in _MADE:
        with closing(sqlite3.connect(str(database.engine.url.database))) as file:
            _MADE[today].backup(file)
    else:
        _fill(database, today)
        if database.is_sqlite:
            _MADE[today] = _copied(database)
    for wave in WAVES.values():
        keys.create(directory, wave)
    with database.reading() as session:
        compiled = [get_compiled(session, questionnaire.digest()) for questionnaire in _shipped()]
    residents, businesses = compiled
    return Country(database, directory, today, residents, businesses)


@cache
def _shipped() -> tuple[Questionnaire, ...]:
    """Read the questionnaires of residents and of businesses; a process needs to read the files once."""
    return tuple(load(path) for path in shipped() if path.stem in WAVES)


def _fill(database: Database, today: date) -> None:
    with database.writing() as session:
        store_places(session)
        store_margins(session)
        for questionnaire in _shipped():
            code = WAVES[questionnaire.audience]
            plan = waves.WavePlan(
                code=code,
                version=freeze_questionnaire(session, questionnaire, today=today),
                opens_on=today,
                closes_on=today + timedelta(days=30),
                targets={city.code: 100 for city in load_places().cities},
            )
            waves.plan_wave(session, plan)
            waves.open_wave(session, code)


def _copied(database: Database) -> sqlite3.Connection:
    """Copy a SQLite database into memory."""
    memory = sqlite3.connect(":memory:", check_same_thread=False)
    with closing(sqlite3.connect(str(database.engine.url.database))) as file:
        file.backup(memory)
    return memory


_MADE: dict[date, sqlite3.Connection] = {}
