"""A small period for the tests of cases."""

import pytest

from app.database import Database
from tests.builders.cases import open_small_period
from tests.builders.examination import People, make_people


@pytest.fixture
def opened(database: Database) -> Database:
    """A period of two cities, open since Monday, and five members of staff."""
    with database.writing() as session:
        open_small_period(session)
    return database


@pytest.fixture
def people(database: Database) -> People:
    """A period open for two cities, and a value of the first that was sent."""
    with database.writing() as session:
        return make_people(session)
