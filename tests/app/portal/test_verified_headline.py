"""Issue 10, item 7: what the portal says of a rating whose headline verified opinion alone moves."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.web.public import create_public
from tests.app.published import publish
from tests.builders.country import make_country
from tests.conftest import NOW, SECRET


@pytest.fixture(scope="module")
def verified(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """The portal of such a rating; nobody was verified in Oral."""
    folder = tmp_path_factory.mktemp("verified")
    file = folder / "city-opinion.sqlite3"
    file.write_bytes(sqlite_template.read_bytes())
    settings = Settings.from_env({"SECRET_KEY": SECRET, "INSTANCE": str(folder)})
    database = Database(settings.database_url)
    country = make_country(database, settings.keys, today=NOW.date())
    with database.writing() as session:
        publish(session, country, verified=0.8, open_city="oral")
    app = create_public(settings, database, FrozenClock(NOW))
    app.testing = True
    yield app.test_client()
    database.close()


def test_a_city_without_verified_people_stands_beside_the_rating(verified: FlaskClient) -> None:
    rows = {row["city"]: row for row in verified.get("/data/1/rating.json").get_json()["rows"]}
    beside = {row["city"]: row for row in verified.get("/data/1/with-unverified.json").get_json()["rows"]}
    assert (rows["oral"]["status"], rows["oral"]["total"], rows["oral"]["place"]) == ("indicators_only", None, None)
    assert (beside["oral"]["status"], beside["oral"]["place"] is None) == ("blended", False)
    assert beside["almaty"]["total"] is not None
    page = verified.get("/en/ratings/1/cities/oral").text
    for text in (
        "Too few verified people answered here",
        "Nobody's identity was verified in this city",
        "Total with unverified answers",
        "nobody was verified here",
    ):
        assert text in page
    ranking = verified.get("/en/ratings/1/").text
    assert "With unverified answers" in ranking
    assert "Nobody's identity was verified in this survey" not in ranking
    assert "with unverified answers" in verified.get("/en/ratings/1/method").text
    assert "with a verified identity" in verified.get("/en/ratings/1/method").text


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("path", ["", "cities/oral", "cities/almaty", "areas/hlt", "method"])
def test_its_pages_are_whole_in_every_language(verified: FlaskClient, path: str, language: str) -> None:
    page = verified.get(f"/{language}/ratings/1/{path}")
    assert page.status_code == 200
    if language != "en":
        assert not re.search(r">[^<]*\b(unverified|verified|answers)\b[^<]*<", page.text)


def test_n_is_the_effective_number_and_a_press_shows_how_many_were_given(verified: FlaskClient) -> None:
    (row,) = (row for row in verified.get("/data/1/rating.json").get_json()["rows"] if row["city"] == "almaty")
    tiers = [each for each in verified.get("/data/1/samples.json").get_json()["rows"] if each["city"] == "almaty"]
    n = {each["tier"]: each["effective_n"] for each in tiers if each["audience"] == "resident"}
    # Mixed by the edition's fixed share of open answers, a quarter.
    mixed = 1 / (0.75**2 / n["verified"] + 0.25**2 / n["open"])
    assert 0 < mixed < row["residents_n"]
    page = verified.get("/en/ratings/1/cities/almaty").text
    assert re.search(
        rf"<summary[^>]*>{mixed:,.0f}</summary>effective answers, of {row['residents_n']:,} given</details>", page
    )
