"""The quick look before a publication sees every change that a run would freeze."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.database import Database
from app.indicators.case_models import ValueCase
from app.publishing.bundle import Bundle
from app.publishing.fingerprints import fingerprint_of_inputs
from app.ratings.freshness import digests_now
from app.ratings.models import Run
from surveys.models import Tally
from surveys.models.margins import MarginRecord


def one_value(session: Session, **changed: object) -> None:
    """Change how one value in force was examined, or take it back."""
    case = session.scalars(select(ValueCase).where(ValueCase.accepted_revision.is_not(None))).first()
    assert case
    for column, value in changed.items():
        setattr(case, column, value)
    session.flush()


def one_count(session: Session, column: str) -> None:
    """Change one group's counts."""
    tally = session.scalars(select(Tally).where(Tally.n > 0)).first()
    assert tally
    before = getattr(tally, column)
    setattr(tally, column, before + 1 if column == "n" else bytes([before[0] ^ 1]) + before[1:])
    session.flush()


CHANGES: dict[str, Callable[[Session], object]] = {
    "a value is taken back": lambda session: one_value(session, accepted_revision=None),
    "a value was examined": lambda session: one_value(session, unreviewed=False),
    "a value came late": lambda session: one_value(session, late=True),
    "people of a group": lambda session: one_count(session, "n"),
    "answers of a group": lambda session: one_count(session, "counts"),
    "the population": lambda session: session.execute(update(MarginRecord).values(people=MarginRecord.people + 1)),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_that_a_run_would_freeze_is_seen(
    published: tuple[Database, Bundle], tmp_path: Path, change: str
) -> None:
    (tmp_path / "copy.sqlite3").write_bytes(Path(str(published[0].engine.url.database)).read_bytes())
    database = Database(f"sqlite:///{tmp_path / 'copy.sqlite3'}")
    with database.writing() as session:
        run = session.scalars(select(Run)).one()
        seen, frozen = fingerprint_of_inputs(session, run), digests_now(session, run)
        assert fingerprint_of_inputs(session, run) == seen
        CHANGES[change](session)
        assert digests_now(session, run) != frozen
        assert fingerprint_of_inputs(session, run) != seen
    database.close()
