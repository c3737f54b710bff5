"""What waits for whoever moderates, confirms or audits, for their first page."""

from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.permissions import Permission, Person, cities_of
from app.feedback.audit_draws import count_open
from app.feedback.listing import IS_URGENT, UNDECIDED
from app.feedback.outsiders import count_hidings
from app.feedback.queries import LIVE
from app.feedback.second_looks import waits_for_others
from app.web import site
from app.web.console.comments import views
from app.web.console.comments.listing import PATH
from app.web.console.menu import WaitingLine, WaitingNumbers
from app.web.language import _n
from surveys.models.comments import Comment


def waiting(session: Session, person: Person) -> list[WaitingLine | WaitingNumbers]:
    """Say what waits for a person; one statement more for each thing they may do outside their city."""
    lines: list[WaitingLine | WaitingNumbers] = [*_of_city(person)]
    if person.may(Permission.CONFIRM_HIDING):
        number = count_hidings(session, person.id, site.clock().today())
        words = _n(
            "The hiding of %(num)s suggestion of another city waits for you",
            "The hiding of %(num)s suggestions of other cities waits for you",
            number,
        )
        lines += [WaitingLine(words, f"{PATH}hidden")] * bool(number)
    if person.may(Permission.AUDIT_DECISIONS):
        number = count_open(session)
        words = _n(
            "%(num)s decision about a suggestion was drawn for you",
            "%(num)s decisions about suggestions were drawn for you",
            number,
        )
        lines += [WaitingLine(words, f"{PATH}audit?finding=none")] * bool(number)
    return lines


def _of_city(person: Person) -> list[WaitingNumbers]:
    """Ask what is undecided where they moderate, and where somebody may be in danger, whatever was decided since."""
    moderated = cities_of(person.grants, Permission.MODERATE) or frozenset()
    watched = moderated | (cities_of(person.grants, Permission.RELEASE_REPLIES) or frozenset())
    if not watched:
        return []
    is_others = waits_for_others(person.id, site.clock().today())
    is_new = Comment.city.in_(sorted(moderated)), Comment.state.in_(UNDECIDED), ~is_others
    counts = select(func.count().filter(*is_new), func.count().filter(IS_URGENT))
    counts = counts.where(Comment.city.in_(sorted(watched)), Comment.state.in_(LIVE))
    return [WaitingNumbers(counts, partial(_lines, person))]


def _lines(person: Person, number: int, urgent: int) -> list[WaitingLine]:
    lines = []
    if urgent:
        words = _n(
            "%(num)s suggestion says that somebody may be in danger",
            "%(num)s suggestions say that somebody may be in danger",
            urgent,
        )
        lines.append(WaitingLine(words, f"{PATH}?flag=urgent", urgent=True))
    if number:
        words = _n("%(num)s suggestion waits to be decided", "%(num)s suggestions wait to be decided", number)
        lines.append(WaitingLine(words, views.first_address(person)))
    return lines
