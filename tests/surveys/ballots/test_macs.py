"""What binds a text to a key: nothing but the same key, use and text gives the same bytes."""

from itertools import combinations, product

import pytest

from surveys.ballots.macs import SIZE, mac

KEYS, USES, TEXTS = (b"\x00" * 32, b"\x01" * 32), (b"ballot", b"ballot nonce"), (b"", b"a", b"ab", b" nonce")


def test_other_keys_uses_and_texts_give_other_bytes() -> None:
    macs = [mac(key, use, text) for key, use, text in product(KEYS, USES, TEXTS)]
    assert {len(one) for one in macs} == {SIZE}
    assert all(one != other for one, other in combinations(macs, 2))


@pytest.mark.parametrize(("key", "use"), [(b"k" * 65, b"ballot"), (b"k", b"u" * 17)])
def test_what_would_be_cut_off_is_refused(key: bytes, use: bytes) -> None:
    with pytest.raises(ValueError, match="maximum"):
        mac(key, use, b"")
