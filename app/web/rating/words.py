"""The words of a publication's codes: reasons, weighting, findings, choices, categories of people."""

import re
from collections.abc import Mapping

from app.publishing.bundle import Bundle
from app.web.language import _, _l, pick

REASONS = {
    "too_few": _l("too few answers"),
    "too_few_to_blend": _l("too few answers to count in the rating"),
    "too_wide": _l("the range is too wide"),
    "too_wide_to_blend": _l("the range is too wide to count in the rating"),
    "few_people": _l("fewer than 10 people: not shown"),
    "one_answer": _l("a single answer: not shown"),
    "not_asked": _l("not asked"),
    "not_verified": _l("nobody was verified here"),
    "nobody_answered": _l("no answers"),
    "hard_to_say": _l("most people found it hard to say"),
    "not_blended": _l("opinion does not count in this city"),
}
UNWEIGHTABLE = _l("the answers could not be weighted to the population")

TIERS = {"open": _l("Unverified"), "verified": _l("Verified"), "mixed": _l("Both together")}
AUDIENCES = {"resident": _l("Residents"), "business": _l("Businesses")}
DIMENSIONS = {
    "sex": _l("Sex"),
    "age": _l("Age"),
    "district": _l("District"),
    "lang": _l("Language of the answers"),
    "size": _l("Size of the enterprise"),
    "sector": _l("Sector of business"),
}
WEIGHTING = {
    "raked": _l("weighted to the population"),
    "unweighted": _l("not weighted: there are no population figures to weight to"),
    "margins_disagree": _l("not usable: the population figures contradict one another"),
    "margin_target_zero": _l("not usable: people answered from a group that has nobody in the population figures"),
    "not_converged": _l("not usable: weighting did not come to an end"),
    "margins_infeasible": _l("not usable: the population figures cannot be met by these answers"),
}
FINDINGS = {
    "scored_against_direction": _l("scored against its declared direction"),
    "constant": _l("the same value in every city"),
    "outlier": _l("a value far from all others"),
    "out_of_range": _l("a value outside the scale, counted as its nearest end"),
    "duplicated": _l("indicators that measure the same thing"),
    "inverted_duplicate": _l("indicators that mirror one another"),
    "area_without_indicators": _l("an area without an applicable indicator"),
    "band_edge_matters": _l("the printed rule depends on which side of a band's edge a score is counted to"),
    "margins_of_different_universes": _l("population figures of different territories"),
    "margins_of_different_dates": _l("population figures of different dates"),
    "margins_disagree": _l("population figures with different totals"),
}
SEVERITIES = {"error": _l("Error"), "warning": _l("Worth checking")}
DIAGNOSTICS = {
    "above_100": _l("the value is above the scale and counts as 100"),
    "below_0": _l("the value is below the scale and counts as 0"),
    "no_indicators": _l("no applicable indicator"),
    "band_edge_matters": FINDINGS["band_edge_matters"],
    "no_variation": _l("everyone answered alike, so chance cannot be estimated"),
    "open_too_few": _l("too few unverified answers: verified ones alone count"),
    "open_diverges": _l("unverified answers differ from verified ones by more than chance: verified ones alone count"),
    "verified_too_few": _l("too few verified answers: unverified ones are shown, but do not count in the rating"),
    "open_beside_verified": _l("residents were verified, enterprises were not: their answers are unverified"),
}
"""Those that are said on a city's page; the others are said there in their own place."""

FACTORS = {
    "alpha": _l("Share of opinion, from none to one half"),
    "missing": _l("Values not reported: counted as 0, or left out"),
    "banding": _l("Rounding to the points of Table 2: off or on"),
    "coefficients": _l("Ratio of the coefficients K2 : K1, from 1 to 3"),
    "sampling": _l("Chance: which people happened to answer"),
    "shift": _l("Opinion of each city shifted by up to 3 points, as the way of asking could"),
}
TABLES = {
    "rating": _l("Totals and places"),
    "places": _l("Groups, coverage, flagged answers"),
    "with-unverified": _l("Totals and places with unverified answers"),
    "areas": _l("Areas"),
    "examination": _l("How the values were examined"),
    "agreement": _l("How far two assessors agreed"),
    "groups": _l("Groups of areas"),
    "rules": _l("Rules"),
    "samples": _l("Samples and weighting"),
    "estimates": _l("Opinion by topic"),
    "shares": _l("Shares of answers"),
    "people": _l("Groups of people"),
    "findings": _l("Checks of the inputs"),
    "diagnostics": _l("Remarks"),
    "choices": _l("Choices of the method: indices"),
    "choice-places": _l("Choices of the method: places"),
    "choice-moves": _l("Choices of the method: cities moved most"),
}
"""Files of open data, in the order of their list."""

_NOTES = (
    (re.compile(r"(\w+): (\S+) collapsed, (\w+)"), _l("%(dimension)s: small groups were put together")),
    (re.compile(r"(\w+): not raked, one category"), _l("%(dimension)s: not weighted, only one group answered")),
    (re.compile(r"weights trimmed in \d+ strata"), _l("the largest weights were cut to 5 times the mean")),
    (
        re.compile(r"not trimmed: margins would be missed"),
        _l("large weights stay: the population could not be met otherwise"),
    ),
)


def reason(code: str) -> str:
    """Say why a number is not there, or is borrowed."""
    if code.startswith("filled:"):
        why = reason(code.removeprefix("filled:"))
        return _("the mean of the other cities stands in: %(why)s", why=why)
    return str(REASONS.get(code, UNWEIGHTABLE)) if code else ""


def weighting_notes(notes: str) -> list[str]:
    """Say what had to be done to weight a sample, each thing once."""
    sentences = []
    for note in filter(None, notes.split("; ")):
        for pattern, words in _NOTES:
            match = pattern.fullmatch(note)
            if match:
                of = str(DIMENSIONS.get(match[1], match[1])) if match.groups() else ""
                sentences.append(str(words) % {"dimension": of} if of else str(words))
    return list(dict.fromkeys(sentences))


class Categories:
    """Names of the categories of people in a publication."""

    def __init__(self, bundle: Bundle) -> None:
        self._names: Mapping[tuple[str, str, str, str], str] = {
            (each.audience, each.dimension, each.city, each.category): pick(each.name) for each in bundle.categories
        }

    def name(self, audience: str, dimension: str, city: str, category: str) -> str:
        """Name a category, or several that were put together ("16-24+25-34")."""
        if category in {"-", "not_given"}:
            return _("did not say")
        name = self._one(audience, dimension, city, category)
        if name is None and "+" in category:
            return ", ".join(self.name(audience, dimension, city, part) for part in category.split("+") if part)
        return (name or category).lower() if dimension == "sex" else name or category

    def _one(self, audience: str, dimension: str, city: str, category: str) -> str | None:
        if dimension == "lang":
            return {"kk": _("in Kazakh"), "ru": _("in Russian"), "en": _("in English")}.get(category)
        keys = ((audience, dimension, where, category) for where in (city, ""))
        return next((self._names[key] for key in keys if key in self._names), None)
