"""What the choices of the method do to the places, where the machine that publishes can compute it."""

from dataclasses import replace
from fractions import Fraction
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from app.publishing.bundle import PublishedSensitivity
from app.publishing.results import IndexResult, MovedResult, RangeResult
from app.publishing.rows import SCORE_DIGITS, read, rounded
from scoring.output.tables import Result

INDEX_DIGITS = 3


def sensitivity(result: Result, alpha: Fraction) -> PublishedSensitivity | None:
    """Vary every choice of the method around a run's own; None without scipy, or when nothing was blended."""
    if find_spec("scipy") is None:
        return None
    # scipy costs half a second and 40 MB: only a process that publishes should load it.
    engine = import_module("scoring.sensitivity")
    areas = tuple(replace(area, alpha=None) for area in result.edition.areas)
    studies = engine.sensitivity(replace(result, edition=replace(result.edition, alpha=alpha, areas=areas)))
    if studies.indices.empty:
        return None
    alternatives = {row["city"]: row for row in read(studies.alternatives)}
    return PublishedSensitivity(
        indices=tuple(IndexResult(**_rounded(row, INDEX_DIGITS)) for row in read(studies.indices)),
        ranges=tuple(RangeResult(**_rounded(row | alternatives[row["city"]], 1)) for row in read(studies.cities)),
        moved=tuple(MovedResult(**_rounded(row, SCORE_DIGITS)) for row in read(studies.moved)),
    )


def _rounded(row: dict[str, Any], digits: int) -> dict[str, Any]:
    return {
        name: value if isinstance(value, str) else rounded(value, digits) if isinstance(value, float) else int(value)
        for name, value in row.items()
    }
