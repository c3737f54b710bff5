"""Order and search of Kazakh text: the 42-letter alphabet, folded spellings, and Latin look-alikes mended."""

import re

ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
_ORDER = {letter: index for index, letter in enumerate(ALPHABET)}
_AFTER_LETTERS = len(ALPHABET)

_FOLDED = str.maketrans("әғқңөұүһіё", "агкноуухие")
_LOOK_ALIKES = str.maketrans({"ə": "ә", "Ə": "Ә", "i": "і", "I": "І"})
_WORD = re.compile(r"\w+")
_CYRILLIC = re.compile(r"[а-яёәғқңөұүһі]", re.IGNORECASE)


def kazakh_key(text: str) -> tuple[tuple[int, int], ...]:
    """Give a sort key by the Kazakh alphabet: code points would put Қарағанды after Шымкент."""
    return tuple((_ORDER.get(sign, _AFTER_LETTERS), ord(sign)) for sign in text.casefold())


def fold_for_search(text: str) -> str:
    """Fold letters people leave out when they type, so that «Женис» finds «Жеңіс»; for search only."""
    return mend_latin(text).casefold().translate(_FOLDED).replace("ё", "е")


def mend_latin(text: str) -> str:
    """Replace the Latin schwa and i inside Cyrillic words by the Kazakh letters they stand for."""
    return _WORD.sub(lambda word: word[0].translate(_LOOK_ALIKES) if _CYRILLIC.search(word[0]) else word[0], text)
