"""How far two people agree on the same things: Cohen's kappa, which leaves out what chance would give.

Kappa is (p_o - p_e) / (1 - p_e), with p_o the share of cases on which two say the same and p_e the share on which they
would if each kept their own share of each answer and judged blindly (J. Cohen, A Coefficient of Agreement for Nominal
Scales, Educational and Psychological Measurement 20, 1960). All numbers are exact fractions.
"""

from collections.abc import Sequence
from fractions import Fraction

FEWEST = 20
"""Cases seen by two from which on kappa is given: of fewer it says next to nothing."""

UNCLEAR = Fraction(3, 5)
"""Kappa below which what the two were asked is listed as unclear."""


def cohen_kappa(table: Sequence[Sequence[int]]) -> Fraction | None:
    """Give Cohen's kappa of a square table of counts; None where it is not defined (empty, or chance explains all)."""
    n = sum(map(sum, table))
    if n == 0:
        return None
    observed = Fraction(sum(row[i] for i, row in enumerate(table)), n)
    rows, columns = [sum(row) for row in table], [sum(column) for column in zip(*table, strict=True)]
    expected = Fraction(sum(row * column for row, column in zip(rows, columns, strict=True)), n * n)
    return None if expected == 1 else (observed - expected) / (1 - expected)
