"""What lets people in in tests: letters with cheap hashes, a gateway that keeps its messages, a browser each."""

import re

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from app.web import site
from surveys.ballots import keys
from surveys.identity import codes
from surveys.identity.codes import Addressee, Letter
from surveys.models import Wave

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Argon2id at its weakest: the parameters are read from the hash, so the code under test is the same."""


class FakeGateway:
    """Takes every message and keeps it."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, str]] = []

    def send(self, phone: str, text: str) -> None:
        """Keep a message."""
        self.messages.append((phone, text))

    @property
    def last_code(self) -> str:
        """Give the six digits of the last message."""
        return str(re.findall(r"\b\d{6}\b", self.messages[-1][1])[0])


def open_gates(app: Flask, wave: str, *gates: str) -> None:
    """Change the ways into a wave."""
    with app.app_context(), site.database().writing() as session:
        session.get_one(Wave, wave).gate_names = " ".join(gates)


def make_letters(app: Flask, wave: str, city: str, addressees: list[Addressee]) -> list[Letter]:
    """Make letters of a wave."""
    with app.app_context(), site.database().writing() as session:
        key = keys.load(site.settings().keys, wave)
        return codes.make_letters(session, key, (wave, city), addressees, hasher=CHEAP)


class Visitor:
    """One person in a browser of their own."""

    def __init__(self, app: Flask, address: str = "127.0.0.1") -> None:
        self.client: FlaskClient = app.test_client()
        self.client.environ_base["REMOTE_ADDR"] = address
        self.client.get("/s/?lang=en")

    def fill(self, path: str, **fields: str) -> tuple[int, str, str]:
        """Open a page, fill its form and send it; gives status, the address led to, and the page."""
        page = self.client.get(path)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        if token is None:
            raise AssertionError(f"no form at {path}: {page.status_code}")
        answer = self.client.post(path, data={"csrf_token": token[1], **fields})
        return answer.status_code, answer.location or "", answer.text
