"""What of replies waits for a person, for their first page."""

from collections.abc import Collection

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.permissions import Permission, Person, cities_of
from app.feedback.clock import count_overdue
from app.feedback.reply_models import Reply
from app.feedback.reply_reading import is_at
from app.feedback.reply_states import ReplyStage
from app.web import site
from app.web.console.layout import city_name
from app.web.console.menu import WaitingLine, WaitingNumbers
from app.web.console.replies.listing import PATH
from app.web.language import _n

_WAITS = or_(is_at(ReplyStage.READY), is_at(ReplyStage.CORRECTION_READY))
_IN_HAND = or_(is_at(ReplyStage.DRAFT), is_at(ReplyStage.CORRECTING))


def waiting(session: Session, person: Person) -> list[WaitingLine | WaitingNumbers]:
    """Say what somebody may release, what came back, their own drafts, and what is overdue; in two statements more."""
    releases = cities_of(person.grants, Permission.RELEASE_REPLIES) or frozenset()
    writes = cities_of(person.grants, Permission.WRITE_REPLIES) or frozenset()
    if not releases | writes:
        return []
    to_release = and_(_WAITS, Reply.city.in_(sorted(releases)), Reply.author != person.id)
    mine = and_(_IN_HAND, Reply.author == person.id)
    wanted = (to_release, and_(mine, Reply.note != ""), and_(mine, Reply.note == ""))
    counts = select(*(func.count(case((each, 1))) for each in wanted))
    counts = counts.where(Reply.city.in_(sorted(releases | writes)))
    return [WaitingNumbers(counts, _lines), *_overdue(session, writes)]


def _overdue(session: Session, cities: Collection[str]) -> list[WaitingLine]:
    """Lead to the page of each city that has suggestions without an answer past their term."""
    overdue = count_overdue(session, cities, site.clock().today())
    return [
        WaitingLine(
            _n(
                "%(city)s: %(num)s suggestion waits for an answer past its term",
                "%(city)s: %(num)s suggestions wait for an answer past their term",
                number,
                city=city_name(city),
            ),
            f"/console/city/?city={city}",
            urgent=True,
        )
        for city, number in overdue.items()
    ]


def _lines(waits: int, came_back: int, drafts: int) -> list[WaitingLine]:
    lines = []
    if waits:
        words = _n("%(num)s reply waits for you to release it", "%(num)s replies wait for you to release them", waits)
        lines.append(WaitingLine(words, f"{PATH}?state=ready&state=correction_ready"))
    if came_back:
        words = _n("%(num)s reply of yours came back", "%(num)s replies of yours came back", came_back)
        lines.append(WaitingLine(words, f"{PATH}?state=draft&state=correcting&mine=1", urgent=True))
    if drafts:
        words = _n("%(num)s draft of a reply is yours", "%(num)s drafts of replies are yours", drafts)
        lines.append(WaitingLine(words, f"{PATH}?state=draft&state=correcting&mine=1"))
    return lines
