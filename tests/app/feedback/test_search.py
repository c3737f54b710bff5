"""Forty searches, alike on both databases, and where they are found in the letters of the text."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select

from app.database import Database
from app.feedback.search import hits, is_found, read_search
from surveys.models.comments import Comment
from surveys.responses.search_fold import fold_for_search
from tests.builders.country import RESIDENTS

PAIRS = [
    # typed, text, marked in the text ("" when it is not to be found)
    ("женис", "Жеңіс даңғылы", "Жеңіс"),
    ("шункыр", "жолда шұңқыр көп", "шұңқыр"),
    ("шұңқыр", "шункырлар коп", "шункыр"),
    ("бiлiм", "Білім беру", "Білім"),
    ("əкім", "әкім қайда", "әкім"),
    ("әкім", "əкiм қайда", "əкiм"),
    ("алматы", "АЛМАТЫ", "АЛМАТЫ"),
    ("Қала", "кала ишинде", "кала"),
    ("елка", "Ёлка упала", "Ёлка"),
    ("ещё", "еще раз", "еще"),
    ("обьезд", "нужен объезд", "объезд"),
    ("уй", "біздің үй суық", "үй"),
    ("кун", "күн сайын", "күн"),
    ("гимарат", "ескі ғимарат", "ғимарат"),
    ("озен", "өзен жағасы", "өзен"),
    ("кахарман", "қаһарман", "қаһарман"),
    ("12", "12-маршрут", "12"),
    ("12", "маршрут 112", "12"),
    ("1012", "10 12", ""),
    ("50%", "скидка 50% сегодня", "50%"),
    ("50%", "скидка 50 сегодня", ""),
    ("%", "нет знака", ""),
    ("a_b", "файл a_b есть", "a_b"),
    ("a_b", "файл axb есть", ""),
    ("_", "без черты", ""),
    ("/", "км/ч", "/"),
    ("\\", "путь c:\\x", "\\"),
    ("'", "д'артаньян", "'"),
    ("су жоқ", "таңертең жоқ, кешке су", "жоқ су"),
    ("су жоқ", "су бар", ""),
    ('"су жоқ"', "бізде су жоқ екен", "су жоқ"),
    ('"су жоқ"', "жоқ су", ""),
    ("«су жок»", "Су\nжоқ!", "Су\nжоқ"),
    ('"су жоқ', "су  жоқ", "су  жоқ"),
    ('жол "су жоқ"', "жол да, су жоқ та", "жол су жоқ"),
    ("автобус", "автобустар", "автобус"),
    ("бус", "автобус", "бус"),
    ("wifi", "WiFi жоқ", "WiFi"),
    ("cafe", "Café", "Café"),
    ("8-9", "8–9 сынып", "8–9"),
    ("", "что угодно", ""),
    ("школa", "В школах", "школа"),
]


def stored(database: Database, texts: list[str]) -> dict[str, str]:
    ids = {secrets.token_hex(16): text for text in texts}
    row = {"wave": RESIDENTS, "city": "aktau", "area": "its", "lang": "kk", "month": "2026-11", "state": "pending"}
    with database.writing() as session:
        rows = [
            row | {"id": id_, "text": text, "folded": fold_for_search(text), "version": 1} for id_, text in ids.items()
        ]
        session.execute(insert(Comment), rows)
    return ids


@pytest.mark.usefixtures("country")
def test_forty_searches_find_what_they_are_to_find(database: Database) -> None:
    assert len(PAIRS) >= 40
    ids = stored(database, [text for _typed, text, _marked in PAIRS])
    with database.reading() as session:
        for typed, text, marked in PAIRS:
            wanted = read_search(typed)
            found = {ids[each] for each in session.scalars(select(Comment.id).where(is_found(Comment.folded, wanted)))}
            assert (text in found) is bool(marked or wanted.is_empty), (typed, text)
            assert found == {each for each in ids.values() if all(p in fold_for_search(each) for p in wanted.parts)}


@pytest.mark.parametrize(("typed", "text", "marked"), PAIRS)
def test_hits_are_marked_in_the_letters_of_the_text(typed: str, text: str, marked: str) -> None:
    wanted = read_search(typed)
    spans = hits(text, wanted)
    if marked:
        assert " ".join(text[start:end] for start, end in spans) == marked
    elif len(wanted.parts) < 2:
        assert spans == ()


def test_a_search_has_twelve_parts_at_most() -> None:
    assert len(read_search(" ".join(map(str, range(100)))).parts) == 12


@given(st.text(max_size=60), st.text(max_size=200))
def test_any_search_can_be_read_and_marked(typed: str, text: str) -> None:
    wanted = read_search(typed)
    assert all(0 <= start < end <= len(text) for start, end in hits(text, wanted))
    assert hits(typed, wanted) or wanted.is_empty or '"' in fold_for_search(typed)
