"""What the holder of a follow code is told of their suggestion, and what they may do: answer, and take it back.

It is found by the mark of its code alone (surveys.ballots.follow_codes). Public sites read here: nothing knows staff.
"""

from datetime import date
from typing import NamedTuple

from sqlalchemy import ScalarSelect, column, delete, func, select, table
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app.feedback import queries, verdicts
from app.feedback.code_forgetting import forget_codes
from app.feedback.models import CommentAssignment, CommentCode, CommentInGroup, CommentNeighbour, FollowAnswer, Theme
from app.feedback.queries import SHOWN
from app.feedback.reply_models import Commitment, CommitmentEvent, Reply, ReplyRelease, ReplyTarget, ReplyText
from surveys.languages import Text3
from surveys.models.comments import Comment
from surveys.models.fieldwork import Wave, WaveCity
from surveys.sql import put_row

LATER_WAVES = 2
"""With the so-manieth wave after that of the suggestion answers stay as they are."""

SMALLEST_GROUP = 5
"""Suggestions put together by a person, from which on their number is told."""

GOES_WITH_IT: tuple[InstrumentedAttribute[str], ...] = (
    CommentAssignment.comment,
    CommentNeighbour.comment,
    CommentNeighbour.other,
    FollowAnswer.comment,
    ReplyTarget.comment,
)
"""What else refers to a suggestion and goes with its words (app.feedback.code_forgetting for codes and groups).

Decisions, which hold no words, stay.
"""


STAFF_DRAFTS = table("form_draft", column("object_id"))
"""Forms that staff have half typed, known by their table's name alone: the survey's site has no code of theirs."""


class FollowedCommitment(NamedTuple):
    """What the administration promised with a reply."""

    title: Text3
    owner: Text3
    state: str
    first_due: date
    due: date
    moved: int
    percent: int
    done_on: date | None
    evidence: str
    """When it was done, as it was reported last, and where that can be seen; nothing before a report."""


class FollowedReply(NamedTuple):
    """A released reply; `withdrawn_on` and why where it does not stand any more, and then no text."""

    id: int
    kind: str
    text: Text3
    released_on: date
    corrected_on: date | None
    done_on: date | None
    evidence: str
    next_word_on: date | None
    body_name: Text3
    body_address: str
    withdrawn_on: date | None
    withdrawn_reason: Text3
    commitments: tuple[FollowedCommitment, ...]
    answer: str
    """What the writer said of it; empty while they said nothing."""


class Followed(NamedTuple):
    """A suggestion as whoever wrote it sees it."""

    id: str
    wave: str
    city: str
    area: str
    lang: str
    state: str
    text: str
    shown_text: str
    reason: str
    released_on: date | None
    themes: tuple[Text3, ...]
    alike: int
    """How many a person put together with it, itself counted; 0 for few or none."""
    replies: tuple[FollowedReply, ...]
    may_answer: bool


def find(session: Session, mark: str) -> Followed | None:
    """Find a suggestion by the mark of its code; None when none that was filed has it."""
    row = session.execute(select(Comment, _alike(), _later_waves()).where(Comment.follow_hash == mark)).first()
    if row is None:
        return None
    comment, alike, later = row
    is_handed_over = comment.state in queries.LIVE
    decided = queries.in_force(session, comment.id) if is_handed_over else None
    return Followed(
        id=comment.id,
        wave=comment.wave,
        city=comment.city,
        area=comment.area,
        lang=comment.lang,
        state=comment.state,
        text=comment.text,
        shown_text=comment.shown_text or "",
        reason=(decided and decided.reason) or "",
        released_on=comment.released_on,
        themes=_themes(session, comment.id) if is_handed_over else (),
        alike=alike if alike >= SMALLEST_GROUP else 0,
        replies=_replies(session, comment.id) if is_handed_over else (),
        may_answer=comment.state in SHOWN and later < LATER_WAVES,
    )


def give_answer(session: Session, mark: str, reply: int, answer: str, *, today: date) -> bool:
    """Keep what the writer says of a reply, in place of what they said before; False when they may not."""
    followed = find(session, mark)
    if followed is None or not followed.may_answer or answer not in verdicts.ANSWERS:
        return False
    if reply not in [each.id for each in followed.replies if is_asked(each)]:
        return False
    key = {"comment": followed.id, "reply": reply}
    put_row(session, FollowAnswer, key, {"answer": answer, "month": f"{today:%Y-%m}"})
    # Whoever took the words back meanwhile dropped what referred to them before this row was there.
    if session.scalars(select(Comment.state).where(Comment.id == followed.id)).one() in SHOWN:
        return True
    session.execute(delete(FollowAnswer).where(FollowAnswer.comment == followed.id))
    return False


def is_asked(reply: FollowedReply) -> bool:
    """Tell whether the writer is asked about a reply: where something was done, or is said to be."""
    states: list[str | None] = [each.state for each in reply.commitments] or [None]
    return reply.withdrawn_on is None and any(verdicts.is_asked(reply.kind, state) for state in states)


def take_back(session: Session, mark: str) -> bool:
    """Take the words back: text, codes, groups and likenesses are gone, and it counts nowhere. False when none has it.

    What staff have half typed about it goes too, for it may repeat the words.

    That it was taken back stays under its code, and the decisions made about it, which hold no words.
    """
    found = session.scalars(select(Comment.id).where(Comment.follow_hash == mark)).first()
    if found is None:
        return False
    # What refers to it first, as jobs that write it do: they wait for the suggestion, and nobody for them meanwhile.
    _drop_references(session, found)
    comment = session.get_one(Comment, found, with_for_update=True, populate_existing=True)
    _drop_references(session, found)
    forget_codes(session, found)
    if comment.state != "taken_back":
        comment.state, comment.released_on, comment.kind = "taken_back", None, None
        comment.text, comment.folded, comment.shown_text = "", "", None
        comment.version += 1
        session.flush()
    return True


