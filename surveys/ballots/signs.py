"""Codes as people read and type them: digits and letters nobody can misread (Crockford's), five bits a sign."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("OILОАВЕКМНРСТХҮ", "0110ABEKMHPCTXY")  # the Cyrillic letters that look like these too
_SIGN_OF = bytes(ord(_ALPHABET[byte % 32]) for byte in range(256))


def write(digest: bytes, signs: int, *, group: int = 4) -> str:
    """Write the first bytes of a digest, one sign of each, in groups."""
    return _grouped(digest[:signs].translate(_SIGN_OF).decode(), group)


def read(typed: str, signs: int, *, group: int = 4) -> str | None:
    """Read a code as people type it, spaces, small letters and look-alikes included; None for any other text."""
    only = "".join(sign for sign in typed.upper() if sign not in " -\t\u00a0").translate(_MISREAD)
    return _grouped(only, group) if len(only) == signs and set(only) <= set(_ALPHABET) else None


def _grouped(signs: str, group: int) -> str:
    return "-".join(signs[start : start + group] for start in range(0, len(signs), group))
