"""Staff against residents: what the page shows and says of each area."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.ratings import staff_answers
from app.ratings.staff_answers import ComparedArea, Mean
from app.web.console.cockpit.sources import CockpitScope, Tables
from app.web.console.tables import Args
from app.web.console.waves.naming import name_waves
from app.web.language import _, number, pick
from scoring.rounding import half_up
from surveys.models import Wave
from surveys.models.tallies import MINIMUM
from surveys.questionnaire.versions import get_compiled

DIGITS = 1
TABLE = "estimates"
"""The table of a run that the page reads: what residents say of each area."""


@dataclass(frozen=True, slots=True)
class StaffRow:
    """An area: both means with their intervals and numbers of answers in tens, and what follows; None is not shown."""

    area: str
    residents: tuple[float, float, float, int] | None
    staff: tuple[float, float, float, int] | None
    difference: tuple[float, float, float] | None
    words: str
    told: str
    """Whether staff see it `higher` or `lower` beyond chance; empty where that cannot be told."""

    def cells(self) -> list[object]:
        """Give the row as a file holds it."""
        nothing: tuple[None, ...] = (None,)
        parts = (self.residents or nothing * 4, self.staff or nothing * 4, self.difference or nothing * 3)
        return [self.area, *(value for part in parts for value in part), self.words]


@dataclass(frozen=True, slots=True)
class StaffComparison:
    """The page: one wave of staff beside one rating."""

    wave: Wave
    names: dict[str, str]
    """The waves of staff that can be looked at, by code."""
    rows: tuple[StaffRow, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Count the areas by what can be told of them; `hidden` are those where a mean is not shown."""
        told = [row.told if row.difference else "hidden" for row in self.rows]
        return {kind: told.count(kind) for kind in ("higher", "lower", "", "hidden")}


def head() -> list[str]:
    """Give the headings of the file."""
    parts = (_("mean"), _("lower end"), _("upper end"), _("answers, rounded down to tens"))
    named = [f"{who}: {part}" for who in (_("Residents"), _("Akimat staff")) for part in parts]
    difference = _("Difference")
    ends = [difference, *(f"{difference}: {part}" for part in parts[1:3])]
    return [_("Area"), *named, *ends, _("In words")]


def read_staff(session: Session, scope: CockpitScope, found: Tables, args: Args) -> StaffComparison | None:
    """Set the wave that an address asks for, or the newest, beside the rating; None where there is no wave.

    Raises KeyError for a wave that is not among them.
    """
    waves = {wave.code: wave for wave in staff_answers.list_staff_waves(session, scope.city)}
    if not waves:
        return None
    wave = waves[args.get("wave") or next(iter(waves))]
    names = name_waves(session, waves.values())
    if scope.chosen is None:
        return StaffComparison(wave, names, ())
    run = scope.chosen.run
    areas = staff_answers.compare(
        staff_answers.residents_means(found[run.id, TABLE], scope.city),
        staff_answers.staff_means(session, wave, scope.city),
        staff_answers.areas_asked_alike(session, wave, run.waves.split()),
        scope.edition,
    )
    titles = {page.area: pick(page.title) for page in get_compiled(session, wave.version).questionnaire.pages}
    return StaffComparison(wave, names, tuple(_row(each, titles[each.area]) for each in areas if each.area in titles))


def _row(compared: ComparedArea, name: str) -> StaffRow:
    difference = compared.difference and _rounded(*compared.difference)
    told = _told(difference)
    return StaffRow(
        name, _shown(compared.residents), _shown(compared.staff), difference, _words(compared, difference), told
    )


def _told(difference: tuple[float, ...] | None) -> str:
    """Say which way a difference goes; by its rounded ends, so that nobody reads 0.0 beside a claim."""
    if difference is None:
        return ""
    _value, low, high = difference
    return "higher" if low > 0 else "lower" if high < 0 else ""


def _words(compared: ComparedArea, difference: tuple[float, ...] | None) -> str:
    if difference is None:
        return _why_none(compared)
    value, low, high = difference
    ends = {"low": number(abs(low), DIGITS), "high": number(abs(high), DIGITS), "points": number(abs(value), DIGITS)}
    told = _told(difference)
    if told == "higher":
        return _("Staff rate it higher by %(points)s points (from %(low)s to %(high)s).", **ends)
    if told == "lower":
        ends |= {"low": ends["high"], "high": ends["low"]}
        return _("Staff rate it lower by %(points)s points (from %(low)s to %(high)s).", **ends)
    return _("No difference can be told.")


def _why_none(compared: ComparedArea) -> str:
    if compared.residents is None and compared.staff is None:
        return _("Too few answers of either, or too far apart, to be shown.")
    if compared.staff is None:
        return _("Too few answers of staff, or too far apart, to be shown.")
    if compared.residents is None:
        return _("Too few answers of residents, or too far apart, to be shown.")
    return _("Other questions were asked, so the two cannot be compared.")


def _shown(mean: Mean | None) -> tuple[float, float, float, int] | None:
    if mean is None:
        return None
    return *_rounded(mean.value, mean.low, mean.high), mean.n - mean.n % MINIMUM


def _rounded(value: float, low: float, high: float) -> tuple[float, float, float]:
    return half_up(value, DIGITS) or 0.0, half_up(low, DIGITS) or 0.0, half_up(high, DIGITS) or 0.0
