"""A published country whose totals are so close that its ranks depend on the simulation of rank intervals.

Every city has the same answers and no margins, so the same opinion and the same error; only the indicators differ.
The lower half has one total. The upper half lies above it by about the critical value of the greatest standardised
difference (2.85 of 20 equal cities), in steps of its simulation error: with other draws other cities differ clearly.
"""

from collections.abc import Mapping
from fractions import Fraction
from itertools import islice
from math import sqrt
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from app.database import Database
from app.demo.responses import SyntheticWave, synthetic_rows
from app.indicators.files import SpreadsheetFile
from app.indicators.imports import Target
from app.ratings.execution import RunOrder
from app.ratings.inputs import gather_inputs
from scoring.edition import Indicator, load_edition
from scoring.run import rate
from surveys.models import Response
from surveys.models.margins import MarginRecord
from surveys.population.places import load_places
from surveys.tallies import folding
from tests.app.publications import publish_order
from tests.builders.country import RESIDENTS, Country, make_country
from tests.builders.indicators import import_accepted
from tests.conftest import NOW

EDITION = load_edition("open_figures_2024")
PERIOD = "2024"
MODEL_CITY = "kokshetau"
"""A city without districts: its answers are those of any city."""

ANSWERS = 270
"""Answers of a city: enough for every area to be blended, though each respondent meets some areas only."""

CRITICAL, STEP = 2.85, 0.015


def publish_close_totals(database: Database, keys: Path) -> None:
    """Publish the country in an empty database."""
    country = make_country(database, keys, today=NOW.date())
    with database.writing() as session:
        session.execute(delete(MarginRecord))
        session.execute(insert(Response), _answers(country))
        folding.fold(session, minimum=1)
        cities = [city.code for city in load_places().cities]
        _import_scores(session, dict.fromkeys(cities, Fraction(50)))
        _import_scores(session, _close_scores(cities, _error_of_a_total(session)))
        publish_order(session, RunOrder(period=PERIOD, waves=(RESIDENTS,), kind="official"), NOW.date())


def _answers(country: Country) -> list[dict[str, Any]]:
    """Give every city the answers of one."""
    compiled, cities = country.residents, load_places().cities
    wave = SyntheticWave(RESIDENTS, compiled.questionnaire.digest(), compiled, 40 * ANSWERS, NOW.date(), 10)
    model = list(islice((row for row in synthetic_rows(wave, seed=24) if row["city"] == MODEL_CITY), ANSWERS))
    assert len(model) == ANSWERS
    return [
        row | {"city": city.code, "id": f"{index:08x}{row['id'][8:]}"}
        for index, city in enumerate(cities)
        for row in model
    ]


def _error_of_a_total(session: Session) -> float:
    """Rate the country as it stands; gives the one standard error that all totals have."""
    rated = rate(gather_inputs(session, period=PERIOD, waves=[RESIDENTS]), EDITION).cities
    assert set(rated["status"]) == {"blended"}
    assert rated["se"].nunique() == 1
    return float(rated["se"].iloc[0])


def _close_scores(cities: list[str], error: float) -> dict[str, Fraction]:
    """Give the score that every indicator of a city has, in percent, so that totals are as the module says."""
    upper = len(cities) // 2
    scores = dict.fromkeys(cities, Fraction(50))
    for number, city in enumerate(cities[:upper]):
        above = (CRITICAL + STEP * (number - (upper - 1) / 2)) * sqrt(2) * error
        scores[city] += Fraction(round(above / float(1 - EDITION.alpha), 4)).limit_denominator(10_000)
    return scores


def _import_scores(session: Session, scores: Mapping[str, Fraction]) -> None:
    lines = [
        f"{city},{each.code},{_written(each, score)}" for city, score in scores.items() for each in EDITION.indicators
    ]
    content = "\n".join(["city,indicator,value", *lines]).encode()
    import_accepted(session, SpreadsheetFile("close.csv", content), Target(PERIOD, EDITION.code), today=NOW.date())


def _written(indicator: Indicator, score: Fraction) -> str:
    """Write the value that has the score, as the import reads it."""
    if indicator.low is None or indicator.high is None:
        return f"{float(score):.4f}%"
    return f"{float(indicator.low + score * (indicator.high - indicator.low) / 100):.10f}"
