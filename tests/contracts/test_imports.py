"""The walls of the house: who may import whom, and that each wall can be seen to break."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

BREACHES = {
    "app above surveys and scoring": ("surveys/breach.py", "import app.config"),
    "surveys and scoring do not know each other": ("scoring/breach.py", "import surveys.questionnaire.definition"),
    "inside app, edges above": ("app/ratings/breach.py", "import app.publishing.queries"),
    "scoring is numpy and pandas only": ("scoring/breach.py", "import sqlalchemy"),
    "surveys knows no web framework": ("surveys/breach.py", "import flask"),
    "surveys knows no pandas": ("surveys/breach.py", "import pandas"),
    "domain packages know no web framework": ("app/jobs/breach.py", "import wtforms"),
    "the server knows no site": ("app/serving/breach.py", "import app.web.public"),
    "the server knows no framework": ("app/serving/breach.py", "import flask"),
    "the portal knows no survey": ("app/web/portal/breach.py", "import app.web.resident.drafts"),
    "the survey knows no portal": ("app/web/resident/breach.py", "import app.web.portal.routes"),
    "the console knows no survey": ("app/web/console/breach.py", "import app.web.resident.drafts"),
    "the survey knows no console": ("app/web/resident/breach.py", "import app.web.console"),
    "the portal knows no console": ("app/web/portal/breach.py", "import app.web.console"),
    "the survey knows no staff": ("app/web/resident/breach.py", "import app.accounts"),
    "the portal knows no journal": ("app/web/portal/breach.py", "import app.audit"),
    "the portal reads no table of the desk": ("app/web/portal/breach.py", "import app.feedback.reply_models"),
    "the portal reads no suggestion": ("app/web/portal/breach.py", "import surveys.models.comments"),
    "the board knows no staff": ("app/feedback/board/figures.py", "import app.accounts.models"),
    "the clock knows no journal": ("app/feedback/clock.py", "import app.notices.working_days"),
    "counts cannot reach identities": ("surveys/tallies/folding.py", "import surveys.identity.gate"),
    "not even indirectly": ("surveys/tallies/cube.py", "import surveys.models.identity"),
    "nor through all tables": ("surveys/responses/withdrawal.py", "import surveys.models"),
    "answers cannot reach identities": ("surveys/responses/storing.py", "import surveys.models.identity"),
    "the review cannot reach identities": ("surveys/quality/review.py", "import surveys.identity.codes"),
    "identities cannot reach answers": ("surveys/identity/gate.py", "import surveys.responses.storing"),
    "surveys has an order": ("surveys/questionnaire/routing.py", "import surveys.authoring.linter"),
    "surveys has no room without a place in it": ("surveys/breach.py", ""),
    "scoring has an order": ("scoring/opinion/weights.py", "import scoring.totals.blend"),
    "scoring has no room without a place in it": ("scoring/breach.py", ""),
}


def linted(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the import linter in a folder as `make contracts` does."""
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run([program, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", folder)
    for package in ("app", "surveys", "scoring"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def test_all_walls_stand() -> None:
    result = linted(ROOT)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("breach", BREACHES.values(), ids=BREACHES.keys())
def test_a_breach_is_caught(house: Path, breach: tuple[str, str]) -> None:
    path, statement = breach
    file = house / path
    before = file.read_text() if file.exists() else None
    file.write_text(f"{statement}\n{before or ''}")
    try:
        result = linted(house)
    finally:
        file.unlink() if before is None else file.write_text(before)
    assert result.returncode == 1, result.stdout
    assert "BROKEN" in result.stdout
