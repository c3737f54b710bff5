import json
import re
import secrets
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.authoring.yaml_source import shipped
from surveys.ballots.follow_codes import mark_of
from surveys.responses import envelopes
from surveys.responses.envelopes import BLANK, LENGTH, EnvelopeError, Sealed, SentText, SentWords

KEY = bytes(range(32))
SHORT = SentWords("w", "oral", "kk", (SentText("its", "Жол"),))
TEXTS = st.text(st.characters(blacklist_categories=("Cs",)), min_size=1, max_size=500)


def opened(letter: SentWords) -> SentWords:
    """Seal a letter and read it back, its sheets in another order."""
    sealed = [envelopes.seal(KEY, sheet) for sheet in envelopes.write(letter)]
    sheets = [sheet for _key, sheet in filter(None, (envelopes.unseal([KEY], each) for each in sealed[::-1])) if sheet]
    assert len(sheets) == len(sealed)
    return envelopes.read(sheets)


MARKS = st.none() | st.builds(mark_of, st.text("0123456789ABC", min_size=12, max_size=12))
SENT = st.builds(SentText, st.sampled_from(["ctm", "its"]), TEXTS, MARKS)


@given(st.lists(SENT, min_size=1, max_size=15))
def test_a_letter_comes_out_as_it_went_in(words: list[SentText]) -> None:
    letter = SentWords("residents-2027", "almaty", "ru", tuple(words))
    assert opened(letter) == letter


@given(st.lists(TEXTS, max_size=3))
def test_every_envelope_has_one_length(texts: list[str]) -> None:
    letter = SentWords("residents-2027", "almaty", "ru", tuple(SentText("ctm", text, mark_of(text)) for text in texts))
    sealed = [envelopes.seal(KEY, sheet) for sheet in envelopes.write(letter)]
    assert {(len(each.id), len(each.sealed)) for each in sealed} == {(24, LENGTH + 16)}


def test_an_answer_without_words_brings_an_envelope_as_one_with_words_does() -> None:
    assert [len(envelopes.write(letter)) for letter in (SHORT._replace(words=()), SHORT)] == [1, 1]
    assert envelopes.unseal([KEY], envelopes.seal(KEY, BLANK)) == (KEY, None)


def test_three_long_suggestions_of_ordinary_text_fit_one_envelope() -> None:
    # Words of the plainest kind: a questionnaire's own wording in Russian is no easier to deflate than people's.
    residents = next(path for path in shipped() if "resident" in path.name)
    wording = " ".join(re.findall("[а-яё]{3,}", residents.read_text(encoding="utf-8")))
    parts = [wording[start : start + 350] for start in (0, 3_000, 6_000)]
    words = tuple(SentText("ctm", part, mark_of(part)) for part in parts)
    assert len(envelopes.write(SentWords("residents-2027", "petropavl", "ru", words))) == 1


def test_the_same_words_never_give_the_same_bytes() -> None:
    (first,), (second,) = envelopes.write(SHORT), envelopes.write(SHORT)
    sealed = {envelopes.seal(KEY, sheet).sealed for sheet in (first, first, second)}
    assert len(sealed) == 3


def test_another_key_or_a_changed_byte_opens_nothing() -> None:
    sealed = envelopes.seal(KEY, BLANK)
    changed = bytes((sealed.sealed[0] ^ 1,)) + sealed.sealed[1:]
    assert envelopes.unseal([bytes(32)], sealed) is None
    assert envelopes.unseal([KEY], Sealed(sealed.id, changed)) is None
    assert envelopes.unseal([KEY], Sealed(secrets.token_hex(12), sealed.sealed)) is None
    assert envelopes.unseal([bytes(32), KEY], sealed) == (KEY, None)


def test_a_sheet_of_a_later_format_is_named_and_not_guessed_at() -> None:
    with pytest.raises(EnvelopeError, match="format 3"):
        envelopes.unseal([KEY], envelopes.seal(KEY, b"\x03" + BLANK[1:]))


def test_a_letter_of_format_1_opens_without_marks() -> None:
    text = json.dumps(["w", "oral", "kk", [["its", "Жол"]]]).encode()
    content = zlib.compress(text, 9, -15)
    sheet = (b"\x01\x00\x01" + bytes(8) + len(content).to_bytes(2) + content).ljust(LENGTH, b"\0")
    opened = envelopes.unseal([KEY], envelopes.seal(KEY, sheet))
    assert opened
    assert opened[1]
    assert envelopes.read([opened[1]]) == SHORT
