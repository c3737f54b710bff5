"""Questionnaires that were put forward, and how many went on from each step of the form."""

from datetime import date

from sqlalchemy import CheckConstraint, Date, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.models import Staff
from surveys.db import WITHOUT_ROWID, Base

EVENTS = ("reached", "passed", "refused")


class ProposedQuestionnaire(Base):
    """A questionnaire that was uploaded and that no wave has frozen yet; uploading the same wording changes nothing."""

    __tablename__ = "proposed_questionnaire"
    __table_args__ = (CheckConstraint("audience IN ('resident', 'business', 'staff')", name="audience"),)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    code: Mapped[str] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(Integer)
    audience: Mapped[str] = mapped_column(String(16))
    definition: Mapped[str] = mapped_column(Text)
    """Its canonical JSON, of which the digest is."""
    source: Mapped[str] = mapped_column(Text)
    """Its YAML, with what reviewers allowed, which is no part of the version."""
    findings: Mapped[str] = mapped_column(Text)
    """Canonical JSON of what the linter found when it was uploaded."""
    left_out: Mapped[str] = mapped_column(Text)
    """Canonical JSON of what of an XLSForm it does not hold: sheet, row, column, reason."""
    uploaded_by: Mapped[int] = mapped_column(ForeignKey(Staff.id))
    uploaded_on: Mapped[date] = mapped_column(Date)


class StepCount(Base):
    """How often a step of a wave's form was reached, passed or refused in one language: in whole tens.

    No city, no day, no channel and nothing of a person: docs/adr/0030-drop-out-in-tens.md.
    """

    __tablename__ = "step_count"
    __table_args__ = (
        CheckConstraint("event IN ('reached', 'passed', 'refused')", name="event"),
        CheckConstraint("lang IN ('kk', 'ru', 'en')", name="lang"),
        CheckConstraint("n >= 0 AND n % 10 = 0", name="n"),
        CheckConstraint("taken >= 0 AND taken % 10 = 0", name="taken"),
        WITHOUT_ROWID,
    )

    wave: Mapped[str] = mapped_column(ForeignKey("wave.code"), primary_key=True)
    step: Mapped[str] = mapped_column(String(48), primary_key=True)
    lang: Mapped[str] = mapped_column(String(2), primary_key=True)
    event: Mapped[str] = mapped_column(String(8), primary_key=True)
    n: Mapped[int] = mapped_column(Integer)
    since: Mapped[str] = mapped_column(String(16))
    """The start of the web server since which `taken` was taken."""
    taken: Mapped[int] = mapped_column(Integer)
    """How much of what the server counts is in `n` already."""
