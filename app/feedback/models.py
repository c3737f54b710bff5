"""What the desk says of suggestions: decisions, codes, groups, neighbours, and who works on which."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, Float, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from surveys.db import WITHOUT_ROWID, Base, UtcDateTime
from surveys.models.comments import STATES

EVENTS = ("show", "redact", "hide", "second_look", "confirm", "overturn", "urgent", "undo", "purge", "settle")
REASONS = ("personal_data", "insult", "threat", "advertising", "no_content", "not_the_city")
"""Why something is hidden or blacked out: a closed list, and criticism of officials is not on it."""


class ReleaseWait(Base):
    """A wave and city from which too few suggestions wait to be handed to the desk, since which round."""

    __tablename__ = "release_wait"
    __table_args__ = (WITHOUT_ROWID,)

    wave: Mapped[str] = mapped_column(ForeignKey("wave.code"), primary_key=True)
    city: Mapped[str] = mapped_column(ForeignKey("city.code"), primary_key=True)
    since: Mapped[date] = mapped_column(Date)


class CommentDecision(Base):
    """One decision about one suggestion; the newest that nobody took back counts, and none is ever changed."""

    __tablename__ = "comment_decision"
    __table_args__ = (
        CheckConstraint(f"event IN ({', '.join(map(repr, EVENTS))})", name="event"),
        CheckConstraint(f"reason IN ({', '.join(map(repr, REASONS))})", name="reason"),
        CheckConstraint("event <> 'hide' OR reason IS NOT NULL", name="hide_reason"),
        CheckConstraint("event <> 'redact' OR reason IN ('personal_data', 'insult')", name="redact_reason"),
        CheckConstraint("event <> 'redact' OR spans <> ''", name="spans"),
        CheckConstraint(f"state IN ({', '.join(map(repr, STATES))})", name="state"),
        Index("ix_comment_decision_comment", "comment"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    comment: Mapped[str] = mapped_column(ForeignKey("comment.id"))
    moderator: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """None for what a job did."""
    event: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(16))
    spans: Mapped[str] = mapped_column(String(400))
    """Blacked out parts of the original, such as "4-17 30-42": first sign and the one after the last."""
    state: Mapped[str] = mapped_column(String(24))
    """Where the suggestion stood afterwards."""
    confirms: Mapped[int | None] = mapped_column(ForeignKey("comment_decision.id"))
    """The hiding that an outsider confirmed or overturned."""
    undoes: Mapped[int | None] = mapped_column(ForeignKey("comment_decision.id"), unique=True)
    """The decision that this row takes back: the one before it counts again."""
    bulk: Mapped[str | None] = mapped_column(String(32))
    """The same for all decisions of one press."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class CommentPurge(Base):
    """An original that was purged: what remains to prove it is its digest."""

    __tablename__ = "comment_purge"
    __table_args__ = (WITHOUT_ROWID,)

    comment: Mapped[str] = mapped_column(ForeignKey("comment.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(16))
    purged_on: Mapped[date] = mapped_column(Date)


class CommentAudit(Base):
    """A shown or hidden suggestion that was drawn for the auditor, five of a hundred each month."""

    __tablename__ = "comment_audit"

    decision: Mapped[int] = mapped_column(ForeignKey("comment_decision.id"), primary_key=True)
    month: Mapped[str] = mapped_column(String(7))
    """Of the decision."""
    finding: Mapped[str | None] = mapped_column(String(16))
    """`agree` or `disagree`; none while the auditor did not say."""
    auditor: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CommentAssignment(Base):
    """Who of the city works on a suggestion, and who did before: of a press on many each gets theirs back."""

    __tablename__ = "comment_assignment"

    comment: Mapped[str] = mapped_column(ForeignKey("comment.id"), primary_key=True)
    staff: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    """None where it was given back to everybody."""
    before: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    bulk: Mapped[str | None] = mapped_column(String(32))
    """The press that gave it to whoever has it."""


class Theme(Base):
    """What suggestions are about: a national theme (no city), or a city's own below one."""

    __tablename__ = "theme"
    __table_args__ = (CheckConstraint("(city IS NULL) = (parent IS NULL)", name="parent"),)

    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    area: Mapped[str] = mapped_column(String(16))
    parent: Mapped[str | None] = mapped_column(ForeignKey("theme.code"))
    city: Mapped[str | None] = mapped_column(ForeignKey("city.code"))
    name_kk: Mapped[str] = mapped_column(String(120))
    name_ru: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    retired: Mapped[bool]
    """It is not coded with any more; what was coded with it stays."""
    merged_into: Mapped[str | None] = mapped_column(ForeignKey("theme.code"))
    """Where its suggestions went when it was retired."""
    from_file: Mapped[bool]
    """It follows the frame of the release; False once somebody made or changed it in the console."""


THEME_EVENTS = ("made", "renamed", "merged", "split", "retired", "restored")


class ThemeChange(Base):
    """One change of a theme, and how it was called before it; none is ever changed."""

    __tablename__ = "theme_change"
    __table_args__ = (
        CheckConstraint(f"event IN ({', '.join(map(repr, THEME_EVENTS))})", name="event"),
        CheckConstraint("(event IN ('merged', 'split')) = (other IS NOT NULL)", name="other"),
        Index("ix_theme_change_theme", "theme"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    theme: Mapped[str] = mapped_column(ForeignKey("theme.code"))
    event: Mapped[str] = mapped_column(String(16))
    other: Mapped[str | None] = mapped_column(ForeignKey("theme.code"))
    """What it was merged into, or what was split from it."""
    suggestions: Mapped[int] = mapped_column(Integer)
    """How many went there."""
    name_kk: Mapped[str] = mapped_column(String(120))
    name_ru: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    staff: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class CommentCode(Base):
    """A theme of a suggestion, up to three."""

    __tablename__ = "comment_code"
    __table_args__ = (Index("ix_comment_code_theme", "theme"),)

    comment: Mapped[str] = mapped_column(ForeignKey("comment.id"), primary_key=True)
    theme: Mapped[str] = mapped_column(ForeignKey("theme.code"), primary_key=True)
    coder: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


CODING_EVENTS = ("coded", "undone", "merged", "split")


class CommentCoding(Base):
    """Themes and kind of a suggestion as somebody left them; the newest counts, and goes back to the one before.

    Rows go with the words of whoever takes them back, so the table is not frozen.
    """

    __tablename__ = "comment_coding"
    __table_args__ = (
        CheckConstraint(f"event IN ({', '.join(map(repr, CODING_EVENTS))})", name="event"),
        CheckConstraint("kind IN ('complaint', 'suggestion', 'question', 'thanks')", name="kind"),
        Index("ix_comment_coding_comment", "comment"),
        Index("ix_comment_coding_weighed", "weighed"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    comment: Mapped[str] = mapped_column(ForeignKey("comment.id"))
    coder: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    event: Mapped[str] = mapped_column(String(16))
    themes: Mapped[str] = mapped_column(String(200))
    """Codes afterwards, with spaces between."""
    kind: Mapped[str | None] = mapped_column(String(16))
    bulk: Mapped[str | None] = mapped_column(String(32))
    """The work on many suggestions that it belongs to."""
    undoes: Mapped[int | None] = mapped_column(ForeignKey("comment_coding.id"))
    weighed: Mapped[bool]
    """The draw of second codings has looked at it."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class SecondCoding(Base):
    """A suggestion drawn for a second coder, who does not see what the first one said before they have said theirs."""

    __tablename__ = "second_coding"

    comment: Mapped[str] = mapped_column(ForeignKey("comment.id"), primary_key=True)
    drawn_on: Mapped[date] = mapped_column(Date)
    coder: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    """Who is asked; another person is once this one may code there no longer."""
    themes: Mapped[str] = mapped_column(String(200))
    """Codes with spaces between; empty while they have said nothing."""
    kind: Mapped[str | None] = mapped_column(String(16))
    first_themes: Mapped[str] = mapped_column(String(200))
    """What the first coder had said when the second one did."""
    first_kind: Mapped[str | None] = mapped_column(String(16))
    at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """None while they have said nothing."""


class CityTheme(Base):
    """What staff picked to stand for a theme in a city and wave: up to three suggestions that are shown."""

    __tablename__ = "city_theme"

    theme: Mapped[str] = mapped_column(ForeignKey("theme.code"), primary_key=True)
    city: Mapped[str] = mapped_column(ForeignKey("city.code"), primary_key=True)
    wave: Mapped[str] = mapped_column(ForeignKey("wave.code"), primary_key=True)
    typical: Mapped[str] = mapped_column(String(120))
    """Ids with spaces between."""


class CommentGroup(Base):
    """Suggestions that say the same, put together by a person."""

    __tablename__ = "comment_group"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    city: Mapped[str] = mapped_column(ForeignKey("city.code"))
    wave: Mapped[str] = mapped_column(ForeignKey("wave.code"))
    area: Mapped[str] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(String(120))
    """For colleagues; nobody else reads it."""
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    bulk: Mapped[str | None] = mapped_column(String(32), unique=True)
    """The work on many suggestions by which it was made."""


class CommentInGroup(Base):
    """One suggestion of a group; a suggestion is in one group at most."""

    __tablename__ = "comment_in_group"

    comment: Mapped[str] = mapped_column(ForeignKey("comment.id"), primary_key=True)
    grp: Mapped[int] = mapped_column(ForeignKey("comment_group.id"), index=True)


class CommentNeighbour(Base):
    """Two suggestions of one city, wave, area and language that a computer finds alike; it suggests, people code."""

    __tablename__ = "comment_neighbour"
    __table_args__ = (CheckConstraint("comment <> other", name="other"), WITHOUT_ROWID)

    comment: Mapped[str] = mapped_column(ForeignKey("comment.id"), primary_key=True)
    other: Mapped[str] = mapped_column(ForeignKey("comment.id"), primary_key=True)
    score: Mapped[float] = mapped_column(Float)
    """Cosine, from the suggestion threshold to 1."""


class FollowAnswer(Base):
    """What a writer said of a reply to their words: "has it become better?"; changeable, and without a day."""

    __tablename__ = "follow_answer"
    __table_args__ = (
        CheckConstraint("answer IN ('yes', 'partly', 'no', 'cannot_tell')", name="answer"),
        CheckConstraint("length(month) = 7", name="month"),
        WITHOUT_ROWID,
    )

    comment: Mapped[str] = mapped_column(ForeignKey("comment.id"), primary_key=True)
    reply: Mapped[int] = mapped_column(ForeignKey("reply.id"), primary_key=True)
    answer: Mapped[str] = mapped_column(String(16))
    month: Mapped[str] = mapped_column(String(7))
