"""Which answers make a question or page show: all ways there are, in one city, by what is asked before.

A way gives, for each question it depends on, the answers that keep it open, as a set of the byte values they are
packed into (bit n for byte n). Rules only ever ask for answers, so two ways meet where their sets do.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from itertools import combinations, product
from types import MappingProxyType

from surveys.errors import SurveyError
from surveys.questionnaire.definition import AllOf, AnyOf, Question, Rule, ShowIf
from surveys.questionnaire.kinds import KINDS

MOST_WAYS = 500
"""Ways worth following; a rule with more of them cannot be read by a reviewer either."""

Way = Mapping[str, int]
Ways = tuple[Way, ...]

ALWAYS: Ways = (MappingProxyType({}),)


class TangledError(SurveyError):
    """A rule that can be met in more ways than anybody can look through."""


class CityPaths:
    """Gathers, in the order questions are met, the ways in which each can show in one city."""

    def __init__(self, city: str) -> None:
        self._city = city
        self._asked: dict[str, tuple[Question, Ways]] = {}

    def add(self, question: Question, ways: Ways) -> None:
        """Remember a question and the ways that lead to it."""
        self._asked[question.code] = (question, ways if question.is_asked_in(self._city) else ())

    def ways(self, rule: Rule | None) -> Ways:
        """List the ways to meet a rule by the questions added so far; raises TangledError."""
        if rule is None:
            return ALWAYS
        if isinstance(rule, ShowIf):
            return self._of_answer(rule)
        parts = (self.ways(part) for part in (rule.all_of if isinstance(rule, AllOf) else rule.any_of))
        return reduce(both, parts, ALWAYS) if isinstance(rule, AllOf) else _few(way for part in parts for way in part)

    def _of_answer(self, rule: ShowIf) -> Ways:
        question, ways = self._asked.get(rule.question, (None, ()))
        accepted = _answers(question, rule.options, self._city) if question else 0
        return both(ways, ({rule.question: accepted},)) if accepted else ()


def both(some: Ways, others: Ways) -> Ways:
    """List the ways that are a way of both; raises TangledError."""
    return _few(way for one, other in product(some, others) if (way := _common_way(one, other)) is not None)


def leaves(rule: Rule | None) -> Iterator[ShowIf]:
    """Give the plain rules a rule is made of."""
    if rule is not None:
        yield from rule.leaves()


def joins(rule: Rule | None) -> Iterator[AllOf | AnyOf]:
    """Give the rules, itself included, that join others."""
    if isinstance(rule, AllOf | AnyOf):
        yield rule
        for part in rule.all_of if isinstance(rule, AllOf) else rule.any_of:
            yield from joins(part)


def _common_way(one: Way, other: Way) -> Way | None:
    common = dict(one)
    for question, answers in other.items():
        common[question] = common.get(question, answers) & answers
        if not common[question]:
            return None
    return common


def _few(ways: Iterable[Way]) -> Ways:
    distinct: dict[tuple[tuple[str, int], ...], Way] = {}
    for way in ways:
        distinct[tuple(sorted(way.items()))] = way
        if len(distinct) > MOST_WAYS:
            raise TangledError
    return tuple(distinct.values())


def _answers(question: Question, accepted: frozenset[str], city: str) -> int:
    offered = question.offered(city)
    indexes = {option.code: index for index, option in enumerate(question.options)}
    hits = [indexes[option.code] for option in offered if option.code in accepted]
    if not KINDS[question.kind].several:
        return sum(1 << index + 1 for index in hits)
    alone = {1 << indexes[option.code] for option in offered if option.apart}
    combinable = [1 << indexes[option.code] for option in offered if not option.apart]
    sets = alone | {sum(ticked) for size in range(len(combinable) + 1) for ticked in combinations(combinable, size)}
    return sum(1 << ticks for ticks in sets if any(ticks >> index & 1 for index in hits))
