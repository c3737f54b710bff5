"""A small period for the tests of cases."""

import pytest

from app.database import Database
from tests.builders.cases import open_small_period


@pytest.fixture
def opened(database: Database) -> Database:
    """A period of two cities, open since Monday, and five members of staff."""
    with database.writing() as session:
        open_small_period(session)
    return database
