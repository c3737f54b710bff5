"""Editions of the method: reviewed files, one engine. A change of the method is a new file, never a branch in code."""

import hashlib
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from scoring.errors import EditionError

FOLDER = Path(__file__).parent / "editions"
METHODS = ("yes_no", "percentage", "ratio", "measured")
RULES = ("linear", "banded", "banded_area", "area_mean")
EDGES = ("upper_inclusive", "lower_inclusive")
LANGUAGES = ("kk", "ru", "en")


class Name(NamedTuple):
    """A name in the three languages."""

    kk: str
    ru: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Areas that are averaged together; `coefficient` is K of formulas (5)-(7).

    In a group where `opinion_required` no area's opinion may be borrowed: the city is then rated by indicators only.
    """

    code: str
    name: Name
    coefficient: int
    opinion_required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """An area of city life; `opinion_areas` are the questionnaire's areas that feed its opinion score.

    `alpha` is the share of opinion in this area where it is not the edition's.
    """

    code: str
    group: str
    name: Name
    opinion_areas: tuple[str, ...]
    business_share: Fraction
    alpha: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """An indicator; `low` scores 0 and `high` scores 100 (measured only; low > high where less is better)."""

    code: str
    area: str
    method: str
    name: Name
    unit: Name
    low: Fraction | None = None
    high: Fraction | None = None
    per: int = 1
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Edition:
    """One edition of the method, checked whole.

    An opinion is published from `minimum_n` effective answers and up to `widest` points of half-width of its 95 %
    range; it enters the blend from `blend_n` and up to `blend_widest`. Businesses count from `business_n` effective
    answers, and open answers have the share `open_share` (λ) beside verified ones.
    """

    code: str
    title: Name
    source: Name
    in_force_from: date
    headline: str
    band_edge: str
    alpha: Fraction
    minimum_n: int
    widest: Fraction
    blend_n: int
    blend_widest: Fraction
    business_n: int
    open_share: Fraction
    indicators_illustrative: bool
    stands_for: Name | None
    groups: tuple[Group, ...]
    areas: tuple[Area, ...]
    indicators: tuple[Indicator, ...]
    digest: str

    def indicators_of(self, area: str) -> tuple[Indicator, ...]:
        """List the indicators of an area."""
        return tuple(indicator for indicator in self.indicators if indicator.area == area)

    def areas_of(self, group: str) -> tuple[Area, ...]:
        """List the areas of a group."""
        return tuple(area for area in self.areas if area.group == group)

    def indicator(self, code: str) -> Indicator | None:
        """Find an indicator by its code."""
        return next((indicator for indicator in self.indicators if indicator.code == code), None)


def edition_codes() -> tuple[str, ...]:
    """List the editions that come with the product."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@cache
def load_edition(code: str) -> Edition:
    """Load a shipped edition by code; raises EditionError when there is none or its file has defects."""
    if code not in edition_codes():
        raise EditionError((f"no edition {code!r}: there are {', '.join(edition_codes())}",))
    return read_edition((FOLDER / f"{code}.toml").read_bytes())


