"""What of suggestions, replies and commitments waits for whom: numbers and last days, never a word of anybody's.

Digests count it in the morning's mail; reminders are notices in the console alone, so that nobody gets a second mail.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.permissions import Permission
from app.feedback import clock
from app.feedback.audit_draws import count_open
from app.feedback.commitment_states import OPEN, CommitmentAct, CommitmentState, deadline
from app.feedback.commitments import address_of
from app.feedback.listing import IS_ANSWERED, IS_URGENT, UNDECIDED
from app.feedback.models import CommentAssignment, CommentCode, SecondCoding
from app.feedback.outsiders import count_hidings
from app.feedback.queries import LIVE, SHOWN, WAITING
from app.feedback.replies import excluded
from app.feedback.reply_models import Commitment, CommitmentEvent, Reply
from app.feedback.reply_storing import texts_of
from app.feedback.second_coding import CODABLE
from app.feedback.second_looks import count_handed_on
from app.notices.digests import DUE_DAYS, DigestLine, due_lines, term_of
from app.notices.notices import Message, notify
from app.notices.recipients import list_permitted
from app.working_calendar import get_calendar
from surveys.models.comments import Comment

DAYS_BEFORE = (14, *DUE_DAYS)
"""Days before the last day at which a city is reminded of a commitment; of suggestions from 7 days on."""

_WHOSE: Mapping[str, Permission] = MappingProxyType(
    {
        "suggestions.urgent": Permission.MODERATE,
        "suggestions.to_decide": Permission.MODERATE,
        "suggestions.to_code": Permission.CODE_COMMENTS,
        **{f"suggestions.due_{days}": Permission.WRITE_REPLIES for days in DUE_DAYS},
        "suggestions.overdue": Permission.WRITE_REPLIES,
        **{f"commitments.due_{days}": Permission.KEEP_COMMITMENTS for days in DUE_DAYS},
        "commitments.overdue": Permission.KEEP_COMMITMENTS,
        "commitments.disputed": Permission.KEEP_COMMITMENTS,
    }
)
"""Lines that count a city's things → who of the city gets them."""


def digest_lines(session: Session, today: date) -> Iterator[DigestLine]:
    """Give the lines of the morning's mail about suggestions, their replies and what was promised."""
    counts = _of_suggestions(session) + _of_terms(session, today) + _of_commitments(session, today)
    handed_on = count_handed_on(session)
    for (city, kind), number in sorted(counts.items()):
        people = list_permitted(session, _WHOSE[kind], today, city=city)
        for staff in people:
            is_others = kind == "suggestions.to_decide" and len(people) > 1
            own = number - (handed_on[city, staff] if is_others else 0)
            if own:
                yield DigestLine(staff, kind, own)
    yield from _of_persons(session)
    yield from _of_replies(session, today)
    yield from _of_outsiders(session, today)


def _of_suggestions(session: Session) -> Counter[tuple[str, str]]:
    """Count by city what a moderator has not decided, and what nobody has given a theme."""
    is_new, is_coded = Comment.state.in_(UNDECIDED), exists().where(CommentCode.comment == Comment.id)
    columns = {
        "suggestions.urgent": func.count().filter(Comment.state.in_(LIVE), IS_URGENT),
        "suggestions.to_decide": func.count().filter(is_new),
        "suggestions.to_code": func.count().filter(Comment.state.in_(SHOWN), ~is_coded),
    }
    rows = session.execute(select(Comment.city, *columns.values()).group_by(Comment.city))
    return +Counter({(city, kind): n for city, *numbers in rows for kind, n in zip(columns, numbers, strict=True)})


def _of_terms(session: Session, today: date) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    for (city, due_on), number in clock.unanswered(session).items():
        for kind in due_lines("suggestions", due_on, today):
            counts[city, kind] += number
    return counts


def _of_commitments(session: Session, today: date) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    for row, due_on in _kept(session):
        kinds = due_lines("commitments", due_on, today)
        if row.state == CommitmentState.DISPUTED:
            kinds = ["commitments.disputed", *kinds]
        counts.update((row.city, kind) for kind in kinds)
    return counts


