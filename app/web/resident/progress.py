"""The public page of a wave: when it runs, whom it asks, and how far it has come in each city."""

from dataclasses import dataclass

from flask import abort, render_template

from app.web import site
from app.web.asking.shell import sorted_cities
from app.web.language import current_language
from app.web.resident.services import wave_or_404
from surveys.fieldwork.modes import ModeGroup, wave_modes
from surveys.fieldwork.progress import CityProgress, wave_progress
from surveys.models import Wave
from surveys.questionnaire.definition import Questionnaire


@dataclass(frozen=True, slots=True)
class ProgressPage:
    """What the page shows; cities stand in the order of the alphabet, for this is no contest."""

    wave: Wave
    questionnaire: Questionnaire
    cities: tuple[tuple[str, CityProgress], ...]
    folded: int
    target: int
    modes: tuple[ModeGroup, ...]


def progress(wave: str) -> str:
    """Show how far a wave has come; a wave of staff is in no public count."""
    view = wave_or_404(wave, closed_too=True)
    if not view.is_public:
        abort(404)
    with site.database().reading() as session:
        by_city = {each.city: each for each in wave_progress(session, wave)}
        page = ProgressPage(
            wave=session.get_one(Wave, wave),
            questionnaire=view.compiled.questionnaire,
            cities=tuple((name, by_city[code]) for code, name in sorted_cities(current_language()) if code in by_city),
            folded=sum(each.folded or 0 for each in by_city.values()),
            target=sum(each.target for each in by_city.values()),
            modes=wave_modes(session, wave),
        )
    return render_template("resident/progress.html", page=page)
