"""One answer and one spreadsheet, all the way to the portal."""

import csv
import io
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts.models import Staff
from app.audit.journal import Actor
from app.cli.commands import cli
from app.cli.context import Context
from app.cli.seed import OPEN_FIGURES, UNVERIFIED_CITY, WAVES, illustrative_file, seed_demo
from app.clock import FrozenClock, SystemClock
from app.config import Settings
from app.database import Database
from app.demo.acceptance import accept_unexamined
from app.demo.approvals import demo_ministry
from app.demo.illustrative import PUBLISHED_MEANS
from app.publishing.models import Publication
from app.publishing.queries import get_bundle
from app.ratings.execution import repeat_run
from app.ratings.models import Run
from app.ratings.stored import RunError
from app.web.public import create_public
from surveys.models import Response
from surveys.models.comments import Comment
from surveys.tallies import folding
from tests.app.publications import Three, approved_request
from tests.app.web.resident.walker import Walker
from tests.builders.indicators import reopen_all
from tests.conftest import SECRET

RESIDENTS = WAVES["resident"][0]
PAGES = [
    "/",
    "/ratings/1/",
    "/ratings/2/cities/oral",
    "/ratings/2/areas/hlt",
    "/ratings/1/method",
    "/ratings/2/cities/oral/explain",
    "/ratings/1/choices",
    "/data",
]


@pytest.fixture(scope="module")
def seeded(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Context:
    folder = tmp_path_factory.mktemp("seeded")
    shutil.copytree(demo, folder, dirs_exist_ok=True)
    settings = Settings.from_env({"SECRET_KEY": SECRET, "INSTANCE": str(folder), "DEMO": "1"})
    return Context(settings, Database(settings.database_url), SystemClock())


@pytest.fixture
def site(seeded: Context) -> Flask:
    app = create_public(seeded.settings, seeded.database, seeded.clock)
    app.testing = True
    return app


@pytest.fixture
def portal(site: Flask) -> FlaskClient:
    return site.test_client()


def run(context: Context, *words: str) -> Result:
    result = CliRunner().invoke(cli, words, obj=context)
    assert result.exit_code == 0, result.output
    return result


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_of_the_portal_is_there_in_every_language(portal: FlaskClient, path: str, language: str) -> None:
    page = portal.get(f"/{language}{path}")
    assert page.status_code == 200
    assert f'<html lang="{language}">' in page.text
    assert page.text.count('rel="alternate"') == 3
    assert "Set-Cookie" not in page.headers
    assert page.headers["Cache-Control"] == "public, max-age=60"
    assert portal.get(f"/{language}{path}", headers={"If-None-Match": page.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    ("language", "label"), [("kk", "Үлгі деректер"), ("ru", "Иллюстративные данные"), ("en", "Illustrative")]
)
def test_illustrative_numbers_say_so_on_every_page(portal: FlaskClient, language: str, label: str) -> None:
    for path in PAGES[:-1]:
        assert label in portal.get(f"/{language}{path}").text


@pytest.mark.parametrize(
    "path", ["/kk/nothing", "/ru/ratings/99/", "/en/ratings/1/cities/paris", "/data/99/rating.csv"]
)
def test_what_is_not_there_is_a_page_in_the_language_of_the_address(portal: FlaskClient, path: str) -> None:
    answer = portal.get(path)
    assert answer.status_code == 404
    if not path.startswith("/data"):
        assert f'<html lang="{path[1:3]}">' in answer.text


def test_the_home_page_asks_the_browser_for_its_language(portal: FlaskClient) -> None:
    assert portal.get("/", headers={"Accept-Language": "ru"}).location == "/ru/"
    assert portal.get("/", headers={"Accept-Language": "fr"}).location == "/kk/"


def test_page_csv_and_json_show_the_same_numbers(portal: FlaskClient) -> None:
    rows = {row["city"]: row for row in portal.get("/data/2/rating.json").json["rows"]}
    text = portal.get("/data/2/rating.csv").data
    assert text.startswith(b"\xef\xbb\xbf")
    table = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))
    assert [row["city"] for row in table if row["total"] == "..."] == [UNVERIFIED_CITY]
    for row in (row for row in table if row["city"] != UNVERIFIED_CITY):
        assert float(row["total"]) == rows[row["city"]]["total"]
        assert f"{rows[row['city']]['total']:.1f}" in portal.get("/en/").text


def test_the_illustrative_set_keeps_the_published_means(seeded: Context) -> None:
    with seeded.database.reading() as session:
        bundle = get_bundle(session, 1)
    assert bundle
    for area, mean in PUBLISHED_MEANS.items():
        scores = [row.indicators for row in bundle.area_results if row.area == area and row.indicators is not None]
        assert len(scores) == 17
        assert sum(scores) / 17 == pytest.approx(mean, abs=0.1)


def test_a_stored_run_comes_out_the_same_to_the_byte(seeded: Context) -> None:
    with seeded.database.reading() as session:
        for run_id in session.scalars(select(Run.id)):
            repeat_run(session, run_id)
        with pytest.raises(RunError):
            repeat_run(session, "none")


