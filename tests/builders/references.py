"""Plain ways to what the product works out from tables and bytes: what tests compare it with."""

from collections.abc import Iterable

from surveys.questionnaire.compiled import Compiled
from surveys.questionnaire.definition import Answers, Page, Questionnaire
from surveys.questionnaire.kinds import KINDS
from surveys.questionnaire.routing import walk


def area_value(compiled: Compiled, answers: Answers, area: str) -> int | None:
    """Give the mean points of an area × its scale; None when under half of its items are answered."""
    questions = [compiled.questionnaire.question(item.question) for item in compiled.items[area]]
    points = [KINDS[question.kind].points(question, answers.get(question.code, "")) for question in questions]
    points_given = [value for value in points if value is not None]
    if not points_given or 2 * len(points_given) < len(points):
        return None
    return sum(points_given) * (compiled.area_scale(area) // len(points_given))


def keep_on_route(q: Questionnaire, pages: Iterable[Page], city: str, answers: Answers) -> Answers:
    """Keep the answers to questions still on these pages, by one pass over them."""
    return walk([q.page(page.code) for page in pages], city, answers).answers
