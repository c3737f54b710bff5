from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli.commands import cli
from app.cli.context import Context
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from surveys.yaml_source import shipped

RESIDENT = next(str(path) for path in shipped() if path.stem == "resident")
DAYS = ("--opens", "2026-11-20", "--closes", "2026-12-20")


@pytest.fixture
def context(database: Database, settings: Settings, clock: FrozenClock) -> Context:
    return Context(settings, database, clock)


def run(context: Context, *words: str) -> Result:
    return CliRunner().invoke(cli, ["wave", *words], obj=context)


def test_a_wave_goes_from_plan_to_freeze_and_its_key_goes_with_it(context: Context) -> None:
    assert run(context, "plan", "spring", RESIDENT, *DAYS, "--city", "Орал", "--city", "Караганда").exit_code == 0
    key = context.settings.keys / "spring.key"
    assert key.stat().st_mode & 0o777 == 0o600
    for words, state in ((("open",), "open"), (("close",), "closed"), (("freeze", "--yes"), "frozen")):
        assert run(context, words[0], "spring", *words[1:]).output == f"{state}: spring\n"
    assert not key.exists()
    assert run(context, "list").output == "spring\tresident\tfrozen\t2026-11-20 to 2026-12-20\t0 answers\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ("plan", "spring", RESIDENT, "--opens", "2026-12-20", "--closes", "2026-11-20"),
            "would close before it opens",
        ),
        (("plan", "spring", RESIDENT, *DAYS, "--city", "Париж"), "no city 'Париж'"),
        (("plan", "Spring!", RESIDENT, *DAYS), "is not the code of a wave"),
        (("open", "none"), "no wave none"),
    ],
)
def test_what_cannot_be_done_is_said(context: Context, words: tuple[str, ...], message: str) -> None:
    result = run(context, *words)
    assert result.exit_code == 1
    assert message in result.output


def test_a_refused_plan_leaves_nothing_behind(context: Context) -> None:
    run(context, "plan", "Spring!", RESIDENT, *DAYS)
    assert run(context, "list").output == ""


def test_a_code_is_used_once(context: Context) -> None:
    run(context, "plan", "spring", RESIDENT, *DAYS)
    assert "there is a wave spring already" in run(context, "plan", "spring", RESIDENT, *DAYS).output


def test_a_broken_questionnaire_is_refused_with_its_defects(context: Context, tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("code: x\n")
    result = run(context, "plan", "spring", str(broken), *DAYS)
    assert result.exit_code == 1
    assert "missing" in result.output
