"""Stores what an operator typed in, under the ceiling of the operator's pass."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.database import StorageError
from app.web import site
from app.web.resident.submit import submit
from app.web.resident.waves import WaveView
from surveys.ballots import ballots
from surveys.errors import SurveyError
from surveys.fieldwork import passes
from surveys.fieldwork.passes import Operator
from surveys.responses.intake import Receipt, Submission


@dataclass(frozen=True, slots=True)
class OperatorSession:
    """What an operator with a valid pass works on; `forms` were typed in under it today."""

    view: WaveView
    key: bytes
    operator: Operator
    forms: int


def store_under_pass(work: OperatorSession, ballot: str, submission: Submission) -> Receipt:
    """Store an answer as one of today's under the operator's pass.

    Raises PassError when none is left, and what submit raises; what was not stored, or was stored before, takes none.
    """
    today, signed = site.clock().today(), ballots.read(work.key, ballot)
    with _writing() as session:
        passes.take_form(session, work.operator, today)
    try:
        receipt = submit(work.view.compiled, work.key, signed, submission)
    except SurveyError:
        # Not after a StorageError: nobody knows then whether the answer is stored, and the ceiling holds.
        _give_back(work.operator, today)
        raise
    if receipt.repeated:
        _give_back(work.operator, today)
    return receipt


def _give_back(operator: Operator, day: date) -> None:
    with _writing() as session:
        passes.give_form_back(session, operator, day)


@contextmanager
def _writing() -> Iterator[Session]:
    """Give a transaction of its own: one with the answer's would tie the two together in the database."""
    try:
        with site.database().writing() as session:
            yield session
    except SQLAlchemyError as error:
        raise StorageError from error
