"""Faults of show-if rules: questions used before they can be answered, and pages that never show."""

from collections import defaultdict
from collections.abc import Iterator

from surveys.authoring.rule_paths import ALWAYS, CityPaths, TangledError, Ways, both, joins, leaves
from surveys.errors import Defect
from surveys.questionnaire.definition import AllOf, Page, PageRole, Question, Questionnaire, Rule, ShowIf

_ELSEWHERE = ""
"""A city that no option names: it stands for all of those."""

_EXPLAINED = frozenset({"unknown_question", "later_question"})
"""Faults that already say why nothing leads to a question or page."""


def rule_defects(q: Questionnaire, source: str) -> Iterator[Defect]:
    """Name every rule that is wrong in itself, and everything that therefore, or by contradiction, never shows."""
    checks = _RuleChecks(q)
    # About comes last on every route, wherever the file has it.
    for page in sorted(q.pages, key=lambda page: page.role is PageRole.ABOUT):
        yield from checks.of_page(f"{source}, page {page.code}", page)


class _RuleChecks:
    """Follows the pages as respondents meet them: in each city that options name, and in one of no name."""

    def __init__(self, q: Questionnaire) -> None:
        self._by_code = {question.code: question for question in q.questions}
        cities = {option.city for question in q.questions for option in question.options if option.city}
        self._paths = [CityPaths(city) for city in (*sorted(cities), _ELSEWHERE)]
        self._met: set[str] = set()
        self._met_in_area: defaultdict[str | None, set[str]] = defaultdict(set)

    def of_page(self, where: str, page: Page) -> Iterator[Defect]:
        # Areas come in a random order, each perhaps not at all: only About may look back at another area.
        before = self._met if page.role is PageRole.ABOUT else self._met_in_area[page.area]
        defects, to_page = self._follow(where, page.show_if, before, [ALWAYS for _ in self._paths])
        yield from defects
        shows = False
        for question in page.questions:
            at = f"{where}, question {question.code}"
            defects, ways = self._follow(at, question.show_if, before, to_page)
            if any(to_page):  # else the page has said it
                yield from defects
            shows = shows or any(ways)
            self._add(page, question, ways)
        if page.questions and any(to_page) and not shows:
            yield Defect(where, "unreachable", "none of its questions can show")

    def _add(self, page: Page, question: Question, ways: list[Ways]) -> None:
        for paths, here in zip(self._paths, ways, strict=True):
            paths.add(question, here)
        self._met.add(question.code)
        self._met_in_area[page.area].add(question.code)

    def _follow(
        self, where: str, rule: Rule | None, before: set[str], so_far: list[Ways]
    ) -> tuple[list[Defect], list[Ways]]:
        """Give the faults of a rule, and in each city the ways to meet it after those so far."""
        defects = list(self._faults(where, rule, before))
        try:
            ways = [both(here, paths.ways(rule)) for here, paths in zip(so_far, self._paths, strict=True)]
        except TangledError:
            return [*defects, Defect(where, "rule_too_tangled")], so_far
        if not any(ways) and _EXPLAINED.isdisjoint(defect.code for defect in defects):
            defects.append(Defect(where, "unreachable", "no answers lead here"))
        return defects, ways

    def _faults(self, where: str, rule: Rule | None, before: set[str]) -> Iterator[Defect]:
        for joint in joins(rule):
            if len(joint.all_of if isinstance(joint, AllOf) else joint.any_of) < 2:
                yield Defect(where, "rule_of_one", "all_of and any_of join two rules or more")
        for leaf in leaves(rule):
            yield from self._leaf_faults(where, leaf, before)

    def _leaf_faults(self, where: str, leaf: ShowIf, before: set[str]) -> Iterator[Defect]:
        question = self._by_code.get(leaf.question)
        if question is None:
            yield Defect(where, "unknown_question", leaf.question)
        elif leaf.question not in before:
            yield Defect(where, "later_question", f"{leaf.question} cannot have been answered by then")
        else:
            unknown = sorted(leaf.options - {option.code for option in question.options})
            yield from (Defect(where, "unknown_option", f"{question.code} has no {code}") for code in unknown)
