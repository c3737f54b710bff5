"""A respondent without script: reads pages, fills what is asked, presses buttons."""

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class Walker:
    """Walks a wave with Flask's test client; ticks the first option of everything."""

    def __init__(self, client: FlaskClient, wave: str) -> None:
        self.client = client
        self.wave = wave
        self.page = client.get(f"/s/{wave}")

    def post(self, path: str, **fields: object) -> TestResponse:
        """Send a form with the token of the page at hand."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.page.text)
        assert token
        return self.client.post(path, data={"csrf_token": token[1], **fields})

    def go(self, path: str) -> TestResponse:
        """Open a page."""
        self.page = self.client.get(path)
        assert self.page.status_code == 200, (path, self.page.status_code)
        return self.page

    def begin(self, city: str = "almaty", query: str = "") -> str:
        """Come by an address with a query, choose a city and agree; gives the address of the first page."""
        self.go(self.post(f"/s/{self.wave}{query}", city=city).location)
        return self.post(f"/s/{self.wave}/consent", agreed="yes").location

    def ticks(self) -> dict[str, str]:
        """Give the first option of every question on the page."""
        fields: dict[str, str] = {}
        for name, value in re.findall(r'type="radio" name="([^"]+)" value="([^"]+)"', self.page.text):
            fields.setdefault(name, value)
        return fields

    def to_check(self, address: str) -> str:
        """Answer every page until the list to check."""
        while not address.endswith("/check"):
            self.go(address)
            answer = self.post(address, **self.ticks())
            assert answer.status_code == 303, (address, answer.status_code)
            address = answer.location
        self.go(address)
        return address

    def send(self) -> TestResponse:
        """Press Send."""
        return self.post(f"/s/{self.wave}/check")
