"""Operators type in what people wrote on paper or said."""

import re
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from surveys.ballots import keys
from surveys.ballots.damm import check_digit
from surveys.fieldwork import paper, passes
from surveys.models import OperatorDay, Response
from tests.builders.country import RESIDENTS
from tests.builders.words import filed_texts
from tests.conftest import make_site

PAGE = f"/s/{RESIDENTS}/paper"


@pytest.fixture
def key(public: Flask, settings: Settings) -> bytes:  # noqa: ARG001 - the site makes the key
    return keys.load(settings.keys, RESIDENTS)


def printed(database: Database, key: bytes) -> str:
    """Print a form and give its number."""
    with database.writing() as session:
        return paper.number_forms(session, key, RESIDENTS, 1)[0]


def give(database: Database, key: bytes, today: date, **changes: object) -> tuple[str, str]:
    """Give a pass; gives its name and its text."""
    order = passes.PassOrder("Әсел", RESIDENTS, "almaty", "tsentr", today)._replace(**changes)  # type: ignore[arg-type]
    with database.writing() as session:
        return passes.give_pass(session, key, order)


class OperatorBrowser:
    """An operator at the page."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def post(self, **fields: object) -> TestResponse:
        page = self.client.get(PAGE).text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        ballot = re.search(r'name="ballot" value="([^"]+)"', page)
        assert token
        own = {"csrf_token": token[1], "ballot": ballot[1] if ballot else ""}
        return self.client.post(PAGE, data=own | fields)


@pytest.fixture
def operator(public: Flask, key: bytes, clock: FrozenClock, sqlite: Database) -> OperatorBrowser:
    operator = OperatorBrowser(public.test_client())
    _code, typed = give(sqlite, key, clock.today(), per_day=4)
    assert operator.post(**{"pass": f" {typed} "}).status_code == 303
    return operator


def responses(database: Database) -> list[Response]:
    with database.reading() as session:
        return list(session.scalars(select(Response)))


def test_a_printed_form_is_stored_with_its_mode_language_and_channel(
    operator: OperatorBrowser, key: bytes, sqlite: Database, settings: Settings
) -> None:
    number = printed(sqlite, key)
    form = {"mode": "paper", "spoken": "ru", "number": number, "ctm_online": "yes", "eco_online": "no", "sex": "f"}
    answer = operator.post(**form, area0="eco", text0="Больше деревьев")
    assert answer.status_code == 303
    assert re.search(r"\b[0-9A-Z]{4}(-[0-9A-Z]{4}){2}\b", operator.client.get(answer.location).text)
    (row,) = responses(sqlite)
    assert (row.mode, row.lang, row.channel, row.tier, row.city) == ("paper", "ru", "tsentr", "open", "almaty")
    assert "sex=f" in row.cell
    assert sum(byte > 0 for byte in row.closed) == 3
    assert filed_texts(sqlite, settings.keys) == ["Больше деревьев"]


def test_a_form_typed_twice_is_stored_once_and_other_answers_to_it_are_refused(
    operator: OperatorBrowser, key: bytes, sqlite: Database
) -> None:
    number = printed(sqlite, key)
    first = operator.post(mode="paper", number=number, ctm_online="yes")
    again = operator.post(mode="paper", number=number.replace("-", ""), ctm_online="yes")
    assert (first.status_code, again.status_code) == (303, 303)
    other = operator.post(mode="paper", number=number, ctm_online="no")
    assert other.status_code == 409
    assert 'value="no" checked' in other.text
    assert len(responses(sqlite)) == 1


def test_an_interview_is_stored_once_however_often_the_button_is_pressed(
    operator: OperatorBrowser, sqlite: Database
) -> None:
    ballot = re.search(r'name="ballot" value="([^"]+)"', operator.client.get(f"{PAGE}?mode=assisted").text)
    assert ballot
    for _press in range(2):
        assert operator.post(mode="assisted", ballot=ballot[1], ctm_online="yes").status_code == 303
    assert operator.post(mode="assisted", ctm_online="yes").status_code == 303
    assert [row.mode for row in responses(sqlite)] == ["assisted", "assisted"]


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"number": "1234-5678-9012"}, 422),
        ({"number": ""}, 422),
        ({"mode": "assisted", "ballot": "x"}, 403),
        ({"mode": "assisted", "ctm_online": "maybe"}, 422),
        ({"mode": "assisted", "text0": "Жол", "area0": "nowhere"}, 422),
        ({"mode": "assisted", "nothing": "yes"}, 422),
        ({"mode": "assisted", "ctm_online": ""}, 422),
    ],
)
def test_what_cannot_be_stored_is_explained_and_nothing_typed_is_lost(
    operator: OperatorBrowser, sqlite: Database, form: dict[str, str], status: int
) -> None:
    answer = operator.post(**({"mode": "paper", "ctm_online": "yes", "text1": "Саябақ", "area1": "eco"} | form))
    assert answer.status_code == status
    assert "Саябақ" in answer.text
    assert 'class="errors"' in answer.text
    assert responses(sqlite) == []


def test_only_a_pass_of_this_wave_opens_the_page(
    public: Flask, key: bytes, clock: FrozenClock, sqlite: Database
) -> None:
    operator, yesterday = OperatorBrowser(public.test_client()), clock.today() - timedelta(days=1)
    for typed in ("", "x", give(sqlite, b"o" * 32, clock.today())[1], give(sqlite, key, yesterday)[1]):
        assert operator.post(**{"pass": typed}).status_code == 422
    assert 'name="ctm_online"' not in operator.client.get(PAGE).text


def test_a_language_button_keeps_what_is_typed(operator: OperatorBrowser) -> None:
    answer = operator.post(mode="assisted", ctm_online="yes", text0="Жол", area0="its", switch="en")
    assert answer.status_code == 200
    assert "Store this form" in answer.text
    assert 'name="ctm_online" value="yes" checked' in answer.text
    assert "Жол" in answer.text


RECEIPT = re.compile(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){2}\b")


def test_a_receipt_never_travels_in_an_address(operator: OperatorBrowser, key: bytes, sqlite: Database) -> None:
    answer = operator.post(mode="paper", number=printed(sqlite, key), ctm_online="yes")
    assert answer.location == PAGE
    receipt = RECEIPT.search(operator.client.get(PAGE).text)
    assert receipt
    cookies = [cookie.value for cookie in operator.client._cookies.values()]
    assert not [value for value in cookies if receipt[0] in value]
    assert "<strong>AAAA-BBBB-CCCC" not in operator.client.get(f"{PAGE}?stored=AAAA-BBBB-CCCC").text


def test_a_receipt_is_shown_to_the_operator_of_its_form_alone(
    operator: OperatorBrowser, key: bytes, sqlite: Database, clock: FrozenClock
) -> None:
    operator.post(mode="paper", number=printed(sqlite, key), ctm_online="yes")
    receipt = RECEIPT.search(operator.client.get(PAGE).text)
    assert receipt
    assert receipt[0] in operator.client.get(PAGE).text  # a page loaded again loses nothing
    assert receipt[0] not in operator.post(mode="paper", number="1", ctm_online="yes").text
    _code, typed = give(sqlite, key, clock.today(), operator="Б")
    operator.client.delete_cookie("operator", path=PAGE)
    assert operator.post(**{"pass": typed}).status_code == 303
    assert receipt[0] not in operator.client.get(PAGE).text


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("kk", ("он екі цифр бар", "цифры қате", "парақ басылмаған")),
        ("ru", ("двенадцать цифр: введите", "неверна цифра", "не печатали")),
        ("en", ("twelve digits: type", "One digit of the number is wrong", "No form with this number")),
    ],
)
def test_a_mistyped_number_is_refused_in_words_before_anything_is_stored(
    operator: OperatorBrowser, key: bytes, sqlite: Database, language: str, sentences: tuple[str, str, str]
) -> None:
    digits = printed(sqlite, key).replace("-", "")
    index = next(at for at in range(11) if digits[at] != digits[at + 1])
    swapped = digits[:index] + digits[index + 1] + digits[index] + digits[index + 2 :]
    wrong = f"{(int(digits[0]) + 1) % 10}{digits[1:]}"
    head = f"{digits[:10]}{(int(digits[10]) + 1) % 10}"
    typed = [(digits[:11], 0), (swapped, 1), (wrong, 1), (head + check_digit(head), 2)]
    for number, sentence in typed:
        answer = operator.client.get(f"{PAGE}?lang={language}")
        token = re.search(r'name="csrf_token" value="([^"]+)"', answer.text)
        assert token
        form = {"csrf_token": token[1], "mode": "paper", "number": number, "ctm_online": "yes"}
        page = operator.client.post(f"{PAGE}?lang={language}", data=form)
        assert page.status_code == 422
        assert sentences[sentence] in page.text, number
        assert f'value="{number}"' in page.text
    assert responses(sqlite) == []
    with sqlite.reading() as session:
        assert session.scalars(select(OperatorDay)).all() == []


def test_a_pass_stores_so_many_a_day_and_what_was_refused_does_not_count(
    operator: OperatorBrowser, key: bytes, sqlite: Database
) -> None:
    first = printed(sqlite, key)
    for number in (first, first, printed(sqlite, key), printed(sqlite, key)):
        assert operator.post(mode="paper", number=number, ctm_online="yes").status_code == 303
    assert operator.post(mode="paper", number=first, ctm_online="no").status_code == 409
    assert operator.post(mode="assisted", ctm_online="maybe").status_code == 422
    assert "under this pass: 3 (at most 4 a day)" in operator.client.get(f"{PAGE}?lang=en").text
    assert operator.post(mode="assisted", ctm_online="yes").status_code == 303
    refused = operator.post(mode="assisted", ctm_online="yes", text0="Саябақ", area0="eco")
    assert refused.status_code == 429
    assert "Саябақ" in refused.text
    assert len(responses(sqlite)) == 4


def test_a_revoked_pass_stores_nothing_more(public: Flask, key: bytes, sqlite: Database, clock: FrozenClock) -> None:
    operator = OperatorBrowser(public.test_client())
    code, typed = give(sqlite, key, clock.today())
    assert operator.post(**{"pass": typed}).status_code == 303
    page = operator.client.get(f"{PAGE}?lang=en")
    assert "Operator: Әсел<br>" in page.text
    with sqlite.writing() as session:
        passes.revoke_pass(session, RESIDENTS, code, today=clock.today())
    assert "revoked" in operator.post(mode="assisted", ctm_online="yes").text
    assert operator.post(**{"pass": typed}).status_code == 422
    assert responses(sqlite) == []


def pass_cookie(operator: OperatorBrowser) -> str:
    cookie = operator.client.get_cookie("operator", path=PAGE)
    assert cookie
    return cookie.value


def is_let_in(operator: OperatorBrowser) -> bool:
    return 'name="ctm_online"' in operator.client.get(PAGE).text


def test_the_browser_of_an_operator_does_not_hold_the_pass(
    public: Flask, key: bytes, sqlite: Database, clock: FrozenClock
) -> None:
    _code, typed = give(sqlite, key, clock.today())
    first, second = OperatorBrowser(public.test_client()), OperatorBrowser(public.test_client())
    for operator in (first, second):
        assert operator.post(**{"pass": typed}).status_code == 303
        assert typed not in pass_cookie(operator)
    assert pass_cookie(first) != pass_cookie(second)


def test_an_operator_who_ends_work_leaves_nothing_that_opens_the_page(operator: OperatorBrowser, public: Flask) -> None:
    copied = pass_cookie(operator)
    thief = OperatorBrowser(public.test_client())
    thief.client.set_cookie("operator", copied, path=PAGE)
    assert is_let_in(thief)
    assert "End work on this device" in operator.client.get(f"{PAGE}?lang=en").text
    assert operator.post(end="").status_code == 303
    thief.client.set_cookie("operator", copied, path=PAGE)
    assert not is_let_in(operator)
    assert not is_let_in(thief)


def test_a_pass_is_asked_for_after_two_quiet_hours_and_after_twelve(
    operator: OperatorBrowser, clock: FrozenClock
) -> None:
    for _page in range(6):
        clock._moment += timedelta(hours=1, minutes=55)
        assert is_let_in(operator)
    clock._moment += timedelta(minutes=40)
    assert not is_let_in(operator)


def test_a_pass_is_asked_for_when_nothing_was_done_for_long(operator: OperatorBrowser, clock: FrozenClock) -> None:
    clock._moment += timedelta(hours=2, minutes=2)
    assert not is_let_in(operator)


def test_a_form_being_typed_when_the_pass_is_asked_for_is_not_lost(
    operator: OperatorBrowser, key: bytes, sqlite: Database, clock: FrozenClock
) -> None:
    number = printed(sqlite, key)
    clock._moment += timedelta(hours=3)
    asked = operator.post(mode="paper", number=number, ctm_online="yes", text0="Саябақ", area0="eco")
    assert 'name="pass"' in asked.text
    assert responses(sqlite) == []
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', asked.text))
    _code, typed = give(sqlite, key, clock.today())
    shown = operator.client.post(PAGE, data=hidden | {"pass": typed})
    assert shown.status_code == 200
    assert 'name="ctm_online" value="yes" checked' in shown.text
    assert "Саябақ" in shown.text
    assert number in shown.text


def test_an_operator_of_the_release_before_goes_on_and_is_sealed(
    public: Flask, key: bytes, sqlite: Database, clock: FrozenClock
) -> None:
    _code, typed = give(sqlite, key, clock.today())
    operator = OperatorBrowser(public.test_client())
    operator.client.set_cookie("operator", typed, path=PAGE)
    assert is_let_in(operator)
    assert typed not in pass_cookie(operator)


@pytest.mark.postgres
def test_an_answer_and_the_number_of_its_operator_share_no_transaction(
    postgres: Database, settings: Settings, clock: FrozenClock
) -> None:
    site = make_site(postgres, settings, clock)
    key = keys.load(settings.keys, RESIDENTS)
    for name in ("А", "Б"):
        operator = OperatorBrowser(site.test_client())
        operator.post(**{"pass": give(postgres, key, clock.today(), operator=name)[1]})
        for _form in range(2):
            assert operator.post(mode="assisted", ctm_online="yes").status_code == 303
    with postgres.reading() as session:
        answers, numbers = (
            set(session.execute(text(f"SELECT xmin::text FROM {table}")).scalars())  # noqa: S608 - our own words
            for table in ("response", "operator_day")
        )
    assert len(answers) == 4
    assert len(numbers) == 1
    assert not answers & numbers
