"""Plain ways to what the product works out from tables and bytes: what tests compare it with."""

from collections.abc import Iterable

from surveys.questionnaire.compiled import Compiled
from surveys.questionnaire.definition import Answers, Page, Questionnaire
from surveys.questionnaire.kinds import KINDS
from surveys.questionnaire.routing import walk


def area_value(compiled: Compiled, answers: Answers, area: str) -> int | None:
    """Give the mean points of an area × its scale; None when under half of its items are answered."""
    asked = [compiled.questionnaire.question(item.question) for item in compiled.items[area]]
    points = [KINDS[question.kind].points(question, answers.get(question.code, "")) for question in asked]
    given = [value for value in points if value is not None]
    if not given or 2 * len(given) < len(points):
        return None
    return sum(given) * (compiled.area_scale(area) // len(given))


def keep_on_route(q: Questionnaire, pages: Iterable[Page], city: str, answers: Answers) -> Answers:
    """Keep the answers to questions still on these pages, by one pass over them."""
    return walk([q.page(page.code) for page in pages], city, answers).answers
