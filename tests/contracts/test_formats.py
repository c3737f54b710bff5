"""What earlier releases gave out is read by this one, on both databases and while SECRET_KEY is changed.

The recorded values are in tests/data/formats, a folder for each release, written by record_formats.py.
"""

import importlib
import json
import os
import re
import subprocess
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from alembic import command
from authlib.deprecate import AuthlibDeprecationWarning
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, MetaData, Table, create_engine, func, select
from werkzeug.test import TestResponse

from app.cli.database import alembic_config
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.identity.settings import IdentitySettings
from app.web import site
from app.web.public import create_public
from surveys.models import Response, Tally
from surveys.tallies import folding
from tests.conftest import _execute, _named, close_whole
from tests.contracts import formats_now

# The provider of the tests, not our client, uses parts of Authlib that are going away.
pytestmark = pytest.mark.filterwarnings("ignore::authlib.deprecate.AuthlibDeprecationWarning", "ignore:get_jwt_config")
ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests" / "data" / "formats"
RELEASES = sorted(folder.name for folder in FOLDER.iterdir() if folder.is_dir())
NEWEST = RELEASES[-1]
RECORDED: dict[str, dict[str, Any]] = {
    release: json.loads((FOLDER / release / "values.json").read_text()) for release in RELEASES
}
NEW_SECRET = "the-next-secret-of-the-installation-that-was-recorded"
LATER = timedelta(minutes=5)
"""Within the ten minutes of a code by SMS."""

KINDS = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))


def secrets_of(recorded: dict[str, Any], rotation: str) -> dict[str, str]:
    """Give SECRET_KEY and the one before it."""
    own = {"secret_key": recorded["secret"], "secret_key_previous": ""}
    changed = {"secret_key": NEW_SECRET, "secret_key_previous": recorded["secret"]}
    return {"same": own, "changed": changed, "forgotten": changed | {"secret_key_previous": ""}}[rotation]


def fill(engine: Engine, rows: dict[str, list[dict[str, Any]]]) -> None:
    """Insert rows into the tables of an earlier schema."""
    metadata = MetaData()
    metadata.reflect(engine)
    with engine.begin() as connection:
        for table in metadata.sorted_tables:
            lines = [typed(table, row) for row in rows.get(table.name, ())]
            if lines:
                connection.execute(table.insert(), lines)


