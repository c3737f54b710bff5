from datetime import date

import pytest

from surveys.ballots.ballots import verify
from surveys.fieldwork.paper import (
    OperatorPass,
    PaperError,
    form_ballot,
    mint_pass,
    new_form_number,
    read_form_number,
    verify_pass,
)

KEY, OTHER = b"k" * 32, b"o" * 32
DAY = date(2027, 4, 30)
OPERATOR = OperatorPass("residents", "almaty", "tsentr", DAY)


def test_a_printed_number_is_read_however_it_is_typed() -> None:
    number = new_form_number(KEY)
    assert read_form_number(KEY, number) == read_form_number(KEY, f" {number.replace('-', ' ')} ") == number


@pytest.mark.parametrize("spoil", [lambda _n: "", lambda n: n[:-1], lambda n: n + "1", lambda n: "9" + n[1:] + "9"])
def test_a_number_nobody_printed_is_refused(spoil: object) -> None:
    with pytest.raises(PaperError, match="number"):
        read_form_number(KEY, spoil(new_form_number(KEY)))  # type: ignore[operator]
    with pytest.raises(PaperError, match="number"):
        read_form_number(OTHER, new_form_number(KEY))


def test_two_digits_changed_places_are_noticed() -> None:
    number = "".join(new_form_number(KEY).split("-"))
    swaps = [number[:at] + number[at + 1] + number[at] + number[at + 2 :] for at in range(11)]
    for swapped in swaps:
        if swapped != number:
            with pytest.raises(PaperError):
                read_form_number(KEY, swapped)


def test_a_form_has_one_ballot_and_it_is_an_open_one() -> None:
    number = new_form_number(KEY)
    ballot = form_ballot(KEY, OPERATOR, "resident", number)
    assert ballot == form_ballot(KEY, OPERATOR, "resident", number)
    assert verify(KEY, ballot)[:4] == ("residents", "almaty", "resident", "open")
    assert ballot != form_ballot(KEY, OPERATOR, "resident", new_form_number(KEY))


def test_a_pass_is_good_until_its_last_day() -> None:
    text = mint_pass(KEY, OPERATOR)
    assert verify_pass(KEY, f" {text}\n", today=DAY) == OPERATOR
    with pytest.raises(PaperError, match="expired"):
        verify_pass(KEY, text, today=date(2027, 5, 1))


@pytest.mark.parametrize("text", ["", "a.b.c.d.e", "\ud800", mint_pass(OTHER, OPERATOR), mint_pass(KEY, OPERATOR)[:-1]])
def test_any_other_text_is_no_pass(text: str) -> None:
    with pytest.raises(PaperError, match="pass"):
        verify_pass(KEY, text, today=DAY)
