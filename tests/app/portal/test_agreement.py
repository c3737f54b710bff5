"""How far two assessors agreed stands in the method card, and in the files with the same numbers."""

import csv
import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert

from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.indicators.agreement import Agreement
from app.publishing.agreements import published_agreement
from app.publishing.bundle import Bundle
from app.publishing.models import Publication, PublicationFile
from app.publishing.queries import BUNDLE
from app.web.public import create_public

Table = tuple[tuple[int, int], tuple[int, int]]
Publishing = Callable[[Table], FlaskClient]

# J. Sim, C. C. Wright, Physical Therapy 85 (2005), 257-268: 39 patients, agreement 33/39 = 84.6 %, kappa 2/3.
MEASURED: Table = ((22, 2), (4, 11))
FEW: Table = ((3, 1), (0, 0))
ALL_ACCEPTED: Table = ((30, 0), (0, 0))
NOTHING: Table = ((0, 0), (0, 0))

SAYS = [
    (MEASURED, "en", ("39", "84.6%", "0.67")),
    (MEASURED, "ru", ("39", "84,6\N{NO-BREAK SPACE}%", "0,67")),
    (MEASURED, "kk", ("39", "84,6%", "0,67")),
    (FEW, "en", ("4", "75.0%", "not given: fewer than 20 values were judged by two")),
    (FEW, "ru", ("75,0\N{NO-BREAK SPACE}%", "не приводится: двое оценили меньше 20 значений")),
    (FEW, "kk", ("75,0%", "берілмейді: екі сарапшы бағалаған мән 20-дан аз")),
    (ALL_ACCEPTED, "en", ("100.0%", "not defined: all verdicts were the same")),
    (ALL_ACCEPTED, "ru", ("не определена: все заключения одинаковы",)),
    (ALL_ACCEPTED, "kk", ("анықталмайды: барлық қорытынды бірдей",)),
]


@pytest.fixture
def published_with(
    published: tuple[Database, Bundle], settings: Settings, clock: FrozenClock, tmp_path: Path
) -> Iterator[Publishing]:
    """Store a second publication whose assessors agreed as a table says, and open the portal."""
    (tmp_path / "copy.sqlite3").write_bytes(Path(str(published[0].engine.url.database)).read_bytes())
    database = Database(f"sqlite:///{tmp_path / 'copy.sqlite3'}")

    def publish(table: Table) -> FlaskClient:
        bundle = replace(published[1], number=2, agreement=(published_agreement(Agreement(table)),))
        content = bundle.to_json().encode()
        digest = hashlib.sha256(content).hexdigest()
        with database.writing() as session:
            first = session.get_one(Publication, 1)
            own = {"run": first.run, "edition": first.edition, "state": "published"}
            chained = {"bundle_sha256": digest, "previous_sha256": first.bundle_sha256}
            session.add(Publication(number=2, published_on=first.published_on, **own, **chained))
            session.flush()
            session.execute(insert(PublicationFile).values(publication=2, path=BUNDLE, sha256=digest, content=content))
        return create_public(settings, database, clock).test_client()

    yield publish
    database.close()


@pytest.mark.parametrize(("table", "language", "words"), SAYS)
def test_the_method_card_says_it_in_three_languages(
    published_with: Publishing, table: Table, language: str, words: tuple[str, ...]
) -> None:
    page = published_with(table).get(f"/{language}/ratings/2/method").text
    card = page.partition("κ")[0].rpartition("<dl")[2] + page.partition("κ")[2].partition("</dl>")[0]
    assert [each for each in words if each not in card] == []


@pytest.mark.parametrize(
    ("table", "numbers", "symbols"),
    [
        (MEASURED, (39, 84.6, 35.9, 0.67, ""), {}),
        (FEW, (4, 75.0, 12.5, None, "few_cases"), {"kappa": "..."}),
        (ALL_ACCEPTED, (30, 100.0, 0.0, None, "all_the_same"), {"kappa": "-"}),
        (
            NOTHING,
            (0, None, None, None, "few_cases"),
            dict.fromkeys(("agreed_percent", "returned_percent", "kappa"), "..."),
        ),
    ],
)
def test_page_csv_and_json_have_the_same_numbers(
    published_with: Publishing, table: Table, numbers: tuple[object, ...], symbols: dict[str, str]
) -> None:
    client = published_with(table)
    columns = ("cases", "agreed_percent", "returned_percent", "kappa", "kappa_reason")
    (row,) = client.get("/data/2/agreement.json").json["rows"]
    assert tuple(row[column] for column in columns) == numbers
    assert row.get("no_number", {}) == symbols
    text = client.get("/data/2/agreement.csv").get_data().decode("utf-8-sig")
    (line,) = csv.DictReader(io.StringIO(text))
    shown = dict(zip(columns, numbers, strict=True)) | symbols
    assert {column: line[column] for column in columns} == {column: str(value) for column, value in shown.items()}


def test_a_publication_says_that_no_value_was_assessed_by_two(
    published: tuple[Database, Bundle], settings: Settings, clock: FrozenClock
) -> None:
    (row,) = published[1].agreement
    assert (row.cases, row.kappa, row.kappa_reason) == (0, None, "few_cases")
    assert replace(published[1], agreement=()).to_json() != published[1].to_json()
    page = create_public(settings, published[0], clock).test_client().get("/en/ratings/1/method").text
    assert "Values that two assessors judged" in page
    assert "Both said the same" not in page, "of no values there is no share"
    assert "not given: fewer than 20 values were judged by two" in page
