"""What a newer release gave out, met by this one when a build was taken back: clear words, and nothing is lost."""

from typing import Any

import pytest
from flask import Flask

from app.web import site
from app.web.resident import drafts
from app.web.resident.drafts import Draft
from app.web.sealed import seal
from surveys.ballots import ballots, keys
from surveys.ballots.ballots import BallotError
from surveys.errors import NewerFormatError
from surveys.languages import LANGUAGES
from tests.app.web.resident.walker import Walker
from tests.builders.country import RESIDENTS
from tests.builders.payloads import a_payload

AT = f"/s/{RESIDENTS}"
ID = "0123456789abcdef" * 2
TITLE = {
    "kk": "Бұл сайттың жаңарақ нұсқасында басталған",
    "ru": "Это было начато в более новой версии сайта",
    "en": "This was begun with a newer version of this site",
}
QUEUED = {
    "kk": "Бұл жауаптар сайттың жаңарақ нұсқасында жазылған. Олар осы құрылғыда қалады және қайта жіберіледі.",
    "ru": "Эти ответы записаны в более новой версии сайта. Они остаются на этом устройстве и будут отправлены снова.",
    "en": "These answers come from a newer version of this site. They stay on this device and will be sent again.",
}


def ballot_of(app: Flask) -> str:
    with app.app_context():
        return ballots.open_ballot(keys.load(site.settings().keys, RESIDENTS), RESIDENTS, "almaty", "resident")


def body_of(app: Flask, **changes: Any) -> dict[str, Any]:
    with app.app_context():
        version = app.extensions[site.KEY].waves.get(RESIDENTS).compiled
    return a_payload(version, RESIDENTS, **changes)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "page", ["", "/consent", "/p/ctm", "/more", "/suggestions", "/check", "/thanks", "/offline/draft"]
)
def test_a_newer_draft_or_thank_you_page_stays_in_its_browser(
    public: Flask, monkeypatch: pytest.MonkeyPatch, language: str, page: str
) -> None:
    draft = Draft(wave=RESIDENTS, city="almaty", ballot=ballot_of(public), agreed=True)
    with public.test_request_context(AT), monkeypatch.context() as newer:
        newer.setattr("app.web.sealed.FORMAT", 3)
        name, data = "draft", drafts._ticks(draft)
        if page == "/thanks":
            name, data = "done", {"receipt": "4F7K-90QX-2MBA", "code": "", "draft": data}
        value = seal(name, data)
    client = public.test_client()
    client.set_cookie(name, value, path=AT)
    answer = client.get(f"{AT}{page}", headers={"Accept-Language": language})
    assert (answer.status_code, TITLE[language] in answer.text) == (503, True)
    kept = client.get_cookie(name, path=AT)
    assert kept is not None
    assert kept.value == value


def test_a_draft_with_a_newer_ballot_stays_in_its_browser(public: Flask) -> None:
    with public.test_request_context(AT):
        value = seal("draft", drafts._ticks(Draft(wave=RESIDENTS, city="almaty", ballot="2.abc", agreed=True)))
    client = public.test_client()
    client.set_cookie("draft", value, path=AT)
    for page in ("/consent", "/check", "/p/ctm", "/offline/draft"):
        answer = client.get(f"{AT}{page}", headers={"Accept-Language": "en"})
        assert (answer.status_code, TITLE["en"] in answer.text) == (503, True), page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("changes", [{"format": 2}, {"format": 2, "answers": [], "more": 1}, {"ballot": "2.abc"}])
def test_a_newer_answer_of_a_phone_stays_in_its_queue(public: Flask, changes: dict[str, Any], language: str) -> None:
    body = body_of(public, lang=language) | changes
    answer = public.test_client().put(f"/r/{ID}", json=body, headers={"Accept-Language": language})
    # A phone tries again after every 503; of 4xx it would say that the answers are refused.
    assert (answer.status_code, answer.get_json()) == (503, {"error": "newer_format", "message": QUEUED[language]})
    assert answer.headers["Retry-After"]


def test_an_answer_that_says_its_format_is_the_one_that_says_none(public: Flask) -> None:
    client, body = public.test_client(), body_of(public)
    assert client.put(f"/r/{ID}", json=body | {"format": 1}).status_code == 201
    assert client.put(f"/r/{ID}", json=body).status_code == 200


@pytest.mark.parametrize("number", [0, -1, "1", True, None, 1.0, []])
def test_a_number_that_is_none_is_refused(public: Flask, number: object) -> None:
    answer = public.test_client().put(f"/r/{ID}", json=body_of(public) | {"format": number})
    assert (answer.status_code, answer.get_json()["error"]) == (400, "format")


@pytest.mark.parametrize("text", ["2.abc", "99.", "2."])
def test_a_newer_ballot_says_so(text: str) -> None:
    for read in (ballots.reopen, lambda each: ballots.verify(bytes(32), each)):
        with pytest.raises(NewerFormatError):
            read(text)


@pytest.mark.parametrize("text", ["1.abc", "0.abc", "100.abc", ".abc", "a.b", "2", "-2.abc", "٢.abc"])
def test_any_other_text_is_no_ballot(text: str) -> None:
    with pytest.raises(BallotError):
        ballots.verify(bytes(32), text)


def test_a_newer_pass_says_so(public: Flask) -> None:
    walker = Walker(public.test_client(), RESIDENTS)
    walker.go(f"{AT}/paper?lang=en")
    for text, words in (("3-ABCD-EFGH", "This pass comes from a newer version"), ("2-ABCD-EFGH", "This is not a pass")):
        page = walker.post(f"{AT}/paper", **{"pass": text})
        assert (page.status_code, words in page.text) == (422, True), text
