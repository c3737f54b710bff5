"""Runs: freeze the inputs, rate, store both; and redo a stored run to see that nothing has changed."""

import gzip
import hashlib
import io
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from sqlalchemy.orm import Session

import scoring
from app.audit.journal import Actor, Entry, record
from app.clock import day_of
from app.database import Database
from app.indicators.queries import get_period
from app.ratings.inputs import gather
from app.ratings.models import EXAMINATION, OFFICIAL, REVISIONS, Run, RunFrame
from app.ratings.stored import RunError, errors_first, table_bytes
from app.ratings.values import EXAMINATION_COLUMNS
from scoring.edition import load_edition, strictest_network_share
from scoring.frames import CONTRACTS, Inputs, canonical_csv, read_csv
from scoring.output.findings import ERROR, InputFinding
from scoring.output.rating import Rating
from scoring.output.tables import Result
from scoring.run import rate_and_keep, rate_in_full
from surveys.quality import review

_LEVEL = 6
"""Of compression: the highest one takes a fifth of a run's time for a twentieth of the room."""


class FaultyRunError(RunError):
    """A run whose inputs the linter finds in error: it may be a trial, never official."""

    def __init__(self, errors: Sequence[InputFinding]) -> None:
        self.errors = tuple(errors)
        super().__init__("errors in the inputs:\n" + "\n".join(map(one_line, errors)))


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOrder:
    """What to rate; `alpha` as a decimal text, the edition's own when None."""

    period: str
    waves: tuple[str, ...]
    kind: str = "trial"
    alpha: str | None = None


@dataclass(frozen=True, slots=True)
class ComputedRun:
    """A run that is rated and not stored yet."""

    run: Run
    frames: tuple[RunFrame, ...]


def make_run(database: Database, order: RunOrder, actor: Actor) -> str:
    """Rate and store a run while others go on writing; gives its id. Raises RunError.

    What takes long is read and computed; the database's one writer is held for a wave's review and for the end alone.
    """
    computed = prepare_run(database, order, day_of(actor.at))
    with database.writing() as session:
        return store_run(session, computed, actor)


def prepare_run(database: Database, order: RunOrder, day: date) -> ComputedRun:
    """Review the answers that are to count, and rate; raises RunError."""
    with database.reading() as session:
        waves = waves_to_review(session, order)
    for wave in waves:
        with database.writing() as session:
            review.review_wave(session, wave, network_share=strictest_network_share())
    with database.reading() as session:
        return compute_run(session, order, day)


def execute_run(session: Session, order: RunOrder, actor: Actor) -> str:
    """Do all of it in one transaction, where nobody else writes; gives the run's id. Raises RunError."""
    for wave in waves_to_review(session, order):
        review.review_wave(session, wave, network_share=strictest_network_share())
    return store_run(session, compute_run(session, order, day_of(actor.at)), actor)


def waves_to_review(session: Session, order: RunOrder) -> list[str]:
    """List the waves whose answers are reviewed before a run: those of an official one that are not frozen."""
    return sorted(set(order.waves) & set(review.waves_to_review(session))) if order.kind == OFFICIAL else []


def compute_run(session: Session, order: RunOrder, day: date) -> ComputedRun:
    """Rate a period with the answers of some waves; writes nothing. Raises RunError.

    An official run counts the values that were accepted; a trial the latest of everything, examined or not.
    """
    period = get_period(session, order.period)
    if period is None:
        raise RunError(f"no period {order.period}: import its indicators first")
    edition = load_edition(period.edition)
    alpha = edition.alpha if order.alpha is None else Fraction(order.alpha)
    waves = tuple(sorted(set(order.waves)))
    gathered = gather(session, period=order.period, waves=waves, kind=order.kind)
    inputs = gathered.inputs
    if inputs.indicators.empty:
        raise RunError(f"period {order.period} has no indicator values")
    rating, kept = rate_and_keep(inputs, edition, alpha=alpha)
    if order.kind == OFFICIAL:
        refuse_errors(rating)
    run = Run(
        id=str(uuid.uuid4()),
        kind=order.kind,
        edition=edition.code,
        edition_digest=edition.digest,
        period=order.period,
        waves=" ".join(waves),
        alpha=str(alpha),
        code_digest=code_digest(),
        input_digest=inputs.digest(),
        output_digest=rating.digest(),
        finished_on=day,
    )
    told = {EXAMINATION: gathered.examination, REVISIONS: gathered.revisions}
    sides = (("input", inputs.tables() | told), ("output", rating.tables() | kept))
    frames = [_frame(run.id, side, kind, table) for side, tables in sides for kind, table in tables.items()]
    return ComputedRun(run, tuple(frames))


