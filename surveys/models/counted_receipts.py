"""The public list of counted receipts."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from surveys.db import WITHOUT_ROWID, Base


class CountedReceipt(Base):
    """A receipt whose answer is counted; it leads to no answer, and the list is written whole, in its own order."""

    __tablename__ = "counted_receipt"
    __table_args__ = (WITHOUT_ROWID,)

    wave: Mapped[str] = mapped_column(ForeignKey("wave.code"), primary_key=True)
    receipt: Mapped[str] = mapped_column(String(14), primary_key=True)
