"""A page joined from fragments is the page a template would draw, and both readings of answers agree."""

import pytest
from flask import Flask, g, render_template, session
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import StringField

from app.web.asking import questions
from app.web.language import speak
from app.web.look.choice import SCHEMES, SPACINGS, TEXTS, Look
from app.web.resident.form import fragments, steps, views
from app.web.resident.form.forms import page_form, posted_page, read_page
from surveys.authoring.yaml_source import load, shipped
from surveys.errors import AnswersError
from surveys.languages import Text3
from surveys.population.places import load_places
from surveys.questionnaire.compiled import Compiled, compile_questionnaire
from surveys.questionnaire.definition import Answer, Page, PageRole, Question
from surveys.questionnaire.routing import route
from tests.effort import examples

QUESTIONNAIRES = [compile_questionnaire(load(path)) for path in shipped()]
CITIES = [city.code for city in load_places().cities]
TYPED = Page(
    code="typed",
    role=PageRole.ABOUT,
    title=Text3("а", "б", "c"),
    questions=(
        Question(code="years", kind="number", label=Text3("а", "б", "c"), minimum=1, maximum=90),
        Question(code="why", kind="text", label=Text3("а", "б", "c"), max_chars=20),
    ),
)
SHELLS = st.builds(
    views.Shell,
    st.just("wave"),
    st.sampled_from(["/s/wave/p/x", "/s/wave/p/x?back=check&a='<\""]),
    st.sampled_from(["/s/wave", "/s/wave/consent"]),
    st.integers(1, 20),
    st.integers(1, 20),
)
LOOKS = st.builds(Look, st.sampled_from(TEXTS), st.sampled_from(SPACINGS), st.sampled_from(SCHEMES))
MANY = settings(max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def asked_pages(draw: st.DrawFn) -> tuple[Page, str]:
    """Any page as some respondent meets it, with the city."""
    q, city = draw(st.sampled_from(QUESTIONNAIRES)).questionnaire, draw(st.sampled_from(CITIES))
    pages = route(q, seed=draw(st.text("0123", max_size=3)), city=city, answers={}, extra=frozenset(q.areas))
    return draw(st.sampled_from([*pages, TYPED])), city


def answered(draw: st.DrawFn, page: Page) -> dict[str, Answer]:
    answers: dict[str, Answer] = {}
    for question in page.questions:
        codes = [option.code for option in question.options]
        if question.kind == "multi":
            answers[question.code] = tuple(draw(st.lists(st.sampled_from(codes), unique=True)))
        elif codes:
            answers[question.code] = draw(st.sampled_from(["", *codes]))
        else:
            answers[question.code] = draw(st.sampled_from(["", "5", "<b>&\"'", "{{ 7 }}", "%(num)s"]))
    return {code: answer for code, answer in answers.items() if answer}


@MANY
@given(asked_pages(), SHELLS, st.tuples(LOOKS, st.sampled_from(["kk", "ru", "en"])), st.data())
def test_a_page_put_together_is_the_page_drawn_whole(
    public: Flask, question_fields: tuple[Page, str], shell: views.Shell, reader: tuple[Look, str], data: st.DataObject
) -> None:
    (page, code), (look, language) = question_fields, reader
    answers = data.draw(st.composite(answered)(page))
    city = load_places().city(code)
    with public.test_request_context("/s/wave/p/x?back=check"):
        speak(language)
        g.look = look
        session["csrf_token"] = "one token, whatever second it is"
        form = page_form(page)(data=answers)
        whole = render_template(
            "resident/page.html",
            shell=shell,
            **questions.page_context(page, city, views.question_fields(page, city, form._fields)),
        )
        assert steps.question_page(page, city, shell, answers) == whole


POSTED = st.one_of(
    st.sampled_from(["", "5", "91", "-1", "а" * 21, "\x00", "None", "other", "yes"]), st.text(max_size=8)
)


@MANY
@given(asked_pages(), st.data())
def test_a_page_read_and_the_compiled_check_agree_on_any_post_and_the_form_shows_what_was_refused(
    public: Flask, question_fields: tuple[Page, str], data: st.DataObject
) -> None:
    page, city = question_fields
    posted: MultiDict[str, str] = MultiDict()
    for question in page.questions:
        values = st.one_of(st.sampled_from([option.code for option in question.options] or ["5"]), POSTED)
        for value in data.draw(st.lists(values, max_size=3 if question.kind == "multi" else 1)):
            posted.add(question.code, value)
    with public.test_request_context("/", method="POST"):
        reading = read_page(page, posted)
        form = posted_page(page, posted, reading.errors)
    assert reading.answers.keys() | reading.errors.keys() == {question.code for question in page.questions}
    assert reading.answers.keys().isdisjoint(reading.errors)
    assert form.errors == {code: [sentence] for code, sentence in reading.errors.items()}
    typed = [code for code, field in form._fields.items() if isinstance(field, StringField)]
    assert {code: form[code].data or "" for code in typed} == {code: posted.get(code, "") for code in typed}
    compiled = next((c for c in QUESTIONNAIRES if page.questions[0] in c.questionnaire.questions), None)
    if compiled:
        assert _compiled_accepts(compiled, posted, page, city) == (not reading.errors)


def _compiled_accepts(compiled: Compiled, posted: MultiDict[str, str], page: Page, city: str) -> bool:
    given_ = {
        question.code: posted.getlist(question.code) if question.kind == "multi" else posted.get(question.code, "")
        for question in page.questions
    }
    try:
        compiled.check({code: answer for code, answer in given_.items() if answer}, city)
    except AnswersError:
        return False
    return True


@pytest.mark.parametrize("text", ["", "no holes", "қала"])
def test_a_page_without_holes_is_itself(text: str) -> None:
    assert fragments.PageTemplate(text).filled({"token": "x"}) == text


def test_what_is_filled_in_cannot_open_another_hole() -> None:
    page = fragments.PageTemplate(f"a{fragments.hole('one')}b{fragments.hole('two')}c")
    assert page.filled({"one": fragments.hole("two"), "two": "!"}) == f"a{fragments.hole('two')}b!c"
