"""Records what a release gives out and reads again later: `PYTHONPATH=. python …/record_formats.py FILE`.

The release is the tree of the current folder: this one, or that of commit ee20a48 (docs/formats.md says how). Keys,
chance and clock are fixed: the same tree records the same values, but for the port of its sign-in provider. Beside them
stand the rows of the database that they belong to. tests/contracts/test_formats.py gives all to the present tree.
"""

import hashlib
import importlib
import json
import os
import random
import re
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

from authlib.integrations.base_client import framework_integration
from click.testing import CliRunner
from itsdangerous import TimestampSigner

from app.cli.commands import cli
from app.cli.context import Context
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.identity.gateways import ConsoleGateway

MOMENT = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
SECRET = "the-secret-of-the-recorded-values-of-each-release"
KEY = bytes(range(32))
WAVE, CITY = "recorded", "oral"
PHONE, WORDS = "8 701 123 45 67", "Көше жарығы & <аула>"
QUESTIONNAIRE = Path(__file__).parents[1] / "data" / "formats" / "questionnaire.yaml"
IS_NOVEMBER = not Path("surveys/ballots").is_dir()
"""Whether the current folder is the release of November 2026, whose modules had other names and one format less."""

TICKS: dict[str, Any] = {"ctm_streets": "good", "ctm_walks": "3", "hlt_where": ["clinic", "home"], "hlt_words": WORDS}
LEFT_OUT = ("alembic_version", "margin", "margin_source", "sqlite_stat1", "sqlite_stat4")
"""Tables that hold nothing a value given out belongs to."""


def fix_chance() -> None:
    """Let everything that is drawn follow from a count, and sign everything at one moment."""
    drawn = iter(range(1 << 32))

    def draw(size: int) -> bytes:
        return hashlib.shake_256(f"chance {next(drawn)}".encode()).digest(size)

    os.urandom = draw
    random._urandom = draw  # the secrets module draws from here
    TimestampSigner.get_timestamp = lambda _signer: int(MOMENT.timestamp())
    framework_integration.time = SimpleNamespace(time=MOMENT.timestamp)


class Release:
    """One installation of the release, whose clock stands still."""

    def __init__(self, home: Path, environ: dict[str, str]) -> None:
        self.home = home
        self.settings = Settings.from_env(environ | {"SECRET_KEY": SECRET, "INSTANCE": str(home / "instance")})
        self.settings.keys.parent.mkdir()
        self.database = Database(self.settings.database_url)
        self.clock = FrozenClock(MOMENT)
        self.run("db", "upgrade")
        days = ("--opens", "2026-11-20", "--closes", "2026-12-20", "--city", CITY)
        ways = [word for way in ("code", "sms", "oidc", "open") for word in ("--gate", way)]
        self.run("wave", "plan", WAVE, QUESTIONNAIRE, *days, *ways)
        (self.settings.keys / f"{WAVE}.key").write_bytes(KEY)
        self.run("wave", "open", WAVE)
        self.run("fieldwork", "channel", WAVE, "poster")
        self.site = self._site()

    def _site(self) -> Any:
        made_by = importlib.import_module("app" if IS_NOVEMBER else "app.web.public")
        return made_by.create_public(self.settings, self.database, self.clock)

    def run(self, *words: object) -> str:
        """Run a command of `python -m app`; gives what it printed."""
        own = Context(self.settings, self.database, self.clock)
        done = CliRunner().invoke(cli, [str(word) for word in words], obj=own)
        if done.exit_code:
            raise SystemExit(f"{words}: {done.output}")
        return done.stdout.strip()

    def letter(self) -> str:
        """Make a letter; gives its code."""
        file = self.home / f"{os.urandom(4).hex()}.csv"
        self.run("codes", "make", WAVE, "--city", CITY, "--count", 1, "--out", file)
        return re.findall(r"\d{4} \d{4} \d{4} \d{4}", file.read_text())[0]

    def give_pass(self) -> str:
        """Give an operator's pass; gives its text."""
        own = () if IS_NOVEMBER else ("--operator", "Әсел Н.")
        order = (WAVE, "--city", CITY, "--channel", "poster", "--until", "2026-12-20", *own)
        lines = self.run("fieldwork", "pass", *order).splitlines()
        return next(line for line in lines if line.startswith(("2-", f"{WAVE}.")))

    def print_forms(self, count: int) -> list[str]:
        """Give the numbers of printed forms."""
        paper = importlib.import_module("surveys.paper" if IS_NOVEMBER else "surveys.fieldwork.paper")
        if IS_NOVEMBER:
            return [paper.new_form_number(KEY) for _form in range(count)]
        with self.database.writing() as session:
            return list(paper.number_forms(session, KEY, WAVE, count))


