"""The weighting cell of a respondent: coarse traits and language, written as one short sortable text."""

from collections.abc import Mapping
from functools import lru_cache

from surveys.errors import CellError
from surveys.languages import LANGUAGES
from surveys.questionnaire.definition import DIMENSIONS, Answer, Answers, Question, Questionnaire

NOT_GIVEN = "-"
"""Category of a trait the respondent was not asked or did not tell."""

_ORDER = (*DIMENSIONS, "lang")


def cell_code(q: Questionnaire, answers: Answers, lang: str) -> str:
    """Write the cell of one respondent, such as `sex=f;age=25-34;district=almaly;lang=kk`.

    Holds the dimensions the questionnaire asks, in the order of DIMENSIONS, then the language answered in.
    """
    traits = [
        f"{name}={categories.get(answers.get(code, NOT_GIVEN), NOT_GIVEN)}" for name, code, categories in _traits(q)
    ]
    return ";".join([*traits, f"lang={lang}"])


def parse_cell(code: str) -> dict[str, str]:
    """Read a cell code back as dimension → category; raises CellError for any other text."""
    parts = [part.partition("=") for part in code.split(";")]
    cell = {name: category for name, _, category in parts}
    canonical = ";".join(f"{name}={cell[name]}" for name in _ORDER if cell.get(name))
    if canonical != code or cell.get("lang") not in LANGUAGES:
        raise CellError(f"not a cell: {code[:80]!r}")
    return cell


@lru_cache(maxsize=64)
def _traits(q: Questionnaire) -> tuple[tuple[str, str, Mapping[Answer, str]], ...]:
    """List the dimensions a questionnaire asks: name, question, and the category of each answer that tells one."""
    by_trait = {question.weighting: question for question in q.questions if question.weighting}
    return tuple((name, by_trait[name].code, _categories(by_trait[name])) for name in DIMENSIONS if name in by_trait)


def _categories(question: Question) -> dict[Answer, str]:
    # A district's code is unique only with its city; the response already says the city.
    return {option.code: option.code.removeprefix(f"{option.city}.") for option in question.options if not option.apart}