def store_run(session: Session, computed: ComputedRun, actor: Actor) -> str:
    """Store a run that was computed; gives its id."""
    run = computed.run
    run.made_at = actor.at
    session.add(run)
    session.flush()
    session.add_all(computed.frames)
    session.flush()
    record(session, actor, Entry(event="run.made", object_kind="run", object_id=run.id, detail=_made_of(run)))
    return run.id


def _made_of(run: Run) -> dict[str, str]:
    names = ("kind", "edition", "period", "edition_digest", "code_digest", "input_digest", "output_digest")
    return {name: str(getattr(run, name)) for name in names}


class RepeatedRun(NamedTuple):
    """A stored run computed again, with the inputs it was computed from and what it was laid out from."""

    inputs: Inputs
    rating: Rating
    result: Result


def repeat_run(session: Session, run_id: str) -> Rating:
    """Compute a stored run again from its stored inputs; raises RunError unless the result is the same to the byte."""
    return repeat_with_inputs(session, run_id).rating


def repeat_with_inputs(session: Session, run_id: str) -> RepeatedRun:
    """Do the same as `repeat_run` and give the inputs too; raises RunError."""
    run = session.get(Run, run_id)
    if run is None:
        raise RunError(f"no run {run_id}")
    edition = load_edition(run.edition)
    if edition.digest != run.edition_digest:
        raise RunError(f"edition {run.edition} is not the file the run used")
    inputs = stored_inputs(session, run_id)
    rating, result = rate_in_full(inputs, edition, alpha=Fraction(run.alpha))
    if (inputs.digest(), rating.digest()) != (run.input_digest, run.output_digest):
        raise RunError(f"run {run_id} comes out differently (code {run.code_digest[:8]}, now {code_digest()[:8]})")
    return RepeatedRun(inputs, rating, result)


def stored_inputs(session: Session, run_id: str) -> Inputs:
    """Give the inputs of a stored run as they were frozen; raises RunError when there is no such run."""
    return Inputs(**{kind: read_csv(kind, table_bytes(session, run_id, "input", kind)) for kind in CONTRACTS})


def stored_examination(session: Session, run_id: str) -> pd.DataFrame:
    """Give what a run says of how its values were examined; empty for runs of an earlier release."""
    try:
        content = table_bytes(session, run_id, "input", EXAMINATION)
    except RunError:
        return pd.DataFrame(columns=list(EXAMINATION_COLUMNS))
    return pd.read_csv(io.BytesIO(content), dtype={"city": str, "indicator": str})


def findings_of(rating: Rating) -> tuple[InputFinding, ...]:
    """Give everything the linter found, errors first."""
    return errors_first(InputFinding(*row) for row in rating.findings.itertuples(index=False, name=None))


def refuse_errors(rating: Rating) -> None:
    """Raise FaultyRunError, naming every one, when the linter found errors."""
    errors = [finding for finding in findings_of(rating) if finding.severity == ERROR]
    if errors:
        raise FaultyRunError(errors)


def one_line(finding: InputFinding) -> str:
    """Write a finding for a person at a terminal."""
    return f"{finding.severity}: {finding.code}: {finding.subject}: {finding.detail}"


@cache
def code_digest() -> str:
    """Fingerprint the code that computes ratings: every Python file of `scoring`."""
    return digest_of_code(Path(scoring.__path__[0]))


def digest_of_code(package: Path) -> str:
    """Give the SHA-256, in hex, over the Python files of a package: the path of each in it, and its content."""
    whole = hashlib.sha256()
    for name, path in sorted((path.relative_to(package).as_posix(), path) for path in package.rglob("*.py")):
        whole.update(f"{name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def _frame(run: str, side: str, kind: str, table: pd.DataFrame) -> RunFrame:
    content = canonical_csv(table)
    return RunFrame(
        run=run,
        side=side,
        kind=kind,
        rows=len(table),
        sha256=hashlib.sha256(content).hexdigest(),
        csv_gz=gzip.compress(content, _LEVEL, mtime=0),
    )
