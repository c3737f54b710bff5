"""The weighting cell of a respondent: coarse traits and language, written as one short sortable text."""

from surveys.definition import DIMENSIONS, LANGUAGES, Answers, Question, Questionnaire
from surveys.errors import CellError

NOT_GIVEN = "-"
"""Category of a trait the respondent was not asked or did not tell."""

_ORDER = (*DIMENSIONS, "lang")


def cell_code(q: Questionnaire, answers: Answers, lang: str) -> str:
    """Write the cell of one respondent, such as `sex=f;age=25-34;district=almaly;lang=kk`.

    Holds the dimensions the questionnaire asks, in the order of DIMENSIONS, then the language answered in.
    """
    asked = {question.weighting: question for question in q.closed if question.weighting}
    given = {name: _category(asked[name], answers) for name in DIMENSIONS if name in asked}
    return ";".join(f"{name}={category}" for name, category in (given | {"lang": lang}).items())


def parse_cell(code: str) -> dict[str, str]:
    """Read a cell code back as dimension → category; raises CellError for any other text."""
    parts = [part.partition("=") for part in code.split(";")]
    cell = {name: category for name, _, category in parts}
    written = ";".join(f"{name}={cell[name]}" for name in _ORDER if cell.get(name))
    if written != code or cell.get("lang") not in LANGUAGES:
        raise CellError(f"not a cell: {code[:80]!r}")
    return cell


def _category(question: Question, answers: Answers) -> str:
    answer = answers.get(question.code)
    for option in question.options:
        if option.code == answer and not option.apart:
            # A district's code is unique only with its city; the response already says the city.
            return option.code.removeprefix(f"{option.city}.")
    return NOT_GIVEN
