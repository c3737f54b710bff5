"""The rows of a publication: one class a table, a field a column; None where there is no number.

An exact zero is the whole number 0, a value that only rounds to nothing is 0.0: two different things in the Bureau's
legend, and in JSON and CSV as well. Columns with a default came later than the first publications.
"""

from dataclasses import dataclass

OTHERS = "others"
"""Code of people of several groups put together; as in scoring.derivation.nodes, which no web process loads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CityResult:
    """One city's place in the rating; None where it is not rated."""

    city: str
    status: str
    total: float | None
    se: float | None
    low: float | None
    high: float | None
    place: int | None
    place_low: int | None
    place_high: int | None
    total_without_opinion: float | None
    place_without_opinion: int | None
    total_opinion_only: float | None
    residents_n: int
    businesses_n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnverifiedResult:
    """One city's total and place where unverified answers speak of areas of which too few verified ones do.

    It stands beside the headline, which these answers do not move.
    """

    city: str
    status: str
    total: float | None
    se: float | None
    low: float | None
    high: float | None
    place: int | None
    place_low: int | None
    place_high: int | None
    total_opinion_only: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceResult:
    """A city's group without clear differences, its simultaneous rank interval, its total on available cases."""

    city: str
    tied_group: int | None
    together_low: int | None
    together_high: int | None
    total_available_case: float | None
    place_available_case: int | None
    coverage: float | None
    flagged: int
    total_without_flagged: float | None
    place_without_flagged: int | None
    employees: int | None = None
    """Residents who said that they work in an akimat; None where nobody was asked or said so."""
    total_without_employees: float | None = None
    place_without_employees: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaResult:
    """One area of one city: indicators, residents, businesses and their blend.

    `note` says why the opinion does not enter the blend as it is; `residents_note` and `businesses_note` why an
    audience shows no number. All three are reason codes or empty.
    """

    city: str
    area: str
    indicators: float | None
    available_case: float | None
    reported: int
    applicable: int
    residents: float | None
    residents_n: int
    residents_se: float | None
    businesses: float | None
    businesses_n: int
    businesses_se: float | None
    opinion: float | None
    opinion_se: float | None
    blended: float | None
    note: str
    residents_note: str = ""
    businesses_note: str = ""
    residents_effective_n: float | None = None
    businesses_effective_n: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleResult:
    """One city's total under one named rule of the edition."""

    city: str
    rule: str
    total: float | None
    place: int | None
    total_without_opinion: float | None
    place_without_opinion: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupResult:
    """One group of areas of one city: its points of Table 2, and the chance in percent of each number of points."""

    city: str
    group: str
    indicators: float | None
    opinion: float | None
    blended: float | None
    se: float | None
    points: int | None
    p1: float | None
    p2: float | None
    p3: float | None
    p4: float | None
    p5: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TierResult:
    """The sample of one tier of one audience of one city, and how it was weighted; `notes` are joined by "; ".

    Where one of two tiers has few people, nothing is said of how many either has.
    """

    audience: str
    city: str
    tier: str
    status: str
    n: int | None
    effective_n: float | None
    largest: float | None
    trimmed: int
    notes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateResult:
    """What one tier of one audience of one city says of an area of the questionnaire."""

    audience: str
    city: str
    tier: str
    area: str
    mean: float | None
    se: float | None
    n: int
    effective_n: float | None
    design_effect: float | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareResult:
    """A share of answers to one question in one city, in percent; a net promoter score from -100 to 100.

    None where those counted in it, or those not counted in it, are few; then nothing is said of how many answered.
    """

    audience: str
    city: str
    question: str
    measure: str
    value: float | None
    se: float | None
    n: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleResult:
    """An area's score among the people of one category; nothing of them is shown where they are few."""

    audience: str
    city: str
    area: str
    dimension: str
    category: str
    mean: float | None
    se: float | None
    n: int | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingResult:
    """One thing the linter found in the inputs."""

    severity: str
    code: str
    subject: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagnosticResult:
    """One thing worth knowing beside the numbers of a city."""

    city: str
    subject: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexResult:
    """How much of the movement of places one choice explains: alone, and with all it acts together with."""

    variant: str
    factor: str
    first: float
    total: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeResult:
    """The range of a city's place over all choices of a variant, and its place under the two fixed alternatives."""

    city: str
    place: int
    median: float
    low: float
    high: float
    place_alpha_0: int
    place_available_case: int
    variant: str = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedResult:
    """A city that one choice moves most in a variant, and by how many places on average.

    Publications without variants moved one choice alone, around the headline.
    """

    factor: str
    city: str
    mean_change: float
    variant: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExaminationResult:
    """What is to be known of one value beside its number; 1 where it is so.

    `not_accepted`: it was given and nobody has accepted it, so it counts as missing (in a trial it counts as it is).
    `unreviewed`: it counts, though it stood before values were examined. `late`: it came after its day.
    """

    city: str
    indicator: str
    not_accepted: int
    unreviewed: int
    late: int


FEW_CASES = "few_cases"
ALL_THE_SAME = "all_the_same"
"""Why there is no kappa: too few cases for it to say anything, or verdicts that chance alone would give as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementResult:
    """How far the two who examine each value without seeing each other agreed, over all values of the period.

    Of `cases` that both judged: the percent on which both said the same, the percent of all their verdicts that sent a
    value back, and Cohen's kappa (1: always agreed, 0: no more than by chance). `kappa_reason` says why there is none:
    FEW_CASES (fewer than 20), or ALL_THE_SAME (every verdict was the same, where kappa is not defined).
    """

    cases: int
    agreed_percent: float | None
    returned_percent: float | None
    kappa: float | None
    kappa_reason: str = ""
