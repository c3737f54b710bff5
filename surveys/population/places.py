"""Cities, districts and other names, read from data/places.toml and found by any spelling people use."""

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from surveys import models
from surveys.errors import SurveyError
from surveys.languages import Text3
from surveys.population.collation import fold_for_search

FILE = Path(__file__).parent / "data" / "places.toml"


class PlaceError(SurveyError):
    """No city of that name; `suggestions` are codes of the nearest spellings."""

    def __init__(self, name: str, suggestions: tuple[str, ...]) -> None:
        super().__init__(f"no city {name[:80]!r}")
        self.name = name
        self.suggestions = suggestions


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """A city; `men` and `women` are people of the city administration on Places.population_as_of."""

    code: str
    name: Text3
    name_in: Text3
    name_of: Text3
    region: Text3 | None
    iso3166_2: str
    lat: float
    lon: float
    in_2019_rating: bool
    men: int
    women: int

    @property
    def population(self) -> int:
        """People of both sexes."""
        return self.men + self.women


@dataclass(frozen=True, slots=True, kw_only=True)
class District:
    """A district; its key is (city, code)."""

    city: str
    code: str
    name: Text3
    men: int
    women: int
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """A former or other name of a city."""

    city: str
    name: str
    valid_to: date | None


@dataclass(frozen=True, kw_only=True)
class Places:
    """The whole file."""

    cities: tuple[City, ...]
    districts: tuple[District, ...]
    aliases: tuple[Alias, ...]
    population_universe: str
    population_as_of: date
    population_source: str

    def city(self, code: str) -> City:
        """Give the city of a code; raises PlaceError."""
        for city in self.cities:
            if city.code == code:
                return city
        raise PlaceError(code, ())

    def find_city(self, text: str) -> City:
        """Find a city by code, name in any language, former name or folded spelling; raises PlaceError."""
        spelling = _spelling(text)
        spellings = _spellings(self)
        if spelling in spellings:
            return self.city(spellings[spelling])
        near = difflib.get_close_matches(spelling, spellings, n=3, cutoff=0.75)
        raise PlaceError(text, tuple(dict.fromkeys(spellings[name] for name in near)))

    def __hash__(self) -> int:
        """Places are compared by identity: there is one file."""
        return id(self)


@cache
def load_places() -> Places:
    """Read the file; a fault in it is a fault of the release, so it is not caught."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return Places(
        cities=tuple(_city(row) for row in data["city"]),
        districts=tuple(_district(row) for row in data["district"]),
        aliases=tuple(Alias(city=row["city"], name=row["name"], valid_to=row.get("valid_to")) for row in data["alias"]),
        population_universe=data["population_universe"],
        population_as_of=data["population_as_of"],
        population_source=data["population_source"],
    )


def store_places(session: Session) -> int:
    """Bring the tables of places in step with the file; gives the number of cities."""
    places = load_places()
    for city in places.cities:
        session.merge(models.CityRecord(code=city.code, in_2019_rating=city.in_2019_rating, **_names(city.name)))
    session.flush()
    for alias in places.aliases:
        session.merge(models.CityAlias(city=alias.city, name=alias.name, valid_to=alias.valid_to))
    for district in places.districts:
        days = {"valid_from": district.valid_from, "valid_to": district.valid_to}
        session.merge(models.DistrictRecord(city=district.city, code=district.code, **_names(district.name), **days))
    session.flush()
    return len(places.cities)


def _names(name: Text3) -> dict[str, str]:
    return {"name_kk": name.kk, "name_ru": name.ru, "name_en": name.en}


def _city(row: Mapping[str, Any]) -> City:
    worded = {key: Text3(**row[key]) for key in ("name", "name_in", "name_of")}
    region = Text3(**row["region"]) if "region" in row else None
    return City(**{**row, **worded, "region": region})


def _district(row: Mapping[str, Any]) -> District:
    days = {"valid_from": row.get("valid_from"), "valid_to": row.get("valid_to")}
    return District(**{**row, "name": Text3(**row["name"]), **days})


@cache
def _spellings(places: Places) -> dict[str, str]:
    names = {_spelling(name): city.code for city in places.cities for name in (city.code, *city.name)}
    return names | {_spelling(alias.name): alias.city for alias in places.aliases}


def _spelling(text: str) -> str:
    """Write a name without case, spaces, hyphens and the word for a city."""
    words = re.sub(r"\b(қаласы|қ\.|город|г\.|city)", " ", text.casefold().strip())
    return re.sub(r"[\s.\-–]+", "", fold_for_search(words))
