"""Reviews the quality of the answers that are not frozen yet."""

from pathlib import Path

from app.clock import Clock
from app.database import Database
from scoring.edition import strictest_network_share
from surveys.quality import review


def review_answers(database: Database, clock: Clock, keys: Path) -> str:  # noqa: ARG001 - every job has this shape
    """Review the answers of every wave that is not frozen: caps on linked answers, flags for people to look at."""
    with database.reading() as session:
        codes = review.waves_to_review(session)
    reports, share = [], strictest_network_share()
    for code in codes:
        with database.writing() as session:
            reports.append(f"{code}: {review.review_wave(session, code, network_share=share)}")
    return "; ".join(reports) or "no wave to review"
