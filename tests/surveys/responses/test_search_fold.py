"""What a text is compared as: one sign for each sign or none, the same whatever keyboard it came from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.responses.search_fold import fold_for_search, fold_with_origins


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Жеңіс", "женис"),
        ("шұңқыр", "ШУНКЫР"),
        ("ғимарат үй өзен һәм", "гимарат уй озен хам"),
        ("ёлка", "елка"),
        ("объезд", "обьезд"),
        ("бiлiм", "білім"),
        ("қaлa", "қала"),
        ("əкім", "әкім"),
        ("COPт", "сорт"),
        ("rородской", "городской"),
        ("е\u0301ду", "еду"),
        ("сло\u00adво", "слово"),
        ("жол\u00a0жоқ\n\n  мүлде", "жол жок мулде"),
        ("«Жеңіс»", '"женис"'),
        ("8–9-сынып", "8-9-сынып"),
        ("№ ５", "№ 5"),
        ("Café", "cafe"),
    ],
)
def test_what_is_typed_for_one_another_is_one(one: str, other: str) -> None:
    assert fold_for_search(one) == fold_for_search(other)


@pytest.mark.parametrize(
    ("one", "other"), [("мой", "мои"), ("жол", "жал"), ("wifi", "wифи"), ("100", "10"), ("қыс", "қис"), ("cat", "сат")]
)
def test_other_words_stay_apart(one: str, other: str) -> None:
    assert fold_for_search(one) != fold_for_search(other)


@given(st.text(st.characters(codec="utf-8"), max_size=80))
def test_a_folded_text_is_no_longer_than_the_text_and_folded_once_for_all(text: str) -> None:
    folded, origins = fold_with_origins(text)
    assert len(folded) == len(origins) <= len(text)
    assert list(origins) == sorted(set(origins))
    assert fold_for_search(folded) == folded


@given(st.text("ӘәІіҢңҚқЁёABHacо 1%_ß№ﬁİ\u0301\n«", max_size=30), st.text("Ққ a1%", max_size=10))
def test_a_part_of_a_text_is_found_in_it(text: str, more: str) -> None:
    assert fold_for_search(text) in fold_for_search(f"{text} {more}")
