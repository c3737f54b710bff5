"""Answers as a phone sends them to PUT /r/<id>."""

import random
from typing import Any

from surveys.questionnaire.compiled import Compiled
from surveys.questionnaire.definition import Question
from surveys.questionnaire.routing import route


def a_payload(compiled: Compiled, wave: str, *, seed: int = 0, **changes: Any) -> dict[str, Any]:
    """Answer everything about every area at random; the same seed gives the same answers."""
    draw = random.Random(seed)
    q, city = compiled.questionnaire, changes.get("city", "almaty")
    pages = route(q, seed="", city=city, answers={}, extra=frozenset(q.areas))
    answers = {question.code: _answer(question, draw) for page in pages for question in page.questions}
    payload = {
        "wave": wave,
        "city": city,
        "version": q.digest(),
        "lang": "kk",
        "consent": q.consent_version,
        "answers": answers,
        "extra": list(q.areas),
        "suggestions": [],
    }
    return payload | changes


def _answer(question: Question, draw: random.Random) -> object:
    if question.kind == "number":
        return str(question.minimum or 0)
    if question.kind == "text":
        return "Жақсы"
    code = draw.choice(question.options).code
    return [code] if question.kind == "multi" else code
