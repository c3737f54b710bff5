"""A withdrawn publication says so, why, and what takes its place: on every page, in every file, within minutes."""

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import insert, select

from app.accounts.permissions import Role
from app.audit.journal import Actor
from app.cli.commands import cli
from app.cli.context import Context
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.publishing.bundle import Bundle
from app.publishing.corrections import ask_withdrawal, confirm_withdrawal, name_successor, withdrawal_asked
from app.publishing.errors import PublicationError
from app.publishing.models import Publication, PublicationFile
from app.publishing.queries import BUNDLE
from app.web.portal.data import TABLES
from app.web.public import create_public
from surveys.languages import LANGUAGES, Text3
from tests.app.publications import withdraw
from tests.builders.staff import make_staff

REASON = Text3("Ақтау мәндері қате болды.", "Значения Актау были неверны.", "=The values of Aktau were wrong.")
SAYS = {
    "kk": ("қайтарып алынды", "№ 2 жарияланым қолданылады", "24 қараша"),
    "ru": ("отозвана", "заменяет публикация № 2", "24 ноября 2026"),
    "en": ("was withdrawn", "Publication 2 takes its place", "November 24, 2026"),
}
COLUMNS = ["withdrawn", "withdrawn_on", "withdrawn_kk", "withdrawn_ru", "withdrawn_en", "successor"]
MINUTES = 10


@pytest.fixture
def database(published: tuple[Database, Bundle], tmp_path: Path) -> Database:
    """Two publications: the first one of a small country, and a second that is its copy."""
    (tmp_path / "two.sqlite3").write_bytes(Path(str(published[0].engine.url.database)).read_bytes())
    database = Database(f"sqlite:///{tmp_path / 'two.sqlite3'}")
    with database.writing() as session:
        first = session.get_one(Publication, 1)
        digests = {"bundle_sha256": first.bundle_sha256, "previous_sha256": first.bundle_sha256}
        own = {"run": first.run, "edition": first.edition, "state": "published", "published_on": first.published_on}
        session.add(Publication(number=2, **own, **digests))
        session.flush()
        content = replace(published[1], number=2).to_json().encode()
        session.execute(insert(PublicationFile).values(publication=2, path=BUNDLE, sha256="2" * 64, content=content))
    return database


@pytest.fixture
def site(database: Database, settings: Settings, clock: FrozenClock) -> Flask:
    app = create_public(settings, database, clock)
    app.testing = True
    return app


def take_back(database: Database, clock: FrozenClock, *, successor: int | None = 2) -> None:
    with database.writing() as session:
        withdraw(session, 1, REASON, clock.now())
        if successor:
            name_successor(session, 1, successor, Actor(None, clock.now()))


def addresses(site: Flask, bundle: Bundle, prefix: str) -> list[str]:
    """List every address of publication 1 below a prefix, of every city and area there is."""
    values = {
        "city": [city.code for city in bundle.cities],
        "area": [area.code for area in bundle.areas],
        "name": list(TABLES),
    }
    found: list[str] = []
    for rule in site.url_map.iter_rules():
        if "<int:number>" in rule.rule and rule.rule.startswith(prefix):
            path = rule.rule.replace("<int:number>", "1").replace("<any(kk, ru, en):lang>", "{lang}")
            names = re.findall(r"<(\w+)>", path)
            found += [path.replace(f"<{names[0]}>", each) for each in values[names[0]]] if names else [path]
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_says_so_with_reason_day_and_successor(
    site: Flask, database: Database, bundle: Bundle, clock: FrozenClock, language: str
) -> None:
    client = site.test_client()
    paths = [path.format(lang=language) for path in addresses(site, bundle, "/<any(kk, ru, en)")]
    assert len(paths) > 40
    before = {path: client.get(path) for path in paths}
    assert [path for path, page in before.items() if page.status_code != 200 or SAYS[language][0] in page.text] == []
    take_back(database, clock)
    marks = (*SAYS[language], REASON.pick(language), f'href="/{language}/ratings/2/"')
    silent = {path: [mark for mark in marks if mark not in client.get(path).text] for path in paths}
    assert {path: missing for path, missing in silent.items() if missing} == {}
    known = {path: client.get(path, headers={"If-None-Match": before[path].headers["ETag"]}) for path in paths[:3]}
    assert {page.status_code for page in known.values()} == {200}, "a fingerprint of before is told as well"
    other = client.get(f"/{language}/ratings/2/")
    assert REASON.pick(language) not in other.text
    assert REASON.pick(language) in client.get(f"/{language}/data").text


