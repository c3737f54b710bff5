"""The commands of copies, and the drill in short."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli.commands import cli
from app.cli.context import Context
from app.clock import SystemClock
from app.config import Settings
from app.database import Database
from app.indicators.case_models import EvidenceFile
from app.indicators.evidence_files import check_file, file_of, read_bytes, store_bytes
from surveys.ballots import keys
from tests.builders.country import RESIDENTS, make_country
from tests.builders.papers import make_pdf
from tests.conftest import NOW, SECRET

ROOT = Path(__file__).parents[3]


@pytest.fixture
def context(sqlite: Database, settings: Settings) -> Context:
    make_country(sqlite, settings.keys, today=NOW.date())
    own = {"SECRET_KEY": SECRET, "INSTANCE": str(settings.instance), "DATABASE_URL": sqlite.url}
    return Context(Settings.from_env(own), sqlite, SystemClock())


def run(context: Context, *words: object) -> tuple[int, str]:
    result = CliRunner().invoke(cli, [str(word) for word in words], obj=context)
    return result.exit_code, result.output


def test_a_database_and_its_keys_come_back_from_two_folders(context: Context, tmp_path: Path) -> None:
    copies, apart = tmp_path / "copies", tmp_path / "apart"
    assert run(context, "backup", "copy", copies) == (0, f"copied into {copies}\n")
    assert run(context, "backup", "keys", apart) == (0, "copied 2 keys, destroyed 0\n")
    other = {"SECRET_KEY": SECRET, "INSTANCE": str(tmp_path / "new")}
    settings = Settings.from_env(other)
    place = Context(settings, Database(settings.database_url), SystemClock())
    assert run(place, "restore", "database", copies) == (0, "restored\n")
    code, said = run(place, "restore", "keys", tmp_path)
    assert code == 1
    assert RESIDENTS in said
    assert run(place, "restore", "keys", apart) == (0, "every running wave has its key\n")
    assert keys.load(settings.keys, RESIDENTS) == keys.load(context.settings.keys, RESIDENTS)
    code, said = run(place, "restore", "check")
    assert code == 0
    assert "counts and publications agree with what is stored, and every file of evidence is there" in said
    assert run(place, "restore", "database", copies)[0] == 1, "nothing is restored over a database"
    place.database.close()


def test_files_of_evidence_come_back_with_the_database_and_a_lost_one_is_told(context: Context, tmp_path: Path) -> None:
    file = check_file("қаулы.pdf", make_pdf())
    store_bytes(context.settings.evidence, file)
    with context.database.writing() as session:
        size = len(file.content)
        session.add(EvidenceFile(sha256=file.sha256, size=size, media_type=file.media_type, scan="unscanned"))
    assert run(context, "backup", "copy", tmp_path / "copies")[0] == 0
    own = {"SECRET_KEY": SECRET, "INSTANCE": str(tmp_path / "new")}
    settings = Settings.from_env(own)
    place = Context(settings, Database(settings.database_url), SystemClock())
    assert run(place, "restore", "database", tmp_path / "copies")[0] == 0
    assert read_bytes(settings.evidence, file.sha256) == file.content
    assert run(place, "restore", "check")[0] == 0
    file_of(settings.evidence, file.sha256).write_bytes(b"another")
    code, said = run(place, "restore", "check")
    assert (code, f"the file of evidence {file.sha256[:12]} is lost or damaged" in said) == (1, True)
    place.database.close()


def test_each_kind_of_copies_refuses_the_folder_of_the_other(context: Context, tmp_path: Path) -> None:
    run(context, "backup", "copy", tmp_path / "a")
    run(context, "backup", "keys", tmp_path / "b")
    for kind, folder in (("keys", "a"), ("copy", "b")):
        code, said = run(context, "backup", kind, tmp_path / folder)
        assert code == 1
        assert "could join persons and answers" in said
    code, said = run(context, "backup", "copy", context.settings.instance)
    assert code == 1
    assert "holds keys" in said


def test_a_folder_of_data_is_named_for_postgresql_only(context: Context, tmp_path: Path) -> None:
    code, said = run(context, "restore", "database", tmp_path, "--into", tmp_path / "data")
    assert code == 2
    assert "--into names the data folder of a PostgreSQL" in said


@pytest.mark.parametrize("database", ["SQLite", pytest.param("PostgreSQL", marks=pytest.mark.postgres)])
def test_a_lost_database_is_restored_with_everything_acknowledged_before_the_last_shipped_change(
    tmp_path: Path, database: str
) -> None:
    words = ["benchmarks/drill.py", "--answers", "2000", "--only", database, "--every", "0.5"]
    # To a file: a database that it starts would hold a pipe open.
    with (tmp_path / "report.txt").open("w") as report:
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-W", "ignore", *words]
        out = {"stdout": report, "stderr": report}
        drill = subprocess.run(command, cwd=ROOT, env=environment, **out, timeout=900, check=False)
    text = (tmp_path / "report.txt").read_text()
    assert drill.returncode == 0, text
    assert "acknowledged before the last shipped change: 200, lost 0" in text
    assert text.splitlines()[-1] == "OK"
