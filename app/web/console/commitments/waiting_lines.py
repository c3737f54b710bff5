"""What of commitments waits for a person on their first page: overdue, disputed, due soon, to be announced."""

from functools import partial

from sqlalchemy import ColumnElement, Integer, cast, func, select
from sqlalchemy.orm import Session

from app.accounts.permissions import Permission, Person, cities_of
from app.feedback.commitment_queries import is_due_soon, is_overdue
from app.feedback.commitment_states import CommitmentState
from app.feedback.reply_models import Commitment
from app.web import site
from app.web.console.commitments.listing import PATH
from app.web.console.menu import WaitingLine, WaitingNumbers
from app.web.language import _n


def waiting(_session: Session, person: Person) -> list[WaitingNumbers]:
    """Ask what waits in the cities whose commitments a person keeps."""
    cities = cities_of(person.grants, Permission.KEEP_COMMITMENTS)
    if not cities:
        return []
    today = site.clock().today()
    to_announce = (
        (Commitment.state == CommitmentState.DRAFT) & Commitment.reply.is_(None) & (Commitment.author != person.id)
    )
    conditions = (is_overdue(today), Commitment.state == CommitmentState.DISPUTED, is_due_soon(today), to_announce)
    columns = [_number(each) for each in conditions]
    speaks = person.may(Permission.RELEASE_COMMITMENTS)
    return [WaitingNumbers(select(*columns).where(Commitment.city.in_(sorted(cities))), partial(_lines, speaks))]


def _lines(speaks: bool, late: int, disputed: int, soon: int, drafts: int) -> list[WaitingLine]:
    lines = [
        (late, _n("%(num)s commitment is overdue", "%(num)s commitments are overdue", late), "due=overdue", True),
        (disputed, _n("%(num)s commitment is disputed by residents", "%(num)s commitments are disputed by residents",
                      disputed), "state=disputed", True),
        (soon, _n("%(num)s commitment is due within 7 days", "%(num)s commitments are due within 7 days", soon),
         "due=soon", False),
        (drafts * speaks, _n("%(num)s draft of a commitment waits to be announced",
                             "%(num)s drafts of commitments wait to be announced", drafts), "state=draft", False),
    ]  # fmt: skip
    return [WaitingLine(words, f"{PATH}?{query}", urgent=urgent) for number, words, query, urgent in lines if number]


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(cast(condition, Integer)), 0)
