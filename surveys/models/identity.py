"""Who may take part and who asked to. Nothing here leads to what was said: no shared key, no day, no place."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from surveys.db import WITHOUT_ROWID, Base


class Participation(Base):
    """A contact that was let in; the hash is keyed by the wave's key and is noise once that key is gone.

    Neither city nor day stands here: in a small town they would be enough to find the one answer of that day.
    """

    __tablename__ = "participation"
    __table_args__ = (WITHOUT_ROWID,)

    wave: Mapped[str] = mapped_column(ForeignKey("wave.code"), primary_key=True)
    contact_hash: Mapped[str] = mapped_column(String(64), primary_key=True)


class AccessCode(Base):
    """A code of a letter; written once when letters are made and never again, so that a row says nothing of its use."""

    __tablename__ = "access_code"
    __table_args__ = (WITHOUT_ROWID,)

    wave: Mapped[str] = mapped_column(ForeignKey("wave.code"), primary_key=True)
    locator: Mapped[str] = mapped_column(String(6), primary_key=True)
    """The first digits, in clear: they find the row and open nothing."""
    secret_hash: Mapped[str] = mapped_column(String(128))
    """Argon2id of the whole code under the wave's key: a stolen database alone cannot be tried against."""
    city: Mapped[str] = mapped_column(ForeignKey("city.code"))
    enterprise_hash: Mapped[str | None] = mapped_column(String(64))
    """Keyed hash of the addressee's BIN, so that a letter and a sign-in of one enterprise give one ballot."""
