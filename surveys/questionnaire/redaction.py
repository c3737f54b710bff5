"""Masks what identifies a person in free text before it is stored (Law 94-V).

A number of twelve digits is masked when its check digit makes it an IIN or BIN: weights 1…11 modulo 11; if that
gives 10, weights 3…11,1,2; if 10 again, no such number exists. Nothing is ever derived from it.
"""

import re
import unicodedata

MASK = "█████"

_TWELVE = re.compile(r"(?<!\d)(?:\d[ -]?){11}\d(?!\d)")
_CARD = re.compile(r"(?<!\d)(?:\d[ -]?){15}\d(?!\d)")
_PHONE = re.compile(r"(?<![\w+])(?:\+7|8|7)[ \-(]*7\d{2}[ \-)]*\d{3}[ -]*\d{2}[ -]*\d{2}(?!\d)")
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_IBAN = re.compile(r"\bKZ\d{2}[ ]?(?:[A-Z0-9]{4}[ ]?){4}", re.IGNORECASE)

_FIRST: tuple[int, ...] = tuple(range(1, 12))
_SECOND: tuple[int, ...] = (*range(3, 12), 1, 2)


def is_identity_number(digits: str) -> bool:
    """Tell whether twelve digits carry the check digit of an IIN or BIN."""
    for weights in (_FIRST, _SECOND):
        check: int = sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=False)) % 11
        if check < 10:
            return check == int(digits[11])
    return False


def masked(text: str) -> str:
    """Replace identity numbers, cards, accounts, telephones and e-mail addresses by a mask."""
    for pattern in (_EMAIL, _IBAN, _CARD):
        text = pattern.sub(MASK, text)
    text = _PHONE.sub(MASK, text)
    return _TWELVE.sub(lambda match: MASK if is_identity_number(re.sub(r"\D", "", match[0])) else match[0], text)


def tidied(text: str) -> str:
    """Bring typed text to one form: NFC, plain newlines, no control characters, no outer space."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    visible = "".join(sign for sign in plain if sign == "\n" or unicodedata.category(sign) not in {"Cc", "Cs"})
    return unicodedata.normalize("NFC", visible).strip()
