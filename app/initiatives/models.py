"""Initiatives of the ministry's list and of cities, what two examiners said of them, and documents of cities."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from surveys.db import Base, UtcDateTime

INITIATIVE_STATES = (
    "planned",
    "submitted",
    "examined",
    "returned",
    "not_supported",
    "supported",
    "running",
    "finished",
    "evaluated",
    "withdrawn",
    "stopped",
)
INITIATIVE_STEPS = (
    "create",
    "save",
    "submit",
    "recall",
    "support",
    "return",
    "refuse",
    "differ",
    "withdraw",
    "start",
    "report",
    "finish",
    "stop",
    "evaluate",
)
OPINIONS = ("support", "return", "not_support", "cannot_judge")
DOCUMENT_KINDS = ("strategy", "architecture")
DOCUMENT_STATES = ("draft", "released", "replaced", "withdrawn", "removed")

SHOWN_STATES = ("supported", "running", "finished", "evaluated", "stopped")
"""States in which everybody can read an initiative."""


def _among(column: str, names: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(map(repr, names))})"


class InitiativeList(Base):
    """One list of initiatives that the ministry imported for an edition. Frozen; the highest revision is in force."""

    __tablename__ = "initiative_list"
    __table_args__ = (CheckConstraint("revision >= 1", name="revision"),)

    edition: Mapped[str] = mapped_column(String(64), primary_key=True)
    revision: Mapped[int] = mapped_column(Integer, primary_key=True)
    file_name: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    rows: Mapped[int] = mapped_column(Integer)
    imported_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ListedInitiative(Base):
    """An initiative of such a list. Frozen."""

    __tablename__ = "initiative"
    __table_args__ = (
        ForeignKeyConstraint(["edition", "revision"], ["initiative_list.edition", "initiative_list.revision"]),
    )

    edition: Mapped[str] = mapped_column(String(64), primary_key=True)
    revision: Mapped[int] = mapped_column(Integer, primary_key=True)
    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    area: Mapped[str] = mapped_column(String(16))
    name_kk: Mapped[str] = mapped_column(String(300))
    name_ru: Mapped[str] = mapped_column(String(300))
    name_en: Mapped[str] = mapped_column(String(300))


class InitiativeStage(Base):
    """A file of such a list that was read and waits to be confirmed; goes after a day."""

    __tablename__ = "initiative_stage"

    id: Mapped[str] = mapped_column(String(24), primary_key=True)
    staff: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    edition: Mapped[str] = mapped_column(String(64))
    file_name: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    report: Mapped[str] = mapped_column(Text)
    """JSON of what the file says, or of everything that is wrong with it."""
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CityInitiative(Base):
    """An initiative of a city: where it stands. What it is stands in its texts, a revision each."""

    __tablename__ = "city_initiative"
    __table_args__ = (
        CheckConstraint(_among("state", INITIATIVE_STATES), name="state"),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("started_on <= finished_on", name="days"),
        CheckConstraint(
            "state NOT IN ('running', 'finished', 'evaluated') OR started_on IS NOT NULL", name="started_on"
        ),
        CheckConstraint("state NOT IN ('finished', 'evaluated') OR finished_on IS NOT NULL", name="finished_on"),
        CheckConstraint("revision >= 1", name="revision"),
        Index("ix_city_initiative_city_state", "city", "state"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    city: Mapped[str] = mapped_column(ForeignKey("city.code"))
    edition: Mapped[str] = mapped_column(String(64))
    """Of its area, its indicators and the ministry's list."""
    state: Mapped[str] = mapped_column(String(16))
    revision: Mapped[int] = mapped_column(Integer)
    """The newest of its texts."""
    submitted_on: Mapped[date | None] = mapped_column(Date)
    decided_on: Mapped[date | None] = mapped_column(Date)
    started_on: Mapped[date | None] = mapped_column(Date)
    finished_on: Mapped[date | None] = mapped_column(Date)
    version: Mapped[int] = mapped_column(Integer)
    """Grows with every change: whoever changes an older one is told of the newer."""


