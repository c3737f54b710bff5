"""Faults of show-if rules: questions used before they can be answered, and pages nobody can reach."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from surveys.definition import Kind, Page, PageRole, Question, Questionnaire, ShowIf
from surveys.errors import Defect


def rule_defects(q: Questionnaire, source: str) -> Iterator[Defect]:
    """Name every rule that is wrong in itself, and everything that therefore, or by contradiction, never shows."""
    reach = _Reach(q)
    # About comes last on every route, whatever its place in the file.
    for page in sorted(q.pages, key=lambda page: page.role is PageRole.ABOUT):
        yield from reach.defects(f"{source}, page {page.code}", page)


class _Reach:
    """Remembers, page after page, which questions somebody can have answered by then."""

    def __init__(self, q: Questionnaire) -> None:
        self._by_code = {question.code: question for question in q.questions}
        self._met: set[str] = set()
        self._met_in_area: defaultdict[str | None, set[str]] = defaultdict(set)
        self._dead: set[str] = set()

    def defects(self, place: str, page: Page) -> Iterator[Defect]:
        # Areas come in a random order, each perhaps not at all: only About may look back at another area.
        before = self._met if page.role is PageRole.ABOUT else self._met_in_area[page.area]
        of_page = self._of_rule(place, page.show_if, before)
        yield from of_page
        for question in page.questions:
            at = f"{place}, question {question.code}"
            found = self._of_rule(at, question.show_if, before)
            if not (of_page or found) and self._contradict(page.show_if, question.show_if):
                found = [Defect(at, "unreachable", "its rule contradicts the page's")]
            yield from found
            if _never_shows(of_page) or _never_shows(found):
                self._dead.add(question.code)
            self._met.add(question.code)
            self._met_in_area[page.area].add(question.code)
        if not of_page and page.questions and self._dead.issuperset(asked.code for asked in page.questions):
            yield Defect(place, "unreachable", "none of its questions can show")

    def _of_rule(self, place: str, rule: ShowIf | None, before: set[str]) -> list[Defect]:
        if rule is None:
            return []
        asked = self._by_code.get(rule.question)
        if asked is None:
            return [Defect(place, "unknown_question", rule.question)]
        if rule.question not in before:
            return [Defect(place, "later_question", f"{rule.question} cannot have been answered by then")]
        if rule.question in self._dead:
            return [Defect(place, "unreachable", f"{rule.question} never shows")]
        return _of_options(place, rule, asked)

    def _contradict(self, one: ShowIf | None, other: ShowIf | None) -> bool:
        if one is None or other is None or one.question != other.question:
            return False
        return self._by_code[one.question].kind is not Kind.MULTI and one.options.isdisjoint(other.options)


def _of_options(place: str, rule: ShowIf, asked: Question) -> list[Defect]:
    unknown = sorted(rule.options - {option.code for option in asked.options})
    found = [Defect(place, "unknown_option", f"{asked.code} has no {code}") for code in unknown]
    if len(unknown) == len(rule.options):
        found.append(Defect(place, "unreachable", f"no answer to {asked.code} leads here"))
    return found


def _never_shows(found: Iterable[Defect]) -> bool:
    return any(defect.code != "unknown_option" for defect in found)
