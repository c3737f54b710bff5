"""The public list of counted receipts, and taking an answer back by its receipt."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from surveys.ballots import keys, receipts
from surveys.models.counted_receipts import CountedReceipt
from surveys.models.fieldwork import Wave
from surveys.models.responses import Response


def list_receipts(session: Session, wave: str) -> Iterator[str]:
    """List the counted receipts of a wave in the order of their signs, which says nothing about time."""
    return iter(session.scalars(select(CountedReceipt.receipt).where(CountedReceipt.wave == wave).order_by("receipt")))


def is_counted(session: Session, wave: str, receipt: str) -> bool:
    """Tell whether a receipt stands on the list of a wave."""
    return session.get(CountedReceipt, (wave, receipt)) is not None


def write_list(session: Session, key: bytes, wave: str) -> int:
    """Write the list of a wave anew from its folded answers; gives how many receipts stand on it.

    A fold takes ten new answers of a city at least (surveys.models.tallies.MINIMUM), so what two nights' lists differ
    by belongs to no fewer people.
    """
    sealed = session.execute(
        select(Response.id, Response.receipt).where(
            Response.wave == wave, Response.folded.is_(True), Response.receipt.is_not(None)
        )
    )
    opened = sorted(receipts.unseal(key, row.id, row.receipt) for row in sealed)
    session.execute(delete(CountedReceipt).where(CountedReceipt.wave == wave))
    if opened:
        session.execute(insert(CountedReceipt), [{"wave": wave, "receipt": receipt} for receipt in opened])
    return len(opened)


def find_response(session: Session, directory: Path, receipt: str) -> tuple[str, str] | None:
    """Find (wave, response) of a receipt among the waves that are not frozen; None when no answer has it."""
    for wave in session.scalars(select(Wave.code).where(Wave.state.in_(("open", "closed"))).order_by(Wave.code)):
        response = receipts.response_id(keys.load(directory, wave), receipt)
        if session.get(Response, response) is not None:
            return wave, response
    return None


def frozen_wave_of(session: Session, receipt: str) -> str | None:
    """Give the frozen wave on whose list a receipt stands: its answer can no longer be taken back."""
    return session.scalars(
        select(CountedReceipt.wave)
        .join(Wave, Wave.code == CountedReceipt.wave)
        .where(CountedReceipt.receipt == receipt, Wave.state == "frozen")
    ).first()
