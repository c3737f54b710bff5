"""What a browser keeps is opened only as what it was sealed as, by the same secret, in its time."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask, Response
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.web.resident import drafts
from app.web.resident.drafts import DONE_LIFE, LIFE, Done, Draft
from surveys.responses.intake import Suggestion

SECRET = "a secret of these tests, longer than thirty-two characters"
DRAFT = Draft(
    wave="w",
    city="almaty",
    ballot="b",
    agreed=True,
    answers={"one": "yes", "many": ("a", "b")},
    extra=("its",),
    suggestions=(Suggestion("its", "Көп жол"),),
    began=7,
)


@pytest.fixture
def asked(public: Flask) -> Iterator[None]:
    with public.test_request_context("/s/w"):
        yield


def jar(response: Response) -> dict[str, str]:
    """Collect what a browser would keep."""
    lines = (line.partition(";")[0].partition("=") for line in response.headers.getlist("Set-Cookie"))
    return {name: value for name, _, value in lines if value}


def kept(draft: Draft) -> dict[str, str]:
    response = Response()
    drafts.keep_draft(response, {}, SECRET, draft, secure=True)
    return jar(response)


@pytest.mark.usefixtures("asked")
def test_a_draft_comes_back_whole() -> None:
    assert drafts.read_draft(kept(DRAFT), SECRET, "w") == DRAFT


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize(
    ("secret", "wave", "swapped"), [("x" * 40, "w", False), (SECRET, "other", False), (SECRET, "w", True)]
)
def test_a_draft_of_another_secret_or_wave_or_sealed_as_something_else_is_none(
    secret: str, wave: str, swapped: bool
) -> None:
    cookies = kept(DRAFT)
    if swapped:
        cookies["draft"] = cookies["draft-text-0"]
    assert drafts.read_draft(cookies, secret, wave) is None


@pytest.mark.usefixtures("asked")
def test_what_was_sent_is_kept_without_suggestions_and_is_no_draft() -> None:
    response = Response()
    drafts.keep_done(response, SECRET, Done("AAAA-BBBB-CCCC", DRAFT), secure=True)
    cookies = jar(response)
    assert drafts.read_done(cookies, SECRET, "w") == Done("AAAA-BBBB-CCCC", replace(DRAFT, suggestions=()))
    assert drafts.read_draft({"draft": cookies["done"]}, SECRET, "w") is None


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize(("life", "name"), [(LIFE, "draft"), (DONE_LIFE, "done")])
def test_a_seal_opens_to_the_last_second_of_its_life(monkeypatch: pytest.MonkeyPatch, life: int, name: str) -> None:
    sealed = drafts._sealed({"said": 1}, name, SECRET)
    begun = drafts._seconds()
    for seconds, opens in ((life, True), (life + 1, False), (-60, True), (-61, False)):
        monkeypatch.setattr(drafts, "_seconds", lambda moment=begun + seconds: moment)
        assert (drafts._opened({name: sealed}, name, SECRET, life) is not None) == opens, seconds


@pytest.mark.usefixtures("asked")
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.text(), st.text("ABCab12-_=~"), st.binary(max_size=80).map(lambda raw: raw.hex())))
def test_no_other_text_is_a_draft(text: str) -> None:
    assert drafts.read_draft({"draft": text}, SECRET, "w") is None


@pytest.mark.usefixtures("asked")
def test_no_two_seals_are_alike() -> None:
    assert len({kept(DRAFT)["draft"] for _ in range(50)}) == 50


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("said", [{"wave": "w"}, {"wave": "w", "ballot": "b", "answers": {}, "extra": [], "new": 1}])
def test_a_draft_of_another_release_begins_anew(said: dict[str, object]) -> None:
    assert drafts.read_draft({"draft": drafts._sealed(said, "draft", SECRET)}, SECRET, "w") is None


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize(
    "said",
    [{}, {"draft": {"wave": "w"}}, {"draft": {"wave": "w", "ballot": "b", "answers": {}, "extra": [], "new": 1}}],
)
def test_what_another_release_kept_of_an_answer_sent_is_not_shown(said: dict[str, object]) -> None:
    sealed = drafts._sealed({"receipt": "AAAA-BBBB-CCCC"} | said, "done", SECRET)
    assert drafts.read_done({"done": sealed}, SECRET, "w") is None