class Browser:
    """A browser without script."""

    def __init__(self, release: Release) -> None:
        self.client = release.site.test_client()
        self.text = ""
        self.get("/s/?lang=ru")

    def get(self, path: str) -> str:
        """Open a page."""
        page = self.client.get(path)
        if page.status_code != 200:
            raise SystemExit(f"{path}: {page.status_code}")
        self.text = page.text
        return self.text

    @property
    def token(self) -> str:
        """Give the token of the form of the page at hand."""
        return re.findall(r'name="csrf_token" value="([^"]+)"', self.text)[0]

    def post(self, path: str, **fields: Any) -> str:
        """Send the form of the page at hand, open where that leads, and give its address."""
        done = self.client.post(path, data={"csrf_token": self.token, **fields})
        if done.status_code != 303:
            raise SystemExit(f"{path}: {done.status_code}")
        self.get(done.location)
        return str(done.location)

    def cookies(self) -> list[dict[str, str]]:
        """Give the cookies with their paths."""
        kept = self.client._cookies.values()
        return [{"name": cookie.key, "value": cookie.value, "path": cookie.path} for cookie in kept]

    def answer(self) -> str:
        """Begin by the open link and answer every page as TICKS has it; gives the address of the list to check."""
        self.get(f"/s/{WAVE}?way=open&via=poster")
        address = self.post(f"/s/{WAVE}?way=open&via=poster", city=CITY)
        address = self.post(address, agreed="yes")
        while not address.endswith("/check"):
            fields = {name: answer for name, answer in TICKS.items() if f'name="{name}"' in self.text}
            fields |= {"area0": "ctm", "text0": WORDS} if address.endswith("/suggestions") else {}
            address = self.post(address, **fields)
        return address


@contextmanager
def messages() -> Iterator[list[str]]:
    """Catch the text messages of the console gateway."""
    texts: list[str] = []
    with patch.object(ConsoleGateway, "send", lambda _self, _phone, text: texts.append(text)):
        yield texts


def body_of(release: Release, **changes: Any) -> dict[str, Any]:
    """Make what a phone sends (app/static/js/answers.js), from the file that a phone keeps of the wave."""
    client = release.site.test_client()
    file = client.get(client.get(f"/s/{WAVE}/offline.json").location).json
    body = {
        "wave": WAVE,
        "city": CITY,
        "version": file["version"],
        "lang": "kk",
        "consent": file["questionnaire"]["consent_version"],
        "answers": TICKS,
        "extra": ["hlt"],
        "suggestions": [{"area": "ctm", "text": WORDS}],
        "channel": "poster",
        "honey": "",
        "seconds": 61,
    }
    return body | changes


def invited(release: Release) -> dict[str, Any]:
    """Come in by a letter, and hand the draft over to the phone."""
    browser = Browser(release)
    browser.get(f"/s/{WAVE}/enter/code")
    browser.post(f"/s/{WAVE}/enter/code", code=release.letter())
    return dict(browser.client.get(f"/s/{WAVE}/offline/draft").json)


def phones(release: Release) -> dict[str, Any]:
    """Send an answer by the open link and one by a letter; leave one of each in the phone's queue."""
    one, other = invited(release), invited(release)
    sent = [
        {"id": "0" * 31 + "1", "body": body_of(release)},
        {"id": one["id"], "body": body_of(release, ballot=one["ballot"])},
    ]
    for answer in sent:
        answer["reply"] = release.site.test_client().put(f"/r/{answer['id']}", json=answer["body"]).json
    queued = [
        {"id": "0" * 31 + "2", "body": body_of(release, lang="ru")},
        {"id": other["id"], "body": body_of(release, ballot=other["ballot"], suggestions=[])},
    ]
    return {"sent": sent, "queued": queued}


