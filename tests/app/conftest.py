"""One published rating of a small country for every test that only reads it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.database import Database
from app.publishing.bundle import Bundle
from app.publishing.queries import get_bundle
from tests.app.published import publish
from tests.builders.country import make_country
from tests.conftest import NOW, close_whole
from tests.once import made_once


@pytest.fixture(scope="session")
def published(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, Bundle]]:
    """A database with one publication in which every 20th answer is flagged, and its bundle."""

    def make(folder: Path) -> None:
        database = copied_file(sqlite_template, folder)
        country = make_country(database, folder / "keys", today=NOW.date())
        with database.writing() as session:
            publish(session, country, flag_every=20)
        close_whole(database)

    folder = made_once(tmp_path_factory, "published", make)
    own = tmp_path_factory.mktemp("published")
    shutil.copytree(folder / "keys", own / "keys")
    database = copied_file(folder / sqlite_template.name, own)
    with database.reading() as session:
        bundle = get_bundle(session, 1)
    assert bundle
    yield database, bundle
    database.close()


def copied_file(original: Path, folder: Path) -> Database:
    """Copy a SQLite file to which nobody writes, and open the copy."""
    file = folder / original.name
    file.write_bytes(original.read_bytes())
    return Database(f"sqlite:///{file}")


@pytest.fixture(scope="session")
def bundle(published: tuple[Database, Bundle]) -> Bundle:
    return published[1]
