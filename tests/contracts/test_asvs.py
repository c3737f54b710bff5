"""Every requirement of OWASP ASVS 5.0 of levels 1 and 2 is answered, and every test that is named there exists.

`asvs_levels.csv` holds the official ids and levels (OWASP ASVS 5.0.0, 253 of levels 1 and 2).
"""

import ast
import csv
from collections import Counter
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
ANSWERS = ROOT / "docs/security/asvs.csv"
OFFICIAL = Path(__file__).with_name("asvs_levels.csv")
PER_CHAPTER = {
    "V1": 27, "V2": 11, "V3": 19, "V4": 10, "V5": 9, "V6": 35, "V7": 18, "V8": 7, "V9": 7,
    "V10": 29, "V11": 14, "V12": 9, "V13": 13, "V14": 9, "V15": 13, "V16": 16, "V17": 7,
}  # fmt: skip
"""Requirements of levels 1 and 2 in each chapter of the standard."""

Row = dict[str, str]


def read(file: Path) -> list[Row]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


@cache
def names_in(file: str) -> frozenset[str]:
    """Give the functions and classes of a file; none where there is no file."""
    if not (ROOT / file).is_file():
        return frozenset()
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return frozenset(node.name for node in ast.walk(ast.parse((ROOT / file).read_text())) if isinstance(node, kinds))


def is_there(node: str) -> bool:
    """Tell whether a test's node id names a file and, in it, each of the names after it."""
    file, *names = node.split("::")
    own = [name.partition("[")[0] for name in names]
    return bool(own) and own[-1].lower().startswith("test") and names_in(file) >= set(own)


def faults(row: Row) -> list[str]:
    """Say what is wrong with an answer."""
    found = [f"{node} is not there" for node in row["test"].split() if not is_there(node)]
    if row["applies"] not in {"yes", "no", "later"}:
        found.append("applies is yes, no or later")
    if row["applies"] == "yes" and not row["test"].split():
        found.append("what applies names a test")
    if row["applies"] == "later" and "issue 11" not in row["reason"]:
        found.append("only the sign-in and console of staff come later")
    if not row["reason"].strip():
        found.append("a reason is missing")
    if not 0 < len(row["about"].split()) <= 12:
        found.append("about has 1 to 12 words")
    return found


def test_every_requirement_is_answered_once_in_the_standards_order() -> None:
    assert [(row["id"], row["level"]) for row in read(ANSWERS)] == [(row["id"], row["level"]) for row in read(OFFICIAL)]


def test_the_list_of_requirements_is_whole() -> None:
    rows = read(OFFICIAL)
    assert Counter(row["id"].partition(".")[0] for row in rows) == PER_CHAPTER
    assert Counter(row["level"] for row in rows) == {"1": 70, "2": 183}
    assert len({row["id"] for row in rows}) == len(rows)


def test_every_answer_has_its_reason_and_what_applies_has_tests_that_exist() -> None:
    wrong = {row["id"]: faults(row) for row in read(ANSWERS)}
    assert {name: found for name, found in wrong.items() if found} == {}


def test_the_checks_can_fail() -> None:
    good = {"id": "V1.1.1", "level": "2", "applies": "yes", "about": "a", "reason": "b"}
    own = "tests/contracts/test_asvs.py::test_the_checks_can_fail"
    assert faults(good | {"test": own}) == []
    assert len(faults(good | {"test": ""})) == 1
    assert len(faults(good | {"test": f"{own}_not tests/nowhere.py::test_it tests/contracts/test_asvs.py"})) == 3
    assert len(faults({"id": "V1.1.1", "level": "2", "applies": "later", "about": "", "test": "", "reason": ""})) == 3
