"""Waves of a survey and the cities they ask in."""

from datetime import date

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from surveys.db import Base

GATES = ("open", "code", "sms", "oidc")
"""Ways into a wave: an open link, a code from a letter, a code by SMS, a sign-in. All but the first know a contact."""


class Wave(Base):
    """One round of asking with one questionnaire version; `illustrative` marks synthetic answers."""

    __tablename__ = "wave"
    __table_args__ = (
        CheckConstraint("state IN ('planned', 'open', 'closed', 'frozen')", name="state"),
        CheckConstraint("opens_on <= closes_on", name="days"),
    )

    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    version: Mapped[str] = mapped_column(ForeignKey("questionnaire_version.digest"))
    audience: Mapped[str] = mapped_column(String(16))
    opens_on: Mapped[date] = mapped_column(Date)
    closes_on: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(16))
    gate_names: Mapped[str] = mapped_column(String(40))
    illustrative: Mapped[bool] = mapped_column(Boolean)

    @property
    def gates(self) -> frozenset[str]:
        """Ways in that this wave opens, of GATES."""
        return frozenset(self.gate_names.split())


class WaveCity(Base):
    """A city where a wave asks, and how many answers it hopes for."""

    __tablename__ = "wave_city"

    wave: Mapped[str] = mapped_column(ForeignKey("wave.code"), primary_key=True)
    city: Mapped[str] = mapped_column(ForeignKey("city.code"), primary_key=True)
    target_n: Mapped[int] = mapped_column(Integer)


class WaveChannel(Base):
    """A declared channel of a wave: a place where its link or poster hangs."""

    __tablename__ = "wave_channel"

    wave: Mapped[str] = mapped_column(ForeignKey("wave.code"), primary_key=True)
    code: Mapped[str] = mapped_column(String(32), primary_key=True)
