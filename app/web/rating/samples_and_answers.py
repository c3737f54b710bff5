"""The data behind the numbers of a city or an area: samples, answers, groups of people, findings."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.publishing.bundle import Bundle, CityName, PublishedQuestion
from app.publishing.results import EstimateResult, FindingResult, PeopleResult, ShareResult, TierResult
from app.web.language import _, _n, pick
from app.web.rating import words
from app.web.rating.pages import city_names, name_key

_PLACEHOLDER = re.compile(r"\{(city|city_in|city_of)\}")


@dataclass(frozen=True, slots=True)
class SampleLine:
    """Who answered: one tier of one audience."""

    audience: str
    tier: str
    result: TierResult
    notes: list[str]


@dataclass(frozen=True, slots=True)
class TopicEstimate:
    """What one tier of one audience says of a topic."""

    topic: str
    audience: str
    tier: str
    result: EstimateResult


@dataclass(frozen=True, slots=True)
class QuestionShares:
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
class Remark:
    """Something worth knowing, in words."""

    subject: str
    text: str


def samples(bundle: Bundle, city: str) -> list[SampleLine]:
    """Describe the samples of a city."""
    return [
        SampleLine(
            str(words.AUDIENCES[row.audience]), str(words.TIERS[row.tier]), row, words.weighting_notes(row.notes)
        )
        for row in sorted(bundle.tier_results, key=lambda row: row.audience, reverse=True)
        if row.city == city
    ]


def estimates(bundle: Bundle, city: str) -> list[TopicEstimate]:
    """List the estimate of every topic a city's people were asked about."""
    names = {topic.code: pick(topic.name) for topic in bundle.topics}
    return [
        TopicEstimate(names[row.area], str(words.AUDIENCES[row.audience]), str(words.TIERS[row.tier]), row)
        for row in sorted(bundle.estimates, key=lambda row: row.audience, reverse=True)
        if row.city == city and row.area in names
    ]


def all_open(bundle: Bundle) -> bool:
    """Tell whether nobody's identity was verified in anything this publication counts."""
    return bool(bundle.tier_results) and {row.tier for row in bundle.tier_results} == {"open"}


def effective_n(bundle: Bundle, audience: str, city: str | None = None) -> float | None:
    """Give how many equally weighted answers a city's, or all cities', are worth; None where it was not published.

    Two tiers are worth what their mixture by the edition's fixed share is.
    """
    share = bundle.method.open_share or 0.0
    tiers: dict[str, dict[str, float]] = {}
    for row in bundle.tier_results:
        if row.audience == audience and city in {row.city, None} and row.effective_n:
            tiers.setdefault(row.city, {})[row.tier] = row.effective_n
    worth = [
        1 / ((1 - share) ** 2 / of["verified"] + share**2 / of["open"]) if len(of) > 1 else sum(of.values())
        for of in tiers.values()
    ]
    return sum(worth) if worth else None


def question_shares(bundle: Bundle, city: CityName) -> list[QuestionShares]:
    """Give the answers of a city's people to each question on the topics of the edition."""
    topics = {topic.code for topic in bundle.topics}
    shares: dict[tuple[str, str], dict[str, ShareResult]] = {}
    for row in bundle.shares:
        if row.city == city.code:
            shares.setdefault((row.audience, row.question), {})[row.measure] = row
    return [
        _question_shares(question, shares[question.audience, question.question], city)
        for question in sorted(bundle.card.asked, key=lambda question: question.audience, reverse=True)
        if (question.audience, question.question) in shares and question.area in topics
    ]


def _question_shares(question: PublishedQuestion, measures: dict[str, ShareResult], city: CityName) -> QuestionShares:
    names = dict(zip((f"option:{code}" for code in question.codes), map(pick, question.options), strict=True))
    return QuestionShares(
        question=worded(pick(question.wording), city),
        who=str(words.AUDIENCES[question.audience]),
        satisfied=measures.get("top_two"),
        unsure=measures.get("hard_to_say"),
        others=tuple((names[measure], row) for measure, row in measures.items() if measure in names),
    )


@dataclass(frozen=True, slots=True)
class CitiesOfQuestion:
    """One question across the cities."""

    question: str
    who: str
    rows: tuple[tuple[CityName, ShareResult | None, ShareResult | None], ...]
    """City, "satisfied", "hard to say"."""


