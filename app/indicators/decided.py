"""What assessors decided, revision by revision: who entered a value, sent it and judged it, and what came of it."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import aliased

from app.accounts.models import Staff
from app.indicators.assignments import SEATS
from app.indicators.case_models import Assessment, ValueCase
from app.indicators.models import IndicatorValue, Period

FIRST, SECOND, DECIDING = (aliased(Assessment, name=name) for name in ("first", "second", "deciding"))
"""The two verdicts of a revision, and the one that decided: the second of two alike, or the third."""

ENTERED, SENT, ONE, TWO, LAST = (aliased(Staff, name=f"who_{n}") for n in range(5))
PEOPLE = (ENTERED.name, SENT.name, ONE.name, TWO.name, LAST.name)


def decided_revisions() -> Select[*tuple[Any, ...]]:
    """Select a row for each revision that was decided; one that waits for its second verdict has none.

    Who sent it is known of the latest revision of a case alone; the journal has the others.
    """
    value = IndicatorValue
    is_latest = and_(ValueCase.revision == value.revision, SENT.id == ValueCase.sent_by)
    decides = (DECIDING.slot > SEATS) | ((DECIDING.slot == SEATS) & (DECIDING.verdict == FIRST.verdict))
    return (
        select(
            value.period, value.city, value.indicator, value.revision, value.status, value.numerator,
            value.denominator, value.flag, Period.edition, ENTERED.name.label("entered"), SENT.name.label("sent"),
            ONE.name.label("one"), FIRST.verdict.label("one_said"), TWO.name.label("two"),
            SECOND.verdict.label("two_said"), LAST.name.label("last"), DECIDING.slot, DECIDING.verdict,
            DECIDING.given_at, (ValueCase.accepted_revision == value.revision).label("in_force"), DECIDING.id,
            (ENTERED.id == SENT.id).label("one_person"),
        )
        .join(Period, Period.code == value.period)
        .join(ValueCase, _of(ValueCase))
        .join(FIRST, _of(FIRST) & (FIRST.revision == value.revision) & (FIRST.slot == 1))
        .join(SECOND, _of(SECOND) & (SECOND.revision == value.revision) & (SECOND.slot == SEATS))
        .join(DECIDING, _of(DECIDING) & (DECIDING.revision == value.revision) & decides)
        .join(ONE, ONE.id == FIRST.assessor)
        .join(TWO, TWO.id == SECOND.assessor)
        .join(LAST, LAST.id == DECIDING.assessor)
        .outerjoin(ENTERED, ENTERED.id == value.entered_by)
        .outerjoin(SENT, is_latest)
    )  # fmt: skip


def _of(table: Any) -> ColumnElement[bool]:
    value = IndicatorValue
    return and_(table.period == value.period, table.city == value.city, table.indicator == value.indicator)
