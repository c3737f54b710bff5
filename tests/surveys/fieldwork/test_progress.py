from typing import Any

import pytest
from sqlalchemy import insert

from app.demo.responses import SyntheticWave, synthetic_rows
from surveys.fieldwork.progress import CityProgress, wave_progress
from surveys.models import Response
from surveys.tallies import folding
from tests.builders.country import RESIDENTS, Country


def answers_from_oral(country: Country, n: int) -> list[dict[str, Any]]:
    version = country.residents.questionnaire.digest()
    wave = SyntheticWave(RESIDENTS, version, country.residents, 4000, country.today, 5)
    return [row for row in synthetic_rows(wave, seed=1) if row["city"] == "oral"][:n]


@pytest.mark.parametrize(("n", "expected"), [(0, None), (9, None), (10, 10), (19, 10), (20, 20), (37, 30)])
def test_the_public_sees_tens_and_nothing_below_ten(country: Country, n: int, expected: int | None) -> None:
    with country.database.writing() as session:
        if n:
            session.execute(insert(Response), answers_from_oral(country, n))
        folding.fold(session, minimum=1)
    with country.database.reading() as session:
        progress = {each.city: each for each in wave_progress(session, RESIDENTS)}
    assert progress["oral"] == CityProgress("oral", expected, 100)
    assert len(progress) == 20


def test_an_answer_that_waits_to_be_folded_is_not_shown(country: Country) -> None:
    with country.database.writing() as session:
        session.execute(insert(Response), answers_from_oral(country, 30))
    with country.database.reading() as session:
        assert all(each.folded is None for each in wave_progress(session, RESIDENTS))


@pytest.mark.parametrize(
    ("folded", "target", "percent"), [(None, 100, 0), (50, 200, 25), (500, 100, 100), (10, 0, 100)]
)
def test_the_part_of_the_target(folded: int | None, target: int, percent: int) -> None:
    assert CityProgress("oral", folded, target).percent == percent