def questions_by_city(bundle: Bundle, topics: Sequence[str]) -> list[CitiesOfQuestion]:
    """Give the shares of "satisfied" and "hard to say" of every scored question on some topics, city by city."""
    shares = {(row.audience, row.question, row.city, row.measure): row for row in bundle.shares}
    cities = sorted(bundle.cities, key=name_key)

    def lines(question: PublishedQuestion) -> tuple[tuple[CityName, ShareResult | None, ShareResult | None], ...]:
        keys = ((city, (question.audience, question.question, city.code)) for city in cities)
        of_city = ((city, shares.get((*key, "top_two")), shares.get((*key, "hard_to_say"))) for city, key in keys)
        return tuple(line for line in of_city if line[1] or line[2])

    questions = [question for question in bundle.card.asked if question.area in topics and question.scored]
    return [
        CitiesOfQuestion(worded(pick(question.wording), None), str(words.AUDIENCES[question.audience]), lines(question))
        for question in sorted(questions, key=lambda question: question.audience, reverse=True)
        if lines(question)
    ]


def worded(text: str, city: CityName | None) -> str:
    """Put a city into a question, in the form the sentence needs; without one, put a placeholder in brackets."""
    if city is None:
        placeholders = {"city": _("[city]"), "city_in": _("[in the city]"), "city_of": _("[of the city]")}
        return _PLACEHOLDER.sub(lambda match: placeholders[match[1]], text)
    forms = {"city": city.name, "city_in": city.name_in, "city_of": city.name_of}
    return _PLACEHOLDER.sub(lambda match: pick(forms[match[1]]), text)


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
    names = words.Categories(bundle)
    tables = []
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
        heads = tuple(names.name(audience, dimension, city, category) for category in categories)
        title = f"{words.AUDIENCES[audience]}: {str(words.DIMENSIONS[dimension]).lower()}"
        tables.append(Breakdown(f"{audience}-{dimension}", title, heads, lines))
    return tables


def city_remarks(bundle: Bundle, city: CityName) -> list[Remark]:
    """List the remarks on a city: the linter's findings on its values, and the diagnostics of its numbers."""
    names = _subjects(bundle)
    remarks = [
        Remark(_named(names, finding.subject), str(words.FINDINGS.get(finding.code, finding.code)))
        for finding in bundle.findings
        if re.search(rf"(?<![\w-]){re.escape(city.code)}(?![\w-])", f"{finding.subject} {finding.detail}")
    ]
    remarks += [
        Remark(_named(names, remark.subject), str(words.DIAGNOSTICS[remark.reason]))
        for remark in bundle.diagnostics
        if remark.city == city.code and remark.reason in words.DIAGNOSTICS
    ]
    return list(dict.fromkeys([*_examination_remarks(bundle, city.code), *remarks]))


def _examination_remarks(bundle: Bundle, city: str) -> list[Remark]:
    """Say which values count as missing because nobody accepted them, which came late, and how many nobody examined."""
    names = {each.code: pick(each.name) for each in bundle.indicators}
    mine = [row for row in bundle.examinations if row.city == city and row.indicator in names]
    unreviewed = sum(row.unreviewed for row in mine)
    remarks = [
        Remark(names[row.indicator], _("reported, not accepted: counts as missing")) for row in mine if row.not_accepted
    ]
    remarks += [Remark(names[row.indicator], _("came after its day")) for row in mine if row.late]
    if unreviewed:
        text = _n(
            "%(num)s value was taken over from the time before values were examined; no assessor has seen it",
            "%(num)s values were taken over from the time before values were examined; no assessor has seen them",
            unreviewed,
        )
        remarks.insert(0, Remark("", text))
    return remarks


def all_findings(bundle: Bundle) -> list[tuple[str, Remark, FindingResult]]:
    """Say everything the linter found in the inputs, errors first."""
    names = _subjects(bundle)
    return [
        (
            str(words.SEVERITIES.get(finding.severity, finding.severity)),
            Remark(_named(names, finding.subject), str(words.FINDINGS.get(finding.code, finding.code))),
            finding,
        )
        for finding in sorted(bundle.findings, key=lambda finding: finding.severity)
    ]


def _subjects(bundle: Bundle) -> dict[str, str]:
    names = {area.code: pick(area.name) for area in bundle.areas}
    names |= {each.code: pick(each.name) for each in bundle.indicators}
    names |= {city.code: pick(city.name) for city in bundle.cities}
    return names | {code: str(name) for code, name in words.AUDIENCES.items()}


def _named(names: dict[str, str], subject: str) -> str:
    """Name a subject such as "hlt_1", "resident/almaty" or "eco_1, eco_2"; what has no name is left out."""
    parts = [names[part] for part in re.split(r"[/,] ?", subject) if part in names]
    return ": ".join(parts) if "/" in subject else ", ".join(parts)
