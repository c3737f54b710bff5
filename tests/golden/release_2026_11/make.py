"""How the files beside this one were made: `cd A_CHECKOUT_OF_ee20a48 && python …/make.py FOLDER`.

It is kept to be read and runs on that commit alone: what it makes is what an installation of that release had on its
disk, in its respondents' browsers, on their phones and on its printed paper. Chance is left as it was: another run
makes other ballots and receipts, and the tests read theirs from the files.
"""

import gzip
import json
import re
import sqlite3
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from flask.testing import FlaskClient

from app import create_public
from app.cli.commands import cli
from app.cli.context import Context
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from surveys import keys, paper
from surveys.yaml_source import shipped

MOMENT = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
SECRET = "the-secret-of-an-installation-of-november-2026"
RESIDENTS, BUSINESSES = "residents-2026", "businesses-2026"
CITIES = ("almaty", "oral")
PER_CITY = {RESIDENTS: 12, BUSINESSES: 10}
"""Answers of each city; the fold takes ten at least."""

FIGURES = Path("app/demo/data/open_figures_2024.csv")


class Installation:
    """One installation of the release, whose clock stands still."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings.from_env({"SECRET_KEY": SECRET, "INSTANCE": str(folder)})
        folder.mkdir()
        self.database = Database(self.settings.database_url)
        self.clock = FrozenClock(MOMENT)
        self.app = create_public(self.settings, self.database, self.clock)
        self.app.extensions["city_waves"].life = 0

    def run(self, *words: object) -> str:
        """Run a command of `python -m app`; gives what it printed."""
        done = CliRunner().invoke(
            cli, [str(word) for word in words], obj=Context(self.settings, self.database, self.clock)
        )
        if done.exit_code:
            raise SystemExit(f"{words}: {done.output}")
        return done.stdout.strip()

    def key(self, wave: str) -> bytes:
        """Read the key of a wave."""
        return keys.load(self.settings.keys, wave)


def main(folder: Path) -> None:
    """Make everything."""
    with tempfile.TemporaryDirectory() as home:
        there = Installation(Path(home) / "instance")
        letters = plan(there, Path(home))
        made = {"moment": MOMENT.isoformat(), "secret": SECRET, "residents": RESIDENTS, "businesses": BUSINESSES}
        made |= answer(there, letters)
        there.run("jobs", "once", "fold-tallies")
        there.run("jobs", "once", "judge-answers")
        there.run("jobs", "once", "list-receipts")
        made |= rate_and_publish(there, Path(home))
        made |= leave_unfinished(there, letters)
        made["keys"] = {wave: there.key(wave).hex() for wave in (RESIDENTS, BUSINESSES)}
        made["table"] = there.app.test_client().get("/data/1/rating.csv").text
        there.database.close()
        folder.joinpath("made.json").write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n")
        connection = sqlite3.connect(Path(home) / "instance" / "city-opinion.sqlite3")
        dump = "\n".join(connection.iterdump())
        folder.joinpath("database.sql.gz").write_bytes(gzip.compress(dump.encode(), mtime=0))


def plan(there: Installation, home: Path) -> list[str]:
    """Plan and open a wave of each audience in two cities; gives the codes of eight letters to Oral."""
    there.run("db", "upgrade")
    gates = {RESIDENTS: ("--gate", "code", "--gate", "open"), BUSINESSES: ("--gate", "open")}
    for (wave, ways), questionnaire in zip(gates.items(), shipped(), strict=True):
        days = ("--opens", "2026-11-20", "--closes", "2026-12-20")
        cities = [word for city in CITIES for word in ("--city", city)]
        there.run("wave", "plan", wave, questionnaire, *days, *cities, *ways)
        there.run("wave", "open", wave)
    there.run("fieldwork", "channel", RESIDENTS, "poster")
    there.run("codes", "make", RESIDENTS, "--city", "oral", "--count", 8, "--out", home / "codes.csv")
    return re.findall(r"\d{4}-\d{4}-\d{4}-\d{4}|\d{4} \d{4} \d{4} \d{4}", (home / "codes.csv").read_text())


def answer(there: Installation, letters: list[str]) -> dict[str, Any]:
    """Send the answers of everybody who has answered: open links, six letters, and one form on paper."""
    phone = there.app.test_client()
    sent: list[dict[str, Any]] = []
    for wave in (RESIDENTS, BUSINESSES):
        for index in range(PER_CITY[wave] * len(CITIES)):
            city = CITIES[index % len(CITIES)]
            body = body_of(phone, wave, city, index)
            name = f"{index + 1:032x}" if wave == RESIDENTS else f"{index + 101:032x}"
            if wave == RESIDENTS and city == "oral" and index // 2 < 6:
                draft = draft_of_letter(there, letters[index // 2])
                name, body["ballot"] = draft["id"], draft["ballot"]
            answered = phone.put(f"/r/{name}", json=body)
            assert answered.status_code == 201, answered.text
            sent.append({"id": name, "body": body, "receipt": answered.json["receipt"]})
    kept = {"open": sent[0], "verified": sent[1], "business": sent[-1]}
    return {"sent": kept, "receipts": [each["receipt"] for each in sent], "paper": type_in(there)}


def body_of(phone: FlaskClient, wave: str, city: str, index: int) -> dict[str, Any]:
    """Make what a phone sends, from the file a phone keeps of the wave."""
    file = phone.get(phone.get(f"/s/{wave}/offline.json").location).json
    questionnaire = file["questionnaire"]
    answers: dict[str, Any] = {}
    for number, question in enumerate(q for page in questionnaire["pages"] for q in page["questions"]):
        options = [o["code"] for o in question["options"] if o.get("city") in {None, city}]
        if options and (index + number) % 7:
            code = options[(index * 5 + number * 3) % len(options)]
            answers[question["code"]] = [code] if question["kind"] == "multi" else code
    if city == "oral":
        answers.pop("district", None)
    wishes = [{"area": "ctm", "text": f"Көше жарығы, {index}-үй; позвоните 8 701 123 45 67"}] if index % 4 == 0 else []
    return {
        "wave": wave,
        "city": city,
        "version": file["version"],
        "lang": ("kk", "ru", "en")[index % 3],
        "consent": questionnaire["consent_version"],
        "answers": answers,
        "extra": [page["area"] for page in questionnaire["pages"] if page.get("area")],
        "suggestions": wishes,
        "channel": ("link", "poster", "a-friend")[index % 3],
        "seconds": 60 + index,
    }


class Browser:
    """A browser without script."""

    def __init__(self, there: Installation) -> None:
        self.client = there.app.test_client()
        self.page = self.client.get("/s/?lang=ru")

    def get(self, path: str) -> str:
        """Open a page."""
        self.page = self.client.get(path)
        assert self.page.status_code == 200, (path, self.page.status_code)
        return self.page.text

    def post(self, path: str, **fields: str) -> str:
        """Send the form of the page at hand; gives where that leads."""
        token = re.findall(r'name="csrf_token" value="([^"]+)"', self.page.text)[0]
        done = self.client.post(path, data={"csrf_token": token, **fields})
        assert done.status_code == 303, (path, done.status_code)
        return done.location

    def first_options(self) -> dict[str, str]:
        """Tick the first option of every question on the page."""
        ticked: dict[str, str] = {}
        for name, value in re.findall(r'type="radio" name="([^"]+)" value="([^"]+)"', self.page.text):
            ticked.setdefault(name, value)
        return ticked

    def cookies(self) -> dict[str, str]:
        """Give the cookies by name."""
        return {cookie.key: cookie.value for cookie in self.client._cookies.values()}


def draft_of_letter(there: Installation, code: str) -> dict[str, Any]:
    """Come in by a letter and hand the draft over to the phone."""
    browser = Browser(there)
    browser.get(f"/s/{RESIDENTS}/enter/code")
    browser.post(f"/s/{RESIDENTS}/enter/code", code=code)
    return dict(browser.client.get(f"/s/{RESIDENTS}/offline/draft").json)


def type_in(there: Installation) -> dict[str, str]:
    """Type in one form on paper; gives the operator's pass and the number of a printed form not typed in yet."""
    browser, at = Browser(there), f"/s/{RESIDENTS}/paper"
    operator = paper.mint_pass(
        there.key(RESIDENTS), paper.OperatorPass(RESIDENTS, "oral", "poster", date(2026, 12, 20))
    )
    browser.get(at)
    browser.post(at, **{"pass": operator})
    browser.get(at)
    number = paper.new_form_number(there.key(RESIDENTS))
    browser.post(at, mode="paper", spoken="kk", number=number, hlt_clinic="mostly", area0="hlt", text0="Кезек")
    return {"pass": operator, "typed": number, "number": paper.new_form_number(there.key(RESIDENTS))}


