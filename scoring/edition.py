"""Editions of the method: reviewed files, one engine. A change of the method is a new file, never a branch in code."""

import hashlib
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from scoring.errors import EditionError
from scoring.fields import Fields

FOLDER = Path(__file__).parent / "editions"
METHODS = ("yes_no", "percentage", "ratio", "measured")
RULES = ("linear", "banded", "banded_area", "area_mean")
EDGES = ("upper_inclusive", "lower_inclusive")
HEADLINE_OPINIONS = ("any", "verified")
"""Whose answers may move the headline where nobody was verified, or too few: anybody's, or nobody's."""

DIRECTIONS = ("more", "less")
"""Whether more or less of a measured thing is better."""

NETWORK_SHARE = Fraction(1, 20)
"""Largest share of a city's open answers that one network may have, where the edition sets none."""

Name = tuple[str, str, str]
"""A name in the three languages, in the order of LANGUAGES; who shows it makes a text of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaGroup:
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
    """An indicator; a measured one scores 0 at `low` and 100 at `high` (low > high where less is better).

    A reported value is multiplied by `per` first, such as 100,000 for a count per head; `why` gives the reason of the
    bounds and of the direction.
    """

    code: str
    area: str
    method: str
    name: Name
    unit: Name
    low: Fraction | None = None
    high: Fraction | None = None
    per: int = 1
    direction: str = "more"
    source: str = ""
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Edition:
    """One edition of the method, checked whole.

    An opinion is published from `minimum_n` effective answers and up to `widest` points of half-width of its 95 %
    range; it enters the blend from `blend_n` and up to `blend_widest`. Businesses count from `business_n` effective
    answers, and open answers have the share `open_share` (λ) beside verified ones. One network has at most the share
    `network_share` of a city's open answers. With `headline_opinion` "verified", areas of which too few verified
    answers speak do not move the headline; open answers then make a second total beside it. `stands_for` is said on
    every page where figures speak of something else than the city itself.
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
    network_share: Fraction
    headline_opinion: str
    indicators_illustrative: bool
    stands_for: Name | None
    groups: tuple[AreaGroup, ...]
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


def strictest_network_share() -> Fraction:
    """Give the smallest `network_share` of all editions: answers of a wave are weighed once, for every edition."""
    return min(load_edition(code).network_share for code in edition_codes())


def read_edition(content: bytes) -> Edition:
    """Read an edition file; raises EditionError naming every defect.

    A file that `extends` a shipped edition says only what it changes; its digest is over both files.
    """
    data = _toml(content)
    base = data.pop("extends", None)
    if base is not None:
        if base not in edition_codes():
            raise EditionError((f"edition: extends {base!r}, expected one of {', '.join(edition_codes())}",))
        below = (FOLDER / f"{base}.toml").read_bytes()
        data, content = _toml(below) | data, below + content
    defects: list[str] = []
    edition = _edition(Fields(data, "edition", defects), hashlib.sha256(content).hexdigest())
    defects.extend(_defects(edition))
    if defects:
        raise EditionError(tuple(defects))
    return edition


