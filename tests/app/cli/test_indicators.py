import csv
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli.context import Context
from app.cli.indicators import indicators
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.indicators.errors import Code
from app.indicators.queries import current_values
from app.indicators.wording import SENTENCES

GOOD = "city;indicator;value;source\nalmaty;ctm_1;иә;қаулы\nАстана;ctm_5;112,5;\nШымкент;ctm_5;...;\n"
BAD = "қала;көрсеткіш;мәні\nАлмата;ctm_1;иә\nalmaty;ctm_5;=1+1\n\nastana;ctm_5;көп\n"


@pytest.fixture
def context(settings: Settings, sqlite: Database, clock: FrozenClock) -> Context:
    return Context(settings, sqlite, clock)


def run(context: Context | None, *words: str | Path) -> Result:
    return CliRunner().invoke(indicators, [str(word) for word in words], obj=context)


def write(folder: Path, text: str) -> Path:
    path = folder / "values.csv"
    path.write_text(text)
    return path


def stored(context: Context) -> int:
    with context.database.reading() as session:
        return len(current_values(session, "2019", "latest"))


def into_2019(context: Context, path: Path, *words: str | Path) -> Result:
    return run(context, "import", path, "--period", "2019", "--edition", "standard_2019", *words)


def test_a_good_file_is_imported_and_counted(context: Context, tmp_path: Path) -> None:
    result = into_2019(context, write(tmp_path, GOOD))
    assert (result.exit_code, stored(context)) == (0, 3)
    assert result.output.splitlines() == [
        "imported: values.csv into 2019 (standard_2019), 3 rows",
        "  new 3, changed 0 (withdrawn 0), unchanged 0",
        "  reported 2 (flagged 1), missing 1, not applicable 0",
    ]


def test_a_dry_run_says_the_same_and_stores_nothing(context: Context, tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    dry = into_2019(context, path, "--dry-run")
    assert (dry.exit_code, stored(context)) == (0, 0)
    real = into_2019(context, path)
    assert dry.output.splitlines()[0].startswith("checked, nothing stored: ")
    assert dry.output.splitlines()[1:] == real.output.splitlines()[1:]


def test_a_bad_file_is_refused_with_every_reason(context: Context, tmp_path: Path) -> None:
    result = into_2019(context, write(tmp_path, BAD))
    assert (result.exit_code, stored(context)) == (1, 0)
    assert result.output.splitlines() == [
        "Error: nothing was imported; reasons: 3",
        "  line 2, қала: “Алмата” is no city of the rating; the nearest: almaty [unknown_city]",
        "  line 3, мәні: this is a formula; paste its value instead [formula]",
        "  line 5, мәні: “көп” is not a number [not_a_number]",
    ]


def test_the_bad_rows_are_written_for_a_program_too(context: Context, tmp_path: Path) -> None:
    report = tmp_path / "faults.csv"
    into_2019(context, write(tmp_path, BAD), "--report", report)
    with report.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert [row[:3] for row in rows] == [
        ["line", "column", "code"],
        ["2", "қала", "unknown_city"],
        ["3", "мәні", "formula"],
        ["5", "мәні", "not_a_number"],
    ]


def test_nothing_of_a_bad_file_is_computed_by_a_spreadsheet_or_a_terminal(context: Context, tmp_path: Path) -> None:
    report = tmp_path / "faults.csv"
    path = write(tmp_path, "city;indicator;value;=cmd|' /C calc'!A0\nalmaty;ctm_1;\x1b[31m;x\n")
    result = into_2019(context, path, "--report", report)
    assert result.exit_code == 1
    assert "\x1b" not in result.output
    with report.open(encoding="utf-8-sig", newline="") as file:
        assert not [cell for row in csv.reader(file) for cell in row if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--period", "2019"), "--edition is named with its first file"),
        (("--period", "2019", "--edition", "standard_1999"), "there is no edition “standard_1999”"),
        (("--period", "last year", "--edition", "standard_2019"), "a period is written 2024"),
    ],
)
def test_a_wrong_target_is_explained(context: Context, tmp_path: Path, words: tuple[str, ...], message: str) -> None:
    result = run(context, "import", write(tmp_path, GOOD), *words)
    assert result.exit_code == 1
    assert message in result.output


def test_a_template_is_filled_and_imported(context: Context, tmp_path: Path) -> None:
    path = tmp_path / "values.csv"
    template_run = run(None, "template", "standard_2019", path, "--lang", "ru", "--city", "Алматы")
    assert template_run.output == "values.csv: 101 rows to fill in\n"
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    filled = [line[:-7] + ";да;;;;;;" if ";ctm_1;" in line else line for line in lines]
    path.write_text("\n".join(filled))
    result = into_2019(context, path)
    assert result.exit_code == 0, result.output
    assert "reported 1 (flagged 0), missing 100" in result.output


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("standard_1999", "x.csv"), "there is no edition"),
        (("standard_2019", "x.ods"), "save it as .csv, .xlsx"),
        (("standard_2019", "x.csv", "--city", "Атлантида"), "Атлантида"),
    ],
)
def test_a_template_that_cannot_be_made_is_explained(words: tuple[str, ...], message: str) -> None:
    result = run(None, "template", *words)
    assert result.exit_code != 0
    assert message in result.output


def test_coverage_shows_every_city(context: Context, tmp_path: Path) -> None:
    into_2019(context, write(tmp_path, GOOD))
    result = run(context, "coverage", "--period", "2019")
    table = {line.split()[0]: line.split()[1:] for line in result.output.splitlines()[1:]}
    assert len(table) == 20
    assert table["almaty"] == ["1", "100", "0", "0"]
    assert table["astana"] == ["1", "100", "0", "1"]
    assert table["shymkent"] == ["0", "101", "0", "0"]


def test_coverage_of_a_period_without_values_is_explained(context: Context) -> None:
    result = run(context, "coverage", "--period", "2018")
    assert result.exit_code == 1
    assert "nothing was imported for 2018" in result.output


def test_every_refusal_has_its_sentence() -> None:
    assert set(SENTENCES) == set(Code)
