"""How far assessors agree, as the page shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.indicators.agreement import Agreement, assessed_pairs, by_indicator, by_pair, measure_agreement
from app.indicators.queries import list_periods
from app.web.language import number, percent, pick
from scoring.edition import load_edition
from surveys.languages import Text3


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """An indicator or a pair of people, and how far they agree; empty texts for what is not defined."""

    code: str
    name: str
    n: int
    agreed: str
    kappa: str
    returned: str
    days: str
    is_unclear: bool


@dataclass(frozen=True, slots=True)
class AgreementPage:
    """Agreement over a period, or over all ("")."""

    period: str
    periods: tuple[str, ...]
    overall: AgreementLine
    indicators: tuple[AgreementLine, ...]
    pairs: tuple[AgreementLine, ...]

    @property
    def unclear(self) -> tuple[AgreementLine, ...]:
        """List the indicators whose definition is unclear."""
        return tuple(line for line in self.indicators if line.is_unclear)


def read_page(session: Session, asked: str) -> AgreementPage:
    """Read how far assessors agreed in a period; in all where there is no such period."""
    periods = list_periods(session)
    period = asked if asked in {each.code for each in periods} else ""
    pairs = assessed_pairs(session, period or None)
    people = {pair.first for pair in pairs} | {pair.second for pair in pairs}
    names = dict(session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(people))).all())
    titles = _titles({each.edition for each in periods})
    return AgreementPage(
        period=period,
        periods=tuple(each.code for each in periods),
        overall=_line("", "", measure_agreement(pairs)),
        indicators=tuple(_line(code, titles.get(code, ""), its) for code, its in sorted(by_indicator(pairs).items())),
        pairs=tuple(
            _line("", f"{names[one]} – {names[two]}", its) for (one, two), its in sorted(by_pair(pairs).items())
        ),
    )


def _titles(editions: set[str]) -> Mapping[str, str]:
    return {
        indicator.code: pick(Text3(*indicator.name))
        for code in sorted(editions)
        for indicator in load_edition(code).indicators
    }


def _line(code: str, name: str, its: Agreement) -> AgreementLine:
    return AgreementLine(
        code=code,
        name=name,
        n=its.n,
        agreed=_percent(its.agreed),
        kappa="" if its.kappa is None else number(float(its.kappa), 2),
        returned=_percent(its.returned),
        days="" if its.days is None else number(float(its.days), 0 if its.days.denominator == 1 else 1),
        is_unclear=its.is_unclear,
    )


def _percent(share: Fraction | None) -> str:
    return "" if share is None else percent(float(share * 100), 0)
