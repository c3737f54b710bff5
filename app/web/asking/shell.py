"""The frame of a step, choices as they are drawn, and a city in a sentence: for the survey and for its preview."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from app.web.language import current_language, pick
from surveys.languages import Text3
from surveys.population.collation import kazakh_key
from surveys.population.places import City, load_places


@dataclass(frozen=True, slots=True)
class Choice:
    """One option as it is drawn; `apart` ones stand below the scale."""

    code: str
    label: str
    ticked: bool | str
    """Whether it is ticked; a text is what to write in place of the tick."""
    apart: bool = False

    @property
    def tick(self) -> str:
        """What the tag of the option says about it."""
        return self.ticked if isinstance(self.ticked, str) else " checked" * self.ticked

    @property
    def selected(self) -> str:
        """The same for an option of a list that unfolds."""
        return self.ticked if isinstance(self.ticked, str) else " selected" * self.ticked


@dataclass(frozen=True, slots=True)
class Shell:
    """What surrounds every step: wave, where it posts to, the way back, and how far it is."""

    wave: str
    action: str
    back: str | None
    position: int | str = 0
    steps: int | str = 0
    is_preview: bool = False
    """Nothing that is ticked or typed goes anywhere: the button leads to the next step."""


@cache
def sorted_cities(language: str) -> tuple[tuple[str, str], ...]:
    """List codes and names of all cities by the alphabet of a language."""
    names = [(city.code, str(getattr(city.name, language))) for city in load_places().cities]
    return tuple(sorted(names, key=lambda item: kazakh_key(item[1]) if language == "kk" else item[1]))


def city_choices(cities: frozenset[str], tick: Callable[[str], bool | str]) -> list[Choice]:
    """List cities as radio buttons."""
    return [Choice(code, name, tick(code)) for code, name in sorted_cities(current_language()) if code in cities]


def in_city(text: Text3, city: City) -> str:
    """Take a text in the request's language and put the city's name into it, in the form the grammar needs."""
    return pick(text).format(city=pick(city.name), city_in=pick(city.name_in), city_of=pick(city.name_of))
