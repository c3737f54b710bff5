"""How a text is compared when people search: letters that are typed for one another become one.

Large and small letters, letters of Kazakh and the Russian ones typed where a keyboard has none («женис» for «Жеңіс»), ё
and е, Latin letters that look like Cyrillic ones inside a Cyrillic word, kinds of spaces, hyphens and quotation marks.
Words in Latin letters stay Latin, without their accents. Each sign becomes one sign or none: a folded text is never
longer than the text, and each of its signs comes from one there.
"""

import re
import unicodedata
from typing import NamedTuple

_SIGNS = str.maketrans(
    {
        **dict(zip("әіңғүұқөһё", "аингуукохе", strict=True)),
        "ъ": "ь",
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("«»“”„‟″", '"'),
        **dict.fromkeys("‘’ʼ′`´", "'"),
    }
)
_ALIKE = dict(zip("BHaeocpxykmthriəɵüöñğı", "внаеосрхукмтхгиаоуонги", strict=True))
"""Latin letters and the Cyrillic ones that they look like, or stand for where there is no Kazakh keyboard."""

_WORD = re.compile(r"[^\W\d_]+")
_CYRILLIC = re.compile("[\u0400-\u052f]")
_UNSEEN = {"Mn", "Me", "Cf"}
"""Accents that stand alone, and signs that nobody sees."""


class FoldedText(NamedTuple):
    """A text as search compares it, and for each of its signs its index in the text."""

    text: str
    origins: tuple[int, ...]


def fold_for_search(text: str) -> str:
    """Write a text as search compares it."""
    return fold_with_origins(text).text


def fold_with_origins(text: str) -> FoldedText:
    """Write a text as search compares it, and say where its signs come from."""
    signs: list[str] = []
    origins: list[int] = []
    for index, sign in enumerate(_WORD.sub(lambda word: _in_one_script(word[0]), text)):
        folded = _folded(sign)
        if folded and not (folded == " " and signs[-1:] == [" "]):
            signs.append(folded)
            origins.append(index)
    return FoldedText("".join(signs), tuple(origins))


def _in_one_script(word: str) -> str:
    """Write the Latin letters of a Cyrillic word as Cyrillic ones, if all of them look so."""
    if word.isascii() or not _CYRILLIC.search(word):
        return word
    alike = [sign if _CYRILLIC.match(sign) else _ALIKE.get(sign) or _ALIKE.get(_small(sign)) for sign in word]
    return "".join(sign or "" for sign in alike) if all(alike) else word


def _folded(sign: str) -> str:
    """Fold one sign; gives nothing for one that nobody sees."""
    if sign.isspace():
        return " "
    small = _small(_one(unicodedata.normalize("NFKC", sign), sign)).translate(_SIGNS)
    if unicodedata.category(small) in _UNSEEN:
        return ""
    return small if _CYRILLIC.match(small) else _small(unicodedata.normalize("NFD", small)[0])


def _small(sign: str) -> str:
    return _one(sign.casefold(), sign)


def _one(written: str, sign: str) -> str:
    """Give what is written for a sign if it is one sign too, otherwise the sign."""
    return written if len(written) == 1 else sign
