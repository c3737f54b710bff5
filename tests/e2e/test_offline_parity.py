"""What the phone works out by itself equals what the server works out, case by case, in real Chromium."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from app.web.resident.drafts import Draft
from app.web.resident.form.walk import Walk, WaveView
from surveys.authoring.yaml_source import load, shipped
from surveys.ballots.ballots import Ballot
from surveys.questionnaire.compiled import compile_questionnaire
from surveys.questionnaire.definition import Answers, Question, Questionnaire
from surveys.questionnaire.kinds import KINDS, RefusedError
from surveys.questionnaire.redaction import tidied
from surveys.questionnaire.routing import area_order, other_areas, route
from tests.builders.questionnaires import CITIES, answers_to, area_page, questionnaire, questionnaires
from tests.builders.references import keep_on_route
from tests.e2e.airplane import island
from tests.effort import examples

pytestmark = pytest.mark.e2e
SHIPPED = tuple(load(path) for path in shipped())
PLACES = (*CITIES, "aktau")

WALK = """async ({q, id, draft}) => {
  const routing = await import('/static/js/routing.js');
  const order = await routing.areaOrder(q, id);
  const {pages, answers} = routing.walk(q, order, draft);
  const asked = pages.map(page => [page.code, page.questions.map(
    question => [question.code, (question.options ?? []).map(option => option.code)])]);
  return {order, asked, answers, others: routing.otherAreas(q, order, draft), steps: routing.stepsOf(q, order, draft)};
}"""
CLEAN = """async ({question, city, given}) => {
  const {offered} = await import('/static/js/routing.js');
  const {KINDS, Refused} = await import('/static/js/kinds.js');
  try {
    return [KINDS[question.kind].clean({...question, options: offered(question, city)}, given) ?? null];
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return error.message;
  }
}"""
TIDIED = "async text => (await import('/static/js/answers.js')).tidied(text)"

texts = st.text(st.characters(exclude_categories=["Cs", "Cn"]), max_size=40)


@pytest.fixture(scope="module")
def script(chromium: Browser, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A page that can load the survey's modules."""
    with island(sqlite_template, tmp_path_factory.mktemp("parity")) as isle:
        context = chromium.new_context()
        page = context.new_page()
        page.goto(f"{isle.base}/s/rights")
        yield page
        context.close()


@st.composite
def cases(draw: st.DrawFn) -> tuple[Questionnaire, Draft, bytes]:
    q = draw(st.sampled_from(SHIPPED) | questionnaires())
    city, other = draw(st.sampled_from(PLACES)), draw(st.sampled_from(PLACES))
    answers: Answers = draw(answers_to(q, other))
    extra = tuple(draw(st.lists(st.sampled_from(q.areas), unique=True)))
    draft = Draft(wave="w", city=city, ballot="", answers=dict(answers), extra=extra)
    return q, draft, draw(st.binary(min_size=16, max_size=16))


@settings(max_examples=examples(300))
@given(case=cases())
def test_the_same_pages_questions_options_and_steps(script: Page, case: tuple[Questionnaire, Draft, bytes]) -> None:
    q, draft, nonce = case
    ballot = Ballot("w", draft.city, q.audience, "open", nonce)
    extra = frozenset(draft.extra)
    pages = route(q, seed=ballot.seed, city=draft.city, answers=draft.answers, extra=extra)
    view = WaveView("w", q.audience, True, False, compile_questionnaire(q), frozenset(PLACES))
    expected = {
        "order": list(area_order(q, ballot.seed)),
        "asked": [
            [page.code, [[question.code, [o.code for o in question.options]] for question in page.questions]]
            for page in pages
        ],
        "answers": _plain(keep_on_route(q, pages, draft.city, draft.answers)),
        "others": list(other_areas(q, ballot.seed, draft.city, extra)),
        "steps": Walk(view, draft, ballot).steps,
    }
    draft_json = {"city": draft.city, "answers": _plain(draft.answers), "extra": list(draft.extra)}
    assert script.evaluate(WALK, {"q": json.loads(q.to_json()), "id": nonce.hex(), "draft": draft_json}) == expected


@st.composite
def givens(draw: st.DrawFn) -> tuple[Question, str, str | list[str]]:
    q = draw(questionnaires())
    question = draw(st.sampled_from(q.questions))
    codes = [option.code for option in question.options]
    choices = st.sampled_from(codes) if codes else texts
    one = choices | texts | st.integers(-70_000, 70_000).map(str) | st.sampled_from(["", " 5 ", "+7", "-0", "1e3", "٣"])
    many = st.lists(one, max_size=4)
    return question, draw(st.sampled_from(PLACES)), draw(many if question.kind == "multi" else one)


@settings(max_examples=examples(400))
@given(case=givens())
def test_the_same_answers_are_taken_and_the_same_refused(script: Page, case: tuple[Question, str, Any]) -> None:
    question, city, given_ = case
    if question.options and not question.offered(city):
        return  # such a question is not shown, neither here nor there
    try:
        expected: object = [_answer(KINDS[question.kind].clean(question, given_, city))]
    except RefusedError as refused:
        expected = str(refused.reason).replace("wrong_city", "unknown_option")
    assert script.evaluate(CLEAN, {"question": _raw(question), "city": city, "given": given_}) == expected


@settings(max_examples=examples(200))
@given(text=texts)
def test_the_same_text_is_counted(script: Page, text: str) -> None:
    assert script.evaluate(TIDIED, text) == tidied(text)


def test_the_comparison_can_fail(script: Page) -> None:
    q = SHIPPED[0]
    draft_json = {"city": "almaty", "answers": {}, "extra": []}
    one, other = (
        script.evaluate(WALK, {"q": json.loads(q.to_json()), "id": f"{number:032x}", "draft": draft_json})["order"]
        for number in (1, 2)
    )
    assert one != other


def _plain(answers: Answers) -> dict[str, object]:
    return {code: _answer(answer) for code, answer in answers.items()}


def _answer(answer: object) -> object:
    return (list(answer) if isinstance(answer, tuple) else answer) or None


def _raw(question: Question) -> dict[str, Any]:
    """Give a question as the phone reads it."""
    form = questionnaire(area_page("ctm", replace(question, show_if=None)))
    raw: dict[str, Any] = json.loads(form.to_json())["pages"][0]["questions"][0]
    return raw