def _drop_references(session: Session, comment: str) -> None:
    for each in GOES_WITH_IT:
        session.execute(delete(each.class_).where(each == comment))
    session.execute(delete(STAFF_DRAFTS).where(STAFF_DRAFTS.c.object_id.contains(comment, autoescape=True)))


def _themes(session: Session, comment: str) -> tuple[Text3, ...]:
    query = select(Theme).join(CommentCode, CommentCode.theme == Theme.code).where(CommentCode.comment == comment)
    rows = session.scalars(query.order_by(Theme.code))
    return tuple(Text3(row.name_kk, row.name_ru, row.name_en) for row in rows)


def _alike() -> ScalarSelect[int]:
    """Count what a person put together with a suggestion, itself too."""
    mine, theirs = aliased(CommentInGroup), aliased(CommentInGroup)
    pairs = select(func.count()).select_from(mine).join(theirs, theirs.grp == mine.grp)
    return pairs.where(mine.comment == Comment.id).correlate(Comment).scalar_subquery()


def _later_waves() -> ScalarSelect[int]:
    """Count the waves that began in its city after that of a suggestion: answers may be changed until the second."""
    mine, later = aliased(Wave), aliased(Wave)
    count = (
        select(func.count(later.code.distinct()))
        .select_from(mine)
        .join(later, (later.audience == mine.audience) & (later.opens_on > mine.opens_on) & (later.state != "planned"))
        .join(WaveCity, (WaveCity.wave == later.code) & (WaveCity.city == Comment.city))
    )
    return count.where(mine.code == Comment.wave).correlate(Comment).scalar_subquery()


def _replies(session: Session, comment: str) -> tuple[FollowedReply, ...]:
    """List the replies that reached a suggestion, the newest first; of each the version that was released last."""
    versions = (
        select(
            ReplyRelease.reply,
            func.max(ReplyRelease.version).label("version"),
            func.min(ReplyRelease.released_on).label("first"),
            func.max(ReplyRelease.released_on).label("last"),
            func.count().label("n"),
        )
        .group_by(ReplyRelease.reply)
        .subquery("versions")
    )
    query = (
        select(Reply, ReplyText, versions.c.first, versions.c.last, versions.c.n, FollowAnswer.answer)
        .join(ReplyTarget, ReplyTarget.reply == Reply.id)
        .join(versions, versions.c.reply == Reply.id)
        .join(ReplyText, (ReplyText.reply == Reply.id) & (ReplyText.version == versions.c.version))
        .outerjoin(FollowAnswer, (FollowAnswer.reply == Reply.id) & (FollowAnswer.comment == comment))
        .where(ReplyTarget.comment == comment, Reply.state.in_(("released", "withdrawn")))
        .order_by(Reply.id.desc())
    )
    rows = session.execute(query).all()
    commitments = _commitments(session, [row.Reply.id for row in rows])
    return tuple(
        _reply(row.Reply, row.ReplyText, (row.first, row.last if row.n > 1 else None), row.answer or "")._replace(
            commitments=tuple(commitments.get(row.Reply.id, ()))
        )
        for row in rows
    )


def _reply(reply: Reply, text: ReplyText, days: tuple[date, date | None], answer: str) -> FollowedReply:
    is_withdrawn = reply.withdrawn_on is not None
    return FollowedReply(
        id=reply.id,
        kind=reply.kind,
        text=Text3("", "", "") if is_withdrawn else Text3(text.kk, text.ru, text.en),
        released_on=days[0],
        corrected_on=days[1],
        done_on=reply.done_on,
        evidence=reply.evidence_address,
        next_word_on=reply.next_word_on,
        body_name=Text3(reply.body_name_kk, reply.body_name_ru, reply.body_name_en),
        body_address=reply.body_address,
        withdrawn_on=reply.withdrawn_on,
        withdrawn_reason=Text3(reply.withdrawn_reason_kk, reply.withdrawn_reason_ru, ""),
        commitments=(),
        answer=answer,
    )


def _commitments(session: Session, replies: list[int]) -> dict[int, list[FollowedCommitment]]:
    if not replies:
        return {}
    moves = select(func.count()).where(CommitmentEvent.commitment == Commitment.id, CommitmentEvent.event == "move")
    report = aliased(CommitmentEvent)
    newest = select(func.max(CommitmentEvent.id)).where(
        CommitmentEvent.commitment == Commitment.id, CommitmentEvent.event == "report_done"
    )
    times_moved = moves.correlate(Commitment).scalar_subquery()
    query = select(Commitment, times_moved, report.done_on, report.evidence_address).outerjoin(
        report, report.id == newest.correlate(Commitment).scalar_subquery()
    )
    rows = session.execute(
        query.where(Commitment.reply.in_(replies), Commitment.state != "draft").order_by(Commitment.id)
    )
    found: dict[int, list[FollowedCommitment]] = {}
    for row, times, done_on, evidence in rows:
        each = FollowedCommitment(
            title=Text3(row.title_kk, row.title_ru, row.title_en),
            owner=Text3(row.owner_unit_kk, row.owner_unit_ru, ""),
            state=row.state,
            first_due=row.first_due,
            due=row.due,
            moved=times,
            percent=row.percent,
            done_on=done_on,
            evidence=evidence or "",
        )
        found.setdefault(row.reply, []).append(each)
    return found
