import string
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.ballots import receipts
from surveys.ballots.ballots import Ballot

KEY, OTHER = b"k" * 32, b"o" * 32
FORMER, SEALED = "VCEA-73XG-DANE", "6d0035fcb52436cd428a5262de60"
"""Printed by the release of November 2026 (ee20a48) for KEY and the ballot text \"ballot\"."""
READ = [(receipts.read_receipt, 12), (receipts.read_code, 20)]


def a_ballot(name: str, city: str = "oral") -> Ballot:
    return Ballot("wave", city, "resident", "verified", name.encode())


def chain(key: bytes, name: str, use: int = 1) -> tuple[str, str, str]:
    """Give code, id and receipt of a ballot's answer."""
    ballot = a_ballot(name)
    code = receipts.withdrawal_code(key, ballot, use)
    response = receipts.response_id(key, code)
    return code, response, receipts.receipt_of(key, response)


@given(st.text(max_size=30))
def test_both_are_read_back_however_they_are_typed(ballot: str) -> None:
    code, _response, receipt = chain(KEY, ballot)
    for text, read in ((code, receipts.read_code), (receipt, receipts.read_receipt)):
        assert read(text) == read(text.lower().replace("-", " ")) == text
        assert read(text.replace("0", "o").replace("1", "l")) == text
        assert read(text.translate(str.maketrans("0ABEKMHPCTXY", "ОАВЕКМНРСТХҮ"))) == text


@pytest.mark.parametrize(("read", "length"), READ)
@pytest.mark.parametrize("sign", ["", "U", "?", "Ж", "\u0666"])
def test_any_other_text_is_neither(read, length: int, sign: str) -> None:  # noqa: ANN001 - a table of functions
    assert read("A" * (length - 1) + sign) is None
    assert read("A" * (length + 1)) is None


def test_neither_is_read_as_the_other() -> None:
    code, _response, receipt = chain(KEY, "ballot")
    assert receipts.read_receipt(code) is None
    assert receipts.read_code(receipt) is None


def test_a_code_has_a_hundred_bits() -> None:
    signs = receipts.withdrawal_code(KEY, a_ballot("ballot")).replace("-", "")
    assert len(signs) * 5 == 100
    drawn = "".join(receipts.withdrawal_code(KEY, a_ballot(str(n))).replace("-", "") for n in range(2000))
    assert {sign: drawn.count(sign) > 1000 for sign in set(drawn)} == dict.fromkeys(set(drawn), True)
    assert len(set(drawn)) == 32


@given(st.binary(min_size=32, max_size=32), st.text(max_size=40))
def test_every_step_of_the_chain_needs_the_key(key: bytes, ballot: str) -> None:
    """Whoever holds ballot, code, id and receipt of one answer, and no key, makes none of the four from another."""
    code, response, receipt = chain(KEY, ballot)
    if key == KEY:
        return
    assert receipts.withdrawal_code(key, a_ballot(ballot)) != code
    assert receipts.response_id(key, code) != response
    assert receipts.receipt_of(key, response) != receipt


def test_with_the_key_nothing_leads_back() -> None:
    code, response, receipt = chain(KEY, "ballot")
    made_of_it = [f(KEY, text) for text in (response, receipt) for f in (receipts.response_id, receipts.receipt_of)]
    assert code not in [receipts.withdrawal_code(KEY, a_ballot(text)) for text in (response, receipt)]
    assert response not in made_of_it[2:]
    assert all(part not in receipt.replace("-", "") for part in map("".join, pairwise(code.split("-"))))


def test_a_person_has_one_code_whichever_city_the_ballot_is_for() -> None:
    codes = {receipts.withdrawal_code(KEY, a_ballot("ballot", city)) for city in ("oral", "almaty")}
    assert len(codes) == 1


def test_a_second_use_has_a_code_of_its_own() -> None:
    assert len({*chain(KEY, "ballot"), *chain(KEY, "ballot", 2)}) == 6


def test_a_response_id_is_plain_hex() -> None:
    assert set(chain(KEY, "ballot")[1]) <= set(string.hexdigits.lower())


def test_a_receipt_of_the_release_before_is_read() -> None:
    """Made by that release: `receipt_of("ballot")`, then `seal(KEY, response_id(KEY, receipt), receipt)`."""
    former = receipts.former_receipt("ballot")
    assert former == FORMER
    assert receipts.unseal_former(KEY, receipts.response_id(KEY, former), bytes.fromhex(SEALED)) == former
    assert receipts.unseal_former(OTHER, receipts.response_id(KEY, former), bytes.fromhex(SEALED)) != former
