"""One published rating of a small country for every test that only reads it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.database import Database
from app.publishing.bundle import Bundle
from app.publishing.queries import get_bundle
from tests.app.published import publish
from tests.builders.country import make_country
from tests.conftest import NOW


@pytest.fixture(scope="session")
def published(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, Bundle]]:
    """A database with one publication in which every 20th answer is flagged, and its bundle."""
    folder = tmp_path_factory.mktemp("published")
    file = folder / "published.sqlite3"
    file.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{file}")
    country = make_country(database, folder / "keys", today=NOW.date())
    with database.writing() as session:
        number = publish(session, country, flag_every=20)
        bundle = get_bundle(session, number)
    assert bundle
    yield database, bundle
    database.close()


@pytest.fixture(scope="session")
def bundle(published: tuple[Database, Bundle]) -> Bundle:
    return published[1]
