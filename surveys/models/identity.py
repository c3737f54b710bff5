"""Who took part. Nothing here leads to what was said: no shared key, no time finer than a day."""

from datetime import date

from sqlalchemy import Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from surveys.db import WITHOUT_ROWID, Base


class Participation(Base):
    """A contact that was let in once; the hash is keyed by the wave's key and is noise once that key is gone."""

    __tablename__ = "participation"
    __table_args__ = (WITHOUT_ROWID,)

    wave: Mapped[str] = mapped_column(ForeignKey("wave.code"), primary_key=True)
    contact_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    city: Mapped[str] = mapped_column(ForeignKey("city.code"))
    day: Mapped[date] = mapped_column(Date)
