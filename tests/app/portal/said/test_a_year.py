"""The board once it is used: a year of 5,000 suggestions in 20 cities, and the demo (DESK §20 row 24)."""

import gzip
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.clock import FrozenClock, SystemClock
from app.config import Settings
from app.database import Database
from app.web.public import create_public
from surveys.languages import LANGUAGES
from surveys.models.comments import Comment
from tests.app.portal.said.crawling import links
from tests.app.portal.said.test_same_numbers import Table, read_csv, read_json
from tests.builders.staff import NOW, TODAY
from tests.builders.statements import statements_of
from tests.builders.suggestion_year import MOST, fill_year
from tests.conftest import SECRET

LARGEST = 40 * 1024
MOST_STATEMENTS = 8


class Board(NamedTuple):
    """A portal, what it stands on, and the city that most was written to."""

    portal: FlaskClient
    database: Database
    largest: str


@pytest.fixture(scope="module")
def year(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    folder = tmp_path_factory.mktemp("year")
    settings = Settings.from_env({"SECRET_KEY": SECRET, "INSTANCE": str(folder)})
    database = Database(settings.database_url)
    Path(str(database.engine.url.database)).write_bytes(sqlite_template.read_bytes())
    with database.writing() as session:
        largest = fill_year(session, TODAY)[0]
    yield Board(create_public(settings, database, FrozenClock(NOW)).test_client(), database, largest)
    database.close()


@pytest.fixture(scope="module")
def of_demo(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    folder = tmp_path_factory.mktemp("demo-board")
    shutil.copytree(demo, folder, dirs_exist_ok=True)
    settings = Settings.from_env({"SECRET_KEY": SECRET, "INSTANCE": str(folder)})
    database = Database(settings.database_url)
    with database.reading() as session:
        largest = session.scalars(select(Comment.city).group_by(Comment.city).order_by(func.count().desc())).first()
    assert largest is not None
    yield Board(create_public(settings, database, SystemClock()).test_client(), database, largest)
    database.close()


def pages_of(board: Board, language: str) -> dict[str, bytes]:
    """Open the country, the rules, and of the largest city all that its page and those of its areas lead to."""
    start = [f"/{language}/said", f"/{language}/said?sort=-never", f"/{language}/said/rules"]
    city = f"/{language}/said/{board.largest}"
    waiting, seen = [*start, city], {*start, city}
    pages = {}
    while waiting:
        address = waiting.pop(0)
        answer = board.portal.get(address)
        assert answer.status_code == 200, address
        pages[address] = answer.data
        is_list = address == city or "area=" in address
        fresh = [each for each in links(answer) if is_list and each.startswith(city) and each not in seen]
        waiting += fresh
        seen.update(fresh)
    return pages


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["year", "of_demo"])
def test_every_page_of_the_board_is_small(name: str, language: str, request: pytest.FixtureRequest) -> None:
    board: Board = request.getfixturevalue(name)
    pages = pages_of(board, language)
    sizes = {address: len(gzip.compress(page)) for address, page in pages.items()}
    assert len(pages) > 60
    assert {address: size for address, size in sizes.items() if size > LARGEST} == {}


def test_a_year_costs_as_few_statements_as_a_week(year: Board) -> None:
    city = f"/en/said/{year.largest}"
    for address in ("/en/said", "/en/said/rules", city, f"{city}?area=hcs", f"{city}/hcs_water", f"{city}/unsorted"):
        with statements_of(year.database) as statements:
            assert year.portal.get(address).status_code == 200
        assert sum(each != "BEGIN" for each in statements) <= MOST_STATEMENTS, address


def test_a_years_numbers_are_the_same_on_pages_and_in_files(year: Board) -> None:
    rows = read_csv(year.portal, "said")
    by_name = {row["name_en"]: row for row in rows}
    shown = [row for row in Table(year.portal.get("/en/said").text).rows if row[0].strip() in by_name]
    assert len(shown) == 20
    for name, received, due, _in_time, _late, _never, overdue, _hidden in shown:
        row = by_name[name.strip()]
        assert received.replace(",", "") == row["received"]
        assert due.replace(",", "") == row["due"]
        assert overdue == f"{row['overdue']} of {row['commitments']}"
    assert [str(row["received"]) for row in rows_of(year, "said")] == [row["received"] for row in rows]
    assert sum(int(row["received"]) for row in rows) > MOST * 0.98  # a few wait to be handed over


def test_a_years_themes_are_the_same_on_pages_and_in_files(year: Board) -> None:
    lines = read_csv(year.portal, f"said/{year.largest}")
    told = [str(row.get("suggestions")) for row in rows_of(year, f"said/{year.largest}")]
    assert len(lines) == len(told) > 60
    checked = 0
    for line, number in zip(lines, told, strict=True):
        if line["theme"] and line["suggestions"].isdigit():
            where = f"/en/said/{year.largest}/{line['theme']}"
            page = year.portal.get(f"{where}?area={line['area']}" if line["theme"] == "unsorted" else where).text
            (first,) = re.findall(r"<p>([\d,]+) suggestions", page)[:1]
            assert first.replace(",", "") == line["suggestions"] == number
            checked += 1
    assert checked > 40


def rows_of(board: Board, name: str) -> list[dict[str, object]]:
    rows = read_json(board.portal, name)["rows"]
    assert isinstance(rows, list)
    return rows
