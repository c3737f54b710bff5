"""Data of the release of November 2026 still opens: database, keys, cookies, phones' queues, receipts, printed paper.

The files were made by that release (tests/golden/release_2026_11/README.md). They are opened by what outlives a
refactoring alone: the commands, the WSGI callable that servers are given, the clock, and addresses.
"""

import gzip
import hashlib
import importlib.util
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import clock, database

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests" / "golden" / "release_2026_11"
MADE: dict[str, Any] = json.loads((FOLDER / "made.json").read_text())
RESIDENTS, BUSINESSES = MADE["residents"], MADE["businesses"]
LANGUAGES = ("kk", "ru", "en")
LATER = datetime.fromisoformat(MADE["moment"]) + timedelta(minutes=30)
"""Within the 45 minutes of a thank-you page."""

UNTOUCHED = ("response", "spent_ballot", "tally", "counted_receipt", "access_code", "run_frame")
UNTOUCHED += ("publication_file", "questionnaire_version")
"""Tables whose rows no release after that one may rewrite."""


PARTS = "path, sha256, content"


def rows(file: Path, table: str, columns: str = "*", where: str = "TRUE") -> list[tuple[Any, ...]]:
    """Read rows of a table, sorted."""
    with closing(sqlite3.connect(file)) as connection:
        return sorted(connection.execute(f"SELECT {columns} FROM {table} WHERE {where}"), key=repr)  # noqa: S608 - our own words


def columns_of(file: Path, table: str) -> str:
    with closing(sqlite3.connect(file)) as connection:
        return ", ".join(row[1] for row in connection.execute(f"PRAGMA table_info({table})"))


