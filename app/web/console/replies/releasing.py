"""Releasing many replies together: those that were ticked, with the texts that they had then."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.accounts.permissions import Permission, Person, cities_of
from app.accounts.queries import get_person
from app.audit.journal import Actor
from app.clock import day_of
from app.feedback import replies
from app.feedback.commitments import writers_of_drafts
from app.feedback.reply_checks import writers_of
from app.feedback.reply_errors import AnswerError, AnswerFault, StaleAnswerError, UnknownAnswerError
from app.feedback.reply_models import Commitment, Reply, ReplyRelease, ReplyText
from app.feedback.reply_reading import ReplyReaders, replies_seen
from app.feedback.reply_states import WAITING, stage_of
from app.web.console.replies.listing import LISTING, address_of
from app.web.console.replies.words import RELEASE_LEFT
from app.web.console.selection import BulkAction
from app.web.language import _l, _n
from app.workspace.tasks import Left


class ChosenReply(NamedTuple):
    """A reply as it was ticked: where, which, and the version that whoever ticked it saw."""

    city: str
    number: int
    version: int


def chosen(row_id: str) -> ChosenReply:
    """Read the id of a row of the list."""
    city, number, version = row_id.split("/")
    return ChosenReply(city, int(number), int(version))


def _page_of(row_id: str) -> str:
    return address_of(chosen(row_id).city, chosen(row_id).number)


def _waiting_of(person: Person) -> Select[*tuple[Any, ...]]:
    """Select what somebody may release at all: of their cities, whatever its stage, so that the rest is named."""
    cities = cities_of(person.grants, Permission.RELEASE_REPLIES) or frozenset()
    return replies_seen(ReplyReaders(cities)).where(Reply.city.in_(sorted(cities)))


def _unfit(session: Session, person: Person, ids: Sequence[str]) -> Left:
    """Find what will not be released, each with its reason, in five statements."""
    numbers = {each: chosen(each) for each in ids}
    wanted = [each.number for each in numbers.values()]
    rows = {row.id: row for row in session.scalars(select(Reply).where(Reply.id.in_(wanted)))}
    writers = _writers(session, wanted)
    left = {}
    for row_id, each in numbers.items():
        row = rows.get(each.number)
        if row is None or row.city != each.city or not person.may(Permission.RELEASE_REPLIES, each.city):
            left[row_id] = "gone"
        elif stage_of(row.state, row.correction) not in WAITING:
            left[row_id] = str(AnswerFault.WRONG_STATE)
        elif row.version != each.version:
            left[row_id] = "changed"
        elif person.id in writers.get(each.number, frozenset()) | {row.author}:
            left[row_id] = str(AnswerFault.OWN_TEXT)
    return left


def _writers(session: Session, numbers: Sequence[int]) -> dict[int, frozenset[int]]:
    """Give by reply whose words it has, or what it promises."""
    texts: dict[int, list[ReplyText]] = {}
    for text in session.scalars(
        select(ReplyText).where(ReplyText.reply.in_(numbers)).order_by(ReplyText.reply, ReplyText.version)
    ):
        texts.setdefault(text.reply, []).append(text)
    released: dict[int, int] = {}
    for reply, version in session.execute(
        select(ReplyRelease.reply, ReplyRelease.version).where(ReplyRelease.reply.in_(numbers))
    ):
        released[reply] = max(version, released.get(reply, 0))
    found = {reply: writers_of(own, released.get(reply, 0)) for reply, own in texts.items()}
    promised = session.scalars(
        select(Commitment).where(Commitment.reply.in_(numbers), Commitment.state == "draft")
    ).all()
    writers = writers_of_drafts(session, promised)
    for row in promised:
        if row.reply is not None:
            found[row.reply] = found.get(row.reply, frozenset()) | writers[row.id]
    return found


def _release(session: Session, actor: Actor, ids: Sequence[str], _values: Mapping[str, str], name: str) -> Left:
    person = get_person(session, actor.id or 0, day_of(actor.at))
    left = {}
    for row_id in ids:
        each = chosen(row_id)
        if person is None or not person.may(Permission.RELEASE_REPLIES, each.city):
            left[row_id] = "gone"
            continue
        try:
            with session.begin_nested():
                replies.release(session, actor, each.number, each.city, version=each.version, bulk=name)
        except UnknownAnswerError:
            left[row_id] = "gone"
        except StaleAnswerError:
            left[row_id] = "changed"
        except AnswerError as error:
            code = error.faults[0].code
            left[row_id] = str(code) if code in RELEASE_LEFT else "incomplete"
    return left


RELEASE = BulkAction(
    name="replies.release",
    title=_l("Release"),
    permission=Permission.RELEASE_REPLIES,
    listing=LISTING,
    statement=_waiting_of,
    question=lambda number: _n("Release %(num)s reply?", "Release %(num)s replies?", number),
    check=_unfit,
    work=_release,
    reasons=RELEASE_LEFT,
    page=_page_of,
)
"""Nothing takes it back within ten minutes: what everybody has read is withdrawn with a reason, one by one."""
