"""What the checks of a run's inputs found, in words: names for codes, numbers rounded and written as readers do."""

import re
from dataclasses import dataclass
from fractions import Fraction
from math import floor, isfinite, log10

from app.web.console.layout import city_name
from app.web.console.values.words import number_text
from app.web.language import _, number, pick
from app.web.rating import words
from app.web.rating.derivation import TOTALS
from scoring.edition import Indicator, load_edition
from scoring.output.findings import InputFinding
from surveys.languages import Text3

DIGITS = 4
"""Digits of a number that count; a whole number keeps all of its own."""

_CODE = re.compile(r"(?<![\w-])[a-z][a-z-]+(?![\w-])")
_NUMBER = re.compile(r"(?<![\w.+-])[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![\w.-])")
_EVERYWHERE = re.compile(r"(\S+) everywhere")
_CORRELATION = re.compile(r"\|correlation\| from (\S+)")
_DECLARED = re.compile(r"declared ([+-]), rank correlation of value and score (\S+)")


@dataclass(frozen=True, slots=True)
class RunFinding:
    """What the linter found, in words."""

    is_error: bool
    subject: str
    words: str


def say(found: InputFinding, edition: str) -> RunFinding:
    """Say a finding in the language of the page."""
    names = {each.code: pick(Text3(*each.name)) for each in load_edition(edition).indicators}
    names |= {code: str(name) for code, name in words.AUDIENCES.items()}
    subjects = found.subject.replace(", ", "/").split("/")
    parts = [names.get(each) or city_name(each) for each in subjects if each not in TOTALS]  # a rule names itself
    said = str(words.FINDINGS.get(found.code, found.code))
    measured = load_edition(edition).indicator(found.subject)
    detail = say_detail(found.detail, measured)
    return RunFinding(found.severity == "error", ": ".join(parts), f"{said} ({detail})" if detail else said)


def say_detail(detail: str, indicator: Indicator | None = None) -> str:
    """Say what stands beside a finding: "karaganda 469, pavlodar 724.2138" → «Қарағанды 469, Павлодар 724,2».

    Values of one indicator are written with its unit, as everywhere.
    """
    if same := _EVERYWHERE.fullmatch(detail):
        return _("%(value)s in every city", value=_valued(same[1], indicator))
    if alike := _CORRELATION.fullmatch(detail):
        return _("correlation of %(value)s or more", value=readable(alike[1]))
    if declared := _DECLARED.fullmatch(detail):
        way = _("more is better") if declared[1] == "+" else _("less is better")
        return _("%(way)s; correlation of value and score: %(value)s", way=way, value=readable(declared[2]))
    named = _CODE.sub(lambda code: city_name(code[0]), detail)
    return _NUMBER.sub(lambda written: _valued(written[0], indicator), named)


def _valued(written: str, indicator: Indicator | None) -> str:
    return number_text(indicator, Fraction(written)) if indicator else readable(written)


def readable(written: str) -> str:
    """Round a number as a program writes it and write it as the reader does; what is no number stays."""
    try:
        value = float(written)
    except ValueError:
        return written
    if not isfinite(value):
        return written
    whole = floor(log10(abs(value))) + 1 if value else 1
    digits = max(0, DIGITS - whole)
    rounded = round(value, digits)
    shortest = next(count for count in range(digits + 1) if round(rounded, count) == rounded)
    return number(rounded, shortest)
