"""Steps put together from kept pieces: nobody's own words are among what is kept."""

from flask import Flask

from app.web.resident.drafts import Draft
from app.web.resident.form import steps
from app.web.resident.form.walk import Walk, WaveView
from surveys.authoring.yaml_source import load, shipped
from surveys.ballots.ballots import Ballot
from surveys.languages import Text3
from surveys.questionnaire.compiled import compile_questionnaire
from surveys.questionnaire.definition import Page, PageRole, Question

WORDS = "Менің өз сөзім"
TYPED = Page(
    code="typed",
    role=PageRole.ABOUT,
    title=Text3("а", "б", "c"),
    questions=(Question(code="why", kind="text", label=Text3("а", "б", "c"), max_chars=20),),
)


def walk() -> Walk:
    compiled = compile_questionnaire(load(shipped()[0]))
    view = WaveView("w", compiled.questionnaire.audience, True, False, compiled, frozenset({"almaty"}))
    draft = Draft(wave="w", city="almaty", ballot="b", answers={"why": WORDS})
    walk = Walk(view, draft, Ballot("w", "almaty", compiled.questionnaire.audience, "open", bytes(16)))
    walk.__dict__["pages"] = (*walk.pages, TYPED)
    return walk


def test_an_answer_in_words_is_drawn_and_not_kept(public: Flask) -> None:
    with public.test_request_context("/s/w/check"):
        steps.answered(walk(), changeable=True)
        before = steps._cached_section.cache_info()
        assert WORDS in steps.answered(walk(), changeable=True)
        after = steps._cached_section.cache_info()
    assert after.currsize == before.currsize
    assert after.hits - before.hits == len(walk().pages) - 1
