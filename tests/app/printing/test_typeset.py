import re

import typst

from app.printing.typeset import pdf, qr_svg

TEXTS = {"kk": "Ұйғарым: өңір, һ, ғ", "ru": "Объявление"}
POSTER = {
    "title": TEXTS,
    "lead": TEXTS,
    "points": {"kk": ["#let x = 1 *жұлдызша*"], "ru": ["$ < & >"]},
    "foot": TEXTS,
    "qr": qr_svg("https://example.kz/s/wave"),
    "address": "example.kz/s/wave",
}


def test_the_same_data_give_the_same_bytes() -> None:
    assert pdf("poster", POSTER) == pdf("poster", POSTER)


def test_a_text_is_set_as_it_stands_and_never_run() -> None:
    evil = POSTER | {"title": {"kk": '#panic("x") \\', "ru": "#include"}}
    assert pdf("poster", evil).startswith(b"%PDF")


def test_a_document_carries_no_moment_of_its_making() -> None:
    assert set(re.findall(rb"/CreationDate \(D:(\d{4})", pdf("poster", POSTER))) <= {b"1970"}


def test_the_fonts_that_come_along_have_every_kazakh_letter() -> None:
    letters = "ӘәҒғҚқҢңӨөҰұҮүҺһІі"
    source = f'#set text(font: "Libertinus Serif", fallback: false)\n{letters}'.encode()
    _made, warnings = typst.compile_with_warnings(source, format="pdf", ignore_system_fonts=True)
    assert warnings == []
