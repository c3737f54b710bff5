"""What those who work in an akimat say of their city, beside what its residents say: two means of an area, apart.

Nothing here enters a rating (decision 45). It is computed for a page, from rows and without numpy (decision 35).
"""

import struct
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import hypot, sqrt
from statistics import NormalDist
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.ratings.stored import rows_of
from scoring.edition import Edition
from surveys.models import Tally, Wave, WaveCity
from surveys.models.questionnaires import QuestionnaireVersion
from surveys.models.tallies import MINIMUM
from surveys.questionnaire.compiled import Compiled
from surveys.questionnaire.versions import compiled_from, get_compiled

Z95 = NormalDist().inv_cdf(0.975)
"""Half of a 95 % interval, in standard errors."""

AUDIENCE = "staff"


class AreaSums(NamedTuple):
    """Of one area: how many answered, Σy and Σy²; y runs from scale to 5·scale."""

    n: int
    total: int
    total_sq: int
    scale: int


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean on 0-100 with its standard error; `n` counts answers, `effective_n` is Kish's."""

    value: float
    se: float
    n: int
    effective_n: float

    @property
    def low(self) -> float:
        """Lower end of the 95 % interval."""
        return max(0.0, self.value - Z95 * self.se)

    @property
    def high(self) -> float:
        """Upper end of the 95 % interval."""
        return min(100.0, self.value + Z95 * self.se)


class Difference(NamedTuple):
    """Staff less residents, in points, with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ComparedArea:
    """An area as both see it; None is a mean that the publication rule hides, and then the difference too."""

    area: str
    residents: Mean | None
    staff: Mean | None
    is_asked_alike: bool
    difference: Difference | None


def list_staff_waves(session: Session, city: str) -> Sequence[Wave]:
    """List the waves of staff in a city that are frozen, the newest first; synthetic ones that run too.

    Two looks, before and after somebody answered, or took an answer back of a wave that is closed and not frozen yet,
    would tell what that person said.
    """
    at_rest = (Wave.state == "frozen") | (Wave.illustrative & (Wave.state != "planned"))
    own = select(Wave).join(WaveCity, WaveCity.wave == Wave.code).where(WaveCity.city == city, at_rest)
    return session.scalars(own.where(Wave.audience == AUDIENCE).order_by(Wave.opens_on.desc(), Wave.code)).all()


def staff_means(session: Session, wave: Wave, city: str) -> dict[str, Mean]:
    """Give the mean of each area that two or more of a wave of staff answered in a city.

    Staff come by code, so every answer weighs the same, and no population is known to weight them to.
    """
    compiled = get_compiled(session, wave.version)
    rows = session.scalars(
        select(Tally.counts).where(Tally.wave == wave.code, Tally.city == city, Tally.base_weight > 0)
    )
    sums = area_sums(compiled, rows)
    return {area: mean for area, each in sums.items() if (mean := mean_of(each)) is not None}


def area_sums(compiled: Compiled, stored: Iterable[bytes]) -> dict[str, AreaSums]:
    """Add up the first numbers of stored vectors, those of single areas; the layout is surveys.tallies.cube's."""
    areas = compiled.areas
    size = len(areas)
    sums = [0] * (3 * size)
    for counts in stored:
        for index, value in enumerate(struct.unpack_from(f"<{3 * size}q", counts)):
            sums[index] += value
    return {
        area: AreaSums(sums[index], sums[size + index], sums[2 * size + index], compiled.area_scale(area))
        for index, area in enumerate(areas)
    }


def mean_of(sums: AreaSums) -> Mean | None:
    """Give the mean of points from 0 to 100 and its standard error s/√n; None for fewer than two answers."""
    n, total, total_sq, scale = sums
    if n < 2:
        return None
    value = 25 * (total / (n * scale) - 1)
    # Whole numbers up to the one division: n·Σy² - (Σy)² loses nothing.
    variance = 625 * (n * total_sq - total * total) / (n * (n - 1) * scale * scale)
    return Mean(value, sqrt(variance / n), n, float(n))


def residents_means(estimates: bytes, city: str) -> dict[str, Mean]:
    """Read a run's estimates of residents in a city: of two tiers the mixed one, which stands first."""
    means: dict[str, Mean] = {}
    for row in rows_of(estimates):
        if (row["audience"], row["city"]) == ("resident", city) and row["area"] not in means:
            means[row["area"]] = _read(row)
    return {area: mean for area, mean in means.items() if mean.n}


def _read(row: Mapping[str, str]) -> Mean:
    if row["reason"] or not row["mean"] or not row["se"]:
        return Mean(0.0, 0.0, 0, 0.0)
    return Mean(float(row["mean"]), float(row["se"]), int(row["n"]), float(row["effective_n"]))


def areas_asked_alike(session: Session, staff: Wave, residents: Iterable[str]) -> frozenset[str]:
    """List the areas in which staff were asked the scored questions that these waves asked residents."""
    ours = get_compiled(session, staff.version)
    versions = (
        select(QuestionnaireVersion.digest, QuestionnaireVersion.definition)
        .join(Wave, Wave.version == QuestionnaireVersion.digest)
        .where(Wave.code.in_(residents), Wave.audience == "resident")
    )
    theirs = [compiled_from(*version) for version in sorted({tuple(row) for row in session.execute(versions)})]
    return frozenset(area for area in ours.areas if all(_asked(each, area) == _asked(ours, area) for each in theirs))


def _asked(compiled: Compiled, area: str) -> frozenset[str]:
    return frozenset(item.question for item in compiled.area_items(area)) if area in compiled.areas else frozenset()


def compare(
    residents: Mapping[str, Mean], staff: Mapping[str, Mean], alike: Collection[str], edition: Edition
) -> tuple[ComparedArea, ...]:
    """Set the two beside each other in every area of either, by the edition's publication rule for both alike."""
    return tuple(
        _compared(area, residents.get(area), staff.get(area), area in alike, edition)
        for area in dict.fromkeys((*staff, *residents))
    )


def _compared(area: str, residents: Mean | None, staff: Mean | None, alike: bool, edition: Edition) -> ComparedArea:
    shown = [each if each is not None and may_be_shown(each, edition) else None for each in (residents, staff)]
    theirs, ours = shown
    difference = None if theirs is None or ours is None or not alike else difference_of(ours, theirs)
    return ComparedArea(area, theirs, ours, alike, difference)


def may_be_shown(mean: Mean, edition: Edition) -> bool:
    """Tell whether the edition's rule for publishing an opinion lets a mean be shown."""
    enough = mean.n >= MINIMUM and mean.effective_n >= edition.minimum_n
    return enough and Z95 * mean.se <= float(edition.widest)


def difference_of(staff: Mean, residents: Mean) -> Difference:
    """Subtract two means of different people: their errors are independent."""
    value, half = staff.value - residents.value, Z95 * hypot(staff.se, residents.se)
    return Difference(value, value - half, value + half)
