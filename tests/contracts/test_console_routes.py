"""Every address of the console: a reviewed list with who may use it, and what it answers to everybody.

The list is a file for each subject, so that two people who add subjects do not meet. To bring it in step on purpose:
WRITE=1 pytest tests/contracts/test_console_routes.py
"""

import csv
import os
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import permissions
from app.accounts.permissions import CITY_ROLES, Permission, Role
from app.accounts.sessions import open_session
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.web.console import access
from app.web.console.access import AccessRule
from app.web.console_site import create_console
from tests.builders.staff import make_staff
from tests.conftest import NOW

FOLDER = Path(__file__).with_name("console_routes")
CITY, OTHER = "aktau", "almaty"
EXAMPLES = {"city": CITY, "period": "2024", "indicator": "hlt_1", "language": "en"}
"""Arguments of addresses by their names; any other is "1", or the first of those that it may be."""

IDENTITIES: tuple[tuple[Role | None, str | None], ...] = (
    *((role, city) for role in Role if role in CITY_ROLES for city in (CITY, OTHER)),
    *((role, None) for role in Role if role not in CITY_ROLES),
)
NOBODY = "nobody"


@pytest.fixture
def console(sqlite: Database, settings: Settings, clock: FrozenClock) -> Flask:
    return create_console(settings, sqlite, clock)


def endpoints(app: Flask) -> Iterator[tuple[str, str, str, AccessRule]]:
    """List method, address, endpoint and rule of everything that is the console's own."""
    for rule in app.url_map.iter_rules():
        found = access.rule_of(app, rule.endpoint)
        assert found is not None
        if rule.endpoint not in access.OPEN_ELSEWHERE:
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield method, rule.rule, rule.endpoint, found


def who(rule: AccessRule) -> str:
    return "everybody" if rule.open else rule.permission.name if rule.permission else "signed in"


def listed(app: Flask) -> dict[str, list[str]]:
    lines = defaultdict(list)
    for method, address, endpoint, rule in endpoints(app):
        stepped = ", second factor" if access.needs_step_up(app, endpoint) else ""
        lines[endpoint.partition(".")[0]].append(f"{address} {method}: {who(rule)}{stepped}\n")
    return {subject: sorted(own) for subject, own in lines.items()}


def test_the_addresses_are_those_of_the_list(console: Flask) -> None:
    now = {f"{subject}.txt": "".join(lines) for subject, lines in listed(console).items()}
    if os.environ.get("WRITE"):
        for file in FOLDER.glob("*.txt"):
            file.unlink()
        for name, text in now.items():
            (FOLDER / name).write_text(text)
    assert {file.name: file.read_text() for file in FOLDER.glob("*.txt")} == now


def example(address: str) -> str:
    """Fill the arguments of an address."""

    def fill(match: re.Match[str]) -> str:
        choices = re.search(r"any\(([^,)]+)", match[0])
        return choices[1].strip("\"' ") if choices else EXAMPLES.get(match[1], "1")

    return re.sub(r"<(?:[^<>:]*(?:\([^)]*\))?:)?(\w+)>", fill, address)


def table() -> dict[str, dict[str, str]]:
    """Read rights.csv by itself, for the code that is tested reads it too."""
    with permissions.TABLE.open(encoding="utf-8", newline="") as file:
        return {row["permission"]: row for row in csv.DictReader(file)}


def expected(rule: AccessRule, role: Role | None, city: str | None, address: str) -> str:
    """Say what an identity is told: in, sign in, forbidden, or not there."""
    if rule.open:
        return "in"
    if role is None:
        return "sign in"
    if rule.permission is None:
        return "in"
    scope = table()[rule.permission.name][role.value]
    if not scope:
        return "forbidden"
    return "not there" if scope == "own" and "<city>" in address and city != CITY else "in"


def told(client: FlaskClient, method: str, address: str) -> str:
    # Whoever is let in is told next that the token of the form is missing.
    answer = client.open(example(address), method=method)
    if answer.status_code == 303 and (answer.location or "").startswith(f"{access.SIGN_IN}?"):
        return "sign in"
    assert answer.status_code < 500, (method, address, answer.status)
    return {403: "forbidden", 404: "not there"}.get(answer.status_code, "in")


def browser(app: Flask, database: Database, role: Role | None, city: str | None) -> FlaskClient:
    for endpoint, view in app.view_functions.items():
        stub = dict(vars(view))
        app.view_functions[endpoint] = lambda **_arguments: "in"
        vars(app.view_functions[endpoint]).update(stub)
    client = app.test_client()
    if role is None:
        return client
    with database.writing() as session:
        person = make_staff(session, role, city)
        client.set_cookie(access.COOKIE, open_session(session, person.id, NOW, "Test"), path=access.PATH)
    return client


@pytest.mark.parametrize(
    ("role", "city"),
    [(None, None), *IDENTITIES],
    ids=lambda value: str(value) if value else "",
)
def test_every_route_answers_everybody_as_the_table_of_rights_says(
    console: Flask, sqlite: Database, role: Role | None, city: str | None
) -> None:
    """DESK §20 row 1. The pages behind the guard are put away: what they refuse is tested by subject."""
    client = browser(console, sqlite, role, city)
    wrong, tried = [], 0
    for method, address, _endpoint, rule in endpoints(console):
        wanted, found = expected(rule, role, city, address), told(client, method, address)
        tried += 1
        if wanted != found:
            wrong.append(f"{method} {address}: {found}, not {wanted}")
    assert wrong == []
    assert tried > 40


def test_every_permission_has_its_line_in_the_table() -> None:
    assert table().keys() == {permission.name for permission in Permission}
    assert {scope for row in table().values() for role in Role for scope in [row[role.value]]} == {"", "own", "yes"}


def test_examples_are_made_of_every_kind_of_argument() -> None:
    assert example("/a/<city>/<int:number>/<any(csv, xlsx):kind>.<path:name>") == "/a/aktau/1/csv.1"


def test_a_wrong_answer_would_be_found() -> None:
    rule = AccessRule(permission=Permission.SEND_RETURN)
    address = "/console/values/<city>/send"
    assert expected(rule, Role.LEAD, OTHER, address) == "not there"
    assert expected(rule, Role.LEAD, CITY, address) == "in"
    assert expected(rule, Role.ANALYST, CITY, address) == "forbidden"
    assert expected(rule, None, None, address) == "sign in"
