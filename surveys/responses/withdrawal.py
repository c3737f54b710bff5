"""Takes a response back: out of the counts, out of the table; its spent ballot stays.

A verified ballot may then be used once more (surveys.responses.intake); an open one brings nothing again.
"""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from surveys.ballots import keys, receipts
from surveys.ballots.keys import KeyFileError
from surveys.errors import SurveyError
from surveys.models.fieldwork import Wave
from surveys.models.responses import Response
from surveys.models.tallies import MINIMUM
from surveys.models.withdrawals import WithdrawalCount, WithdrawnAnswer
from surveys.sql import add_to_count, hold_counts, insert_unless_there

RUNNING = ("open", "closed")
"""States of a wave whose answers can be taken back."""


class SettledError(SurveyError):
    """The wave is frozen: nobody can tell any more whose answer is whose."""


def find_response(session: Session, directory: Path, code: str) -> tuple[str, str] | None:
    """Find (wave, response) of a withdrawal code among the waves that are not frozen; None when no answer has it."""
    for wave in session.scalars(select(Wave.code).where(Wave.state.in_(RUNNING)).order_by(Wave.code)):
        try:
            key = keys.load(directory, wave)
        except KeyFileError:
            continue  # the key of another wave is lost: that must not keep the answers of this one here
        response = receipts.response_id(key, code)
        if session.get(Response, response) is not None:
            return wave, response
    return None


def withdraw(session: Session, wave: str, response: str, *, today: date) -> bool:
    """Take a response back and count it; False when it is not there (any more). Raises SettledError."""
    _hold(session, wave)
    row = session.get(Response, response, populate_existing=True)
    if row is None:
        refuse(session, [response])
        return False
    if row.folded:
        from surveys.tallies import folding  # noqa: PLC0415 - only here does a web process need numpy

        folding.subtract(session, wave, (Response.id == response,))
    session.execute(delete(Response).where(Response.id == response))
    session.merge(WithdrawnAnswer(response=response, wave=wave, is_done=True))
    add_to_count(session, WithdrawalCount, {"wave": wave, "day": today}, "n")
    return True


def put_off(session: Session, wave: str, response: str) -> None:
    """Let a withdrawal wait for a person's decision, once however often it is asked for. Raises SettledError."""
    _hold(session, wave)
    values = {"wave": wave, "response": response, "is_done": False}
    session.execute(insert_unless_there(WithdrawnAnswer, tuple(values), None, session.get_bind().dialect.name), values)


def waiting(session: Session, wave: str) -> list[str]:
    """List the responses of a wave whose withdrawal waits, in the order of their random ids."""
    mine = select(WithdrawnAnswer.response).where(WithdrawnAnswer.wave == wave, WithdrawnAnswer.is_done.is_(False))
    return list(session.scalars(mine.order_by(WithdrawnAnswer.response)))


def refuse(session: Session, responses: Iterable[str]) -> None:
    """Let waiting withdrawals fall; their answers stay and can be taken back again by their codes."""
    these = WithdrawnAnswer.response.in_(list(responses))
    session.execute(delete(WithdrawnAnswer).where(these, WithdrawnAnswer.is_done.is_(False)))


def decide(session: Session, wave: str, *, accept: bool, today: date) -> tuple[int, int]:
    """Take back what waits, or let it fall; gives how many were taken back, of how many. No more can wait meanwhile."""
    hold_counts(session)
    ids = waiting(session, wave)
    taken = sum(withdraw(session, wave, each, today=today) for each in ids) if accept else 0
    refuse(session, ids)
    return taken, len(ids)


def forget(session: Session, wave: str) -> None:
    """Forget which answers of a wave were taken back; how many on which day stays."""
    session.execute(delete(WithdrawnAnswer).where(WithdrawnAnswer.wave == wave))


def public_counts(session: Session, wave: str) -> list[tuple[date, int]]:
    """List the days on which another ten answers of a wave had been taken back, and how many by then, in whole tens.

    A count of one day may be of one person, whom somebody saw; the sum of several days hides nothing but its last nine.
    """
    total, days = 0, list[tuple[date, int]]()
    for day, n in counts(session, wave):
        before, total = total, total + n
        if total // MINIMUM > before // MINIMUM:
            days.append((day, total - total % MINIMUM))
    return days


def counts(session: Session, wave: str) -> list[tuple[date, int]]:
    """List the days of a wave on which answers were taken back, and how many: for the people who run it."""
    days = select(WithdrawalCount.day, WithdrawalCount.n).where(WithdrawalCount.wave == wave)
    return [(day, n) for day, n in session.execute(days.order_by(WithdrawalCount.day))]


def _hold(session: Session, wave: str) -> None:
    """Keep counts and the wave's state as they are: a fold or a freeze could otherwise come before the deletion."""
    hold_counts(session)
    if session.execute(select(Wave.state).where(Wave.code == wave)).scalar_one() not in RUNNING:
        raise SettledError(wave)
