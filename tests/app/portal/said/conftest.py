"""A country whose cities were written to, on each kind of database."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.web.public import create_public
from tests.builders.board import fill_board


@pytest.fixture
def board(database: Database) -> Database:
    """A database with everything."""
    with database.writing() as session:
        fill_board(session)
    return database


@pytest.fixture
def site(board: Database, settings: Settings, clock: FrozenClock) -> Flask:
    app = create_public(settings, board, clock)
    app.testing = True
    return app


@pytest.fixture
def portal(site: Flask) -> FlaskClient:
    return site.test_client()
