"""What a browser keeps of an unfinished answer comes back whole, and nothing else does."""

from dataclasses import replace

import pytest
from flask import Flask, Response

from app.web.resident import drafts
from app.web.resident.drafts import Done, Draft
from app.web.sealed import seal
from surveys.responses.intake import Receipt, Suggestion

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


def jar(response: Response) -> dict[str, str]:
    """Collect what a browser would keep."""
    lines = (line.partition(";")[0].partition("=") for line in response.headers.getlist("Set-Cookie"))
    return {name: value for name, _, value in lines if value}


def cookies_with(app: Flask, draft: Draft) -> dict[str, str]:
    with app.test_request_context("/s/w"):
        response = Response()
        drafts.keep_draft(response, draft)
        return jar(response)


def draft_in(app: Flask, cookies: dict[str, str], wave: str = "w") -> Draft | None:
    header = "; ".join(f"{name}={value}" for name, value in cookies.items())
    with app.test_request_context("/s/w", headers={"Cookie": header}):
        return drafts.read_draft(wave)


def done_in(app: Flask, cookies: dict[str, str]) -> Done | None:
    header = "; ".join(f"{name}={value}" for name, value in cookies.items())
    with app.test_request_context("/s/w", headers={"Cookie": header}):
        return drafts.read_done("w")


def test_a_draft_comes_back_whole(public: Flask) -> None:
    assert draft_in(public, cookies_with(public, DRAFT)) == DRAFT


def test_a_draft_of_another_wave_is_none(public: Flask) -> None:
    assert draft_in(public, cookies_with(public, DRAFT), "other") is None


def test_a_suggestion_is_no_draft(public: Flask) -> None:
    cookies = cookies_with(public, DRAFT)
    assert draft_in(public, cookies | {"draft": cookies["draft-text-0"]}) is None


def test_a_suggestion_of_another_ballot_is_left_out(public: Flask) -> None:
    other = cookies_with(public, replace(DRAFT, ballot="other"))
    draft = draft_in(public, cookies_with(public, DRAFT) | {"draft-text-0": other["draft-text-0"]})
    assert draft == replace(DRAFT, suggestions=())


def test_what_was_sent_is_kept_without_suggestions_and_is_no_draft(public: Flask) -> None:
    with public.test_request_context("/s/w"):
        response = Response()
        drafts.keep_done(response, Done(Receipt("AAAA-BBBB-CCCC", "code"), DRAFT))
    cookies = jar(response)
    assert done_in(public, cookies) == Done(Receipt("AAAA-BBBB-CCCC", "code"), replace(DRAFT, suggestions=()))
    assert draft_in(public, {"draft": cookies["done"]}) is None


@pytest.mark.parametrize("content", [{"wave": "w"}, {"wave": "w", "ballot": "b", "answers": {}, "extra": [], "new": 1}])
def test_a_draft_of_another_release_begins_anew(public: Flask, content: dict[str, object]) -> None:
    with public.app_context():
        sealed = seal("draft", content)
    assert draft_in(public, {"draft": sealed}) is None


@pytest.mark.parametrize(
    "content",
    [{}, {"draft": {"wave": "w"}}, {"draft": {"wave": "w", "ballot": "b", "answers": {}, "extra": [], "new": 1}}],
)
def test_what_another_release_kept_of_an_answer_sent_is_not_shown(public: Flask, content: dict[str, object]) -> None:
    with public.app_context():
        sealed = seal("done", {"receipt": "AAAA-BBBB-CCCC"} | content)
    assert done_in(public, {"done": sealed}) is None
