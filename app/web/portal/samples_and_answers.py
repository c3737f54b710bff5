"""What stands behind the numbers of a city or an area: samples, answers, groups of people, findings."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.publishing.bundle import Asked, Bundle, CityName
from app.publishing.results import EstimateResult, FindingResult, PeopleResult, ShareResult, TierResult
from app.web.language import _, pick
from app.web.portal import words
from app.web.portal.pages import city_names, name_key

_PLACEHOLDER = re.compile(r"\{(city|city_in|city_of)\}")


@dataclass(frozen=True, slots=True)
class Sample:
    """Who answered: one tier of one audience."""

    audience: str
    tier: str
    result: TierResult
    notes: list[str]


@dataclass(frozen=True, slots=True)
class Estimated:
    """What one tier of one audience says of a topic."""

    topic: str
    audience: str
    tier: str
    result: EstimateResult


@dataclass(frozen=True, slots=True)
class Answered:
    """The answers to one question: the shares that are reported of it."""

    question: str
    who: str
    satisfied: ShareResult | None
    unsure: ShareResult | None
    others: tuple[tuple[str, ShareResult], ...]


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Scores of groups of people: a table with a column for each category."""

    key: str
    title: str
    categories: tuple[str, ...]
    rows: tuple[tuple[str, tuple[PeopleResult | None, ...]], ...]


@dataclass(frozen=True, slots=True)
class Said:
    """Something worth knowing, in words."""

    subject: str
    text: str


def samples(bundle: Bundle, city: str) -> list[Sample]:
    """Describe the samples of a city."""
    return [
        Sample(str(words.AUDIENCES[row.audience]), str(words.TIERS[row.tier]), row, words.weighting_notes(row.notes))
        for row in sorted(bundle.tier_results, key=lambda row: row.audience, reverse=True)
        if row.city == city
    ]


def estimates(bundle: Bundle, city: str) -> list[Estimated]:
    """List the estimate of every topic a city's people were asked about."""
    names = {topic.code: pick(topic.name) for topic in bundle.topics}
    return [
        Estimated(names[row.area], str(words.AUDIENCES[row.audience]), str(words.TIERS[row.tier]), row)
        for row in sorted(bundle.estimates, key=lambda row: row.audience, reverse=True)
        if row.city == city and row.area in names
    ]


def all_open(bundle: Bundle) -> bool:
    """Tell whether nobody's identity was verified in anything this publication counts."""
    return bool(bundle.tier_results) and {row.tier for row in bundle.tier_results} == {"open"}


def answered(bundle: Bundle, city: CityName) -> list[Answered]:
    """Give the answers of a city's people to each question on the topics of the edition."""
    wanted = {topic.code for topic in bundle.topics}
    shares: dict[tuple[str, str], dict[str, ShareResult]] = {}
    for row in bundle.shares:
        if row.city == city.code:
            shares.setdefault((row.audience, row.question), {})[row.measure] = row
    return [
        _answered(asked, shares[asked.audience, asked.question], city)
        for asked in sorted(bundle.card.asked, key=lambda asked: asked.audience, reverse=True)
        if (asked.audience, asked.question) in shares and asked.area in wanted
    ]


def _answered(asked: Asked, measures: dict[str, ShareResult], city: CityName) -> Answered:
    named = dict(zip((f"option:{code}" for code in asked.codes), map(pick, asked.options), strict=True))
    return Answered(
        question=worded(pick(asked.wording), city),
        who=str(words.AUDIENCES[asked.audience]),
        satisfied=measures.get("top_two"),
        unsure=measures.get("hard_to_say"),
        others=tuple((named[measure], row) for measure, row in measures.items() if measure in named),
    )


@dataclass(frozen=True, slots=True)
class Asking:
    """One question across the cities."""

    question: str
    who: str
    rows: tuple[tuple[CityName, ShareResult | None, ShareResult | None], ...]
    """City, "satisfied", "hard to say"."""


def asked_everywhere(bundle: Bundle, topics: Sequence[str]) -> list[Asking]:
    """Give the shares of "satisfied" and "hard to say" of every scored question on some topics, city by city."""
    known = {(row.audience, row.question, row.city, row.measure): row for row in bundle.shares}
    cities = sorted(bundle.cities, key=name_key)

    def lines(asked: Asked) -> tuple[tuple[CityName, ShareResult | None, ShareResult | None], ...]:
        keys = ((city, (asked.audience, asked.question, city.code)) for city in cities)
        found = ((city, known.get((*key, "top_two")), known.get((*key, "hard_to_say"))) for city, key in keys)
        return tuple(line for line in found if line[1] or line[2])

    wanted = [asked for asked in bundle.card.asked if asked.area in topics and asked.scored]
    return [
        Asking(worded(pick(asked.wording), None), str(words.AUDIENCES[asked.audience]), lines(asked))
        for asked in sorted(wanted, key=lambda asked: asked.audience, reverse=True)
        if lines(asked)
    ]