def test_every_file_says_so_with_reason_day_and_successor(
    site: Flask, database: Database, bundle: Bundle, clock: FrozenClock
) -> None:
    client = site.test_client()
    paths = addresses(site, bundle, "/data/")
    assert len(paths) > 40
    before = {path: client.get(path) for path in paths}
    take_back(database, clock)
    said = {"on": "2026-11-24", "reason": REASON._asdict(), "successor": 2}
    wrong = []
    for path in paths:
        file = client.get(path)
        assert "withdrawn" in file.headers["Content-Disposition"]
        assert file.headers["ETag"] != before[path].headers["ETag"]
        if path.endswith(".csv"):
            lines = list(csv.reader(io.StringIO(file.get_data().decode("utf-8-sig"))))
            own = ["True", "2026-11-24", REASON.kk, REASON.ru, f"'{REASON.en}", "2"]
            right = lines[0][-6:] == COLUMNS
            right = right and all(line[-6:] == own for line in lines[1:])
        else:
            document = file.json
            right = document.get("about", document).get("withdrawn") == said
            right = right and all(row["withdrawn"] is True for row in document.get("rows", []))
        wrong += [] if right else [path]
    assert wrong == []


def test_a_derivation_without_what_was_added_is_the_file_that_was_published(
    site: Flask, database: Database, clock: FrozenClock
) -> None:
    take_back(database, clock)
    tree = site.test_client().get("/data/1/explain/oral.json").json
    del tree["withdrawn"]
    with database.reading() as session:
        stored = session.scalar(select(PublicationFile.content).where(PublicationFile.path == "explain/oral.json"))
    assert json.dumps(tree, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() == stored


def test_pages_and_files_leave_caches_within_minutes_even_before_anything_is_withdrawn(
    site: Flask, bundle: Bundle
) -> None:
    client = site.test_client()
    paths = [path.format(lang="kk") for prefix in ("/<any", "/data/") for path in addresses(site, bundle, prefix)]
    ages = {path: re.fullmatch(r"public, max-age=(\d+)", client.get(path).headers["Cache-Control"]) for path in paths}
    assert {path for path, age in ages.items() if age is None or int(age[1]) > 60 * MINUTES} == set()


def test_what_has_no_successor_yet_says_so_and_what_an_earlier_release_withdrew_has_no_reason(
    site: Flask, database: Database, clock: FrozenClock
) -> None:
    take_back(database, clock, successor=None)
    client = site.test_client()
    assert "No publication takes its place yet." in client.get("/en/ratings/1/method").text
    with database.writing() as session:
        session.get_one(Publication, 2).state = "withdrawn"
    page = client.get("/en/ratings/2/method").text
    assert "The reason was not recorded." in page
    assert "None" not in page
    assert client.get("/data/2/rating.csv").status_code == 200
    home = client.get("/en/").text
    assert "all were withdrawn" in home
    assert REASON.en.removeprefix("=") in home


@pytest.mark.parametrize("reason", [Text3("", "a", "a"), Text3("a", " ", "a"), Text3("a", "a", "a" * 401)])
def test_no_publication_is_withdrawn_without_a_reason_in_each_language(
    database: Database, clock: FrozenClock, reason: Text3
) -> None:
    with database.writing() as session, pytest.raises(PublicationError, match="reason"):
        ask_withdrawal(session, 1, reason, Actor(make_staff(session, Role.PUBLISHER).id, clock.now()))


def test_only_a_standing_publication_takes_the_place_of_a_withdrawn_one(database: Database, clock: FrozenClock) -> None:
    with database.writing() as session:
        for number, successor in ((1, 2), (9, 2)):
            with pytest.raises(PublicationError, match="no withdrawn"):
                name_successor(session, number, successor, Actor(None, clock.now()))
        withdraw(session, 1, REASON, clock.now())
        for successor in (1, 9):
            with pytest.raises(PublicationError, match="no standing"):
                name_successor(session, 1, successor, Actor(None, clock.now()))


def test_the_commands_withdraw_and_name_what_comes_instead(
    site: Flask, database: Database, settings: Settings, clock: FrozenClock
) -> None:
    context = Context(settings, database, clock)
    with database.writing() as session:
        publisher, other = (make_staff(session, role) for role in (Role.PUBLISHER, Role.REVIEWER))
    by = ["--by", publisher.email]
    reason = ["--kk", REASON.kk, "--ru", REASON.ru, "--en", REASON.en]
    said = (["withdraw", "1"], ["withdraw", "1", *reason, "--by", other.email], ["withdraw", "1", *by, *reason])
    done = [CliRunner().invoke(cli, ["rating", *words], obj=context).exit_code for words in said]
    assert done == [2, 1, 0]
    assert "was withdrawn" not in site.test_client().get("/en/ratings/1/").text, "a second person has to confirm it"
    with database.writing() as session:
        asked = withdrawal_asked(session, 1)
        assert asked
        confirm_withdrawal(session, 1, asked.id, Actor(other.id, clock.now()))
    said = (["succeed", "1", "2"], ["succeed", "2", "1"])
    done = [CliRunner().invoke(cli, ["rating", *words], obj=context).exit_code for words in said]
    assert done == [0, 1]
    assert "Publication 2 takes its place." in site.test_client().get("/en/ratings/1/").text
