"""Damm's check digit (2004): finds every single wrong digit and every two neighbours that changed places.

One decimal digit does it, so a number stays digits alone, which every keyboard has. ISO 7064 needs two digits for the
same (MOD 97-10) or leaves some neighbours unnoticed (MOD 11-10).
"""

_TABLE = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)
"""Damm's quasigroup of order ten, a row for each digit so far."""


def check_digit(digits: str) -> str:
    """Compute the check digit of decimal digits; "0" when they end in their own."""
    interim = 0
    for digit in digits:
        interim = int(_TABLE[interim][int(digit)])
    return str(interim)