def test_without_opinion_the_rating_is_the_edition_s_own(seeded: Context) -> None:
    run_id = run(seeded, "rating", "run", "--period", "2024", "--wave", RESIDENTS, "--alpha", "0").stdout.strip()
    with seeded.database.reading() as session:
        cities = repeat_run(session, run_id).cities
    assert (cities["total"] == cities["total_without_opinion"]).all()


def rated(context: Context) -> str:
    """Run the rating of both waves; gives the run's id."""
    words = ("rating", "run", "--period", "2024", "--official")
    return run(context, *words, *(part for code, _n in WAVES.values() for part in ("--wave", code))).stdout.strip()


def approved_by_two(context: Context, run_id: str) -> str:
    """Let demo persons ask for a run and approve it; gives the e-mail of the publisher."""
    at = context.clock.now()
    with context.database.writing() as session:
        ministry = demo_ministry(session, at)
        approved_request(session, run_id, Three(*ministry), at)
        return session.get_one(Staff, ministry.publisher).email


def test_a_spreadsheet_changes_the_next_rating(seeded: Context, portal: FlaskClient) -> None:
    before = portal.get("/data/2/areas.json").json["rows"]
    file = seeded.settings.instance / "changed.csv"
    lines = OPEN_FIGURES.read_text().splitlines()
    changed = [
        "oral,life_expectancy,79,,,reported,test" if line.startswith("oral,life_expectancy,") else line
        for line in lines
    ]
    file.write_text("\n".join(changed) + "\n")
    with seeded.database.writing() as session:
        reopen_all(session, "2024")
    run(seeded, "indicators", "import", str(file), "--period", "2024")
    with seeded.database.writing() as session:
        accept_unexamined(session, "2024", Actor(None, seeded.clock.now()))
    run_id = rated(seeded)
    by = ("--by", approved_by_two(seeded, run_id))
    number = run(seeded, "rating", "publish", run_id, *by).output.strip()
    after = portal.get(f"/data/{number}/areas.json").json["rows"]
    changes = {
        (new["city"], new["area"], key)
        for old, new in zip(before, after, strict=True)
        for key in new
        if old[key] != new[key] and key in {"indicators", "residents_n"}
    }
    assert ("oral", "hlt", "indicators") in changes
    assert {city for city, _area, _key in changes} == {"oral"}
    assert portal.get("/kk/").status_code == 200


def test_one_more_answer_is_rated_and_not_published_by_itself(seeded: Context, site: Flask) -> None:
    walker = Walker(site.test_client(), RESIDENTS)
    walker.to_check(walker.begin("oral"))
    assert walker.send().status_code == 303
    with seeded.database.writing() as session:
        folding.fold(session, minimum=1)
    run_id = rated(seeded)
    with seeded.database.reading() as session:
        before, after = (
            repeat_run(session, each).cities.set_index("city")["residents_n"]
            for each in (session.get_one(Publication, 2).run, run_id)
        )
    # The areas the walk was asked about are drawn, and need not be among those of this edition; the head counts.
    more = after - before
    assert dict(more[more != 0]) == {"oral": 1}
    by = ("--by", approved_by_two(seeded, run_id))
    refused = CliRunner().invoke(cli, ["rating", "publish", run_id, *by], obj=seeded)
    assert refused.exit_code == 1
    assert "oral/resident/" in refused.output
    assert "between two publications (1 people)" in refused.output


def test_seeding_again_changes_nothing(seeded: Context) -> None:
    messages: list[str] = []
    seed_demo(seeded, say=messages.append)
    assert messages == ["the demo country is there already"]


def test_what_a_suggestion_of_the_demo_shares_with_answers_leads_to_no_few_of_them(seeded: Context) -> None:
    """Wave, city and language are all that both have; docs/identity.md names the two of 3,000 who are alone by them.

    Staff are asked for no words, so nothing leads to answers of theirs.
    """
    by_city = select(Response.wave, func.count().label("n")).group_by(Response.wave, Response.city).subquery()
    by_language = select(Response.wave, func.count().label("n"))
    by_language = by_language.group_by(Response.wave, Response.city, Response.lang).subquery()
    with seeded.database.reading() as session:
        assert session.execute(select(func.min(by_city.c.n))).scalar_one() >= 10
        alone = select(by_language.c.wave, func.count()).where(by_language.c.n == 1).group_by(by_language.c.wave)
        alone = alone.where(by_language.c.wave.in_(select(Comment.wave)))
        assert dict(session.execute(alone).all()).keys() <= {WAVES["business"][0]}
        assert sum(number for _wave, number in session.execute(alone)) <= 2


def test_the_illustrative_set_is_the_same_each_time() -> None:
    assert illustrative_file() == illustrative_file()


def test_synthetic_answers_are_refused_outside_a_demo(settings: Settings, sqlite: Database, clock: FrozenClock) -> None:
    result = CliRunner().invoke(cli, ["seed"], obj=Context(settings, sqlite, clock))
    assert result.exit_code == 2
    assert "demo only" in result.output
