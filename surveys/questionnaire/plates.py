"""Finds number plates of Kazakhstan's cars in free text: `123 ABC 02` and `123 AB 02`, before 2012 `A 123 BCD`.

People write them in Latin or in the Cyrillic letters that look alike, in large or small ones, together or apart. So do
they write "100 км 15 раз": what letters say otherwise tells such from plates. Plates of two digits (trailers,
motorcycles) are left alone, for "12 мкр 15" is an address.
"""

import re
from collections.abc import Iterator

_ALIKE = str.maketrans("АВЕКМНОРСТУХІавекмнорстухі", "ABEKMHOPCTYXIabekmhopctyxi")
"""Cyrillic letters and the Latin ones that look like them."""

_LETTER = "A-Za-zАВЕКМНОРСТУХІавекмнорстухі"
_APART = r"[ \u00a0\-/|]{0,2}"
_REGION = r"(?:0[1-9]|1\d|20)"
_PLATE = re.compile(
    rf"(?<![\w.,-])(?<!\d )(?:KZ{_APART})?(?P<number>\d{{3}}){_APART}"
    rf"(?P<letters>[{_LETTER}]{{2,3}}){_APART}{_REGION}(?!\w|-\d)"
)
_OLD = re.compile(
    rf"(?<![\w.,-])(?P<region>[{_LETTER}]){_APART}(?P<number>\d{{3}}){_APART}(?P<letters>[{_LETTER}]{{2,3}})(?!\w|-\d)"
)
_NAMED = re.compile(
    r"(?:номер\w*|н[өо]м[іи]р\w*|грнз|авто\w*|машин\w*|к[өо]л[іи]к\w*|plates?|cars?|number)\W{1,3}(?:\w+\W{1,3})?$",
    re.IGNORECASE,
)
"""Words before a plate that say that it is one."""

_NEVER = frozenset("мкр мкрн км кв квт".translate(_ALIKE).casefold().split())
"""Written in large letters too, and never a plate's."""

_WORDS = frozenset(
    (
        # Russian and Kazakh, of letters that look Latin: units, abbreviations, words between two numbers
        "мм см т тн тт т мес сот акт кор тел на не но то та те от он со во ту мы ее ма ме ст ср св тк ум "
        "мен тек там тот кто как так сам вот все нас вас нам вам мне тех век рек мех мор сок сом ток тон тем сто рет "
        "тау нан кеш мес мой рот рос ата ана ант ет ер кум тас сен сон тор тер кос кет кен кат мат осы орт ост кус кут "
        # English, and Kazakh in Latin letters
        "mm cm km kg mg gb mb tb kb kw hz usd kzt eur rub tg min sec hrs pcs pct am pm neo and for the of to or in on "
        "at by is it as an we he no so if my me up us do be go per out off but not are was has had men man day one two "
        "six ten new old all any our you can may tek ret jol jyl bir eki ush kun ai uy sen ol biz siz top tys tas bul"
    )
    .translate(_ALIKE)
    .casefold()
    .split()
)
"""Words between numbers that are no letters of a plate, unless they are written in large letters."""


def plates(text: str) -> Iterator[tuple[int, int]]:
    """Give the place of each plate: its first sign, and the one after its last."""
    is_shouted = not any(sign.islower() for sign in text)
    for pattern in (_PLATE, _OLD):
        for match in pattern.finditer(text):
            if _is_plate(match, is_shouted=is_shouted):
                yield match.span()


def _is_plate(match: re.Match[str], *, is_shouted: bool) -> bool:
    word, is_old = match["letters"].translate(_ALIKE).casefold(), match.re is _OLD
    if word in _NEVER:
        return False
    if match[0].isupper() and not is_shouted:
        return True
    if _NAMED.search(match.string[: match.start()]):
        return True
    return word not in _WORDS and (match[0].isalnum() or is_shouted or (len(word) == 3 and not is_old))
