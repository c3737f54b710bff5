"""Looking a receipt up on the public list, and taking an answer back by it, as a browser without script does."""

import re

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.web import site
from surveys.ballots import keys
from surveys.fieldwork import waves
from surveys.languages import LANGUAGES
from surveys.models import Response, SpentBallot
from surveys.responses import counted_receipts
from surveys.tallies import folding
from tests.app.web.resident.walker import Walker
from tests.builders.country import RESIDENTS
from tests.builders.invitations import Visitor

LIST, WITHDRAW = f"/s/{RESIDENTS}/receipts", "/s/withdraw"
NOBODYS = "4F7K-90QX-2MBA"


def answer(app: Flask, city: str = "oral") -> str:
    """Fill in and send; gives the receipt."""
    walker = Walker(Visitor(app).client, RESIDENTS)
    walker.to_check(walker.begin(city))
    page = walker.client.get(walker.send().location).text
    return re.findall(r"<strong>([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})</strong>", page)[0]


def write_list(app: Flask) -> None:
    """Fold, and write the list, as is done at night."""
    with app.app_context(), site.database().writing() as session:
        folding.fold(session)
        counted_receipts.write_list(session, keys.load(site.settings().keys, RESIDENTS), RESIDENTS)


def stored(app: Flask, table: type = Response) -> int:
    with app.app_context(), site.database().reading() as session:
        return session.execute(select(func.count()).select_from(table)).scalar_one()


@pytest.fixture
def listed(public: Flask) -> list[str]:
    """Ten answers of one city, all on the list."""
    receipts = [answer(public) for _person in range(10)]
    write_list(public)
    return receipts


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
def test_a_counted_receipt_is_found_however_it_is_typed(public: Flask, listed: list[str], spell) -> None:  # noqa: ANN001 - a table of functions
    page = public.test_client().get(LIST, query_string={"receipt": spell(listed[4]), "lang": "en"}).text
    assert f"Yes, {listed[4]} is counted." in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (NOBODYS, f"{NOBODYS} is not on the list."),
        ("4F7K", "This is not a receipt"),
        ("\u0666" * 12, "This is not a receipt"),
        ("<script>" * 30, "This is not a receipt"),
    ],
)
def test_what_is_not_on_the_list_is_said_in_one_sentence(
    public: Flask, listed: list[str], typed: str, sentence: str
) -> None:
    page = public.test_client().get(LIST, query_string={"receipt": typed, "lang": "en"})
    assert page.status_code == 200
    assert sentence in page.text
    assert "<script>" not in page.text.partition("<main")[2]
    assert listed[0] not in page.text


def test_the_whole_list_is_a_sorted_file_of_both_kinds(public: Flask, listed: list[str]) -> None:
    client = public.test_client()
    text, table = client.get(f"{LIST}.txt"), client.get(f"{LIST}.csv")
    assert text.text.splitlines() == sorted(listed)
    assert table.text.splitlines() == ["receipt", *sorted(listed)]
    assert (text.mimetype, table.mimetype) == ("text/plain", "text/csv")
    assert f'filename="receipts-{RESIDENTS}.csv"' in table.headers["Content-Disposition"]


@pytest.mark.parametrize("address", ["/s/none/receipts", "/s/none/receipts.csv", f"{LIST}.xlsx"])
def test_there_is_no_list_of_what_is_no_wave(public: Flask, address: str) -> None:
    assert public.test_client().get(address).status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_is_taken_back_after_one_question_and_only_then(public: Flask, language: str) -> None:
    receipt = answer(public)
    visitor = Visitor(public)
    visitor.client.get(f"/s/?lang={language}")
    status, _address, page = visitor.fill(WITHDRAW, receipt=receipt.lower())
    assert status == 200
    assert 'name="sure" value="yes"' in page
    assert stored(public) == 1
    assert visitor.fill(WITHDRAW, receipt=receipt.lower(), sure="yes")[:2] == (303, "/s/withdraw/done")
    assert visitor.client.get("/s/withdraw/done").status_code == 200
    assert (stored(public), stored(public, SpentBallot)) == (0, 1)


def test_what_was_counted_leaves_the_list_of_the_next_night(public: Flask, listed: list[str]) -> None:
    Visitor(public).fill(WITHDRAW, receipt=listed[0], sure="yes")
    assert listed[0] in public.test_client().get(f"{LIST}.txt").text
    write_list(public)
    assert public.test_client().get(f"{LIST}.txt").text.splitlines() == sorted(listed[1:])


def test_an_answer_taken_back_is_gone_and_its_ballot_brings_none_back(public: Flask) -> None:
    walker = Walker(Visitor(public).client, RESIDENTS)
    walker.to_check(walker.begin())
    before = dict(walker.client._cookies)
    page = walker.client.get(walker.send().location).text
    (receipt,) = re.findall(r"<strong>([0-9A-Z-]{14})</strong>", page)
    visitor = Visitor(public)
    visitor.fill(WITHDRAW, receipt=receipt, sure="yes")
    status, _address, page = visitor.fill(WITHDRAW, receipt=receipt)
    assert status == 422
    assert "No answer has this receipt" in page
    walker.client._cookies = before
    again = walker.send()
    assert again.status_code == 409
    assert "One that was taken back cannot be given again" in again.text
    assert stored(public) == 0


@pytest.mark.parametrize("typed", ["", "4F7K", "ЖЖЖЖ-ЖЖЖЖ-ЖЖЖЖ", "\x00" * 12])
def test_what_is_no_receipt_is_told_so_beside_its_box(public: Flask, typed: str) -> None:
    status, _address, page = Visitor(public).fill(WITHDRAW, receipt=typed)
    assert status == 422
    assert "A receipt has 12 letters and digits" in page
    assert 'href="#receipt"' in page
    assert 'aria-describedby="receipt-error"' in page


def test_after_the_freeze_nobody_can_tell_whose_answer_it_is(public: Flask, listed: list[str]) -> None:
    with public.app_context(), site.database().writing() as session:
        waves.close_wave(session, RESIDENTS)
        waves.freeze_wave(session, RESIDENTS, site.settings().keys)
    status, _address, page = Visitor(public).fill(WITHDRAW, receipt=listed[0], sure="yes")
    assert status == 422
    assert "This survey is settled" in page
    assert stored(public) == 10


def test_guessing_receipts_is_stopped_and_a_right_one_costs_nothing(public: Flask) -> None:
    receipt = answer(public)
    visitor = Visitor(public)
    statuses = [visitor.fill(WITHDRAW, receipt=f"4F7K-90QX-{number:04d}")[0] for number in range(12)]
    assert statuses == [422] * 10 + [429] * 2
    other = Visitor(public)
    assert [other.fill(WITHDRAW, receipt=receipt)[0] for _look in range(12)] == [200] * 12


def test_a_language_button_keeps_the_receipt_and_takes_nothing_back(public: Flask) -> None:
    receipt = answer(public)
    status, _address, page = Visitor(public).fill(WITHDRAW, receipt=receipt, sure="yes", switch="ru")
    assert status == 200
    assert f'value="{receipt}"' in page
    assert '<html lang="ru">' in page
    assert stored(public) == 1
