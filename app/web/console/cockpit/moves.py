"""What would move a city: values by the points that their best would bring, and what people say beside them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

from app.ratings.stored import rows_of
from app.ratings.whatif import TABLES, read_known_run
from app.web.console.cockpit.sources import RatedRun, Tables, area_names
from app.web.language import _l, number, pick
from app.web.rating.gap import Z95
from scoring.totals.rules import area_weights
from scoring.whatif import KnownRun, Lever, best, if_people_said, levers, what_if
from surveys.languages import Text3

WANTED = (*TABLES, "areas", "examination")
EVIDENCE = {
    "yes_no": _l("a document that shows it"),
    "percentage": _l("a report or a register with the percentage"),
    "ratio": _l("reports or registers with both numbers"),
    "measured": _l("a report or a register with the number"),
}
"""What is asked for as evidence, by the way an indicator is reported."""
DIGITS = 2


@dataclass(frozen=True, slots=True)
class MoveRow:
    """One value, and what its best would do."""

    code: str
    name: str
    area: str
    score: str
    gain: str
    places: str
    evidence: str
    suggestions: int
    is_waiting: bool
    """Whether it was given and nobody has accepted it yet."""
    is_ticked: bool


@dataclass(frozen=True, slots=True)
class MoveSet:
    """Several values at once."""

    n: int
    gain: str
    total: str
    places: str


@dataclass(frozen=True, slots=True)
class PeopleRow:
    """An area, and what the total would be if its people spoke of it as in the median city."""

    area: str
    own: str
    median: str
    change: str
    margin: str
    suggestions: int


@dataclass(frozen=True, slots=True)
class Moves:
    """Everything the page shows; `total` is empty where the city has none."""

    total: str
    places: str
    reported: tuple[MoveRow, ...]
    missing: tuple[MoveRow, ...]
    all_missing: MoveSet | None
    ticked: MoveSet | None
    people: tuple[PeopleRow, ...]


def read_moves(
    rated: RatedRun, city: str, tables: Tables, suggestions: Mapping[str, int], ticked: Collection[str]
) -> Moves | None:
    """Compute what would move a city; None for a run of an earlier release, which did not keep what this needs."""
    own = {kind: tables[rated.run.id, kind] for kind in WANTED if (rated.run.id, kind) in tables}
    if not own.keys() >= set(TABLES):
        return None
    known = read_known_run(rated.run, own, city)
    if city not in known.indicators:
        return Moves("", "", (), (), None, None, ())
    now, found = what_if(known, city, {}), levers(known, city)
    waiting = _not_accepted(own.get("examination", b""), city)
    rows = [(lever, _row(known, lever, suggestions, (waiting, ticked))) for lever in found]
    offered = {lever.indicator.code for lever in found}
    missing = [lever.indicator.code for lever in found if lever.is_missing]
    return Moves(
        total="" if now.total is None else number(float(now.total), 1),
        places=places_text(now.places),
        reported=tuple(row for lever, row in rows if not lever.is_missing),
        missing=tuple(row for lever, row in rows if lever.is_missing),
        all_missing=_together(known, city, missing),
        ticked=_together(known, city, [code for code in ticked if code in offered]),
        people=_people_rows(known, city, own.get("areas", b""), suggestions),
    )


def places_text(places: tuple[int, int] | None) -> str:
    """Write the places that a city could hold."""
    if places is None:
        return "–"
    low, high = places
    return number(low) if low == high else f"{number(low)}–{number(high)}"


def points_text(points: Fraction | float) -> str:
    """Write a change in points with its sign."""
    written = number(float(points), DIGITS)
    return f"+{written}" if float(points) > 0 else written


def _row(
    known: KnownRun, lever: Lever, suggestions: Mapping[str, int], marks: tuple[Collection[str], Collection[str]]
) -> MoveRow:
    indicator, (waiting, ticked) = lever.indicator, marks
    return MoveRow(
        code=indicator.code,
        name=pick(Text3(*indicator.name)),
        area=area_names(known.edition)[indicator.area],
        score="" if lever.is_missing else number(float(lever.score), 1),
        gain=points_text(lever.gain),
        places=places_text(lever.places),
        evidence=str(EVIDENCE[indicator.method]),
        suggestions=suggestions.get(indicator.area, 0),
        is_waiting=indicator.code in waiting,
        is_ticked=indicator.code in ticked,
    )


def _together(known: KnownRun, city: str, codes: Collection[str]) -> MoveSet | None:
    if not codes:
        return None
    indicators = [each for each in known.edition.indicators if each.code in codes]
    now, then = what_if(known, city, {}), what_if(known, city, {each.code: best(each) for each in indicators})
    if now.total is None or then.total is None:
        return None
    gain = points_text(then.total - now.total)
    return MoveSet(len(indicators), gain, number(float(then.total), 1), places_text(then.places))


def _people_rows(known: KnownRun, city: str, table: bytes, suggestions: Mapping[str, int]) -> tuple[PeopleRow, ...]:
    """Say of each area with an opinion of its own what the median city's would do, and within which margin."""
    voice, now = known.voices[city], what_if(known, city, {})
    weights = area_weights(known.edition.headline, known.edition)
    errors = {row["area"]: row["opinion_se"] for row in rows_of(table) if row["city"] == city}
    rows = []
    for area, name in area_names(known.edition).items():
        own, scores = voice.scores.get(area), _opinions(known, area)
        if own is None or area in voice.borrowed or now.total is None or not scores or not known.alphas[area]:
            continue
        middle = median(scores)
        then = if_people_said(known, city, {area: middle})
        share = 0.0 if weights is None else float(known.alphas[area] * weights[area])
        margin = number(Z95 * share * float(errors[area]), DIGITS) if share and errors.get(area) else ""
        change = points_text((then.total or now.total) - now.total)
        rows.append(PeopleRow(name, number(own, 1), number(middle, 1), change, margin, suggestions.get(area, 0)))
    return tuple(rows)


def _opinions(known: KnownRun, area: str) -> list[float]:
    """List what people of all cities say of an area, where it is their own."""
    voices = (voice for voice in known.voices.values() if area not in voice.borrowed)
    return [score for voice in voices if (score := voice.scores.get(area)) is not None]


def _not_accepted(table: bytes, city: str) -> set[str]:
    return {row["indicator"] for row in rows_of(table) if row["city"] == city and row["not_accepted"] == "1"}
