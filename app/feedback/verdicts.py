"""Whether those who raised something agree that it was done: the rule, from ten answers on, and what is told of it.

An answer is yes, partly, no or "cannot tell"; the last says nothing of what was done and counts for nothing. Of the
others *partly* is a half, and from 50 % on they agree. One answer may turn the verdict; figures move in steps of five
only, so that nobody sees from them what one person said. Public sites read here too: nothing here knows staff.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Select, String, Subquery, and_, case, cast, func, select
from sqlalchemy.orm import Session

from app.feedback.models import FollowAnswer
from app.feedback.reply_models import Commitment, CommitmentEvent

ANSWERS = ("yes", "partly", "no", "cannot_tell")
TELLING = ("yes", "partly", "no")
NEEDED = 10
"""Answers that tell something, before anything is said of them."""
STEP = 5
"""Figures move in steps of so many answers, and of so many percent."""
AGREED_FROM = 50
"""Percent; a step of the figures, so that the verdict and the percent that is told never contradict each other."""
ASKED_KINDS = ("done",)
"""Kinds of replies of which residents are asked whether it has become better, whatever became of a commitment."""
ANSWERABLE = ("reported_done", "agreed", "disputed")
"""States of a commitment in which answers decide."""


class ResidentVerdict(StrEnum):
    """What those who raised it say."""

    AGREED = "agreed"
    DISPUTED = "disputed"


class ResidentAgreement(NamedTuple):
    """What is told of answers: at least so many, and at least so many percent in favour; None below NEEDED."""

    at_least: int
    percent: int | None
    needed: int = NEEDED

    @property
    def below(self) -> int | None:
        """Give the percent below which the share in favour lies: the next step."""
        return None if self.percent is None else self.percent + STEP

    @property
    def is_agreed(self) -> bool:
        """Whether the verdict is that they agree."""
        return self.verdict is ResidentVerdict.AGREED

    @property
    def verdict(self) -> ResidentVerdict | None:
        """Give the verdict; None while there is none."""
        if self.percent is None:
            return None
        return ResidentVerdict.AGREED if self.percent >= AGREED_FROM else ResidentVerdict.DISPUTED


def agreement(answers: Mapping[str, int]) -> ResidentAgreement:
    """Tell of answers, by how often each was given, what everybody may know."""
    telling = sum(answers.get(each, 0) for each in TELLING)
    at_least = telling // STEP * STEP
    if telling < NEEDED:
        return ResidentAgreement(at_least, None)
    in_favour = 100 * (2 * answers.get("yes", 0) + answers.get("partly", 0))
    return ResidentAgreement(at_least, in_favour // (2 * telling) // STEP * STEP)


def verdict_of(answers: Mapping[str, int]) -> ResidentVerdict | None:
    """Give the verdict of answers; None below NEEDED."""
    return agreement(answers).verdict


def is_asked(kind: str, commitment: str | None) -> bool:
    """Tell whether residents are asked about a reply: of this kind, with its commitment (if any) in this state."""
    return kind in ASKED_KINDS or commitment in ANSWERABLE


def answers_by_reply() -> Subquery:
    """Select how often each answer was given of each reply."""
    return select(FollowAnswer.reply, *_counts()).group_by(FollowAnswer.reply).subquery("answers")


def answers_of_commitments() -> Select[*tuple[Any, ...]]:
    """Select how often each answer was given of what commitments report as done (columns commitment, yes, partly, …).

    Only answers of the month of the newest report or later: what was said before was said of something else.
    """
    reported = (
        select(CommitmentEvent.commitment, func.max(CommitmentEvent.day).label("day"))
        .where(CommitmentEvent.event == "report_done")
        .group_by(CommitmentEvent.commitment)
        .subquery("reported")
    )
    since = func.substr(cast(reported.c.day, String), 1, 7)
    return (
        select(Commitment.id.label("commitment"), *_counts())
        .join(reported, reported.c.commitment == Commitment.id)
        .join(FollowAnswer, and_(FollowAnswer.reply == Commitment.reply, FollowAnswer.month >= since))
        .where(Commitment.state.in_(ANSWERABLE))
        .group_by(Commitment.id)
    )


def count_answers(session: Session, commitment: int | None = None) -> dict[int, dict[str, int]]:
    """Count by commitment how often each answer was given, or of one."""
    statement = answers_of_commitments()
    if commitment is not None:
        statement = statement.where(Commitment.id == commitment)
    return {row.commitment: {each: getattr(row, each) for each in ANSWERS} for row in session.execute(statement)}


def _counts() -> list[Any]:
    return [func.sum(case((FollowAnswer.answer == each, 1), else_=0)).label(each) for each in ANSWERS]
