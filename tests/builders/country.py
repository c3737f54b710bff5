"""A small country for tests: places, population, both questionnaires and an open wave for each."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from app.database import Database
from surveys.authoring.yaml_source import load, shipped
from surveys.ballots import keys
from surveys.fieldwork import waves
from surveys.population.margins import store_margins
from surveys.population.places import load_places, store_places
from surveys.questionnaire.compiled import Compiled
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
    """Fill an empty database with a country whose two waves are open."""
    compiled: dict[str, Compiled] = {}
    with database.writing() as session:
        store_places(session)
        store_margins(session)
        for path in shipped():
            questionnaire = load(path)
            digest = freeze_questionnaire(session, questionnaire, today=today)
            code = WAVES[questionnaire.audience]
            plan = waves.WavePlan(
                code=code,
                version=digest,
                opens_on=today,
                closes_on=today + timedelta(days=30),
                targets={city.code: 100 for city in load_places().cities},
            )
            waves.plan_wave(session, plan)
            waves.open_wave(session, code)
            keys.create(directory, code)
            compiled[questionnaire.audience] = get_compiled(session, digest)
    return Country(database, directory, today, compiled["resident"], compiled["business"])
