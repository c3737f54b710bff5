"""Tables of what a member of staff has open; rows are theirs alone and go after a while."""

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from surveys.db import Base, UtcDateTime


class Selection(Base):
    """The objects that matched when "all that match" was pressed; goes after half an hour."""

    __tablename__ = "selection"

    id: Mapped[str] = mapped_column(String(24), primary_key=True)
    staff: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[str] = mapped_column(String(32))
    object_ids: Mapped[str] = mapped_column(Text)
    """One a line, at most 10,000."""
    back: Mapped[str] = mapped_column(String(800))
    """Path and query of the list it was made in."""
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SavedView(Base):
    """A list with its filters, kept by a name."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("staff", "name"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    staff: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    city: Mapped[str | None] = mapped_column(ForeignKey("city.code"))
    """The city whose staff see it too, where it is shared."""
    name: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(String(800))
    """Path and query below the console."""
    shared: Mapped[bool] = mapped_column(Boolean)


class FormDraft(Base):
    """A form half typed, sealed with the installation's key; goes after a week."""

    __tablename__ = "form_draft"

    staff: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    form: Mapped[str] = mapped_column(String(48), primary_key=True)
    object_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class SoftClaim(Base):
    """Somebody opened an object: a word to colleagues for a quarter of an hour, never a lock."""

    __tablename__ = "soft_claim"

    kind: Mapped[str] = mapped_column(String(48), primary_key=True)
    object_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    staff: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Task(Base):
    """Work too long for a request: what is done, of how much, and what came of it; goes after a week."""

    __tablename__ = "task"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name="state"),
        CheckConstraint("done <= total", name="done"),
    )

    id: Mapped[str] = mapped_column(String(24), primary_key=True)
    staff: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[str] = mapped_column(String(32))
    parameters: Mapped[str] = mapped_column(Text)
    """Canonical JSON of what the kind needs."""
    state: Mapped[str] = mapped_column(String(8))
    done: Mapped[int] = mapped_column(Integer)
    total: Mapped[int] = mapped_column(Integer)
    result: Mapped[str] = mapped_column(Text)
    """Canonical JSON of what the kind says at its end; empty before."""
    file_name: Mapped[str] = mapped_column(String(120))
    file: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    touched_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it was last heard of whoever does it."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