class InitiativeText(Base):
    """What a city says of an initiative. Frozen; a change is a new revision."""

    __tablename__ = "initiative_text"
    __table_args__ = (
        CheckConstraint("revision >= 1", name="revision"),
        CheckConstraint("cost >= 0", name="cost"),
        CheckConstraint("year_from <= year_to", name="years"),
        CheckConstraint(_among("personal_data", ("", "no", "yes")), name="personal_data"),
    )

    initiative: Mapped[int] = mapped_column(ForeignKey("city_initiative.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(Integer, primary_key=True)
    code: Mapped[str] = mapped_column(String(32))
    """In the ministry's list; empty for the city's own."""
    area: Mapped[str] = mapped_column(String(16))
    title_kk: Mapped[str] = mapped_column(String(200))
    title_ru: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200))
    what_kk: Mapped[str] = mapped_column(String(1200))
    what_ru: Mapped[str] = mapped_column(String(1200))
    what_en: Mapped[str] = mapped_column(String(1200))
    indicators: Mapped[str] = mapped_column(String(400))
    """Codes of those that it should move, with spaces between."""
    cost: Mapped[int | None] = mapped_column(BigInteger)
    """Thousand tenge."""
    year_from: Mapped[int | None] = mapped_column(Integer)
    year_to: Mapped[int | None] = mapped_column(Integer)
    elsewhere: Mapped[str] = mapped_column(String(600))
    """What the city knows of the same in other cities."""
    registers: Mapped[str] = mapped_column(String(600))
    """State registers and interfaces that it uses."""
    personal_data: Mapped[str] = mapped_column(String(4))
    personal_basis: Mapped[str] = mapped_column(String(600))
    """Which personal data, and by what right."""
    languages: Mapped[str] = mapped_column(String(600))
    """How it is to be used in Kazakh and in Russian, and by people with disabilities."""
    keeper_kk: Mapped[str] = mapped_column(String(200))
    keeper_ru: Mapped[str] = mapped_column(String(200))
    """The unit that runs it later, never a person."""
    contact: Mapped[str] = mapped_column(String(200))
    """How colleagues of other cities reach the unit; staff alone read it."""
    written_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class InitiativeEvent(Base):
    """One step of an initiative. Frozen; those after its support are public, without their authors."""

    __tablename__ = "initiative_event"
    __table_args__ = (
        CheckConstraint(_among("step", INITIATIVE_STEPS), name="step"),
        CheckConstraint(_among("state", INITIATIVE_STATES), name="state"),
        CheckConstraint("step <> 'finish' OR address <> ''", name="finish_address"),
        Index("ix_initiative_event_initiative", "initiative"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    initiative: Mapped[int] = mapped_column(ForeignKey("city_initiative.id"))
    step: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    """Where the initiative stood afterwards."""
    revision: Mapped[int] = mapped_column(Integer)
    day: Mapped[date] = mapped_column(Date)
    """The day on which it happened, as it is told: of a beginning and an end the one that the city names."""
    body_kk: Mapped[str] = mapped_column(String(800))
    body_ru: Mapped[str] = mapped_column(String(800))
    address: Mapped[str] = mapped_column(String(800))
    """Where anybody can see it."""
    by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class InitiativeExamination(Base):
    """What one examiner said of one revision. Frozen; a newer revision is examined anew."""

    __tablename__ = "initiative_examination"
    __table_args__ = (
        CheckConstraint("slot BETWEEN 1 AND 3", name="slot"),
        CheckConstraint(_among("opinion", OPINIONS), name="opinion"),
        CheckConstraint("(opinion = 'cannot_judge') = (slot IS NULL)", name="slot_of_opinion"),
        CheckConstraint("points BETWEEN 0 AND 255", name="points"),
        CheckConstraint("(conditions_kk = '') = (conditions_ru = '')", name="conditions"),
        CheckConstraint("conditions_kk = '' OR opinion = 'support'", name="conditions_of_support"),
        UniqueConstraint("initiative", "revision", "examiner"),
        UniqueConstraint("initiative", "revision", "slot"),
        ForeignKeyConstraint(["initiative", "revision"], ["initiative_text.initiative", "initiative_text.revision"]),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    initiative: Mapped[int] = mapped_column(Integer)
    revision: Mapped[int] = mapped_column(Integer)
    examiner: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    slot: Mapped[int | None] = mapped_column(Integer)
    """1 and 2 for the two who look without seeing each other, 3 for who decides between them; none for who cannot."""
    points: Mapped[int] = mapped_column(Integer)
    """A bit for each point of the checklist that was found in order."""
    opinion: Mapped[str] = mapped_column(String(16))
    conditions_kk: Mapped[str] = mapped_column(String(600))
    conditions_ru: Mapped[str] = mapped_column(String(600))
    """Under which it is supported; public once it is."""
    note: Mapped[str] = mapped_column(String(600))
    """For the city to read."""
    private_note: Mapped[str] = mapped_column(String(400))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)


class InitiativeNeighbour(Base):
    """Two initiatives that say nearly the same; each pair stands twice."""

    __tablename__ = "initiative_neighbour"
    __table_args__ = (
        CheckConstraint("initiative <> other", name="other"),
        CheckConstraint("score BETWEEN 0 AND 1", name="score"),
    )

    initiative: Mapped[int] = mapped_column(ForeignKey("city_initiative.id"), primary_key=True)
    other: Mapped[int] = mapped_column(ForeignKey("city_initiative.id"), primary_key=True)
    score: Mapped[float] = mapped_column(Float)
    """Cosine of what they say; 1 for the same initiative of the ministry's list."""


class InitiativeEvaluation(Base):
    """Which two publications an initiative is compared by, before and after. Frozen; a later one counts."""

    __tablename__ = "initiative_evaluation"
    __table_args__ = (CheckConstraint("before < after", name="order"),)

    initiative: Mapped[int] = mapped_column(ForeignKey("city_initiative.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    before: Mapped[int] = mapped_column(ForeignKey("publication.number"))
    after: Mapped[int] = mapped_column(ForeignKey("publication.number"))
    figures: Mapped[str] = mapped_column(Text)
    """JSON of app.initiatives.comparison.ComparedFigure: publications never change."""
    evaluated_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    evaluated_on: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class CityDocument(Base):
    """A city's strategy or architecture: what it is called, who approved it when, and where anybody can read it."""

    __tablename__ = "city_document"
    __table_args__ = (
        CheckConstraint(_among("kind", DOCUMENT_KINDS), name="kind"),
        CheckConstraint(_among("state", DOCUMENT_STATES), name="state"),
        CheckConstraint(
            "(state IN ('released', 'replaced', 'withdrawn')) = (released_on IS NOT NULL)", name="released_on"
        ),
        CheckConstraint("(state = 'withdrawn') = (reason_kk <> '' AND reason_ru <> '')", name="reason"),
        CheckConstraint("is_approved = (approved_on IS NOT NULL)", name="approved_on"),
        CheckConstraint("replaces <> id", name="replaces"),
        CheckConstraint("version >= 1", name="version"),
        Index("ix_city_document_city", "city", "kind"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    city: Mapped[str] = mapped_column(ForeignKey("city.code"))
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    title_kk: Mapped[str] = mapped_column(String(300))
    title_ru: Mapped[str] = mapped_column(String(300))
    title_en: Mapped[str] = mapped_column(String(300))
    document_day: Mapped[date] = mapped_column(Date)
    is_approved: Mapped[bool] = mapped_column(Boolean)
    """False for a draft document that is published and approved by nobody yet."""
    approved_on: Mapped[date | None] = mapped_column(Date)
    approved_by_kk: Mapped[str] = mapped_column(String(200))
    approved_by_ru: Mapped[str] = mapped_column(String(200))
    approved_by_en: Mapped[str] = mapped_column(String(200))
    """The body, such as the maslikhat; never a person."""
    decision: Mapped[str] = mapped_column(String(80))
    """Number of the decision, as it is quoted."""
    until_year: Mapped[int | None] = mapped_column(Integer)
    """The last year that it plans for."""
    address: Mapped[str] = mapped_column(String(800))
    replaces: Mapped[int | None] = mapped_column(ForeignKey("city_document.id"))
    """The released one that this takes the place of when it is released."""
    written_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    released_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    released_on: Mapped[date | None] = mapped_column(Date)
    ended_on: Mapped[date | None] = mapped_column(Date)
    """When it was replaced or withdrawn."""
    reason_kk: Mapped[str] = mapped_column(String(400))
    reason_ru: Mapped[str] = mapped_column(String(400))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer)
