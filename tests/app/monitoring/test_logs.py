"""A log line is made of words of our code: nothing that a person sent, and nothing that a library repeats of it."""

import ast
import io
import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from flask import Flask

from app.jobs.registry import Job
from app.jobs.runner import run_due
from app.monitoring.logs import FIELDS
from app.web import site
from tests.builders.country import RESIDENTS

ROOT = Path(__file__).parents[3]
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
PERSONAL = "Айгүл-87011234567"


def test_arguments_unknown_fields_and_texts_of_errors_are_left_out(lines: io.StringIO) -> None:
    try:
        int(PERSONAL)
    except ValueError:
        logging.getLogger("library").exception("failed for %s", PERSONAL, extra={"body": PERSONAL, "job": "fold"})
    line = json.loads(lines.getvalue())
    assert PERSONAL not in json.dumps(line, ensure_ascii=False)
    assert {name: line[name] for name in ("event", "level", "logger", "job")} == {
        "event": "failed for %s",
        "level": "error",
        "logger": "library",
        "job": "fold",
    }
    place = "test_arguments_unknown_fields_and_texts_of_errors_are_left_out"
    assert line["fault"].startswith("ValueError at tests/app/monitoring/test_logs.py:")
    assert line["fault"].endswith(place)


def test_a_request_that_fails_leaves_no_address_parameter_or_body_behind(public: Flask, lines: io.StringIO) -> None:
    public.testing = False

    class Broken:
        def get(self, _code: str) -> None:
            raise ValueError(PERSONAL)

        def __getattr__(self, _name: str) -> None:
            raise ValueError(PERSONAL)

    services = public.extensions[site.KEY]
    object.__setattr__(services, "waves", Broken())
    client = public.test_client()
    asked = {"environ_overrides": {"REMOTE_ADDR": "203.0.113.77"}, "headers": {"User-Agent": PERSONAL.encode()}}
    assert client.get(f"/s/{RESIDENTS}-q7q?via=q8q", **asked).status_code == 500
    assert client.put("/r/" + "ab" * 16, json={"wave": PERSONAL}, **asked).status_code in {400, 500}
    written = lines.getvalue()
    assert "unhandled error" in written
    assert [text for text in (PERSONAL, "203.0.113.77", "q7q", "q8q", "ab" * 16) if text in written] == []


def test_a_job_that_fails_leaves_no_stored_value_behind(public: Flask, lines: io.StringIO) -> None:
    own = public.extensions[site.KEY]

    def task(*_arguments: object) -> str:
        with own.database.writing() as session:
            session.connection().exec_driver_sql("INSERT INTO nothing VALUES (?)", (PERSONAL,))
        return ""

    run_due(own.database, own.clock, own.keys, Job("broken", timedelta(hours=1)), task)
    line = json.loads(lines.getvalue().splitlines()[-1])
    assert (line["event"], line["job"]) == ("job failed", "broken")
    assert line["fault"].startswith("OperationalError at app/jobs/runner.py:")
    assert "; from OperationalError (SQLITE_ERROR) at " in line["fault"]
    assert PERSONAL not in lines.getvalue()


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Give every call of a logger in the product, with its place."""
    for path in sorted(path for folder in ("app", "surveys", "scoring") for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in LEVELS
            if is_call and ast.unparse(node.func.value).rpartition(".")[2] in {"logger", "logging", "log"}:
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def test_our_own_lines_say_all_they_say_in_a_constant_and_in_fields_that_are_written() -> None:
    found = dict(calls())
    assert found
    wrong = []
    for place, node in found.items():
        is_constant = len(node.args) == 1 and isinstance(node.args[0], ast.Constant)
        extra = [keyword.value for keyword in node.keywords if keyword.arg == "extra"]
        names = {ast.literal_eval(key) for part in extra if isinstance(part, ast.Dict) for key in part.keys if key}
        is_plain = all(isinstance(part, ast.Dict) for part in extra) and len(node.keywords) == len(extra)
        # A failure is given as `fault`, not as a trace (exc_info, or `exception`) for a handler to make something of.
        if not is_constant or not is_plain or not names <= FIELDS or node.func.attr == "exception":
            wrong.append(place)
    assert wrong == []
