from concurrent.futures import ThreadPoolExecutor

import pytest

from surveys.ballots.ballots import verify
from surveys.ballots.damm import check_digit
from surveys.ballots.macs import mac
from surveys.fieldwork.paper import (
    MOST_FORMS,
    FormsError,
    PaperError,
    form_ballot,
    number_forms,
    read_form_number,
    reads_first_format,
)
from surveys.models import FormSeries
from tests.builders.country import BUSINESSES, RESIDENTS, Country

KEY, OTHER = b"k" * 32, b"o" * 32


def numbers(country: Country, count: int, wave: str = RESIDENTS, after: int = 0, key: bytes = KEY) -> list[str]:
    with country.database.writing() as session:
        return number_forms(session, key, wave, count, after=after)


def of_first_format(key: bytes, serial: str) -> str:
    """Make a number as the release of November 2026 did: six digits, and six that follow from them."""
    keyed = int.from_bytes(mac(key, b"form number", serial.encode())[:8]) % 10**6
    return f"{serial}{keyed:06d}"


def fault(typed: str, key: bytes = KEY) -> str:
    with pytest.raises(PaperError) as refused:
        read_form_number(key, typed)
    return refused.value.reason


def test_no_number_is_printed_twice_in_a_wave(country: Country) -> None:
    printed = [number for _order in range(20) for number in numbers(country, 500)]
    assert len(set(printed)) == len(printed) == 10_000


def test_no_number_is_printed_twice_by_two_who_print_at_once(country: Country) -> None:
    with ThreadPoolExecutor(6) as pool:
        printed = [number for order in pool.map(lambda _order: numbers(country, 20), range(18)) for number in order]
    assert len(set(printed)) == len(printed) == 360


def test_two_waves_number_their_forms_apart(country: Country) -> None:
    assert not set(numbers(country, 50)) & set(numbers(country, 50, BUSINESSES, key=OTHER))


def test_a_printed_number_is_read_however_it_is_typed(country: Country) -> None:
    (number,) = numbers(country, 1)
    assert read_form_number(KEY, number) == read_form_number(KEY, f" {number.replace('-', ' ')} ") == number


def test_every_wrong_digit_and_every_swap_of_neighbours_is_noticed(country: Country) -> None:
    for number in numbers(country, 100):
        digits = number.replace("-", "")
        wrong = [digits[:at] + other + digits[at + 1 :] for at in range(12) for other in "0123456789"]
        swapped = [digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :] for at in range(11)]
        for typed in {*wrong, *swapped} - {digits}:
            assert fault(typed) == "mistyped"


def test_a_number_of_another_length_is_refused(country: Country) -> None:
    (number,) = numbers(country, 1)
    assert {fault(typed) for typed in ("", "12", number[:-1], f"{number}0", number.replace(number[-1], "x"))} == {
        "length"
    }


def test_a_number_nobody_printed_is_refused(country: Country) -> None:
    (number,) = numbers(country, 1)
    assert fault(number, OTHER) == "unknown"
    head = number.replace("-", "")[:10]
    others = [head + str(digit) + check_digit(head + str(digit)) for digit in range(10)]
    assert sorted(fault(other) for other in others if other != number.replace("-", "")) == ["unknown"] * 9


def test_a_number_of_the_release_before_is_read_where_it_may_be_about() -> None:
    number = of_first_format(KEY, "482177")
    assert read_form_number(KEY, number, first_format=True).replace("-", "") == number
    with pytest.raises(PaperError):
        read_form_number(KEY, number)
    with pytest.raises(PaperError):
        read_form_number(OTHER, number, first_format=True)


def test_a_new_wave_reads_no_number_of_the_release_before(country: Country) -> None:
    numbers(country, 1)
    with country.database.writing() as session:
        assert not reads_first_format(session, RESIDENTS)
        session.get_one(FormSeries, RESIDENTS).reads_first_format = True
    with country.database.reading() as session:
        assert reads_first_format(session, RESIDENTS)


def test_a_number_that_the_release_before_could_have_printed_is_left_out(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = numbers(country, 3)
    with country.database.writing() as session:
        session.get_one(FormSeries, RESIDENTS).printed = 0
    taken = second.replace("-", "")
    monkeypatch.setattr("surveys.fieldwork.paper._is_of_first_format", lambda _key, digits: digits == taken)
    assert numbers(country, 2) == [first, third]


def test_a_restored_database_goes_on_after_the_last_form_on_paper(country: Country) -> None:
    before = numbers(country, 7)
    with country.database.writing() as session:
        session.get_one(FormSeries, RESIDENTS).printed = 3
    last = int(before[-1].replace("-", "")[:5])
    assert not set(numbers(country, 5, after=last)) & set(before)
    assert not set(numbers(country, 5, after=1)) & set(before)


def test_a_wave_has_no_more_forms_than_numbers(country: Country) -> None:
    with pytest.raises(FormsError, match="99999 are the most"):
        numbers(country, 2, after=MOST_FORMS - 1)
    assert len(numbers(country, 1, after=MOST_FORMS - 1)) == 1


def test_a_form_has_one_ballot_and_it_is_an_open_one(country: Country) -> None:
    number, other = numbers(country, 2)
    ballot = form_ballot(KEY, "residents", "almaty", "resident", number)
    assert ballot == form_ballot(KEY, "residents", "almaty", "resident", number)
    assert verify(KEY, ballot)[:4] == ("residents", "almaty", "resident", "open")
    assert ballot != form_ballot(KEY, "residents", "almaty", "resident", other)
