"""Letters from the command line: what is written, what is refused, and that the files open the survey."""

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from app.cli.commands import cli
from app.cli.context import Context
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from surveys.identity import codes
from surveys.models import AccessCode, Wave
from tests.builders.country import RESIDENTS, Country, make_country
from tests.builders.invitations import CHEAP
from tests.conftest import NOW


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes.make_letters, "__kwdefaults__", {"hasher": CHEAP})


@pytest.fixture
def country(database: Database, settings: Settings, clock: FrozenClock) -> Country:
    country = make_country(database, settings.keys, today=clock.today())
    with database.writing() as session:
        session.get_one(Wave, RESIDENTS).gate_names = "open code"
    return country


def make(country: Country, settings: Settings, folder: Path, *words: str) -> Result:
    context = Context(settings, country.database, FrozenClock(NOW))
    command = ["codes", "make", RESIDENTS, "--city", "Уральск", *words, "--out", str(folder / "letters.csv")]
    return CliRunner().invoke(cli, command, obj=context)


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "letters.csv").open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def test_every_code_of_the_file_opens_its_city_and_none_is_in_the_database(
    country: Country, settings: Settings, tmp_path: Path
) -> None:
    result = make(country, settings, tmp_path, "--count", "20", "--pdf", str(tmp_path / "letters.pdf"))
    assert result.exit_code == 0, result.output
    printed_codes = {codes.read_code(row["code"]) for row in rows(tmp_path)}
    assert len(printed_codes) == 20
    with country.database.reading() as session:
        found = {code: codes.candidates(session, code) for code in printed_codes}
        assert {codes.admission(found[code], country.keys, RESIDENTS, code).city for code in found} == {"oral"}
        table = str([vars(row) for row in session.scalars(select(AccessCode))])
    assert not [code for code in printed_codes if code[codes.LOCATOR :] in table]
    assert (tmp_path / "letters.pdf").read_bytes().startswith(b"%PDF")
    assert {(tmp_path / f"letters.{kind}").stat().st_mode & 0o777 for kind in ("csv", "pdf")} == {0o600}


def test_names_come_from_a_list_and_run_in_no_spreadsheet(country: Country, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "to.csv").write_text("аты\nӘйгерім\n=1+1\n\t@x\n", encoding="utf-8")
    result = make(country, settings, tmp_path, "--to", str(tmp_path / "to.csv"), "--name-column", "аты")
    assert result.exit_code == 0, result.output
    assert [row["name"] for row in rows(tmp_path)] == ["Әйгерім", "'=1+1", "'@x"]


@pytest.mark.parametrize(
    ("listed", "fault"),
    [
        ("name\nx\n", "has no column 'bin'"),
        ("bin\n123\n", "line 2: a BIN has 12 digits"),
        ("bin\n990140000123\n990140000123\n", "stands there twice"),
    ],
)
def test_a_list_with_a_fault_makes_no_code(
    country: Country, settings: Settings, tmp_path: Path, listed: str, fault: str
) -> None:
    (tmp_path / "to.csv").write_text(listed)
    result = make(country, settings, tmp_path, "--to", str(tmp_path / "to.csv"), "--bin-column", "bin")
    assert result.exit_code == 1
    assert fault in result.output
    with country.database.reading() as session:
        assert session.scalars(select(AccessCode)).all() == []


def test_a_wave_without_that_gate_gets_no_letters(country: Country, settings: Settings, tmp_path: Path) -> None:
    with country.database.writing() as session:
        session.get_one(Wave, RESIDENTS).gate_names = "open"
    assert "plan it with --gate code" in make(country, settings, tmp_path, "--count", "1").output
