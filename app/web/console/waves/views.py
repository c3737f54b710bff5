"""What the pages of waves show: small frozen views, with nothing of a person in them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.permissions import Permission, Person, cities_of
from app.fieldwork.step_counts import StepLine, wave_steps
from app.web.console.layout import city_name
from app.web.console.questionnaires.naming import version_name
from app.web.console.waves import words
from app.web.console.waves.naming import name_waves, wave_name
from app.web.language import alphabetical, pick
from surveys.fieldwork.modes import ModeGroup, wave_modes
from surveys.fieldwork.progress import CityProgress, wave_progress
from surveys.models import Wave, WaveCity
from surveys.models.tallies import MINIMUM
from surveys.questionnaire.definition import PUBLIC_AUDIENCES
from surveys.questionnaire.versions import get_compiled
from surveys.responses import withdrawal


@dataclass(frozen=True, slots=True)
class WaveLine:
    """A wave in the list."""

    code: str
    name: str
    audience: str
    state: str
    opens_on: date
    closes_on: date
    cities: int
    target: int
    illustrative: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WavePage:
    """A wave with the progress of its cities; `materials` are the cities for which this person may make things."""

    line: WaveLine
    version: str
    questionnaire: str
    gates: tuple[str, ...]
    cities: tuple[tuple[str, CityProgress], ...]
    folded: int | None
    """What is shown of all cities, summed: there are so many answers or more. None where all have fewer than ten."""
    hidden: int
    """Cities with fewer than ten answers, which are not in the sum."""
    materials: frozenset[str]
    waits: int | None
    """Withdrawals that wait, rounded down to tens (0 is fewer than ten); None where none waits or nobody asked."""
    next_step: str
    """What may be done with the wave next: open, close, freeze or nothing."""


@dataclass(frozen=True, slots=True)
class NamedStep:
    """A step of the form with its title."""

    title: str
    line: StepLine
    share: int | None
    """Percent of those who came to it that went on; None where that cannot be told."""


def list_waves(session: Session) -> list[WaveLine]:
    """List all waves, those that run first, then the newest."""
    cities = select(WaveCity.wave, func.count().label("n"), func.sum(WaveCity.target_n).label("target"))
    counts = cities.group_by(WaveCity.wave).subquery()
    rows = session.execute(select(Wave, counts.c.n, counts.c.target).outerjoin(counts, counts.c.wave == Wave.code))
    found = [(wave, int(n or 0), int(target or 0)) for wave, n, target in rows]
    names = name_waves(session, (wave for wave, _n, _target in found))
    lines = [_line(wave, names[wave.code], n, target) for wave, n, target in found]
    order = ("open", "planned", "closed", "frozen")
    return sorted(lines, key=lambda line: (order.index(line.state), -line.opens_on.toordinal(), line.code))


def read_wave(session: Session, person: Person, code: str) -> WavePage | None:
    """Read a wave for its page; None when there is none."""
    wave = session.get(Wave, code)
    if wave is None:
        return None
    progress, asked = wave_progress(session, code), get_compiled(session, wave.version).questionnaire
    is_manager = person.may(Permission.MANAGE_WAVES)
    waiting = len(withdrawal.waiting(session, code)) if is_manager and wave.state in withdrawal.RUNNING else 0
    own = cities_of(person.grants, Permission.FIELD_MATERIALS)
    running = wave.state in {"planned", "open"} and (own is None or wave.audience in PUBLIC_AUDIENCES)
    return WavePage(
        line=_line(wave, wave_name(asked.title, wave), len(progress), sum(each.target for each in progress)),
        version=wave.version,
        questionnaire=version_name(asked.title, asked.version),
        gates=tuple(str(words.GATES[gate]) for gate in wave.gate_names.split()),
        cities=_named(progress),
        folded=sum(each.folded or 0 for each in progress) or None,
        hidden=sum(each.folded is None for each in progress),
        materials=frozenset(each.city for each in progress if running and (own is None or each.city in own)),
        waits=waiting - waiting % MINIMUM if waiting else None,
        next_step={"planned": "open", "open": "close", "closed": "freeze"}.get(wave.state, "") if is_manager else "",
    )


def read_name(session: Session, wave: Wave) -> str:
    """Give what a wave is called."""
    return wave_name(get_compiled(session, wave.version).questionnaire.title, wave)


def read_steps(session: Session, wave: Wave, lang: str) -> list[NamedStep]:
    """Read how many went on from each step of a wave's form, in one language or (empty) in all."""
    questionnaire = get_compiled(session, wave.version).questionnaire
    titles = {page.code: _without_city(pick(page.title)) for page in questionnaire.pages}
    titles |= {step: str(title) for step, title in words.OWN_STEPS.items()}
    lines = wave_steps(session, wave.code, questionnaire, lang=lang)
    return [NamedStep(titles[line.step], line, _share(line)) for line in lines]


def read_modes(session: Session, wave: str) -> tuple[ModeGroup, ...]:
    """Read how the answers came."""
    return wave_modes(session, wave)


def _named(progress: Iterable[CityProgress]) -> tuple[tuple[str, CityProgress], ...]:
    """Put names beside cities, by the alphabet: this is no contest."""
    named = [(city_name(each.city), each) for each in progress]
    return tuple(sorted(named, key=lambda pair: alphabetical(pair[0])))


def _share(line: StepLine) -> int | None:
    if line.reached is None or line.passed is None:
        return None
    return min(100, (200 * line.passed + line.reached) // (2 * line.reached))


def _without_city(title: str) -> str:
    return title.format(city="…", city_in="…", city_of="…")


def _line(wave: Wave, name: str, cities: int, target: int) -> WaveLine:
    days = (wave.opens_on, wave.closes_on)
    return WaveLine(wave.code, name, wave.audience, wave.state, *days, cities, target, wave.illustrative)
