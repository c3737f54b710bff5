"""What a process does not need it does not import: counted in modules, which no other load on the machine can move."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.config import Settings
from app.database import Database
from tests.builders.country import RESIDENTS, make_country
from tests.conftest import NOW, SECRET
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
COUNTING = {"numpy", "pandas", "scipy", "scoring"}
OFFICE = {"openpyxl", "alembic", "typst", "segno", "yaml", "apscheduler"}
PROVIDERS = {"requests", "authlib"}
MONITORING = {"structlog", "prometheus_client"}
SERVING = {"flask", "sqlalchemy", "psycopg", "babel", "cryptography", "argon2"}

REPORT = "import json, sys; print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"

PAGES = f"""
from wsgi import application
client = application.test_client()
for path in ("/kk/", "/ru/data", "/s/", "/s/{RESIDENTS}", "/s/{RESIDENTS}/progress", "/s/{RESIDENTS}/receipts"):
    assert client.get(path).status_code == 200, path
"""

COMMAND = """
from unittest.mock import patch
from app.cli.commands import cli
with patch("{blocking}", **{{"return_value.wait.return_value": 0, "return_value.poll.return_value": 0}}):
    cli({words}, standalone_mode=False)
"""

PROCESSES = {
    "both sites": (
        ("serve",),
        "subprocess.Popen",
        COUNTING | OFFICE | PROVIDERS | SERVING,
    ),
    "supervisor of web processes": (
        ("serve", "--site", "public", "--workers", "2"),
        "uvicorn.supervisors.Multiprocess.run",
        COUNTING | OFFICE | PROVIDERS | SERVING,
    ),
    "scheduler": (
        ("jobs", "run"),
        "apscheduler.schedulers.blocking.BlockingScheduler.start",
        COUNTING | (OFFICE - {"apscheduler"}) | PROVIDERS | SERVING,
    ),
    "demo": (
        ("demo", "--port", "8999"),
        "subprocess.Popen",
        COUNTING | OFFICE | PROVIDERS | SERVING | {"uvicorn"},
    ),
}
"""Each process that only starts others: its command, what of it blocks, and what it may not import."""


def imported(code: str, folder: Path, **environ: str) -> set[str]:
    """Run code in a fresh process and give the packages it has imported at the end."""
    own = {"SECRET_KEY": SECRET, "INSTANCE": str(folder / "instance"), "PYTHONPATH": str(ROOT)} | environ
    words = [sys.executable, "-c", f"{code}\n{REPORT}"]
    run = subprocess.run(words, cwd=folder, env=os.environ | own, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return set(json.loads(run.stdout.splitlines()[-1]))


def test_a_web_process_holds_nothing_that_only_counts_rates_or_prints(
    sqlite: Database, settings: Settings, tmp_path: Path
) -> None:
    make_country(sqlite, settings.keys, today=NOW.date())
    modules = imported(PAGES, tmp_path, DATABASE_URL=sqlite.url)
    assert modules >= {"flask", "sqlalchemy"}
    assert modules & (COUNTING | OFFICE | PROVIDERS) == set()
    assert modules & MONITORING == {"prometheus_client"}, "structlog comes with the first line of the log"


def test_the_console_starts_without_what_single_pages_need(sqlite: Database, tmp_path: Path) -> None:
    modules = imported("from wsgi import console", tmp_path, DATABASE_URL=sqlite.url)
    assert modules >= {"flask", "sqlalchemy", "webauthn"}
    # The texts of the method (yaml) and the readers of editions (scoring.edition) are what it is made of.
    assert modules & ((COUNTING - {"scoring"}) | (OFFICE - {"yaml"}) | PROVIDERS) == set()


@pytest.mark.parametrize("name", PROCESSES)
def test_a_process_that_starts_others_holds_nothing_of_theirs(name: str, tmp_path: Path) -> None:
    words, blocking, unwanted = PROCESSES[name]
    # Several web processes need a common Redis; that its package can be found is enough to start them.
    (tmp_path / "redis").mkdir()
    (tmp_path / "redis" / "__init__.py").touch()
    several = {
        "DATABASE_URL": "postgresql://nobody/nothing",
        "PORT": str(free_port()),
        "TRIES_STORAGE": "redis://127.0.0.1:1",
    }
    modules = imported(COMMAND.format(blocking=blocking, words=list(words)), tmp_path, **several)
    assert "click" in modules
    assert modules & (unwanted | MONITORING) == set()