def rate_and_publish(there: Installation, home: Path) -> dict[str, str]:
    """Rate the two cities and publish; gives the run and what the commands printed of it.

    α is 0, or so few answers would leave no total to explain; they are counted among the inputs all the same.
    """
    head, *lines = FIGURES.read_text().splitlines(keepends=True)
    figures = home / "figures.csv"
    figures.write_text(head + "".join(line for line in lines if line.startswith(CITIES)))
    there.run("indicators", "import", figures, "--period", "2024", "--edition", "open_figures_2024")
    order = ("--period", "2024", "--wave", RESIDENTS, "--wave", BUSINESSES, "--alpha", "0", "--official")
    run = there.run("rating", "run", *order).splitlines()[-1]
    there.run("rating", "publish", run)
    return {
        "run": run,
        "verified": there.run("rating", "verify", run),
        "explained": there.run("rating", "explain", run, "cities", "total", "almaty"),
    }


def leave_unfinished(there: Installation, letters: list[str]) -> dict[str, Any]:
    """Leave a draft, a thank-you page, two answers queued on phones, and a letter nobody has used."""
    begun = Browser(there)
    begun.get(f"/s/{RESIDENTS}?way=open")
    begun.get(begun.post(f"/s/{RESIDENTS}?way=open", city="almaty"))
    first = begun.post(f"/s/{RESIDENTS}/consent", agreed="yes")
    begun.get(first)
    ticked = begun.first_options()
    begun.post(first, **ticked)
    begun.get(f"/s/{RESIDENTS}/suggestions")
    begun.post(f"/s/{RESIDENTS}/suggestions", area0="edu", text0="Мектеп ауласы & <саябақ>")
    done = Browser(there)
    done.get(f"/s/{BUSINESSES}")
    done.get(done.post(f"/s/{BUSINESSES}", city="oral"))
    address = done.post(f"/s/{BUSINESSES}/consent", agreed="yes")
    while not address.endswith("/check"):
        done.get(address)
        address = done.post(address, **done.first_options())
    done.get(address)
    thanks = done.get(done.post(address))
    invited = draft_of_letter(there, letters[6])
    phone = there.app.test_client()
    return {
        "draft": {"cookies": begun.cookies(), "page": first, "ticked": ticked, "wish": "Мектеп ауласы & <саябақ>"},
        "done": {"cookies": done.cookies(), "receipt": re.findall(r"\w{4}-\w{4}-\w{4}", thanks)[0]},
        "queued": [
            {"id": "f" * 32, "body": body_of(phone, RESIDENTS, "almaty", 50)},
            {"id": invited["id"], "body": body_of(phone, RESIDENTS, "oral", 51) | {"ballot": invited["ballot"]}},
        ],
        "letter": letters[7],
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
