"""Looking a receipt up on the public list, and taking an answer back by it, as a browser without script does."""

import hashlib
import re
from datetime import timedelta
from typing import NamedTuple

import pytest
from flask import Flask
from limits import parse
from sqlalchemy import func, select

from app.clock import FrozenClock
from app.web import site
from app.web.resident import limits, receipts
from app.web.slow import Slots, Slow
from surveys.ballots import keys
from surveys.fieldwork import waves
from surveys.languages import LANGUAGES
from surveys.models import Response, SpentBallot
from surveys.responses import counted_receipts, withdrawal
from surveys.tallies import folding
from tests.app.web.resident.walker import Walker
from tests.builders.country import BUSINESSES, RESIDENTS
from tests.builders.invitations import Visitor
from tests.builders.sites import replace_services

LIST, WITHDRAW = f"/s/{RESIDENTS}/receipts", "/s/withdraw"
NOBODYS, NOBODYS_CODE = "4F7K-90QX-2MBA", "4F7K-90QX-2MBA-D5TR-8WEN"


class Given(NamedTuple):
    """What a respondent was given."""

    receipt: str
    code: str


def given(page: str) -> Given:
    """Read a page of thanks."""
    texts = re.findall(r"<strong[^>]*>((?:[0-9A-Z]{4}-)+[0-9A-Z]{4})</strong>", page)
    assert [len(text) for text in texts] == [14, 24]
    return Given(*texts)


def answer(app: Flask, city: str = "oral") -> Given:
    """Fill in and send."""
    walker = Walker(Visitor(app).client, RESIDENTS)
    walker.to_check(walker.begin(city))
    return given(walker.client.get(walker.send().location).text)


def look_up(app: Flask, typed: str) -> str:
    """Type something into the page of the list; gives the page in English."""
    visitor = Visitor(app)
    visitor.client.get("/s/?lang=en")
    status, _address, page = visitor.fill(LIST, receipt=typed)
    assert status == 200
    return page


def write_list(app: Flask) -> None:
    """Fold, and write the list, as is done at night."""
    with app.app_context(), site.database().writing() as session:
        folding.fold(session)
        counted_receipts.write_list(session, keys.load(site.settings().keys, RESIDENTS), RESIDENTS)


def stored(app: Flask, table: type = Response) -> int:
    with app.app_context(), site.database().reading() as session:
        return session.execute(select(func.count()).select_from(table)).scalar_one()


@pytest.fixture
def listed(public: Flask) -> list[Given]:
    """Ten answers of one city, all on the list."""
    everybody = [answer(public) for _person in range(10)]
    write_list(public)
    return everybody


def receipts_of(people: list[Given]) -> list[str]:
    return sorted(person.receipt for person in people)


def test_an_empty_list_says_when_it_is_written(public: Flask) -> None:
    page = public.test_client().get(f"{LIST}?lang=en")
    assert page.status_code == 200
    assert "No receipt is on the list yet" in page.text
    assert 'role="status"' not in page.text


def test_an_empty_list_of_a_settled_wave_promises_no_night(public: Flask) -> None:
    with public.app_context(), site.database().writing() as session:
        waves.close_wave(session, RESIDENTS)
        waves.freeze_wave(session, RESIDENTS, site.settings().keys)
    page = public.test_client().get(f"{LIST}?lang=en").text
    assert "no city had ten answers when the survey ended" in page
    assert "at night" not in page


@pytest.mark.parametrize("spell", [str, str.lower, lambda text: text.replace("-", " "), lambda text: f" {text} "])
def test_a_counted_receipt_is_found_however_it_is_typed(public: Flask, listed: list[Given], spell) -> None:  # noqa: ANN001 - a table of functions
    assert f"Yes, {listed[4].receipt} is counted." in look_up(public, spell(listed[4].receipt))
    assert f"Yes, {listed[4].receipt} is counted." in look_up(public, spell(listed[4].code))


