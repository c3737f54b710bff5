"""What assessors decided, revision by revision: who entered a value, sent it and judged it, and what came of it."""

from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, select
from sqlalchemy.orm import aliased

from app.accounts.models import Staff
from app.indicators.assignments import SEATS
from app.indicators.case_models import Assessment, ValueCase
from app.indicators.models import IndicatorValue, Period

FIRST, SECOND, DECIDING = (aliased(Assessment, name=name) for name in ("first", "second", "deciding"))
"""The two verdicts of a revision, and the one that decided: the second of two alike, or the third."""


def _named(staff: Any, when: ColumnElement[bool] | None = None) -> ScalarSelect[str]:
    """Select the name of a person beside a row. Five more joins took PostgreSQL longer to plan than to carry out."""
    name = select(Staff.name).where(Staff.id == staff)
    name = name if when is None else name.where(when)
    return name.correlate(IndicatorValue, ValueCase, FIRST, SECOND, DECIDING).scalar_subquery()


_IS_LATEST = ValueCase.revision == IndicatorValue.revision
ENTERED, SENT = _named(IndicatorValue.entered_by), _named(ValueCase.sent_by, _IS_LATEST)
ONE, TWO, LAST = _named(FIRST.assessor), _named(SECOND.assessor), _named(DECIDING.assessor)
PEOPLE = (ENTERED, SENT, ONE, TWO, LAST)


def decided_revisions() -> Select[*tuple[Any, ...]]:
    """Select a row for each revision that was decided; one that waits for its second verdict has none.

    Who sent it is known of the latest revision of a case alone; the journal has the others.
    """
    value = IndicatorValue
    decides = (DECIDING.slot > SEATS) | ((DECIDING.slot == SEATS) & (DECIDING.verdict == FIRST.verdict))
    return (
        select(
            value.period, value.city, value.indicator, value.revision, value.status, value.numerator,
            value.denominator, value.flag, Period.edition, ENTERED.label("entered"), SENT.label("sent"),
            ONE.label("one"), FIRST.verdict.label("one_said"), TWO.label("two"),
            SECOND.verdict.label("two_said"), LAST.label("last"), DECIDING.slot, DECIDING.verdict,
            DECIDING.given_at, (ValueCase.accepted_revision == value.revision).label("in_force"), DECIDING.id,
            and_(_IS_LATEST, value.entered_by == ValueCase.sent_by).label("one_person"),
        )
        .join(Period, Period.code == value.period)
        .join(ValueCase, _of(ValueCase))
        .join(FIRST, _of(FIRST) & (FIRST.revision == value.revision) & (FIRST.slot == 1))
        .join(SECOND, _of(SECOND) & (SECOND.revision == value.revision) & (SECOND.slot == SEATS))
        .join(DECIDING, _of(DECIDING) & (DECIDING.revision == value.revision) & decides)
    )  # fmt: skip


def _of(table: Any) -> ColumnElement[bool]:
    value = IndicatorValue
    return and_(table.period == value.period, table.city == value.city, table.indicator == value.indicator)
