"""A publication as data: everything the portal shows, with the numbers already rounded once.

Scores are on 0-100 with one decimal, standard errors with two, rounded half up when the bundle is built; counts of
people are in whole tens, rounded down. Page, CSV and JSON therefore show the same digits. The run keeps the unrounded
values.
"""

import json
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from app.publishing.results import (
    AgreementResult,
    AreaResult,
    CityResult,
    DiagnosticResult,
    EstimateResult,
    ExaminationResult,
    FindingResult,
    GroupResult,
    IndexResult,
    MovedResult,
    PeopleResult,
    PlaceResult,
    RangeResult,
    RuleResult,
    ShareResult,
    TierResult,
    UnverifiedResult,
)
from surveys.decoding import decode
from surveys.languages import Text3

FORMAT = 4
"""Of the bundles written now.

Format 1 had totals, areas and rules alone, until 3 counts of people were exact, and until 4 nothing said how values had
been examined, what a publication corrects, why it was made though its inputs had changed, and where the journal ended.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaName:
    """An area of the edition, in the edition's order."""

    code: str
    name: Text3
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CityName:
    """A rated city with the forms its name takes in a sentence."""

    code: str
    name: Text3
    name_in: Text3
    name_of: Text3
    region: Text3 | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupName:
    """A group of areas that are averaged together."""

    code: str
    name: Text3


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicName:
    """An area as the questionnaires ask about it; `area` is the area of the edition that it feeds."""

    code: str
    area: str
    name: Text3


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorName:
    """An indicator of the edition; a value times `per` scores 0 at `low` and 100 at `high`, where it has bounds."""

    code: str
    area: str
    name: Text3
    unit: Text3
    per: int
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryName:
    """A category of people; `city` is empty except where a category exists in one city alone."""

    audience: str
    dimension: str
    city: str
    category: str
    name: Text3


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedQuestion:
    """A question as it was asked, for the method card."""

    audience: str
    area: str
    scored: bool
    wording: Text3
    options: tuple[Text3, ...]
    question: str = ""
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedModes:
    """Answers of an audience that came in one of some modes: in tens, and in percent of all that are shown."""

    audience: str
    modes: tuple[str, ...]
    n: int
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodCard:
    """What is required of a published poll: who, for whom, when, how, how many, how sure."""

    conducted_by: Text3
    ordered_by: Text3
    collected_from: date
    collected_to: date
    mode: Text3
    residents_n: int
    businesses_n: int
    half_width: float | None
    asked: tuple[PublishedQuestion, ...]
    modes: tuple[PublishedModes, ...] = ()
    """Empty in publications made before it was published, and where too few answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedMethod:
    """The edition's choices that a reader needs to redo the arithmetic."""

    edition: str
    title: Text3
    edition_digest: str
    headline: str
    alpha: float
    business_share: dict[str, float]
    minimum_n: int
    groups: dict[str, float]
    indicators_illustrative: bool
    opinion_illustrative: bool
    stands_for: Text3 | None
    source: Text3
    blend_n: int | None = None
    business_n: int | None = None
    open_share: float | None = None
    widest: float | None = None
    blend_widest: float | None = None
    headline_opinion: str = "any"
    network_share: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedCorrection:
    """The publication that this one corrects, and why."""

    number: int
    reason: Text3


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedHead:
    """The last row of the staff's journal when the publication was computed: its number, and its hash (sha256, hex)."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedSensitivity:
    """What the choices of the method do to the places (SCORING §7)."""

    indices: tuple[IndexResult, ...]
    ranges: tuple[RangeResult, ...]
    moved: tuple[MovedResult, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """One publication; `number` counts from 1 and never changes its content.

    Publications of format 1 have none of what carries a default here. `derivations` are the digests of the cities'
    derivation trees, which are files of their own.
    """

    number: int
    published_on: date
    run: str
    input_digest: str
    output_digest: str
    method: PublishedMethod
    areas: tuple[AreaName, ...]
    cities: tuple[CityName, ...]
    city_results: tuple[CityResult, ...]
    area_results: tuple[AreaResult, ...]
    rule_results: tuple[RuleResult, ...]
    card: MethodCard
    format: int = 1
    groups: tuple[GroupName, ...] = ()
    topics: tuple[TopicName, ...] = ()
    indicators: tuple[IndicatorName, ...] = ()
    categories: tuple[CategoryName, ...] = ()
    place_results: tuple[PlaceResult, ...] = ()
    unverified_results: tuple[UnverifiedResult, ...] = ()
    group_results: tuple[GroupResult, ...] = ()
    tier_results: tuple[TierResult, ...] = ()
    estimates: tuple[EstimateResult, ...] = ()
    shares: tuple[ShareResult, ...] = ()
    people: tuple[PeopleResult, ...] = ()
    findings: tuple[FindingResult, ...] = ()
    diagnostics: tuple[DiagnosticResult, ...] = ()
    sensitivity: PublishedSensitivity | None = None
    derivations: dict[str, str] = field(default_factory=dict)
    examinations: tuple[ExaminationResult, ...] = ()
    agreement: tuple[AgreementResult, ...] = ()
    """How far two assessors agreed: one row, none in publications made before it was measured."""
    corrects: PublishedCorrection | None = None
    inputs_changed: Text3 | None = None
    """Why it was published though its inputs had changed after it was computed; None where they had not."""
    journal_head: PublishedHead | None = None

    def to_json(self) -> str:
        """Write the bundle canonically: the same bundle is the same text."""
        return json.dumps(self, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)

    @classmethod
    def from_json(cls, text: str) -> "Bundle":
        """Read a bundle of any format that `to_json` ever wrote; raises DecodingError for any other text."""
        return decode(cls, text)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    # asdict would copy every row deeply, which costs seconds on thousands of them.
    return {each.name: getattr(value, each.name) for each in fields(value)}
