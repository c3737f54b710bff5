"""What the linter says of one value while it can still be corrected: the rating's own checks, in the same bounds."""

from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction

from app.indicators.catalogue import ReportingMethod
from app.indicators.measures import Measurement
from app.indicators.vocabulary import OUT_OF_RANGE, Status
from scoring.edition import Indicator
from scoring.output.outliers import outlying


class ValueRemark(StrEnum):
    """Something that a person should look at before a value is sent."""

    OUT_OF_RANGE = "out_of_range"
    """Beyond what scoring tells apart: the nearest bound counts instead."""
    OUTLIER = "outlier"
    """Far from all other cities."""
    AS_BEFORE = "as_before"
    """To the last digit what the period before said."""


def remarks_on(
    indicator: Indicator, measured: Measurement, others: Sequence[Fraction], before: Fraction | None
) -> tuple[ValueRemark, ...]:
    """List what there is to say of a value beside the other cities' and its own of the period before.

    Values are fractions as they are stored.
    """
    if measured.status is not Status.REPORTED:
        return ()
    value = fraction_of(measured)
    found = []
    if measured.flag in OUT_OF_RANGE:
        found.append(ValueRemark.OUT_OF_RANGE)
    if indicator.method != ReportingMethod.YES_NO:
        if outliers((value, *others))[0]:
            found.append(ValueRemark.OUTLIER)
        if before == value:
            found.append(ValueRemark.AS_BEFORE)
    return tuple(found)


def fraction_of(measured: Measurement) -> Fraction:
    """Give the stored fraction of a reported value."""
    return Fraction(measured.numerator or 0, measured.denominator or 1)


def outliers(values: Sequence[Fraction]) -> list[bool]:
    """Say of each city's value of one indicator whether the linter will call it an outlier."""
    return outlying([float(each) for each in values])
