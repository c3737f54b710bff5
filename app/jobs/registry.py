"""The list of jobs: what runs by itself and how often."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
"""All rhythms count from here, so that every process agrees on the due times."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job and its rhythm; what it does is the function of the same name in its module of the same name in tasks/."""

    name: str
    every: timedelta


JOBS = (
    Job("fold-tallies", timedelta(minutes=5)),
    Job("review-answers", timedelta(days=1)),
    Job("file-suggestions", timedelta(hours=1)),
    Job("release-suggestions", timedelta(weeks=1)),
    Job("mask-suggestions", timedelta(days=1)),
    Job("compare-suggestions", timedelta(days=1)),
    Job("list-receipts", timedelta(days=1)),
    Job("shuffle-participations", timedelta(hours=1)),
    Job("shuffle-follow-answers", timedelta(hours=1)),
    Job("erase-day-keys", timedelta(hours=1)),
    Job("tend-database", timedelta(days=1)),
    Job("turn-waves", timedelta(hours=1)),
    Job("turn-periods", timedelta(hours=1)),
    Job("drop-old-stages", timedelta(hours=1)),
    Job("verify-journal", timedelta(days=1)),
    Job("list-journal-heads", timedelta(days=1)),
    Job("remind-staff", timedelta(hours=1)),
    Job("close-idle-accounts", timedelta(days=1)),
    Job("send-mail", timedelta(minutes=1)),
    Job("turn-commitments", timedelta(minutes=10)),
    Job("fold-steps", timedelta(days=1)),
    Job("forget-sign-ins", timedelta(days=1)),
    Job("forget-leftovers", timedelta(days=1)),
    Job("purge-suggestions", timedelta(days=1)),
    Job("draw-decisions", timedelta(days=1)),
    Job("compare-requests", timedelta(days=1)),
    Job("draw-second-codings", timedelta(hours=1)),
)


def get_job(name: str) -> Job | None:
    """Find a job by its name."""
    return next((job for job in JOBS if job.name == name), None)
