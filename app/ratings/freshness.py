"""Whether a stored run still says what its inputs say now: what would be frozen, by its digests."""

import hashlib
from typing import NamedTuple

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.ratings.inputs import gather
from app.ratings.models import EXAMINATION, Run, RunFrame
from scoring.frames import canonical_csv


class FrozenDigests(NamedTuple):
    """Fingerprints of everything a run is made of: its tables, and what is said of how its values were examined."""

    inputs: str
    examination: str


def digests_now(session: Session, run: Run) -> FrozenDigests:
    """Give the digests of what the same order would freeze in this transaction; takes a second."""
    gathered = gather(session, period=run.period, waves=run.waves.split(), kind=run.kind)
    return FrozenDigests(gathered.inputs.digest(), _sha256(gathered.examination))


def is_changed(session: Session, run: Run, now: FrozenDigests) -> bool:
    """Tell whether a run was made of anything else; runs of an earlier release tell nothing of an examination."""
    then = _frames(session, run).get(EXAMINATION, now.examination)
    return (run.input_digest, then) != now


def _frames(session: Session, run: Run) -> dict[str, str]:
    kinds = ("indicators", EXAMINATION)
    these = (RunFrame.run == run.id, RunFrame.side == "input", RunFrame.kind.in_(kinds))
    return {row.kind: row.sha256 for row in session.execute(select(RunFrame.kind, RunFrame.sha256).where(*these))}


def _sha256(table: pd.DataFrame) -> str:
    return hashlib.sha256(canonical_csv(table)).hexdigest()