def test_before_the_nightly_list_a_code_tells_that_its_answer_is_stored(public: Flask) -> None:
    receipt, code = answer(public)
    page = look_up(public, code)
    assert f"Your answer is stored; its receipt is {receipt}." in page
    assert "on the list from tomorrow" in page
    assert "With your withdrawal code you can check right now" in look_up(public, receipt)


def test_what_is_typed_never_stands_in_an_address(public: Flask, listed: list[Given]) -> None:
    client = public.test_client()
    assert f"Yes, {listed[0].receipt}" not in client.get(f"{LIST}?lang=en&receipt={listed[0].receipt}").text
    for page in (client.get(LIST).text, client.get(WITHDRAW).text):
        (form,) = re.findall(
            r"<form[^>]*method=\"(\w+)\"[^>]*>(?:(?!</form>).)*name=\"(?:code|receipt)\"", page, re.DOTALL
        )
        assert form == "post"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (NOBODYS, f"{NOBODYS} is not on the list."),
        (NOBODYS_CODE, "No answer to this survey has this code."),
        ("4F7K", "This is neither a receipt nor a withdrawal code"),
        ("\u0666" * 12, "This is neither a receipt nor a withdrawal code"),
        ("<script>" * 30, "This is neither a receipt nor a withdrawal code"),
    ],
)
def test_what_is_not_on_the_list_is_said_in_one_sentence(
    public: Flask, listed: list[Given], typed: str, sentence: str
) -> None:
    page = look_up(public, typed)
    assert sentence in page
    assert "<script>" not in page.partition("<main")[2]
    assert listed[0].receipt not in page


def test_the_whole_list_is_a_sorted_file_of_both_kinds(public: Flask, listed: list[Given]) -> None:
    client = public.test_client()
    text, table = client.get(f"{LIST}.txt"), client.get(f"{LIST}.csv")
    assert text.text.splitlines() == receipts_of(listed)
    assert table.text.splitlines() == ["receipt", *receipts_of(listed)]
    assert hashlib.sha256(text.data).hexdigest() in client.get(LIST).text
    assert (text.mimetype, table.mimetype) == ("text/plain", "text/csv")
    assert f'filename="receipts-{RESIDENTS}.csv"' in table.headers["Content-Disposition"]


