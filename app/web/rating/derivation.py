"""How a total came about, step by step in words: each number with its formula and the parts that make it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from app.publishing.bundle import Bundle
from app.publishing.results import OTHERS
from app.web.language import _, _l, _n, number, pick
from app.web.rating import words

TOTALS = {
    "linear": _l("Formulas (5)–(8) without rounding to points: the mean of the groups, each counted K times"),
    "area_mean": _l("The mean of the areas, all counted alike"),
    "banded": _l("Formulas (5)–(8) as printed: the points of the groups by their coefficients K"),
    "banded_area": _l("Formulas (5)–(8), with each area rounded to points before its group is averaged"),
}
FORMULAS = {
    "group": _l("Formulas (2)–(4): the mean of the areas of the group"),
    "points": _l("Table 2: the points of a score"),
    "area": _l("B = (1 − α) · S + α · P: indicators and opinion blended"),
    "indicators": _l("Formulas (1) and (4): S, the mean of the applicable indicators; one not reported counts as 0"),
    "opinion": _l("P: residents and businesses, joined by fixed shares"),
    "audience": _l("The mean of the topics that the survey asks about"),
    "questions": _l("Unverified and verified answers, mixed by a fixed share"),
    "tier": _l("The weighted mean of the answers: 1 to 5 become 0, 25, 50, 75 and 100"),
}
METHODS = {
    "yes_no": _l("Table 1: yes is 100, no is 0"),
    "percentage": _l("A percentage, as reported"),
    "ratio": _l("A share, times 100"),
}
NOTES = {
    "missing": _l("not reported, counts as 0"),
    "above_100": words.DIAGNOSTICS["above_100"],
    "below_0": words.DIAGNOSTICS["below_0"],
    "open_only": _l("nobody's identity was verified: all answers are unverified"),
    "verified_only": _l("all answers are verified"),
    "open_too_few": words.DIAGNOSTICS["open_too_few"],
    "open_diverges": words.DIAGNOSTICS["open_diverges"],
    "verified_too_few": words.DIAGNOSTICS["verified_too_few"],
    "indicators_only": _l("too few answers: the city is rated by its indicators alone"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One number of a derivation, in words; the value of a step is the sum of its parts' values times their shares."""

    title: str
    value: float | None
    share: float
    explanations: tuple[str, ...]
    parts: tuple["Step", ...]

    @property
    def adds(self) -> float | None:
        """What the step adds to the number above it."""
        return None if self.value is None else self.value * self.share


def steps(bundle: Bundle, city: str, content: bytes) -> Step:
    """Read a stored derivation for the request's language."""
    return _StepWriter(bundle, city).step(json.loads(content))


class _StepWriter:
    """Finds the words of a derivation's codes."""

    def __init__(self, bundle: Bundle, city: str) -> None:
        self.city = city
        self.categories = words.Categories(bundle)
        self.indicators = {each.code: each for each in bundle.indicators}
        self.names: Mapping[str, Mapping[str, str]] = {
            "area": {area.code: pick(area.name) for area in bundle.areas},
            "group": {group.code: pick(group.name) for group in bundle.groups},
            "indicator": {each.code: pick(each.name) for each in bundle.indicators},
            "city": {each.code: pick(each.name) for each in bundle.cities},
            "questions": {topic.code: pick(topic.name) for topic in bundle.topics},
            "audience": {code: str(name) for code, name in words.AUDIENCES.items()},
            "tier": {code: str(name) for code, name in words.TIERS.items()},
        }

    def step(self, node: Mapping[str, Any], audience: str = "") -> Step:
        audience = node["code"] if node["kind"] == "audience" else audience
        return Step(
            title=self.title(node, audience),
            value=node["value"],
            share=node["weight"],
            explanations=tuple(filter(None, self.explanations(node, audience))),
            parts=tuple(self.step(part, audience) for part in node["parts"]),
        )

    def title(self, node: Mapping[str, Any], audience: str) -> str:
        kind, code = node["kind"], node["code"]
        titles = {"total": _("Total"), "indicators": _("Indicators (S)"), "opinion": _("Opinion (P)")}
        if kind == "people":
            return self.people(code, audience)
        if kind == "points":
            return _("Points: %(of)s", of=self.names["group"].get(code) or self.names["area"].get(code, code))
        return titles.get(kind) or self.names.get(kind, {}).get(code, code)

    def people(self, code: str, audience: str) -> str:
        """Name people who are weighted alike."""
        if code == OTHERS:
            return _("All other groups, put together so that nobody can be recognised")
        traits = (part.partition("=") for part in code.split(";") if part)
        names = [self.categories.name(audience, trait, self.city, category) for trait, _eq, category in traits]
        return ", ".join(names) or _("Everyone who answered")

    def explanations(self, node: Mapping[str, Any], audience: str) -> Iterator[str]:
        kind, details = node["kind"], node["details"]
        if kind == "total":
            yield str(TOTALS.get(node["code"], ""))
        elif kind == "opinion" and node["note"]:
            yield words.reason(node["note"])
        else:
            yield str(FORMULAS.get(kind, ""))
        if kind != "opinion":
            yield str(NOTES.get(node["note"], ""))
        if kind == "indicator":
            yield from self.indicator(node["code"], details)
        elif kind in {"tier", "people"}:
            yield from self.sample(node, audience)

    def indicator(self, code: str, details: Mapping[str, str]) -> Iterator[str]:
        """Say how a value was scored, and what was reported."""
        about = self.indicators.get(code)
        per, unit = (about.per, pick(about.unit)) if about else (1, "")
        if about and about.low is not None and about.high is not None:
            low, high = (_shortest(Fraction(str(bound))) for bound in (about.low, about.high))
            yield _("Its place between two bounds of the edition: %(low)s is 0, %(high)s is 100", low=low, high=high)
        else:
            yield str(METHODS.get(details["method"], ""))
        if details["method"] == "yes_no" and "reported" in details:
            yield _("reported: yes") if Fraction(details["reported"]) else _("reported: no")
        elif "reported" in details:
            value = _shortest(Fraction(details["reported"]) * per)
            yield _("reported: %(value)s", value=f"{value} {unit}".strip())

    def sample(self, node: Mapping[str, Any], audience: str) -> Iterator[str]:
        details = node["details"]
        yield _n("%(num)s answer", "%(num)s answers", details["answers"])
        if "effective_n" in details:
            effective = details["effective_n"]
            yield _("effective answers: %(n)s", n=number(effective, 0 if isinstance(effective, int) else 1))
            yield _("standard error: %(se)s points", se=number(details["se"], 2))
            yield str(words.WEIGHTING.get(node["note"], ""))
            yield from self.margins(details, audience)

    def margins(self, details: Mapping[str, float], audience: str) -> Iterator[str]:
        """Say each category's share of the answers and of the population."""
        for key, population in details.items():
            trait, eq, rest = key.partition("=")
            category, _colon, side = rest.rpartition(": ")
            if eq and side == "population":
                yield _(
                    "%(group)s: %(sample)s %% of the answers, %(population)s %% of the population",
                    group=self.categories.name(audience, trait, self.city, category),
                    sample=number(100 * details[f"{trait}={category}: sample"], 1),
                    population=number(100 * population, 1),
                )


def _shortest(value: Fraction) -> str:
    """Write a reported value with up to six significant digits."""
    plain = f"{Decimal(f'{float(value):.6g}'):f}"
    return number(float(plain), len(plain.partition(".")[2]))