@dataclass(frozen=True)
class Installation:
    """That release's data under today's code."""

    folder: Path

    @property
    def file(self) -> Path:
        return self.folder / "city-opinion.sqlite3"

    def environment(self) -> dict[str, str]:
        return {"SECRET_KEY": MADE["secret"], "INSTANCE": str(self.folder)}

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command of `python -m app`."""
        environ = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
        return subprocess.run(
            [sys.executable, "-m", "app", *words],
            cwd=ROOT,
            env=environ | self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )

    def change(self, statement: str, *values: str) -> None:
        with closing(sqlite3.connect(self.file)) as connection, connection:
            assert connection.execute(statement, values).rowcount == 1

    def let_runs_change(self) -> None:
        """Take away the database's own guards of stored runs."""
        guards = rows(self.file, "sqlite_master", "name", "type = 'trigger' AND tbl_name = 'run'")
        with closing(sqlite3.connect(self.file)) as connection, connection:
            for (guard,) in guards:
                connection.execute(f"DROP TRIGGER {guard}")


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database as that release left it."""
    file = tmp_path_factory.mktemp("before") / "before.sqlite3"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(gzip.decompress((FOLDER / "database.sql.gz").read_bytes()).decode())
    return file


@pytest.fixture(scope="module")
def upgraded(before: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The same database at today's schema, with its keys."""
    there = Installation(tmp_path_factory.mktemp("upgraded"))
    shutil.copy(before, there.file)
    response = there.run("db", "upgrade")
    assert response.returncode == 0, response.stderr
    keys = there.folder / "keys"
    keys.mkdir(mode=0o700)
    for wave, key in MADE["keys"].items():
        (keys / f"{wave}.key").write_bytes(bytes.fromhex(key))
    with closing(sqlite3.connect(there.file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return there


@pytest.fixture
def there(upgraded: Installation, tmp_path: Path) -> Installation:
    """A copy that one test may change."""
    return Installation(Path(shutil.copytree(upgraded.folder, tmp_path / "instance")))


@pytest.fixture
def client(there: Installation, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    """A browser that visits what a server would serve, half an hour after the data was made."""
    opened: list[database.Database] = []

    def opening(url: str, make: type[database.Database] = database.Database) -> database.Database:
        opened.append(make(url))
        return opened[-1]

    monkeypatch.setattr(database, "Database", opening)
    monkeypatch.setattr(clock.SystemClock, "now", lambda _clock: LATER)
    for name, value in there.environment().items():
        monkeypatch.setenv(name, value)
    yield served().test_client()
    for each in opened:
        each.close()


def served() -> Flask:
    """Make the public site as a process that starts does: what is imported already was read under other settings."""
    spec = importlib.util.spec_from_file_location("started", ROOT / "wsgi.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    site: Flask = module.application
    return site


def post(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    """Open a page and send its form."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert token, path
    return client.post(path, data={"csrf_token": token[1], **fields})


def remember(client: FlaskClient, cookies: dict[str, str], wave: str) -> None:
    """Be the browser that got these cookies; the session of its forms is made anew."""
    for name, value in cookies.items():
        if name not in {"survey", "lang"}:
            client.set_cookie(name, value, path=f"/s/{wave}")


def put(client: FlaskClient, answer: dict[str, Any], **changes: Any) -> TestResponse:
    return client.put(f"/r/{answer['id']}", json=answer["body"] | changes)


@pytest.mark.parametrize("table", UNTOUCHED)
def test_the_way_up_changes_no_row(before: Path, upgraded: Installation, table: str) -> None:
    columns = columns_of(before, table)
    assert rows(upgraded.file, table, columns) == rows(before, table, columns) != []


def test_the_way_up_takes_from_suggestions_their_day_and_leaves_the_month(before: Path, upgraded: Installation) -> None:
    kept = "id, wave, city, area, lang, text, state"
    assert (
        rows(upgraded.file, "comment", f"{kept}, month") == rows(before, "comment", f"{kept}, substr(day, 1, 7)") != []
    )
    assert "day" not in columns_of(upgraded.file, "comment")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_opens(client: FlaskClient, language: str) -> None:
    rating = f"/{language}/ratings/1/"
    pages = [f"/{language}/", rating, *(f"{rating}{page}" for page in ("method", "choices", "areas/hlt", "areas/eco"))]
    pages += [f"{rating}cities/{city}{more}" for city in ("almaty", "oral") for more in ("", "/explain")]
    pages += [f"/{language}/data", "/s/", "/s/rights", "/s/withdraw", f"/s/{BUSINESSES}", f"/s/{RESIDENTS}?way=open"]
    pages += [f"/s/{wave}/{page}" for wave in (RESIDENTS, BUSINESSES) for page in ("progress", "receipts", "offline")]
    pages += [f"/s/{RESIDENTS}/enter", f"/s/{RESIDENTS}/enter/code", f"/s/{RESIDENTS}/paper"]
    headers = {"Accept-Language": language}
    answers = {page: client.get(page, headers=headers) for page in pages}
    assert {page: answer.status_code for page, answer in answers.items()} == dict.fromkeys(pages, 200)
    assert all(f'<html lang="{language}"' in answer.text for answer in answers.values())


def test_the_published_table_is_the_same(client: FlaskClient) -> None:
    assert client.get("/data/1/rating.csv").text == MADE["table"]


def test_a_phone_is_given_the_version_it_answered(client: FlaskClient) -> None:
    for answer in MADE["sent"].values():
        file = client.get(f"/s/{answer['body']['wave']}/offline.json", follow_redirects=True)
        assert file.get_json()["version"] == answer["body"]["version"]


def test_a_draft_goes_on_and_is_sent(client: FlaskClient, there: Installation) -> None:
    remember(client, MADE["draft"]["cookies"], RESIDENTS)
    page = client.get(MADE["draft"]["page"]).text
    ticked = {
        re.search(r'name="([^"]+)" value="([^"]+)"', tag)[0] for tag in re.findall(r"<input[^>]*checked[^>]*>", page)
    }  # type: ignore[index]
    assert ticked == {f'name="{name}" value="{value}"' for name, value in MADE["draft"]["ticked"].items()} != set()
    assert "Мектеп ауласы &amp; &lt;саябақ&gt;" in client.get(f"/s/{RESIDENTS}/suggestions").text
    response = post(client, f"/s/{RESIDENTS}/check")
    assert response.location == f"/s/{RESIDENTS}/thanks"
    assert there.run("wave", "file-suggestions").returncode == 0
    assert "Мектеп ауласы & <саябақ>" in [text for (text,) in rows(there.file, "comment", "text")]


def test_a_thank_you_page_still_shows_its_receipt(client: FlaskClient) -> None:
    remember(client, MADE["done"]["cookies"], BUSINESSES)
    assert MADE["done"]["receipt"] in client.get(f"/s/{BUSINESSES}/thanks").text


@pytest.mark.parametrize("index", range(len(MADE["queued"])), ids=["open link", "letter"])
def test_an_answer_queued_on_a_phone_is_taken_once(client: FlaskClient, there: Installation, index: int) -> None:
    answer, rows_before = MADE["queued"][index], len(rows(there.file, "response"))
    first, second = put(client, answer), put(client, answer)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.get_json() == second.get_json()
    assert put(client, answer, answers={"hlt_clinic": "fully"}).status_code == 409
    assert len(rows(there.file, "response")) == rows_before + 1


@pytest.mark.parametrize("kind", MADE["sent"])
def test_an_answer_sent_before_is_known(client: FlaskClient, there: Installation, kind: str) -> None:
    answer, rows_before = MADE["sent"][kind], rows(there.file, "response")
    again = put(client, answer)
    known = {"receipt": answer["receipt"], "number": answer["receipt"], "code": "", "follow": []}
    assert (again.status_code, again.get_json()) == (200, known)
    fewer = dict(list(answer["body"]["answers"].items())[1:])
    assert put(client, answer, answers=fewer).status_code == 409
    assert rows(there.file, "response") == rows_before


def test_every_receipt_is_on_the_list(client: FlaskClient) -> None:
    listed = [client.get(f"/s/{wave}/receipts.txt").text.split() for wave in (RESIDENTS, BUSINESSES)]
    assert set(MADE["receipts"]) < {receipt for receipts in listed for receipt in receipts}
    page = post(client, f"/s/{RESIDENTS}/receipts?lang=en", receipt=MADE["sent"]["open"]["receipt"].lower())
    assert f"Yes, {MADE['sent']['open']['receipt']} is counted." in page.text


@pytest.mark.parametrize("kind", MADE["sent"])
def test_a_receipt_given_then_takes_nothing_back(client: FlaskClient, there: Installation, kind: str) -> None:
    """It stands on a public list: a stranger could have deleted every answer (issue 10)."""
    answer, rows_before = MADE["sent"][kind], rows(there.file, "response")
    for field in ("code", "receipt"):
        assert post(client, "/s/withdraw", **{field: answer["receipt"]}, sure="yes").status_code == 422
    assert rows(there.file, "response") == rows_before
    assert put(client, answer).status_code == 200


def test_a_list_written_then_has_its_digest(client: FlaskClient) -> None:
    text = client.get(f"/s/{RESIDENTS}/receipts.txt").data
    assert hashlib.sha256(text).hexdigest() in client.get(f"/s/{RESIDENTS}/receipts").text


def test_rebuilt_counts_are_those_that_were_stored(there: Installation) -> None:
    """A freeze compares the stored counts with those it makes anew from the answers, and refuses when they differ.

    That release weighed verified answers by their network as well; they weigh in full now, and nothing else changes.
    """
    own = f"wave = '{RESIDENTS}'"
    stored, listed = (rows(there.file, table, where=own) for table in ("tally", "counted_receipt"))
    place = columns_of(there.file, "tally").split(", ").index("base_weight")
    assert {row[place] for row in stored if "verified" in row} == {500}
    stored = [(*row[:place], 1000, *row[place + 1 :]) if "verified" in row else row for row in stored]
    assert there.run("wave", "close", RESIDENTS).returncode == 0
    frozen = there.run("wave", "freeze", RESIDENTS, "--yes")
    assert frozen.returncode == 0, frozen.stderr
    assert rows(there.file, "tally", where=own) == sorted(stored, key=repr) != []
    assert rows(there.file, "counted_receipt", where=own) == listed != []


def test_counts_that_were_changed_are_not_frozen(there: Installation) -> None:
    row = "(city, tier, cell, base_weight, flagged)"
    one = f"SELECT {row[1:-1]} FROM tally WHERE wave = ?1 LIMIT 1"  # noqa: S608 - names of columns
    there.change(f"UPDATE tally SET n = n + 1 WHERE wave = ?1 AND {row} = ({one})", RESIDENTS)  # noqa: S608 - as above
    assert there.run("wave", "close", RESIDENTS).returncode == 0
    assert "differ from its responses" in there.run("wave", "freeze", RESIDENTS, "--yes").stderr


def test_the_run_comes_out_the_same(there: Installation) -> None:
    verified = there.run("rating", "verify", MADE["run"])
    assert (verified.returncode, verified.stdout.strip()) == (0, MADE["verified"]), verified.stderr
    ((digest,),) = rows(there.file, "run", "output_digest")
    assert MADE["verified"].endswith(digest)
    explained = there.run("rating", "explain", MADE["run"], "cities", "total", "almaty")
    assert json.loads(explained.stdout) == json.loads(MADE["explained"])


def test_a_run_that_was_changed_is_not_verified(there: Installation) -> None:
    there.let_runs_change()
    there.change("UPDATE run SET output_digest = ? WHERE id = ?", "0" * 64, MADE["run"])
    assert "comes out differently" in there.run("rating", "verify", MADE["run"]).stderr


def test_the_publication_is_whole(client: FlaskClient, there: Installation) -> None:
    files = {path: (digest, content) for path, digest, content in rows(there.file, "publication_file", PARTS)}
    assert {path: hashlib.sha256(content).hexdigest() for path, (_digest, content) in files.items()} == {
        path: digest for path, (digest, _content) in files.items()
    }
    ((bundle,),) = rows(there.file, "publication", "bundle_sha256")
    assert files["bundle.json"][0] == bundle
    for city in ("almaty", "oral"):
        assert client.get(f"/data/1/explain/{city}.json").get_data() == files[f"explain/{city}.json"][1]


def test_a_run_made_today_has_the_same_digests(there: Installation) -> None:
    """What was stored then is gathered and rated today as it was, number by number."""
    order = ("--period", "2024", "--wave", RESIDENTS, "--wave", BUSINESSES, "--alpha", "0")
    response = there.run("rating", "run", *order)
    assert response.returncode == 0, response.stderr
    digests = rows(there.file, "run", "input_digest, output_digest")
    assert len(digests) == 2
    assert len(set(digests)) == 1


def test_a_letter_nobody_used_lets_its_owner_in(client: FlaskClient) -> None:
    entered = post(client, f"/s/{RESIDENTS}/enter/code", code=MADE["letter"])
    assert entered.location == f"/s/{RESIDENTS}/consent"


def test_a_form_on_paper_is_typed_in_under_the_pass_given_then(client: FlaskClient, there: Installation) -> None:
    at, rows_before = f"/s/{RESIDENTS}/paper", len(rows(there.file, "response", where="mode = 'paper'"))
    assert post(client, at, **{"pass": MADE["paper"]["pass"]}).status_code == 303
    form = {"mode": "paper", "spoken": "ru", "hlt_clinic": "fully"}
    assert post(client, at, number=MADE["paper"]["number"], **form).status_code == 303
    assert post(client, at, number=MADE["paper"]["typed"], **form).status_code == 409
    assert post(client, at, number="1234-5678-9012", **form).status_code == 422
    assert len(rows(there.file, "response", where="mode = 'paper'")) == rows_before + 1


def test_a_pass_given_then_can_be_revoked_now(client: FlaskClient, there: Installation) -> None:
    at, form = f"/s/{RESIDENTS}/paper", {"mode": "paper", "number": MADE["paper"]["number"], "hlt_clinic": "fully"}
    assert post(client, at, **{"pass": MADE["paper"]["pass"]}).status_code == 303
    ((code,),) = rows(there.file, "operator_pass", "code")
    assert there.run("fieldwork", "revoke", RESIDENTS, code).returncode == 0
    assert post(client, at, **form, **{"pass": MADE["paper"]["pass"]}).status_code == 422
    assert there.run("fieldwork", "passes", RESIDENTS).stdout.startswith(
        f"{code}\t-\toral\tposter\t2026-12-20\t100\t0\t"
    )


def test_a_pass_nobody_used_yet_is_revoked_by_its_text(client: FlaskClient, there: Installation) -> None:
    assert there.run("fieldwork", "revoke", RESIDENTS, MADE["paper"]["pass"]).returncode == 0
    refused = post(client, f"/s/{RESIDENTS}/paper?lang=en", **{"pass": MADE["paper"]["pass"]})
    assert (refused.status_code, "This pass was revoked" in refused.text) == (422, True)


def test_forms_printed_now_are_none_of_those_printed_then(there: Installation, tmp_path: Path) -> None:
    printed = there.run("fieldwork", "forms", RESIDENTS, "--city", "oral", "--count", "3", "--out", str(tmp_path / "f"))
    assert printed.returncode == 0, printed.stderr
    assert rows(there.file, "form_series", "printed, reads_first_format", f"wave = '{RESIDENTS}'") == [(3, 1)]
