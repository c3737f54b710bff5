"""Cities, their districts and their former names; filled from surveys/population/data/places.toml."""

from datetime import date

from sqlalchemy import Boolean, Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from surveys.db import Base


class CityRecord(Base):
    """A city that can be rated."""

    __tablename__ = "city"

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    name_kk: Mapped[str] = mapped_column(String(64))
    name_ru: Mapped[str] = mapped_column(String(64))
    name_en: Mapped[str] = mapped_column(String(64))
    in_2019_rating: Mapped[bool] = mapped_column(Boolean)


class CityAlias(Base):
    """A former or other name of a city; `valid_to` is its last day, empty while it is in use."""

    __tablename__ = "city_alias"

    city: Mapped[str] = mapped_column(ForeignKey("city.code"), primary_key=True)
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    valid_to: Mapped[date | None] = mapped_column(Date)


class DistrictRecord(Base):
    """A district of a city; its name is not unique in the country, so its key is (city, code)."""

    __tablename__ = "district"

    city: Mapped[str] = mapped_column(ForeignKey("city.code"), primary_key=True)
    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    name_kk: Mapped[str] = mapped_column(String(64))
    name_ru: Mapped[str] = mapped_column(String(64))
    name_en: Mapped[str] = mapped_column(String(64))
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
