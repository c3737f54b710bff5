import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.ballots.ballots import Ballot, BallotError, contact_nonce, mint, random_nonce, verify

KEY, OTHER = b"k" * 32, b"o" * 32
BALLOT = mint(KEY, Ballot("residents", "almaty", "resident", "open", b"n" * 16))


def test_a_minted_ballot_says_what_it_was_minted_for() -> None:
    ballot = verify(KEY, BALLOT)
    assert (ballot.wave, ballot.city, ballot.audience, ballot.nonce) == ("residents", "almaty", "resident", b"n" * 16)


def test_another_key_signs_nothing() -> None:
    with pytest.raises(BallotError):
        verify(OTHER, BALLOT)


@given(st.integers(0, len(BALLOT) - 1), st.characters(min_codepoint=33, max_codepoint=126))
def test_no_sign_of_a_ballot_can_be_changed(position: int, sign: str) -> None:
    changed = BALLOT[:position] + sign + BALLOT[position + 1 :]
    if changed != BALLOT:
        with pytest.raises(BallotError):
            verify(KEY, changed)


@given(st.text(max_size=200))
def test_no_other_text_is_a_ballot(text: str) -> None:
    with pytest.raises(BallotError):
        verify(KEY, text)


def test_a_contact_gets_the_same_ballot_again_and_an_open_link_never_does() -> None:
    assert contact_nonce(KEY, "hash") == contact_nonce(KEY, "hash") != contact_nonce(OTHER, "hash")
    assert random_nonce() != random_nonce()
