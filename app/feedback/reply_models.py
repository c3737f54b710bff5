"""What an administration answers and promises: replies with their texts, templates, commitments."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, ForeignKeyConstraint, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from surveys.db import Base, UtcDateTime

REPLY_KINDS = ("done", "will_do", "being_looked_at", "cannot", "another_body")
REPLY_STATES = ("draft", "ready", "released", "withdrawn")
CORRECTION_STATES = ("draft", "ready")
COMMITMENT_STATES = ("draft", "announced", "in_progress", "reported_done", "agreed", "disputed", "dropped")
COMMITMENT_EVENTS = ("announce", "progress", "move", "report_done", "agree", "dispute", "drop")
"""Nothing is told of a draft: who wrote it and changed it stands in the journal."""


class Reply(Base):
    """One answer to one suggestion or to many; what was said in it stands in its texts, a version each.

    What stands here of its facts (done_on and so on) is what was released last: a correction in work changes it when it
    is released. Before the first release it is that of the newest text.
    """

    __tablename__ = "reply"
    __table_args__ = (
        CheckConstraint(f"kind IN ({', '.join(map(repr, REPLY_KINDS))})", name="kind"),
        CheckConstraint(f"state IN ({', '.join(map(repr, REPLY_STATES))})", name="state"),
        CheckConstraint(f"correction IN ({', '.join(map(repr, CORRECTION_STATES))})", name="correction"),
        CheckConstraint("correction IS NULL OR state = 'released'", name="corrected"),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_on IS NOT NULL)", name="withdrawn_on"),
        CheckConstraint("version >= 1", name="version"),
        Index("ix_reply_city_state", "city", "state"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    city: Mapped[str] = mapped_column(ForeignKey("city.code"))
    wave: Mapped[str] = mapped_column(ForeignKey("wave.code"))
    area: Mapped[str] = mapped_column(String(16))
    theme: Mapped[str | None] = mapped_column(ForeignKey("theme.code"))
    """Of a reply to a theme; what it reaches stands in reply_target all the same."""
    kind: Mapped[str] = mapped_column(String(16))
    """The same for ever once it was released: another kind of answer is another reply."""
    state: Mapped[str] = mapped_column(String(16))
    correction: Mapped[str | None] = mapped_column(String(16))
    """Where a newer text of a released reply stands; None where there is none in work."""
    note: Mapped[str] = mapped_column(String(400))
    """Why whoever was to release it gave it back; for colleagues alone."""
    author: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    """Who wrote the newest text, or changed the kind or the promise since."""
    done_on: Mapped[date | None] = mapped_column(Date)
    evidence_address: Mapped[str] = mapped_column(String(800))
    """Where anybody can see that it was done."""
    next_word_on: Mapped[date | None] = mapped_column(Date)
    """By when more is said to what is being looked at."""
    body_name_kk: Mapped[str] = mapped_column(String(200))
    body_name_ru: Mapped[str] = mapped_column(String(200))
    body_name_en: Mapped[str] = mapped_column(String(200))
    """Another body, where it is theirs to do."""
    body_address: Mapped[str] = mapped_column(String(800))
    """Where to turn."""
    withdrawn_on: Mapped[date | None] = mapped_column(Date)
    withdrawn_reason_kk: Mapped[str] = mapped_column(String(400))
    withdrawn_reason_ru: Mapped[str] = mapped_column(String(400))
    version: Mapped[int] = mapped_column(Integer)
    """Grows with every change: whoever changes an older one is told of the newer."""


class ReplyText(Base):
    """What a reply says, a row for each version; earlier ones that were released stay readable."""

    __tablename__ = "reply_text"

    reply: Mapped[int] = mapped_column(ForeignKey("reply.id"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    kk: Mapped[str] = mapped_column(Text)
    ru: Mapped[str] = mapped_column(Text)
    en: Mapped[str] = mapped_column(Text)
    """Empty where it is in two languages only."""
    kk_version: Mapped[int] = mapped_column(Integer)
    ru_version: Mapped[int] = mapped_column(Integer)
    en_version: Mapped[int] = mapped_column(Integer)
    """The versions in which each was last written, or checked against another: an older one may say something else."""
    done_on: Mapped[date | None] = mapped_column(Date)
    evidence_address: Mapped[str] = mapped_column(String(800))
    next_word_on: Mapped[date | None] = mapped_column(Date)
    body_name_kk: Mapped[str] = mapped_column(String(200))
    body_name_ru: Mapped[str] = mapped_column(String(200))
    body_name_en: Mapped[str] = mapped_column(String(200))
    body_address: Mapped[str] = mapped_column(String(800))
    """Its facts, as those of the reply."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    written_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class ReplyRelease(Base):
    """A version that was released: only what has a row here is public. A later version is a correction."""

    __tablename__ = "reply_release"
    __table_args__ = (
        ForeignKeyConstraint(["reply", "version"], ["reply_text.reply", "reply_text.version"]),
        CheckConstraint("released_by <> written_by", name="four_eyes"),
    )

    reply: Mapped[int] = mapped_column(Integer, primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    written_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    released_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    released_on: Mapped[date] = mapped_column(Date)
    """The day in Kazakhstan."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReplyTarget(Base):
    """A suggestion that a reply answers."""

    __tablename__ = "reply_target"
    __table_args__ = (Index("ix_reply_target_comment", "comment"),)

    reply: Mapped[int] = mapped_column(ForeignKey("reply.id"), primary_key=True)
    comment: Mapped[str] = mapped_column(ForeignKey("comment.id"), primary_key=True)
    reached_on: Mapped[date | None] = mapped_column(Date)
    """The day in Kazakhstan on which the reply reached it: that of the first release, or of adding it afterwards."""


class ReplyTemplate(Base):
    """A city's own beginning that staff put at their cursor; kk and ru together, with gaps in braces."""

    __tablename__ = "reply_template"
    __table_args__ = (
        CheckConstraint(f"kind IN ({', '.join(map(repr, REPLY_KINDS))})", name="kind"),
        CheckConstraint("version >= 1", name="version"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    city: Mapped[str] = mapped_column(ForeignKey("city.code"), index=True)
    area: Mapped[str | None] = mapped_column(String(16))
    """None where it suits every area."""
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(120))
    kk: Mapped[str] = mapped_column(Text)
    ru: Mapped[str] = mapped_column(Text)
    en: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    changed_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Commitment(Base):
    """What an administration promised, by when, and how far it is; once announced, the first day never changes."""

    __tablename__ = "commitment"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(map(repr, COMMITMENT_STATES))})", name="state"),
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent"),
        CheckConstraint("version >= 1", name="version"),
        Index("ix_commitment_city_state", "city", "state"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    city: Mapped[str] = mapped_column(ForeignKey("city.code"))
    area: Mapped[str] = mapped_column(String(16))
    theme: Mapped[str | None] = mapped_column(ForeignKey("theme.code"))
    reply: Mapped[int | None] = mapped_column(ForeignKey("reply.id"), index=True)
    """The reply that opened it."""
    title_kk: Mapped[str] = mapped_column(String(200))
    title_ru: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200))
    owner_unit_kk: Mapped[str] = mapped_column(String(200))
    owner_unit_ru: Mapped[str] = mapped_column(String(200))
    """A unit of the akimat, never a person."""
    author: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    """Who wrote what is promised; somebody else announces it."""
    first_due: Mapped[date] = mapped_column(Date)
    due: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(16))
    percent: Mapped[int] = mapped_column(Integer)
    version: Mapped[int] = mapped_column(Integer)


class CommitmentEvent(Base):
    """One step of a commitment from its announcement on, all of them public."""

    __tablename__ = "commitment_event"
    __table_args__ = (
        CheckConstraint(f"event IN ({', '.join(map(repr, COMMITMENT_EVENTS))})", name="event"),
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent"),
        Index("ix_commitment_event_commitment", "commitment"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    commitment: Mapped[int] = mapped_column(ForeignKey("commitment.id"))
    event: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    """Where the commitment stood afterwards."""
    due: Mapped[date | None] = mapped_column(Date)
    percent: Mapped[int | None] = mapped_column(Integer)
    done_on: Mapped[date | None] = mapped_column(Date)
    """When it was done, as whoever reports it says."""
    body_kk: Mapped[str] = mapped_column(String(800))
    body_ru: Mapped[str] = mapped_column(String(800))
    body_en: Mapped[str] = mapped_column(String(800))
    evidence_address: Mapped[str] = mapped_column(String(800))
    day: Mapped[date] = mapped_column(Date)
    """The day in Kazakhstan, which is what pages tell."""
    by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """None for what residents' answers did."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)
