"""Which city and wave a page of themes is about, and what else can be chosen."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.accounts.permissions import Permission, Person, cities_of
from app.feedback.models import Theme
from app.feedback.theme_listing import PlaceOfThemes, list_places
from app.web.console.staff.forms import area_names
from app.web.console.tables import Args
from app.web.console.values.listing import visible_cities
from app.web.console.waves.naming import wave_in_brief
from app.web.language import current_language, pick


@dataclass(frozen=True, slots=True)
class ThemeScope:
    """A city and wave, and the cities and waves of the city that can be chosen, by their names."""

    city: str
    wave: str
    cities: Mapping[str, str]
    waves: Mapping[str, str]


def scope_of(session: Session, person: Person, args: Args) -> ThemeScope | None:
    """Find the city and wave that an address asks for, else the first ones; None where there is no suggestion yet."""
    allowed = cities_of(person.grants, Permission.READ_COMMENTS)
    places = list_places(session, allowed)
    names = visible_cities({place.city for place in places})
    asked = args.get("city", "")
    city = asked if asked in names else next(iter(names), None)
    if city is None:
        return None
    waves = {place.wave: wave_label(place) for place in places if place.city == city}
    wave = args.get("wave", "")
    return ThemeScope(city, wave if wave in waves else next(iter(waves)), names, waves)


def wave_label(place: PlaceOfThemes) -> str:
    """Name a wave by whom it asks, and its months."""
    return wave_in_brief(place.audience, place.opens_on, place.closes_on)


def areas() -> Mapping[str, str]:
    """Give the names of areas in the language of the page."""
    return {code: pick(name) for code, name in area_names()}


def called(theme: Theme) -> str:
    """Give the name of a theme in the language of the page."""
    return str(getattr(theme, f"name_{current_language()}"))
