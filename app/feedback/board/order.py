"""In which order things happened, also within a day: places in a row, so that no page has to know an hour."""

from collections.abc import Mapping

from sqlalchemy import literal, select, union_all
from sqlalchemy.orm import Session

from app.feedback.reply_models import Commitment, CommitmentEvent, Reply, ReplyRelease


def read_order(session: Session, city: str) -> Mapping[str, int]:
    """Give the place of every step of a city by its key, `reply-NUMBER-VERSION` or `commitment-NUMBER-STEP`.

    A withdrawal has none: only its day is known, and nothing happens to a reply after it.
    """
    first, second = literal("reply").label("what"), literal("commitment").label("what")
    releases = (
        select(ReplyRelease.at.label("at"), first, ReplyRelease.reply.label("of"), ReplyRelease.version.label("step"))
        .join(Reply, Reply.id == ReplyRelease.reply)
        .where(Reply.city == city)
    )
    events = (
        select(CommitmentEvent.at, second, CommitmentEvent.commitment, CommitmentEvent.id)
        .join(Commitment, Commitment.id == CommitmentEvent.commitment)
        .where(Commitment.city == city)
    )
    both = union_all(releases, events).subquery("steps")
    statement = select(both.c.what, both.c.of, both.c.step).order_by(
        both.c.at, both.c.what.desc(), both.c.of, both.c.step
    )
    return {f"{row.what}-{row.of}-{row.step}": index for index, row in enumerate(session.execute(statement))}
