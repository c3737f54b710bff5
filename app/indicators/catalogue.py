"""What the import and the template need to know of an edition: its indicators, and how each is written down."""

from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from app.indicators.errors import Code, refused
from scoring.edition import Indicator, edition_codes, load_edition
from surveys.languages import Text3

PERCENT = "%"
UNIT_OF_COUNTS = "units counted"
_COUNTS = Text3(kk="дана", ru="единицы (штуки)", en=UNIT_OF_COUNTS)


class ReportingMethod(StrEnum):
    """How an indicator is written down; the names are those of scoring.edition."""

    YES_NO = "yes_no"
    PERCENTAGE = "percentage"
    RATIO = "ratio"
    MEASURED = "measured"


class Bounds(NamedTuple):
    """The lowest and the highest value that scoring tells apart; both belong to the range."""

    lowest: Fraction
    highest: Fraction


def indicators_of(edition: str) -> Mapping[str, Indicator]:
    """Give the indicators of an edition by code; raise ImportRefusedError when there is no such edition."""
    if edition not in edition_codes():
        raise refused(Code.UNKNOWN_EDITION, edition, ", ".join(edition_codes()))
    return {indicator.code: indicator for indicator in load_edition(edition).indicators}


def bounds_of(indicator: Indicator) -> Bounds:
    """Give the range of an indicator: declared for a measured one, otherwise from nothing to the whole."""
    if indicator.low is None or indicator.high is None:
        return Bounds(Fraction(0), Fraction(100 if indicator.method == ReportingMethod.PERCENTAGE else 1))
    return Bounds(*sorted((indicator.low, indicator.high)))


def measured_in(indicator: Indicator) -> str:
    """Name what a number of this indicator counts, in English or as a sign; see `unit_named`."""
    return {ReportingMethod.PERCENTAGE: PERCENT, ReportingMethod.RATIO: UNIT_OF_COUNTS}.get(
        ReportingMethod(indicator.method), Text3(*indicator.unit).en
    )


def unit_named(english: str, lang: str) -> str:
    """Name a unit in a language by what it is called in English; a sign, or what no edition counts in, as it is."""
    return _units()[english].pick(lang) if english in _units() else english


@cache
def _units() -> Mapping[str, Text3]:
    editions = (load_edition(code) for code in edition_codes())
    units = (Text3(*indicator.unit) for edition in editions for indicator in edition.indicators)
    return {UNIT_OF_COUNTS: _COUNTS} | {unit.en: unit for unit in units}
