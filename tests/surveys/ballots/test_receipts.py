import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.ballots.receipts import read_receipt, receipt_of, response_id, seal, unseal

KEY, OTHER = b"k" * 32, b"o" * 32


@given(st.text())
def test_a_receipt_is_read_back_however_it_is_typed(ballot: str) -> None:
    receipt = receipt_of(ballot)
    assert read_receipt(receipt) == read_receipt(receipt.lower().replace("-", " ")) == receipt
    assert read_receipt(receipt.replace("0", "o").replace("1", "l")) == receipt


@pytest.mark.parametrize("typed", ["", "ABC", "U" * 12, "A" * 13, "ABCD-EFGH-JKM?", "Ж" * 12])
def test_any_other_text_is_no_receipt(typed: str) -> None:
    assert read_receipt(typed) is None


def test_only_the_waves_key_leads_from_a_receipt_to_its_response() -> None:
    receipt = receipt_of("ballot")
    assert response_id(KEY, receipt) != response_id(OTHER, receipt)
    assert set(response_id(KEY, receipt)) <= set(string.hexdigits.lower())
    sealed = seal(KEY, response_id(KEY, receipt), receipt)
    assert receipt.encode() not in sealed
    assert unseal(KEY, response_id(KEY, receipt), sealed) == receipt
    assert unseal(OTHER, response_id(KEY, receipt), sealed) != receipt
