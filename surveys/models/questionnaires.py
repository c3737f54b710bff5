"""Frozen questionnaires."""

from datetime import date

from sqlalchemy import CheckConstraint, Date, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from surveys.db import Base


class QuestionnaireVersion(Base):
    """A questionnaire as it was asked: its canonical JSON never changes, so its packed answers decode for ever."""

    __tablename__ = "questionnaire_version"
    __table_args__ = (
        UniqueConstraint("code", "version"),
        CheckConstraint("audience IN ('resident', 'business', 'staff')", name="audience"),
    )

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    code: Mapped[str] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(Integer)
    audience: Mapped[str] = mapped_column(String(16))
    definition: Mapped[str] = mapped_column(Text)
    frozen_on: Mapped[date] = mapped_column(Date)
