"""How far the two who examine a value agreed when a run was made, as its publication says it."""

from datetime import datetime
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.agreement import FEWEST
from app.audit.models import JournalRow
from app.indicators.agreement import Agreement, agreement_of
from app.publishing.results import ALL_THE_SAME, FEW_CASES, AgreementResult
from app.ratings.models import Run
from scoring.rounding import half_up

PERCENT_DIGITS = 1
KAPPA_DIGITS = 2


def agreement_at(session: Session, run: Run) -> AgreementResult | None:
    """Tell how far assessors of a run's period agreed when it was made; None for runs the journal does not know.

    Verdicts are frozen, so the answer is the same whenever it is asked: what is approved is what is published.
    """
    made = select(JournalRow.at).where(JournalRow.event == "run.made", JournalRow.object_id == run.id)
    at = session.execute(made).scalar_one_or_none()
    return published_agreement(agreement_of(session, run.period, datetime.fromisoformat(at))) if at else None


def published_agreement(found: Agreement) -> AgreementResult:
    """Round an agreement for publication; where there is no kappa it says why."""
    return AgreementResult(
        cases=found.n,
        agreed_percent=_percent(found.agreed),
        returned_percent=_percent(found.returned),
        kappa=None if found.kappa is None else half_up(float(found.kappa), KAPPA_DIGITS),
        kappa_reason="" if found.kappa is not None else FEW_CASES if found.n < FEWEST else ALL_THE_SAME,
    )


def _percent(share: Fraction | None) -> float | None:
    return None if share is None else half_up(float(100 * share), PERCENT_DIGITS)
