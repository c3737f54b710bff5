"""Faults of show-if rules: questions used before they can be answered, and pages nobody can reach."""

from collections import defaultdict
from collections.abc import Iterator

from surveys.authoring.rule_paths import ALWAYS, Reach, TangledError, Ways, both, joins, leaves
from surveys.errors import Defect
from surveys.questionnaire.definition import AllOf, Page, PageRole, Question, Questionnaire, Rule, ShowIf

_ELSEWHERE = ""
"""A city that no option names: it stands for all of those."""

_SAID_WHY = frozenset({"unknown_question", "later_question"})
"""Faults that already say why nothing leads to a place."""


def rule_defects(q: Questionnaire, source: str) -> Iterator[Defect]:
    """Name every rule that is wrong in itself, and everything that therefore, or by contradiction, never shows."""
    skips = _Skips(q)
    # About comes last on every route, whatever its place in the file.
    for page in sorted(q.pages, key=lambda page: page.role is PageRole.ABOUT):
        yield from skips.of_page(f"{source}, page {page.code}", page)


class _Skips:
    """Follows the pages as respondents meet them: in each city that options name, and in one of no name."""

    def __init__(self, q: Questionnaire) -> None:
        self._by_code = {question.code: question for question in q.questions}
        cities = {option.city for question in q.questions for option in question.options if option.city}
        self._reaches = [Reach(city) for city in (*sorted(cities), _ELSEWHERE)]
        self._met: set[str] = set()
        self._met_in_area: defaultdict[str | None, set[str]] = defaultdict(set)

    def of_page(self, place: str, page: Page) -> Iterator[Defect]:
        # Areas come in a random order, each perhaps not at all: only About may look back at another area.
        before = self._met if page.role is PageRole.ABOUT else self._met_in_area[page.area]
        found, to_page = self._follow(place, page.show_if, before, [ALWAYS for _ in self._reaches])
        yield from found
        shows = False
        for question in page.questions:
            at = f"{place}, question {question.code}"
            found, ways = self._follow(at, question.show_if, before, to_page)
            if any(to_page):  # else the page has said it
                yield from found
            shows = shows or any(ways)
            self._add(page, question, ways)
        if page.questions and any(to_page) and not shows:
            yield Defect(place, "unreachable", "none of its questions can show")

    def _add(self, page: Page, question: Question, ways: list[Ways]) -> None:
        for reach, here in zip(self._reaches, ways, strict=True):
            reach.add(question, here)
        self._met.add(question.code)
        self._met_in_area[page.area].add(question.code)

    def _follow(
        self, place: str, rule: Rule | None, before: set[str], so_far: list[Ways]
    ) -> tuple[list[Defect], list[Ways]]:
        """Give the faults of a rule, and in each city the ways to meet it after those so far."""
        found = list(self._faults(place, rule, before))
        try:
            ways = [both(here, reach.ways(rule)) for here, reach in zip(so_far, self._reaches, strict=True)]
        except TangledError:
            return [*found, Defect(place, "rule_too_tangled")], so_far
        if not any(ways) and _SAID_WHY.isdisjoint(defect.code for defect in found):
            found.append(Defect(place, "unreachable", "no answers lead here"))
        return found, ways

    def _faults(self, place: str, rule: Rule | None, before: set[str]) -> Iterator[Defect]:
        for joint in joins(rule):
            if len(joint.all_of if isinstance(joint, AllOf) else joint.any_of) < 2:
                yield Defect(place, "rule_of_one", "all_of and any_of join two rules or more")
        for leaf in leaves(rule):
            yield from self._leaf_faults(place, leaf, before)

    def _leaf_faults(self, place: str, leaf: ShowIf, before: set[str]) -> Iterator[Defect]:
        asked = self._by_code.get(leaf.question)
        if asked is None:
            yield Defect(place, "unknown_question", leaf.question)
        elif leaf.question not in before:
            yield Defect(place, "later_question", f"{leaf.question} cannot have been answered by then")
        else:
            unknown = sorted(leaf.options - {option.code for option in asked.options})
            yield from (Defect(place, "unknown_option", f"{asked.code} has no {code}") for code in unknown)