def worded(text: str, city: CityName | None) -> str:
    """Put a city into a question, in the form the sentence needs; without one, say where the city would stand."""
    if city is None:
        stands = {"city": _("[city]"), "city_in": _("[in the city]"), "city_of": _("[of the city]")}
        return _PLACEHOLDER.sub(lambda found: stands[found[1]], text)
    forms = {"city": city.name, "city_in": city.name_in, "city_of": city.name_of}
    return _PLACEHOLDER.sub(lambda found: pick(forms[found[1]]), text)


def city_breakdowns(bundle: Bundle, city: str) -> list[Breakdown]:
    """Give the scores of groups of people in a city, a table for each audience and trait."""
    mine = [row for row in bundle.people if row.city == city]
    return _breakdowns(bundle, mine, {topic.code: pick(topic.name) for topic in bundle.topics}, lambda row: row.area)


def topic_breakdowns(bundle: Bundle, topic: str) -> list[Breakdown]:
    """Give the scores of groups of people on a topic, cities by the alphabet; districts differ from city to city."""
    mine = [row for row in bundle.people if row.area == topic and row.dimension != "district"]
    names = {city.code: pick(city.name) for city in sorted(city_names(bundle).values(), key=name_key)}
    return _breakdowns(bundle, mine, names, lambda row: row.city)


def _breakdowns(
    bundle: Bundle, rows: Sequence[PeopleResult], titles: dict[str, str], key: Callable[[PeopleResult], str]
) -> list[Breakdown]:
    named = words.Categories(bundle)
    made = []
    for audience, dimension in sorted({(row.audience, row.dimension) for row in rows}, reverse=True):
        mine = [row for row in rows if (row.audience, row.dimension) == (audience, dimension)]
        categories = sorted({row.category for row in mine}, key=lambda code: (code == "not_given", code))
        cells = {(key(row), row.category): row for row in mine}
        lines = tuple(
            (title, tuple(cells.get((line, category)) for category in categories))
            for line, title in titles.items()
            if any((line, category) in cells for category in categories)
        )
        city = mine[0].city
        heads = tuple(named.name(audience, dimension, city, category) for category in categories)
        title = f"{words.AUDIENCES[audience]}: {str(words.DIMENSIONS[dimension]).lower()}"
        made.append(Breakdown(f"{audience}-{dimension}", title, heads, lines))
    return made


def touching(bundle: Bundle, city: CityName) -> list[Said]:
    """Say what was found that touches a city: the linter's findings on its values, and remarks on its numbers."""
    names = _subjects(bundle)
    said = [
        Said(_named(names, finding.subject), str(words.FINDINGS.get(finding.code, finding.code)))
        for finding in bundle.findings
        if re.search(rf"(?<![\w-]){re.escape(city.code)}(?![\w-])", f"{finding.subject} {finding.detail}")
    ]
    said += [
        Said(_named(names, remark.subject), str(words.DIAGNOSTICS[remark.reason]))
        for remark in bundle.diagnostics
        if remark.city == city.code and remark.reason in words.DIAGNOSTICS
    ]
    return list(dict.fromkeys(said))


def all_findings(bundle: Bundle) -> list[tuple[str, Said, FindingResult]]:
    """Say everything the linter found in the inputs, errors first."""
    names = _subjects(bundle)
    return [
        (
            str(words.SEVERITIES.get(finding.severity, finding.severity)),
            Said(_named(names, finding.subject), str(words.FINDINGS.get(finding.code, finding.code))),
            finding,
        )
        for finding in sorted(bundle.findings, key=lambda finding: finding.severity)
    ]


def _subjects(bundle: Bundle) -> dict[str, str]:
    named = {area.code: pick(area.name) for area in bundle.areas}
    named |= {each.code: pick(each.name) for each in bundle.indicators}
    named |= {city.code: pick(city.name) for city in bundle.cities}
    return named | {code: str(name) for code, name in words.AUDIENCES.items()}


def _named(names: dict[str, str], subject: str) -> str:
    """Name a subject such as "hlt_1", "resident/almaty" or "eco_1, eco_2"; what has no name is left out."""
    parts = [names[part] for part in re.split(r"[/,] ?", subject) if part in names]
    return ": ".join(parts) if "/" in subject else ", ".join(parts)
