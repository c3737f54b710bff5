"""A kind of question that the product does not have, written as a permanent one would be: one to ten stars.

A permanent kind touches four files of the product, where the reasons to refuse an answer suffice:
- surveys/questionnaire/kinds.py: the class and its row of KINDS, here `Stars` and `STARS`;
- app/templates/resident/controls/stars.html, if no control that there is will do: here the file of that name;
- app/static/js/kinds.js: its row of KINDS, here stars.js;
- docs/questionnaires.md: what it is for.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from surveys.errors import Defect, Reason
from surveys.questionnaire.definition import Answer, Question
from surveys.questionnaire.kinds import Kind, RefusedError, Stored

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
SCRIPT = (HERE / "stars.js").read_text(encoding="utf-8")
PRODUCT_FILES = (
    "surveys/questionnaire/kinds.py",
    "app/templates/resident/controls/stars.html",
    "app/static/js/kinds.js",
    "docs/questionnaires.md",
)

MOST = 10


class Stars(Kind):
    """One to ten, or to the question's maximum, without options."""

    __slots__ = ()

    def clean(self, question: Question, raw: object, city: str) -> Answer:
        if raw == "":
            return ""
        if raw not in self.ready(question, city):
            raise RefusedError(Reason.OUT_OF_RANGE)
        return str(raw)

    def ready(self, question: Question, city: str) -> tuple[str, ...]:  # noqa: ARG002 - the same in every city
        return tuple(self.weights(question))

    def weights(self, question: Question) -> Mapping[str, int]:
        return {str(stars): stars for stars in range(1, (question.maximum or MOST) + 1)}

    def limit_defects(self, where: str, question: Question) -> Iterator[Defect]:
        yield from self.unused(where, question, "max_chars", "minimum")
        if question.maximum is not None and not 3 <= question.maximum <= MOST:
            yield Defect(where, "out_of_range", f"from 3 to {MOST} stars")

    def constraint(self, question: Question) -> str:
        return "" if question.maximum is None else f". <= {question.maximum}"

    def read_limit(self, part: str) -> dict[str, int]:
        return {"maximum": int(part.removeprefix(". <= "))} if part.startswith(". <= ") else {}


STARS = Stars(code="stars", stored=Stored.BYTE, xlsform="integer", is_named=True, control="stars")