def test_a_list_that_has_not_changed_is_not_sent_again(public: Flask, listed: list[Given]) -> None:
    client = public.test_client()
    first = client.get(f"{LIST}.txt")
    again = client.get(f"{LIST}.txt", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    Visitor(public).fill(WITHDRAW, code=listed[0].code, sure="yes")
    write_list(public)
    assert client.get(f"{LIST}.txt", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_a_list_is_read_in_parts_and_never_taken_for_whole_when_it_changes(
    public: Flask, listed: list[Given], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counted_receipts, "PART", 3)
    client = public.test_client()
    assert client.get(f"{LIST}.txt").text.splitlines() == receipts_of(listed)
    begun = client.get(f"{LIST}.csv").iter_encoded()
    assert [next(begun).count(b"\n"), next(begun).count(b"\n")] == [1, 3]
    Visitor(public).fill(WITHDRAW, code=listed[0].code, sure="yes")
    write_list(public)
    with pytest.raises(receipts.ListChangedError):
        b"".join(begun)


def test_only_so_many_lists_are_sent_at_once_and_a_sent_one_makes_room(public: Flask) -> None:
    replace_services(public, slow=Slow(lists=Slots(1)))
    client = public.test_client()
    sent = client.get(f"{LIST}.txt", buffered=False)
    second = client.get(f"{LIST}.txt")
    assert (sent.status_code, second.status_code, second.headers["Retry-After"]) == (200, 503, "60")
    assert client.get(f"{LIST}.txt", headers={"If-None-Match": sent.headers["ETag"]}).status_code == 304
    sent.close()
    for _again in range(2):
        assert client.get(f"{LIST}.txt", buffered=True).status_code == 200


@pytest.mark.parametrize("address", ["/s/none/receipts", "/s/none/receipts.csv", f"{LIST}.xlsx"])
def test_there_is_no_list_of_what_is_no_wave(public: Flask, address: str) -> None:
    assert public.test_client().get(address).status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_is_taken_back_after_one_question_and_only_then(public: Flask, language: str) -> None:
    code = answer(public).code
    visitor = Visitor(public)
    visitor.client.get(f"/s/?lang={language}")
    status, _address, page = visitor.fill(WITHDRAW, code=code.lower())
    assert status == 200
    assert 'name="sure" value="yes"' in page
    assert stored(public) == 1
    assert visitor.fill(WITHDRAW, code=code.lower(), sure="yes")[:2] == (303, "/s/withdraw/done")
    assert visitor.client.get("/s/withdraw/done").status_code == 200
    assert (stored(public), stored(public, SpentBallot)) == (0, 1)


def test_what_was_counted_leaves_the_list_of_the_next_night(public: Flask, listed: list[Given]) -> None:
    Visitor(public).fill(WITHDRAW, code=listed[0].code, sure="yes")
    assert listed[0].receipt in public.test_client().get(f"{LIST}.txt").text
    write_list(public)
    assert public.test_client().get(f"{LIST}.txt").text.splitlines() == receipts_of(listed[1:])


def test_a_stranger_with_the_whole_list_takes_nothing_back(public: Flask, listed: list[Given]) -> None:
    names = public.test_client().get(f"{LIST}.txt").text.splitlines()
    assert names == receipts_of(listed)
    visitor = Visitor(public)
    visitor.client.get("/s/?lang=en")
    for name in names:
        for field in ("code", "receipt"):
            status, _address, page = visitor.fill(WITHDRAW, **{field: name}, sure="yes")
            assert status == 422
        assert "withdrawal code has 20" in page
    assert "it cannot take an answer back" in visitor.fill(WITHDRAW, code=names[0], sure="yes")[2]
    assert stored(public) == 10


def test_above_a_number_in_an_hour_a_person_decides(
    public: Flask, listed: list[Given], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "WITHDRAWN_OF_WAVE", limits.WITHDRAWN_OF_WAVE._replace(limit=parse("2 per 1 hour")))
    pages = [Visitor(public).fill(WITHDRAW, code=person.code, sure="yes")[1] for person in (*listed[:4], listed[3])]
    assert pages == ["/s/withdraw/done"] * 2 + ["/s/withdraw/waits"] * 3
    assert stored(public) == 8
    assert public.test_client().get("/s/withdraw/waits?lang=en").status_code == 200
    with public.app_context(), site.database().writing() as session:
        waves.close_wave(session, RESIDENTS)
        with pytest.raises(waves.WaveError, match="2 withdrawals"):
            waves.freeze_wave(session, RESIDENTS, site.settings().keys)
    with public.app_context(), site.database().writing() as session:
        assert withdrawal.decide(session, RESIDENTS, accept=True, today=site.clock().today()) == (2, 2)
        assert withdrawal.waiting(session, RESIDENTS) == []
    assert stored(public) == 6


def test_how_many_were_taken_back_is_public_in_whole_tens(
    public: Flask, listed: list[Given], clock: FrozenClock
) -> None:
    def page() -> str:
        return public.test_client().get(f"{LIST}?lang=en").text

    assert "Fewer than ten, or none." in page()
    for person in listed[:9]:
        Visitor(public).fill(WITHDRAW, code=person.code, sure="yes")
    assert "Fewer than ten, or none." in page()
    Visitor(public).fill(WITHDRAW, code=listed[9].code, sure="yes")
    assert re.search(rf"<li>10 by [^<]*{clock.today().year}[^<]*</li>", page())
    assert "Fewer than ten, or none." not in page()


def test_the_hour_of_withdrawals_does_not_begin_anew_at_midnight(
    public: Flask, listed: list[Given], clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = limits.WITHDRAWN_OF_WAVE._replace(limit=parse("1 per 1 hour"))
    monkeypatch.setattr(limits, "WITHDRAWN_OF_WAVE", rule)
    pages = []
    for person in listed[:2]:
        pages.append(Visitor(public).fill(WITHDRAW, code=person.code, sure="yes")[1])
        monkeypatch.setattr(clock, "_moment", clock.now() + timedelta(days=1))
    assert pages == ["/s/withdraw/done", "/s/withdraw/waits"]


def test_a_code_that_takes_nothing_back_uses_no_place_of_the_hour(
    public: Flask, listed: list[Given], monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = limits.WITHDRAWN_OF_WAVE._replace(limit=parse("2 per 1 hour"))
    monkeypatch.setattr(limits, "WITHDRAWN_OF_WAVE", rule)
    codes = [listed[0].code, listed[0].code, listed[1].code]
    pages = [Visitor(public).fill(WITHDRAW, code=code, sure="yes")[1] for code in codes]
    assert pages[0] == pages[2] == "/s/withdraw/done"


def test_an_answer_taken_back_is_gone_and_its_ballot_brings_none_back(public: Flask) -> None:
    walker = Walker(Visitor(public).client, RESIDENTS)
    walker.to_check(walker.begin())
    before = dict(walker.client._cookies)
    code = given(walker.client.get(walker.send().location).text).code
    visitor = Visitor(public)
    visitor.fill(WITHDRAW, code=code, sure="yes")
    status, _address, page = visitor.fill(WITHDRAW, code=code)
    assert status == 422
    assert "No answer that can be taken back has this code" in page
    walker.client._cookies = before
    again = walker.send()
    assert again.status_code == 409
    assert "One that was taken back cannot be given again" in again.text
    assert stored(public) == 0


@pytest.mark.parametrize("typed", ["", "4F7K", "ЖЖЖЖ-ЖЖЖЖ-ЖЖЖЖ-ЖЖЖЖ-ЖЖЖЖ", "\x00" * 20])
def test_what_is_no_code_is_told_so_beside_its_box(public: Flask, typed: str) -> None:
    status, _address, page = Visitor(public).fill(WITHDRAW, code=typed)
    assert status == 422
    assert "A withdrawal code has 20 letters and digits" in page
    assert 'href="#code"' in page
    assert 'aria-describedby="code-error"' in page


def test_after_the_freeze_nobody_can_tell_whose_answer_it_is(public: Flask, listed: list[Given]) -> None:
    with public.app_context(), site.database().writing() as session:
        waves.close_wave(session, RESIDENTS)
        waves.freeze_wave(session, RESIDENTS, site.settings().keys)
    status, _address, page = Visitor(public).fill(WITHDRAW, code=listed[0].code, sure="yes")
    assert status == 422
    assert "after a survey is settled an answer can no longer be taken back" in page
    assert stored(public) == 10
    assert "The survey is settled, and codes no longer work" in look_up(public, listed[0].code)
    assert f"Yes, {listed[0].receipt} is counted." in look_up(public, listed[0].receipt)


@pytest.mark.parametrize(("address", "field"), [(WITHDRAW, "code"), (LIST, "receipt")])
def test_guessing_codes_is_stopped_and_a_right_one_costs_nothing(public: Flask, address: str, field: str) -> None:
    code = answer(public).code
    visitor = Visitor(public)
    typed = [f"4F7K-90QX-2MBA-D5TR-{number:04d}" for number in range(12)]
    statuses = [visitor.fill(address, **{field: text})[0] for text in typed]
    assert statuses == [200 if address == LIST else 422] * 10 + [429] * 2
    other = Visitor(public)
    assert [other.fill(address, **{field: code})[0] for _look in range(12)] == [200] * 12


def test_a_lost_key_of_another_wave_keeps_nobody_here(public: Flask) -> None:
    code = answer(public).code
    with public.app_context():
        (site.settings().keys / f"{BUSINESSES}.key").unlink()
    assert Visitor(public).fill(WITHDRAW, code=code, sure="yes")[:2] == (303, "/s/withdraw/done")


def test_a_language_button_keeps_the_code_and_takes_nothing_back(public: Flask) -> None:
    code = answer(public).code
    status, _address, page = Visitor(public).fill(WITHDRAW, code=code, sure="yes", switch="ru")
    assert status == 200
    assert f'value="{code}"' in page
    assert '<html lang="ru">' in page
    assert stored(public) == 1
