from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import insert, select, update

from app.clock import FrozenClock
from app.database import Database
from app.demo.responses import SyntheticWave, synthetic_rows
from surveys.fieldwork.modes import write_mode_counts
from surveys.fieldwork.paper import series_of
from surveys.models import Response, Wave
from surveys.questionnaire.versions import get_compiled
from surveys.tallies import folding
from tests.builders.country import RESIDENTS


@pytest.fixture
def progress_of(public: Flask, sqlite: Database, clock: FrozenClock) -> Iterator[Flask]:
    with sqlite.writing() as session:
        version = session.get_one(Wave, RESIDENTS).version
        wave = SyntheticWave(RESIDENTS, version, get_compiled(session, version), 1500, clock.today(), 5)
        rows = list(synthetic_rows(wave, seed=1))
        some = [row for row in rows if row["city"] == "almaty"][:47] + [row for row in rows if row["city"] == "oral"][
            :9
        ]
        session.execute(insert(Response), some)
        folding.fold(session, minimum=1)
    return public


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("kk", ("Алматы", "40", "10-нан аз")),
        ("ru", ("Алматы", "40", "меньше 10")),
        ("en", ("Almaty", "40", "fewer than 10")),
    ],
)
def test_the_public_sees_how_far_a_wave_has_come(progress_of: Flask, language: str, words: tuple[str, ...]) -> None:
    page = progress_of.test_client().get(f"/s/{RESIDENTS}/progress?lang={language}")
    assert page.status_code == 200
    assert all(word in page.text for word in words)
    assert "47" not in page.text.partition("<main")[2]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("kk", ("интернет арқылы", "басылған парақта, оператор ауызша сұраған", "75", "25")),
        ("ru", ("через интернет", "на печатной анкете, в беседе с оператором", "75", "25")),
        ("en", ("on the web", "on a printed form, read out by an operator", "75%", "25%")),
    ],
)
def test_the_public_sees_how_the_answers_came(
    progress_of: Flask, sqlite: Database, language: str, words: tuple[str, ...]
) -> None:
    address = f"/s/{RESIDENTS}/progress?lang={language}"
    assert words[0] not in progress_of.test_client().get(address).text
    with sqlite.writing() as session:
        series_of(session, RESIDENTS)
        some = list(session.scalars(select(Response.id).where(Response.city == "almaty").limit(13)))
        session.execute(update(Response).where(Response.id.in_(some[:11])).values(mode="paper"))
        session.execute(update(Response).where(Response.id.in_(some[11:])).values(mode="assisted"))
        write_mode_counts(session, RESIDENTS)
    page = progress_of.test_client().get(address).text
    assert [word for word in words if word not in page] == []


def test_there_is_no_page_of_a_wave_that_does_not_exist(public: Flask) -> None:
    assert public.test_client().get("/s/none/progress").status_code == 404
