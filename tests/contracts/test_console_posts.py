"""Every form of the console is sent with success by a test, where whatever it changes must leave its row (DESK §3).

console_posts.csv says which test that is; tests/app/web/console/rows.py watches it, but for those of publications,
whose console does long work within the request.
"""

import ast
import csv
import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest
from flask import Flask

from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.web.console import access
from app.web.console_site import create_console

ROOT = Path(__file__).parents[2]
LIST = Path(__file__).with_name("console_posts.csv")


class Trial(NamedTuple):
    """One line of the list: the address of a form, and the test that sends it."""

    address: str
    file: str
    test: str


def trials() -> list[Trial]:
    with LIST.open(encoding="utf-8", newline="") as file:
        return [Trial(**row) for row in csv.DictReader(file)]


def with_imports(source: str) -> str:
    """Give the text of a module of tests, and of those that it imports."""
    names = re.findall(r"^from (tests\.[\w.]+) import", source, re.MULTILINE)
    files = [ROOT.joinpath(*name.split(".")).with_suffix(".py") for name in names]
    return "".join([source, *(file.read_text(encoding="utf-8") for file in files if file.is_file())])


def faults(trial: Trial, source: str) -> list[str]:
    """Say what a test that is listed lacks."""
    functions = {node.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)}
    fixed = [part for part in re.sub("<[^<>]+>", "", trial.address).split("/") if part]
    text = with_imports(source)
    absent = [f"does not mention {part}" for part in fixed if not re.search(rf"\b{re.escape(part)}\b", text)]
    return absent + [f"has no {trial.test}"] * (trial.test not in functions)


@pytest.fixture
def console(sqlite: Database, settings: Settings, clock: FrozenClock) -> Flask:
    return create_console(settings, sqlite, clock)


def test_every_form_is_sent_by_a_test(console: Flask) -> None:
    forms = {
        rule.rule
        for rule in console.url_map.iter_rules()
        if "POST" in (rule.methods or set()) and rule.endpoint not in access.OPEN_ELSEWHERE
    }
    assert Counter(trial.address for trial in trials()) == Counter(forms)
    assert len(forms) > 60


def test_the_tests_of_the_list_are_there_and_mention_the_address() -> None:
    wrong = {
        f"{trial.address}: {fault} in {trial.file}"
        for trial in trials()
        for fault in faults(trial, (ROOT / trial.file).read_text(encoding="utf-8"))
    }
    assert wrong == set()


def test_a_test_that_was_renamed_would_be_found() -> None:
    source = 'def test_a():\n    send("/console/waves/1/open")\n'
    assert faults(Trial("/console/waves/<int:wave>/open", "x", "test_a"), source) == []
    assert faults(Trial("/console/waves/<int:wave>/close", "x", "test_b"), source) == [
        "does not mention close",
        "has no test_b",
    ]
