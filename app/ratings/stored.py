"""Tables of stored runs, and what the linter found, as pages show them: without pandas, which is 45 MB of a process."""

import csv
import gzip
import io
from collections.abc import Iterable, Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.ratings.models import RunFrame
from scoring.output.findings import ERROR, InputFinding


class RunError(Exception):
    """A run cannot be made, found or repeated."""


def table_bytes(session: Session, run_id: str, side: str, kind: str) -> bytes:
    """Give a stored table of a run as canonical CSV; raises RunError when there is none."""
    content = session.execute(
        select(RunFrame.csv_gz).where(RunFrame.run == run_id, RunFrame.side == side, RunFrame.kind == kind)
    ).scalar_one_or_none()
    if content is None:
        raise RunError(f"run {run_id} has no {side} table {kind}")
    return gzip.decompress(content)


def rows_of(table: bytes) -> Iterator[dict[str, str]]:
    """Give the rows of a table of canonical CSV, every value as it is written."""
    return csv.DictReader(io.StringIO(table.decode(), newline=""))


def list_findings(session: Session, run_id: str) -> tuple[InputFinding, ...]:
    """Read the findings of a stored run, errors first; raises RunError when there is no such run."""
    table = table_bytes(session, run_id, "output", "findings")
    return errors_first(InputFinding(**row) for row in rows_of(table))


def has_errors(session: Session, run_id: str) -> bool:
    """Tell whether the linter found errors in a stored run; raises RunError when there is no such run."""
    return any(finding.severity == ERROR for finding in list_findings(session, run_id))


def errors_first(findings: Iterable[InputFinding]) -> tuple[InputFinding, ...]:
    """Put errors before warnings, each kind in the order it came."""
    return tuple(sorted(findings, key=lambda finding: finding.severity != ERROR))