def typed(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """Give a recorded row its types."""
    return {name: _typed(table.c[name].type.python_type, value) for name, value in row.items()}


def _typed(kind: type, value: Any) -> Any:
    if isinstance(value, dict):
        return bytes.fromhex(value["hex"])
    if value is None or isinstance(value, kind):
        return value
    return date.fromisoformat(value) if kind is date else kind(value)


def upgrade(url: str, recorded: dict[str, Any]) -> None:
    """Make the database of a release as it left it, and bring it to today's schema."""
    command.upgrade(alembic_config(url), recorded["revision"])
    engine = create_engine(url)
    fill(engine, recorded["rows"])
    engine.dispose()
    command.upgrade(alembic_config(url), "head")


@pytest.fixture(scope="module", params=RELEASES)
def release(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def sqlite_file(release: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of the release, upgraded, to be copied."""
    file = tmp_path_factory.mktemp(release) / "upgraded.sqlite3"
    upgrade(f"sqlite:///{file}", RECORDED[release])
    close_whole(Database(f"sqlite:///{file}"))
    return file


@pytest.fixture(scope="module")
def postgres_name(release: str, postgres_template: tuple[Database, str]) -> Iterator[tuple[Database, str]]:
    """The same in PostgreSQL: the administrator's connection, and the name of what is to be copied."""
    admin, _template = postgres_template
    name = f"upgraded_{release.replace('-', '_')}"
    _execute(admin, f'CREATE DATABASE "{name}"')
    upgrade(_named(admin.url, name), RECORDED[release])
    yield admin, name
    _execute(admin, f'DROP DATABASE "{name}"')


@pytest.fixture(params=KINDS)
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A copy that one test may change, of each kind."""
    if request.param == "sqlite":
        file = tmp_path / "copy.sqlite3"
        file.write_bytes(request.getfixturevalue("sqlite_file").read_bytes())
        database = Database(f"sqlite:///{file}")
        yield database
        database.close()
        return
    admin, template = request.getfixturevalue("postgres_name")
    name = f"{template}_{tmp_path.name[-20:]}".lower().replace("-", "_").replace("[", "").replace("]", "")
    _execute(admin, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    database = Database(_named(admin.url, name))
    yield database
    database.close()
    _execute(admin, f'DROP DATABASE "{name}"')


@dataclass(frozen=True)
class Replay:
    """The present tree over what a release left behind."""

    app: Flask
    database: Database
    recorded: dict[str, Any]

    @property
    def wave(self) -> str:
        return str(self.recorded["wave"])

    def browser(self, *cookies: dict[str, str]) -> FlaskClient:
        """Give the browser that was given these cookies."""
        client = self.app.test_client()
        for cookie in cookies:
            client.set_cookie(cookie["name"], cookie["value"], path=cookie["path"])
        return client

    def post(self, client: FlaskClient, path: str, **fields: Any) -> TestResponse:
        """Open a page and send its form."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
        assert token, path
        return client.post(path, data={"csrf_token": token[1], **fields})

    def put(self, answer: dict[str, Any], **changes: Any) -> TestResponse:
        """Send what a phone kept."""
        return self.app.test_client().put(f"/r/{answer['id']}", json=answer["body"] | changes)

    def stored(self) -> int:
        """Count the answers."""
        with self.database.reading() as session:
            return session.execute(select(func.count()).select_from(Response)).scalar_one()

    def withdraw(self, code: str) -> int:
        """Take an answer back by its code; gives the status."""
        return self.post(self.app.test_client(), "/s/withdraw", code=code, sure="yes").status_code


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A sign-in provider on loopback, which knows nothing of the one that was recorded."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AuthlibDeprecationWarning)
        provider = importlib.import_module("oidc_provider_mock")
    with provider.run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


def replay_of(recorded: dict[str, Any], database: Database, folder: Path, rotation: str, issuer: str) -> Replay:
    base = Settings.from_env({"SECRET_KEY": NEW_SECRET, "INSTANCE": str(folder / "instance")})
    identity = IdentitySettings(
        sms_gateway="console", oidc_issuer=issuer, oidc_client="city", oidc_secret="x" * 20, oidc_scope="openid"
    )
    settings = replace(base, identity=identity, **secrets_of(recorded, rotation))
    settings.keys.mkdir(parents=True, exist_ok=True)
    (settings.keys / f"{recorded['wave']}.key").write_bytes(bytes.fromhex(recorded["key"]))
    app = create_public(settings, database, FrozenClock(datetime.fromisoformat(recorded["moment"]) + LATER))
    app.testing = True
    app.extensions[site.KEY].waves.life = 0
    return Replay(app, database, recorded)


@pytest.fixture(params=("same", "changed", "forgotten"))
def rotation(request: pytest.FixtureRequest) -> str:
    """Whether SECRET_KEY is as it was, was changed with the one before it named, or changed and forgotten."""
    return str(request.param)


@pytest.fixture
def there(release: str, opened: Database, tmp_path: Path, rotation: str, issuer: str) -> Replay:
    return replay_of(RECORDED[release], opened, tmp_path, rotation, issuer)


def test_an_answer_queued_on_a_phone_is_taken_once_and_withdrawn_by_its_code(there: Replay) -> None:
    for answer in there.recorded["queued"]:
        before = there.stored()
        first, second = there.put(answer), there.put(answer)
        assert (first.status_code, second.status_code) == (201, 200)
        assert first.get_json() == second.get_json()
        assert there.put(answer, lang="kk", answers={"ctm_streets": "bad"}).status_code == 409
        assert there.stored() == before + 1
        assert there.withdraw(first.get_json()["code"]) == 303
        assert there.stored() == before
        assert there.put(answer).status_code == (409 if answer["body"].get("ballot") is None else 201)


def test_an_answer_sent_before_is_known_and_withdrawn_by_its_code(there: Replay) -> None:
    for answer in there.recorded["sent"]:
        before, reply = there.stored(), answer["reply"]
        again = there.put(answer)
        known = {"receipt": reply["receipt"], "number": reply["receipt"], "code": ""} | reply
        given = again.get_json()
        # Answers that were recorded with a withdrawal code have suggestions, each of which has a code by now.
        assert (again.status_code, bool(given.pop("follow"))) == (200, bool(known["code"]))
        assert given == {name: value for name, value in known.items() if name != "follow"}
        assert there.put(answer, answers={"ctm_streets": "bad"}).status_code == 409
        assert there.stored() == before
        # The receipt of November 2026 stands on a public list: it takes nothing back.
        taken = bool(known["code"])
        assert there.withdraw(known["code"] or known["number"]) == (303 if taken else 422)
        assert there.stored() == before - taken


def test_every_answer_is_counted_once(there: Replay) -> None:
    for answer in [*there.recorded["sent"], *there.recorded["queued"]] * 2:
        there.put(answer)
    paper = there.recorded["paper"]
    operator = there.browser()
    at = f"/s/{there.wave}/paper"
    there.post(operator, at, **{"pass": paper["pass"]})
    for number in [*paper["printed"], paper["typed"]]:
        there.post(operator, at, mode="paper", number=number, ctm_streets="bad")
    # Two sent by phone and two queued, one by the form, three on paper.
    assert there.stored() == 8
    with there.database.writing() as session:
        folding.fold(session, minimum=1)
    with there.database.reading() as session:
        assert session.execute(select(func.sum(Tally.n)).where(Tally.wave == there.wave)).scalar_one() == 8


def test_a_draft_opens_with_all_its_answers_and_is_sent_once(there: Replay, rotation: str) -> None:
    client = there.browser(*there.recorded["draft"]["cookies"])
    at, before = f"/s/{there.wave}", there.stored()
    if rotation == "forgotten":
        assert client.get(f"{at}/check").location == f"{at}?again=1"
        return
    page = client.get(f"{at}/p/ctm").text
    assert re.findall(r'value="(\w+)"[^>]* checked', page) == ["good"]
    assert 'value="3"' in page
    assert re.findall(r'value="(\w+)"[^>]* checked', client.get(f"{at}/p/hlt").text) == ["clinic", "home"]
    assert "Көше жарығы &amp; &lt;аула&gt;" in client.get(f"{at}/p/hlt").text
    assert "Көше жарығы &amp; &lt;аула&gt;" in client.get(f"{at}/suggestions").text
    assert there.post(client, f"{at}/check").location == f"{at}/thanks"
    thanks = client.get(f"{at}/thanks").text
    assert there.stored() == before + 1
    second = there.browser(*there.recorded["draft"]["cookies"])
    assert there.post(second, f"{at}/check").location == f"{at}/thanks"
    assert there.stored() == before + 1
    (code,) = re.findall(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){4}", thanks)
    assert there.withdraw(code) == 303
    assert there.stored() == before


def test_a_thank_you_page_shows_receipt_and_code(there: Replay, rotation: str) -> None:
    done = there.recorded["done"]
    page = there.browser(*done["cookies"]).get(f"/s/{there.wave}/thanks")
    if rotation == "forgotten":
        assert page.location == "/s/"
        return
    assert (page.status_code, done["receipt"] in page.text, done["code"] in page.text) == (200, True, True)


def test_a_receipt_is_looked_up_and_a_code_typed_small_takes_back(there: Replay) -> None:
    done = there.recorded["done"]
    at = f"/s/{there.wave}/receipts?lang=en"
    page = there.post(there.app.test_client(), at, receipt=done["receipt"].lower().replace("-", " "))
    assert (page.status_code, done["receipt"] in page.text) == (200, True)
    if done["code"]:
        assert there.withdraw(done["code"].lower().replace("-", "")) == 303


def test_a_page_that_was_open_can_be_sent(there: Replay, rotation: str) -> None:
    page, at = there.recorded["open_page"], f"/s/{there.wave}?way=open"
    sent = there.browser(*page["cookies"]).post(at, data={"csrf_token": page["token"], "city": "oral"})
    if rotation == "forgotten":
        assert (sent.status_code, "csrf" in sent.text) == (400, False)
        return
    assert (sent.status_code, sent.location) == (303, f"/s/{there.wave}/consent")


def test_a_code_by_sms_lets_its_owner_in(there: Replay, rotation: str) -> None:
    sms, at = there.recorded["sms"], f"/s/{there.wave}/enter/sms/code"
    client = there.browser(*sms["cookies"])
    if rotation == "forgotten":
        assert client.get(at).location == f"/s/{there.wave}/enter/sms"
        return
    assert there.post(client, at, code="000000").status_code == 422
    assert there.post(client, at, code=sms["code"]).location == f"/s/{there.wave}/consent"


def test_who_was_at_the_sign_in_provider_comes_back_and_is_let_in(there: Replay, rotation: str, issuer: str) -> None:
    begun, at = there.recorded["sign_in"], f"/s/{there.wave}"
    client = there.browser(*begun["cookies"])
    asked = f"{issuer}/oauth2/authorize?{begun['query']}"
    answer = requests.post(asked, data={"sub": "aigerim"}, allow_redirects=False, timeout=10)
    back = client.get("/s/oidc/back?" + urlsplit(answer.headers["Location"]).query)
    if rotation == "forgotten":
        assert back.status_code == 400
        return
    assert back.location == f"{at}/enter/oidc/arrive"
    assert client.get(back.location).location == f"{at}/consent"


def test_a_letter_lets_its_owner_in(there: Replay) -> None:
    at = f"/s/{there.wave}/enter/code"
    entered = there.post(there.app.test_client(), at, code=there.recorded["letter"].replace(" ", "-"))
    assert entered.location == f"/s/{there.wave}/consent"


def test_printed_forms_are_typed_in_once_under_their_pass(there: Replay) -> None:
    paper, at, before = there.recorded["paper"], f"/s/{there.wave}/paper", there.stored()
    unused = there.app.test_client()
    assert there.post(unused, at, **{"pass": paper["unused_pass"]}).status_code == 303
    client = there.browser(*[cookie for cookie in paper["cookies"] if cookie["name"] == "operator"])
    if there.recorded["formats"]["pass"] == 1:  # the release of November 2026 kept no list: entering it puts it there
        assert there.post(there.browser(), at, **{"pass": paper["pass"]}).status_code == 303
    form = {"mode": "paper", "number": paper["printed"][0]}
    for status in (303, 303):
        assert there.post(client, at, **form, ctm_streets="poor").status_code == status
    assert there.post(client, at, **form, ctm_streets="fair").status_code == 409
    assert there.post(client, at, mode="paper", number=paper["typed"], ctm_streets="fair").status_code == 409
    assert there.stored() == before + 1


@pytest.fixture
def recorded_now(tmp_path: Path) -> dict[str, Any]:
    """What this tree records."""
    file = tmp_path / "values.json"
    words = [sys.executable, "tests/contracts/record_formats.py", str(file)]
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(words, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    recorded: dict[str, Any] = json.loads(file.read_text())
    return recorded


def test_this_tree_gives_out_what_the_newest_recording_holds(recorded_now: dict[str, Any]) -> None:
    """If this fails, a format has changed: raise its number, then record the newest folder anew (docs/formats.md)."""
    newest = RECORDED[NEWEST]
    parts = ("formats", "computed", "fields")
    changed = {
        f"{part}: {name}"
        for part in parts
        for name in recorded_now[part].keys() | newest[part].keys()
        if recorded_now[part].get(name) != newest[part].get(name)
    }
    assert changed == set()


def test_the_release_before_and_this_one_are_recorded() -> None:
    assert len(RELEASES) >= 2


def test_the_table_has_the_numbers_of_this_tree() -> None:
    lines = (ROOT / "docs" / "formats.md").read_text().splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    table = {row[0]: row[3] for row in rows[1:]}
    starts = {"ballot": "ballot", "sealed": "draft", "pass": "operator's pass", "answer on a phone": "queued answer"}
    starts["store of a phone"] = "store of a phone"
    numbers = formats_now.numbers()
    assert numbers.keys() == starts.keys()
    for name, start in starts.items():
        (cell,) = (cell for value, cell in table.items() if value.startswith(start))
        assert re.match(r"\d+", cell)[0] == str(numbers[name]), name  # type: ignore[index]