def _toml(content: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(content.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise EditionError((f"not a TOML file: {error}",)) from error


def _edition(file: Fields, digest: str) -> Edition:
    business_share, areas = file.share("business_share"), file.tables("area")
    edition = Edition(
        code=file.text("code"),
        title=file.three("title"),
        source=file.three("source"),
        in_force_from=file.day("in_force_from"),
        headline=file.choice("headline", RULES),
        band_edge=file.choice("band_edge", EDGES),
        alpha=file.share("alpha"),
        minimum_n=file.integer("minimum_n"),
        widest=file.exact("widest"),
        blend_n=file.integer("blend_n"),
        blend_widest=file.exact("blend_widest"),
        business_n=file.integer("business_n"),
        open_share=file.share("open_share"),
        network_share=file.share("network_share") if file.has("network_share") else NETWORK_SHARE,
        headline_opinion=file.choice("headline_opinion", HEADLINE_OPINIONS, "any"),
        indicators_illustrative=file.flag("indicators_illustrative"),
        stands_for=file.three("stands_for") if file.has("stands_for") else None,
        groups=tuple(_group(row) for row in file.tables("group")),
        indicators=tuple(each for row in areas for each in _unnamed(row))
        + tuple(map(_indicator, file.tables("indicator"))),
        areas=tuple(_area(row, business_share) for row in areas),
        digest=digest,
    )
    file.close()
    return edition


def _group(row: Fields) -> AreaGroup:
    group = AreaGroup(
        code=row.text("code"),
        name=row.three("name"),
        coefficient=row.integer("coefficient"),
        opinion_required=row.flag("opinion_required", default=False),
    )
    row.close()
    return group


def _area(row: Fields, business_share: Fraction) -> Area:
    code = row.text("code")
    area = Area(
        code=code,
        group=row.text("group"),
        name=row.three("name"),
        opinion_areas=row.texts("opinion_areas", (code,)),
        business_share=row.share("business_share") if row.has("business_share") else business_share,
        alpha=row.share("alpha") if row.has("alpha") else None,
    )
    row.close()
    return area


def _unnamed(row: Fields) -> Iterator[Indicator]:
    """Make the indicators whose names were never published: of them only an area's count is known."""
    counts, area = row.counts("unnamed"), row.text("code")
    kk, ru, en = row.three("name") if counts else _NO_NAME
    kinds = [method for method, count in counts.items() for _ in range(count)]
    for number, method in enumerate(kinds, start=1):
        yield Indicator(
            code=f"{area}_{number}",
            area=area,
            method=method,
            name=(
                f"{kk}: {number}-көрсеткіш (атауы жарияланбаған)",
                f"{ru}: показатель {number} (название не опубликовано)",
                f"{en}: indicator {number} (name not published)",
            ),
            unit=("%", "%", "%"),
        )


def _indicator(row: Fields) -> Indicator:
    method = row.choice("method", METHODS)
    is_measured = method == "measured"
    indicator = Indicator(
        code=row.text("code"),
        area=row.text("area"),
        method=method,
        name=row.three("name"),
        unit=row.three("unit"),
        low=row.exact("low") if is_measured else None,
        high=row.exact("high") if is_measured else None,
        per=row.integer("per", 1),
        direction=row.choice("direction", DIRECTIONS) if is_measured else "more",
        source=row.text("source", ""),
        why=row.text("why") if is_measured else row.text("why", ""),
    )
    row.close()
    return indicator


def _defects(edition: Edition) -> Iterator[str]:
    for kind, codes in (
        ("group", [group.code for group in edition.groups]),
        ("area", [area.code for area in edition.areas]),
        ("indicator", [indicator.code for indicator in edition.indicators]),
    ):
        yield from (f"{kind} {code}: given {n} times" for code, n in Counter(codes).items() if n > 1)
    groups, areas = {group.code for group in edition.groups}, {area.code for area in edition.areas}
    if not groups:
        yield "edition: no group"
    yield from (f"area {a.code}: no group {a.group!r}" for a in edition.areas if a.group not in groups)
    yield from (f"group {code}: no area in it" for code in sorted(groups) if not edition.areas_of(code))
    for indicator in edition.indicators:
        if indicator.area not in areas:
            yield f"indicator {indicator.code}: no area {indicator.area!r}"
        yield from _bound_defects(indicator)
    for name, value in (("widest", edition.widest), ("blend_widest", edition.blend_widest)):
        if value <= 0:
            yield f"edition: {name} is {value}, expected above 0"
    if edition.network_share == 0:
        yield "edition: network_share is 0, expected above 0"


def _bound_defects(indicator: Indicator) -> Iterator[str]:
    low, high = indicator.low, indicator.high
    if low is None or high is None:
        return
    if low == high:
        yield f"indicator {indicator.code}: low and high are both {low}"
    elif (low < high) != (indicator.direction == "more"):
        yield f"indicator {indicator.code}: direction {indicator.direction!r}, but low is {low} and high {high}"


_NO_NAME: Name = ("", "", "")
