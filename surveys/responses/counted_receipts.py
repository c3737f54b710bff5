"""The public list of counted receipts."""

import hashlib
from collections.abc import Iterator

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from surveys.ballots import receipts
from surveys.models.counted_receipts import CountedReceipt, ReceiptList
from surveys.models.responses import Response

PART = 20_000
"""Receipts that are read at a time: a reader who is slow must not hold a transaction, nor the whole list in memory."""


def state_of(session: Session, wave: str) -> tuple[int, str]:
    """Give how many receipts stand on the list of a wave, and its digest; (0, "") before the first list."""
    row = session.get(ReceiptList, wave)
    return (row.n, row.sha256) if row else (0, "")


def list_part(session: Session, wave: str, after: str = "") -> list[str]:
    """List the next receipts of a wave after one of them, in the order of their signs, which says nothing of time."""
    mine = select(CountedReceipt.receipt).where(CountedReceipt.wave == wave, CountedReceipt.receipt > after)
    return list(session.scalars(mine.order_by(CountedReceipt.receipt).limit(PART)))


def list_receipts(session: Session, wave: str) -> Iterator[str]:
    """List all counted receipts of a wave, in the same order."""
    part = list_part(session, wave)
    while part:
        yield from part
        part = list_part(session, wave, part[-1])


def is_counted(session: Session, wave: str, receipt: str) -> bool:
    """Tell whether a receipt stands on the list of a wave."""
    return session.get(CountedReceipt, (wave, receipt)) is not None


def write_list(session: Session, key: bytes, wave: str) -> int:
    """Write the list of a wave anew from its folded answers; gives how many receipts stand on it.

    A fold takes ten new answers of a city at least (surveys.models.tallies.MINIMUM), so what two nights' lists differ
    by belongs to no fewer people.
    """
    folded = select(Response.id, Response.receipt).where(Response.wave == wave, Response.folded.is_(True))
    listed = sorted(_receipt(key, row.id, row.receipt) for row in session.execute(folded))
    session.execute(delete(CountedReceipt).where(CountedReceipt.wave == wave))
    session.execute(delete(ReceiptList).where(ReceiptList.wave == wave))
    if listed:
        session.execute(insert(CountedReceipt), [{"wave": wave, "receipt": receipt} for receipt in listed])
    digest = hashlib.sha256("".join(f"{receipt}\n" for receipt in listed).encode()).hexdigest()
    session.execute(insert(ReceiptList), {"wave": wave, "n": len(listed), "sha256": digest})
    return len(listed)


def _receipt(key: bytes, response: str, former: bytes | None) -> str:
    return receipts.receipt_of(key, response) if former is None else receipts.unseal_former(key, response, former)
