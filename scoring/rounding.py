"""Rounding happens once, at publication, half up on decimals: 2.25 becomes 2.3 as on paper."""

from decimal import ROUND_HALF_UP, Decimal


def half_up(value: float | None, digits: int) -> float | None:
    """Round a number to `digits` decimals, halves away from zero; None stays None."""
    if value is None or value != value:  # noqa: PLR0124 - NaN is the one number that differs from itself
        return None
    # repr gives the shortest decimal that is this float: what a reader of the number sees.
    return float(Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))