def browsers(release: Release) -> dict[str, Any]:
    """Leave a page open, a draft unfinished, an answer just sent, and a code on its way by SMS."""
    open_page, draft, done, sms = (Browser(release) for _ in range(4))
    open_page.get(f"/s/{WAVE}?way=open")
    draft.answer()
    done.post(done.answer())
    code = re.findall(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){4}", done.text)
    with messages() as texts:
        sms.get(f"/s/{WAVE}/enter/sms")
        sms.post(f"/s/{WAVE}/enter/sms", city=CITY, phone=PHONE)
    return {
        "open_page": {"cookies": open_page.cookies(), "token": open_page.token},
        "draft": {"cookies": draft.cookies()},
        "done": {
            "cookies": done.cookies(),
            "receipt": re.findall(r">([0-9A-Z]{4}(?:-[0-9A-Z]{4}){2})<", done.text)[0],
            "code": code[0] if code else "",
        },
        "sms": {"cookies": sms.cookies(), "code": re.findall(r"\b\d{6}\b", texts[-1])[0]},
    }


def sign_in(release: Release) -> dict[str, Any]:
    """Leave for the sign-in provider; gives what the browser keeps meanwhile, and what the provider is asked."""
    browser = Browser(release)
    away = browser.client.get(f"/s/{WAVE}/enter/oidc/leave?city={CITY}")
    return {"cookies": browser.cookies(), "query": urlsplit(away.location).query}


def on_paper(release: Release) -> dict[str, Any]:
    """Type in one form; leave the pass, its browser, and two printed forms."""
    typed, *left = release.print_forms(3)
    operator, text, at = Browser(release), release.give_pass(), f"/s/{WAVE}/paper"
    operator.get(at)
    operator.post(at, **{"pass": text})
    operator.post(at, mode="paper", spoken="kk", number=typed, ctm_streets="bad")
    codes = re.findall(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){4}", operator.text)
    return {
        "pass": text,
        "unused_pass": release.give_pass(),
        "typed": typed,
        "printed": left,
        "cookies": operator.cookies(),
        "code": codes[0] if codes else "",
    }


def rows(release: Release) -> dict[str, Any]:
    """Give all rows that the values belong to, by table; bytes as {"hex": …}."""
    release.database.close()
    with closing(sqlite3.connect(release.home / "instance" / "city-opinion.sqlite3")) as file:
        names = [name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        ((revision,),) = file.execute("SELECT version_num FROM alembic_version")
        tables: dict[str, list[dict[str, Any]]] = {}
        for name in names:
            found = file.execute(f'SELECT * FROM "{name}"')  # noqa: S608 - names of our own tables
            columns = [column[0] for column in found.description]
            lines = [dict(zip(columns, map(_plain, line), strict=True)) for line in found]
            if lines and name not in LEFT_OUT:
                tables[name] = lines
    return {"revision": revision, "rows": tables}


def _plain(value: Any) -> Any:
    return {"hex": value.hex()} if isinstance(value, bytes) else value


def formats_of(release: Release, recorded: dict[str, Any]) -> dict[str, Any]:
    """Describe the formats of the values: for this tree, formats_now does."""
    if IS_NOVEMBER:  # no value had a number: that is format 1
        names = ("ballot", "sealed", "pass", "answer on a phone", "store of a phone")
        return {"formats": dict.fromkeys(names, 1)}
    now = importlib.import_module("tests.contracts.formats_now")
    return {"formats": now.numbers(), "computed": now.computed(), "fields": now.fields(release.site, recorded)}


def main(file: Path) -> None:
    """Record everything."""
    fix_chance()
    provider = importlib.import_module("oidc_provider_mock")
    with tempfile.TemporaryDirectory() as home, provider.run_server_in_thread() as server:
        ways = {"SMS_GATEWAY": "console", "OIDC_ISSUER": f"http://localhost:{server.server_port}"}
        release = Release(
            Path(home), ways | {"OIDC_CLIENT_ID": "city", "OIDC_CLIENT_SECRET": "x" * 20, "OIDC_SCOPE": "openid"}
        )
        made: dict[str, Any] = {"moment": MOMENT.isoformat(), "secret": SECRET, "wave": WAVE, "key": KEY.hex()}
        made |= phones(release) | browsers(release)
        made |= {"letter": release.letter(), "paper": on_paper(release), "sign_in": sign_in(release)}
        made |= formats_of(release, made)
        made |= rows(release)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
