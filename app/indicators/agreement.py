"""How far assessors agree: the share of equal verdicts, and Cohen's kappa.

Only verdicts that are both in count: nothing here tells a first verdict before the second. All numbers are exact
fractions.
"""

import json
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from statistics import median
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.agreement import FEWEST, UNCLEAR, cohen_kappa
from app.audit.models import JournalRow
from app.clock import day_of
from app.indicators.assignments import SEATS
from app.indicators.case_models import Assessment
from app.indicators.keys import CaseKey
from app.indicators.verdicts import CaseVerdict

Group = TypeVar("Group", bound=Hashable)


class AssessedPair(NamedTuple):
    """A revision on which both verdicts are in: who gave them, in the order they came, and the days it took."""

    key: CaseKey
    revision: int
    first: int
    second: int
    verdicts: tuple[CaseVerdict, CaseVerdict]
    sent_on: date | None
    """Unknown for what the journal does not tell of."""
    given_on: date

    @property
    def days(self) -> int | None:
        """Count the days from sending to the second verdict."""
        return None if self.sent_on is None else (self.given_on - self.sent_on).days


@dataclass(frozen=True, slots=True)
class Agreement:
    """How two sides judged the same cases; `table[i][j]` counts what the first called i and the second j (0 accept)."""

    table: tuple[tuple[int, int], tuple[int, int]]
    days: Fraction | None = None
    """Median of the days from sending to the second verdict."""

    @property
    def n(self) -> int:
        """Count the cases that both judged."""
        return sum(map(sum, self.table))

    @property
    def agreed(self) -> Fraction | None:
        """Give the share on which both said the same, from 0 to 1; None without cases."""
        return Fraction(self.table[0][0] + self.table[1][1], self.n) if self.n else None

    @property
    def returned(self) -> Fraction | None:
        """Give the share of all verdicts that were to return; None without cases."""
        (_, one), (other, both) = self.table
        return Fraction(one + other + 2 * both, 2 * self.n) if self.n else None

    @property
    def kappa(self) -> Fraction | None:
        """Give Cohen's kappa; None below FEWEST cases, and where all verdicts are the same."""
        return cohen_kappa(self.table) if self.n >= FEWEST else None

    @property
    def is_unclear(self) -> bool:
        """Tell whether the assessors agree too little for the definition to be clear."""
        return self.kappa is not None and self.kappa < UNCLEAR


def agreement_of(session: Session, period: str, until: datetime | None = None) -> Agreement:
    """Tell how far the assessors of a period agreed over all its indicators: what the portal publishes.

    `until` leaves out the cases whose second verdict came later.
    """
    return measure_agreement(assessed_pairs(session, period, until))


def by_indicator(pairs: Iterable[AssessedPair]) -> dict[str, Agreement]:
    """Tell how far assessors agreed on each indicator; rows of the table are the first verdicts, columns the second."""
    return _grouped((pair.key.indicator, pair) for pair in pairs)


def by_pair(pairs: Iterable[AssessedPair]) -> dict[tuple[int, int], Agreement]:
    """Tell how far each two people agreed; rows are the verdicts of the person with the smaller id."""
    return _grouped(((min(pair.first, pair.second), max(pair.first, pair.second)), _by_person(pair)) for pair in pairs)


def measure_agreement(pairs: Iterable[AssessedPair]) -> Agreement:
    """Count the table of some pairs."""
    counts = [[0, 0], [0, 0]]
    days: list[int] = []
    for pair in pairs:
        first, second = (int(verdict is CaseVerdict.RETURN) for verdict in pair.verdicts)
        counts[first][second] += 1
        if pair.days is not None:
            days.append(pair.days)
    (a, b), (c, d) = counts
    return Agreement(((a, b), (c, d)), Fraction(median(days)) if days else None)


def assessed_pairs(session: Session, period: str | None = None, until: datetime | None = None) -> list[AssessedPair]:
    """List the revisions of a period, or of all, on which both verdicts are in; older revisions too.

    `until` leaves out those on which a verdict came later.
    """
    one, two = aliased(Assessment), aliased(Assessment)
    same = (one.period == two.period) & (one.city == two.city) & (one.indicator == two.indicator)
    shared = (one.period, one.city, one.indicator, one.revision)
    rows = select(
        *shared, one.assessor.label("first"), two.assessor.label("second"),
        one.verdict.label("said"), two.verdict.label("other_said"), two.given_at,
    )  # fmt: skip
    rows = rows.join(two, same & (one.revision == two.revision)).where(one.slot == 1, two.slot == SEATS)
    if period is not None:
        rows = rows.where(one.period == period)
    if until is not None:
        rows = rows.where(one.given_at <= until, two.given_at <= until)
    sent = _days_sent(session, period)
    return sorted(_pair(row, sent) for row in session.execute(rows))


def _pair(row: Any, sent: Mapping[tuple[str, int], date]) -> AssessedPair:
    key = CaseKey(row.period, row.city, row.indicator)
    return AssessedPair(
        key=key,
        revision=row.revision,
        first=row.first,
        second=row.second,
        verdicts=(CaseVerdict(row.said), CaseVerdict(row.other_said)),
        sent_on=sent.get((str(key), row.revision)),
        given_on=day_of(row.given_at),
    )


def _days_sent(session: Session, period: str | None) -> Mapping[tuple[str, int], date]:
    """Read from the journal on which day each revision was sent last."""
    rows = select(JournalRow.object_id, JournalRow.detail, JournalRow.at).where(JournalRow.event == "value.sent")
    if period is not None:
        rows = rows.where(JournalRow.object_id.startswith(f"{period}/", autoescape=True))
    return {
        (key, json.loads(detail)["revision"]): day_of(datetime.fromisoformat(at))
        for key, detail, at in session.execute(rows.order_by(JournalRow.seq))
    }


def _by_person(pair: AssessedPair) -> AssessedPair:
    """Turn a pair so that the person with the smaller id comes first."""
    return pair if pair.first <= pair.second else pair._replace(verdicts=(pair.verdicts[1], pair.verdicts[0]))


def _grouped(pairs: Iterable[tuple[Group, AssessedPair]]) -> dict[Group, Agreement]:
    groups: dict[Group, list[AssessedPair]] = defaultdict(list)
    for group, pair in pairs:
        groups[group].append(pair)
    return {group: measure_agreement(theirs) for group, theirs in groups.items()}
