"""Everything a page of one city, or of one area, shows."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.publishing.bundle import AreaName, Bundle, CityName
from app.publishing.results import CityResult, GroupResult, PlaceResult, RangeResult, RuleResult, UnverifiedResult
from app.web.language import pick
from app.web.rating import choices, samples_and_answers
from app.web.rating.gap import GapPicture, gap_of_bundle
from app.web.rating.pages import AreaRow, area_cities, city_areas


@dataclass(frozen=True, slots=True, kw_only=True)
class CityPage:
    """A city."""

    city: CityName
    result: CityResult
    place: PlaceResult | None
    unverified: UnverifiedResult | None
    spans: Mapping[str, RangeResult]
    has_derivation: bool
    rows: list[AreaRow]
    gap: GapPicture | None
    groups: tuple[tuple[str, GroupResult], ...]
    rules: tuple[RuleResult, ...]
    samples: list[samples_and_answers.SampleLine]
    all_open: bool
    is_open: bool
    """Whether nobody was verified in this city, while people were elsewhere."""
    estimates: list[samples_and_answers.TopicEstimate]
    questions: list[samples_and_answers.QuestionShares]
    breakdowns: list[samples_and_answers.Breakdown]
    remarks: list[samples_and_answers.Remark]


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaPage:
    """An area."""

    area: AreaName
    rows: list[AreaRow]
    questions: list[samples_and_answers.CitiesOfQuestion]
    breakdowns: list[samples_and_answers.Breakdown]


def city_page(bundle: Bundle, city: CityName, lines: str) -> CityPage:
    """Gather what a city's page shows; `lines` says where those of the picture stand."""
    code = city.code
    groups = {group.code: pick(group.name) for group in bundle.groups}
    return CityPage(
        city=city,
        result=next(row for row in bundle.city_results if row.city == code),
        place=next((row for row in bundle.place_results if row.city == code), None),
        unverified=next((row for row in bundle.unverified_results if row.city == code), None),
        spans=choices.ranges(bundle).get(code, {}),
        has_derivation=code in bundle.derivations,
        rows=city_areas(bundle, code),
        gap=gap_of_bundle(bundle, code, lines),
        groups=tuple((groups[row.group], row) for row in bundle.group_results if row.city == code),
        rules=tuple(row for row in bundle.rule_results if row.city == code),
        samples=samples_and_answers.samples(bundle, code),
        all_open=samples_and_answers.all_open(bundle),
        is_open={row.tier for row in bundle.tier_results if row.city == code} == {"open"},
        estimates=samples_and_answers.estimates(bundle, code),
        questions=samples_and_answers.question_shares(bundle, city),
        breakdowns=samples_and_answers.city_breakdowns(bundle, code),
        remarks=samples_and_answers.city_remarks(bundle, city),
    )


def area_page(bundle: Bundle, area: AreaName) -> AreaPage:
    """Gather what an area's page shows."""
    topics = {topic.code: pick(topic.name) for topic in bundle.topics if topic.area == area.code}
    return AreaPage(
        area=area,
        rows=area_cities(bundle, area),
        questions=samples_and_answers.questions_by_city(bundle, list(topics)),
        breakdowns=[
            replace(each, title=f"{name}, {each.title}") if len(topics) > 1 else each
            for topic, name in topics.items()
            for each in samples_and_answers.topic_breakdowns(bundle, topic)
        ],
    )
