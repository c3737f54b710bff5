"""The public list of counted receipts."""

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from surveys.db import WITHOUT_ROWID, Base


class ReceiptList(Base):
    """The list of a wave as a whole; the digest changes with it, so a copy need not be read again to be compared."""

    __tablename__ = "receipt_list"

    wave: Mapped[str] = mapped_column(ForeignKey("wave.code"), primary_key=True)
    n: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    """Of the list as a text file: one receipt a line."""


class CountedReceipt(Base):
    """A receipt whose answer is counted; it leads to no answer, and the list is written whole, in its own order."""

    __tablename__ = "counted_receipt"
    __table_args__ = (WITHOUT_ROWID,)

    wave: Mapped[str] = mapped_column(ForeignKey("wave.code"), primary_key=True)
    receipt: Mapped[str] = mapped_column(String(14), primary_key=True)