def _kept(session: Session) -> list[tuple[Commitment, date]]:
    """List the commitments of which something is asked, each with the day by which it is."""
    calendar = get_calendar(session)
    disputed = (
        select(func.max(CommitmentEvent.day))
        .where(CommitmentEvent.commitment == Commitment.id, CommitmentEvent.event == CommitmentAct.DISPUTE)
        .scalar_subquery()
    )
    rows = session.execute(select(Commitment, disputed).where(Commitment.state.in_(OPEN)).order_by(Commitment.id)).all()
    days = [(row, deadline(CommitmentState(row.state), row.due, disputed_on, calendar)) for row, disputed_on in rows]
    return [(row, due_on) for row, due_on in days if due_on is not None]


def _of_persons(session: Session) -> Iterator[DigestLine]:
    """Count what was given to one person: suggestions to look after, and those to code as the second."""
    given = (
        select(CommentAssignment.staff, func.count())
        .join(Comment, Comment.id == CommentAssignment.comment)
        .where(CommentAssignment.staff.is_not(None), Comment.state.in_((*WAITING, *SHOWN)), ~IS_ANSWERED)
        .group_by(CommentAssignment.staff)
    )
    second = (
        select(SecondCoding.coder, func.count())
        .join(Comment, Comment.id == SecondCoding.comment)
        .where(SecondCoding.at.is_(None), Comment.state.in_(CODABLE))
        .group_by(SecondCoding.coder)
    )
    for kind, statement in (("suggestions.assigned", given), ("suggestions.second", second)):
        yield from (DigestLine(staff, kind, number) for staff, number in session.execute(statement).all() if staff)


def _of_replies(session: Session, today: date) -> Iterator[DigestLine]:
    """Count the replies that wait to be released by whom, and those that came back to whoever wrote them."""
    ready = or_(Reply.state == "ready", Reply.correction == "ready")
    for reply in session.scalars(select(Reply).where(ready).order_by(Reply.id)).all():
        writers = excluded(session, reply, texts_of(session, reply.id))
        free = set(list_permitted(session, Permission.RELEASE_REPLIES, today, city=reply.city)) - writers
        yield from (DigestLine(staff, "replies.to_release", 1) for staff in sorted(free))
    back = or_(Reply.state == "draft", Reply.correction == "draft")
    rows = select(Reply.author, func.count()).where(back, Reply.note != "").group_by(Reply.author)
    for staff, number in session.execute(rows).all():
        yield DigestLine(staff, "replies.sent_back", number)


def _of_outsiders(session: Session, today: date) -> Iterator[DigestLine]:
    """Count what people from outside a city confirm, and what was drawn for auditors."""
    hidden = select(Comment.id).where(Comment.state == "hidden_provisional").limit(1)
    if session.scalars(hidden).first() is not None:
        for staff in list_permitted(session, Permission.CONFIRM_HIDING, today):
            yield DigestLine(staff, "hidings.to_confirm", count_hidings(session, staff, today))
    number = count_open(session)
    for staff in list_permitted(session, Permission.AUDIT_DECISIONS, today) if number else ():
        yield DigestLine(staff, "decisions.to_audit", number)


def remind_cities(session: Session, today: date, at: datetime) -> int:
    """Remind cities of terms that end soon, and from the Monday after once a week of those that ended; how often."""
    done = 0
    for permission, message in (*_about_suggestions(session, today), *_about_commitments(session, today)):
        city = str(message.parameters["city"])
        done += bool(notify(session, list_permitted(session, permission, today, city=city), message, at))
    return done


Reminders = Iterable[tuple[Permission, Message]]


def _about_suggestions(session: Session, today: date) -> Reminders:
    for (city, due_on), number in sorted(clock.unanswered(session).items()):
        term = term_of(today, due_on, DUE_DAYS)
        if term:
            kind = "suggestions.overdue" if term.is_over else "suggestions.due"
            parameters: dict[str, str | int] = {"city": city, "day": due_on.isoformat(), "count": number}
            address = f"/console/comments/?reply=no&city={city}"
            yield Permission.WRITE_REPLIES, Message(kind, f"{kind}:{city}:{term.mark}", address, parameters)


def _about_commitments(session: Session, today: date) -> Reminders:
    for row, due_on in _kept(session):
        term = term_of(today, due_on, DAYS_BEFORE)
        if term:
            kind = "commitment.overdue" if term.is_over else "commitment.due"
            parameters: dict[str, str | int] = {"city": row.city, "number": row.id, "day": due_on.isoformat()}
            message = Message(kind, f"{kind}:{row.id}:{term.mark}", address_of(row.city, row.id), parameters)
            yield Permission.KEEP_COMMITMENTS, message