def read_edition(content: bytes) -> Edition:
    """Read an edition file; raises EditionError naming every defect."""
    try:
        data = tomllib.loads(content.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise EditionError((f"not a TOML file: {error}",)) from error
    try:
        edition = _edition(data, hashlib.sha256(content).hexdigest())
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise EditionError((f"a field is missing or of the wrong kind: {error}",)) from error
    defects = tuple(_defects(edition))
    if defects:
        raise EditionError(defects)
    return edition


def _edition(data: Mapping[str, Any], digest: str) -> Edition:
    share = Fraction(data["business_share"])
    return Edition(
        code=data["code"],
        title=Name(**data["title"]),
        source=Name(**data["source"]),
        in_force_from=data["in_force_from"],
        headline=data["headline"],
        band_edge=data["band_edge"],
        alpha=Fraction(data["alpha"]),
        minimum_n=data["minimum_n"],
        widest=Fraction(data["widest"]),
        blend_n=data["blend_n"],
        blend_widest=Fraction(data["blend_widest"]),
        business_n=data["business_n"],
        open_share=Fraction(data["open_share"]),
        indicators_illustrative=data["indicators_illustrative"],
        stands_for=Name(**data["stands_for"]) if "stands_for" in data else None,
        groups=tuple(Group(**{**row, "name": Name(**row["name"])}) for row in data["group"]),
        areas=tuple(_area(row, share) for row in data["area"]),
        indicators=tuple(_unnamed(data)) + tuple(_indicator(row) for row in data.get("indicator", ())),
        digest=digest,
    )


def _area(row: Mapping[str, Any], share: Fraction) -> Area:
    return Area(
        code=row["code"],
        group=row["group"],
        name=Name(**row["name"]),
        opinion_areas=tuple(row.get("opinion_areas", (row["code"],))),
        business_share=Fraction(row["business_share"]) if "business_share" in row else share,
        alpha=Fraction(row["alpha"]) if "alpha" in row else None,
    )


def _indicator(row: Mapping[str, Any]) -> Indicator:
    bounds = {key: Fraction(row[key]) for key in ("low", "high") if key in row}
    return Indicator(**{**row, **bounds, "name": Name(**row["name"]), "unit": Name(**row["unit"])})


def _unnamed(data: Mapping[str, Any]) -> Iterator[Indicator]:
    """Give numbers to the indicators whose names were never published: only their count is known."""
    for area in data["area"]:
        kinds = [method for method, count in area.get("unnamed", {}).items() for _ in range(count)]
        for number, method in enumerate(kinds, start=1):
            yield Indicator(
                code=f"{area['code']}_{number}",
                area=area["code"],
                method=method,
                name=Name(
                    kk=f"{area['name']['kk']}: {number}-көрсеткіш (атауы жарияланбаған)",
                    ru=f"{area['name']['ru']}: показатель {number} (название не опубликовано)",
                    en=f"{area['name']['en']}: indicator {number} (name not published)",
                ),
                unit=Name("%", "%", "%"),
            )


def _defects(edition: Edition) -> Iterator[str]:
    if edition.headline not in RULES:
        yield f"headline {edition.headline!r} is none of {', '.join(RULES)}"
    if edition.band_edge not in EDGES:
        yield f"band_edge {edition.band_edge!r} is none of {', '.join(EDGES)}"
    if not 0 <= edition.alpha <= 1:
        yield f"alpha {edition.alpha} is not between 0 and 1"
    for kind, codes in (
        ("group", [group.code for group in edition.groups]),
        ("area", [area.code for area in edition.areas]),
        ("indicator", [indicator.code for indicator in edition.indicators]),
    ):
        yield from (f"{kind} {code} is given {n} times" for code, n in Counter(codes).items() if n > 1)
    yield from _group_defects(edition)
    for indicator in edition.indicators:
        yield from _indicator_defects(edition, indicator)


def _group_defects(edition: Edition) -> Iterator[str]:
    groups = {group.code for group in edition.groups}
    yield from (f"area {a.code}: no group {a.group!r}" for a in edition.areas if a.group not in groups)
    yield from (f"group {group} has no area" for group in sorted(groups) if not edition.areas_of(group))
    yield from (
        f"group {g.code}: coefficient {g.coefficient} is not positive" for g in edition.groups if g.coefficient <= 0
    )
    for area in edition.areas:
        if not 0 <= area.business_share <= 1:
            yield f"area {area.code}: business_share {area.business_share} is not between 0 and 1"


def _indicator_defects(edition: Edition, indicator: Indicator) -> Iterator[str]:
    here = f"indicator {indicator.code}"
    if indicator.area not in {area.code for area in edition.areas}:
        yield f"{here}: no area {indicator.area!r}"
    if indicator.method not in METHODS:
        yield f"{here}: method {indicator.method!r} is none of {', '.join(METHODS)}"
    bounded = indicator.low is not None and indicator.high is not None
    if indicator.method == "measured" and (not bounded or indicator.low == indicator.high):
        yield f"{here}: a measured value needs two different bounds, low and high"
    if not all(indicator.name):
        yield f"{here}: a name is empty"
