"""What the console shows of requests and publications, each in few statements."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ScalarSelect, case, func, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Staff
from app.accounts.permissions import Permission, Person
from app.accounts.queries import get_persons
from app.publishing.approvals import NEEDED
from app.publishing.differences import Differences, differences, read_frames
from app.publishing.models import Approval, Publication, PublicationRequest, WithdrawalRequest
from app.publishing.requests import OPEN, digests_approved
from app.ratings.models import Run
from app.ratings.values import values_changed


class ApprovalLine(NamedTuple):
    """An approval as it is shown; `counts` is false for whoever may approve no longer."""

    staff: int
    name: str
    note: str
    at: datetime
    counts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestView:
    """A request with everything its page shows."""

    request: PublicationRequest
    run: Run
    before: Run | None
    """The run of an earlier publication of its edition; what this one is compared with. None for the first one."""
    before_number: int | None
    """The number of that publication."""
    names: Mapping[int, str]
    approvals: tuple[ApprovalLine, ...]
    changed: bool
    """Whether its inputs have changed since."""
    differences: Differences | None

    @property
    def given(self) -> int:
        """Number of the approvals that count."""
        return sum(each.counts for each in self.approvals)

    @property
    def is_open(self) -> bool:
        """Whether it is on its way."""
        return self.request.state == OPEN

    @property
    def is_checked(self) -> bool:
        """Whether its preview was computed and attacked: before that nobody can know what they approve."""
        return self.request.few_people is not None

    @property
    def is_approved(self) -> bool:
        """Whether two others approved it."""
        return self.given >= NEEDED

    def may_approve(self, person: Person) -> bool:
        """Tell whether a person's approval is missing."""
        mine = {each.staff for each in self.approvals} | {self.request.requested_by}
        return self.is_open and person.may(Permission.APPROVE) and person.id not in mine

    def may_publish(self, person: Person) -> bool:
        """Tell whether a person could publish it, its approvals given."""
        return self.is_open and person.may(Permission.PUBLISH) and person.id != self.request.requested_by


class RequestLine(NamedTuple):
    """A request on its way, in a list."""

    id: int
    run: str
    period: str
    edition: str
    requested_by: int
    requester: str
    requested_at: datetime
    approvals: int
    out_of_date: bool
    mine: bool
    """Whether the reader approved it."""


class WithdrawalView(NamedTuple):
    """A publication, and the request to withdraw it that waits, with the name of who asked."""

    publication: Publication
    asked: WithdrawalRequest | None
    asker: str
    others: tuple[tuple[Publication, Run], ...]
    """Publications in force that could take the place of a withdrawn one, newest first, with their runs."""
    correction: int | None
    """The newest publication in force that corrects it."""


class NextNumber(NamedTuple):
    """The number that a publication gets next, and what it then stands before on the portal; None for the first."""

    number: int
    current: Publication | None
    period: str


class ListedPublication(NamedTuple):
    """A publication in a list: with its run, its request, the withdrawal that waits, and the one that corrects it."""

    publication: Publication
    run: Run
    request: int | None
    asked: int | None
    correction: int | None


def read_request(session: Session, request_id: int, day: date, *, compares: bool = True) -> RequestView | None:
    """Read everything about a request, unless asked not to compare it; None when there is none of that number."""
    statement = select(PublicationRequest, Run).join(Run, Run.id == PublicationRequest.run)
    row = session.execute(statement.where(PublicationRequest.id == request_id)).first()
    if row is None:
        return None
    request, run = row
    number, old = _compared_with(session, request, run) if compares else (None, None)
    approvals, names = _approvals(session, request, run, day)
    frames = read_frames(session, tuple({run.id, *([old.id] if old else [])}))
    is_open = request.state == OPEN
    return RequestView(
        request=request,
        run=run,
        before=old,
        before_number=number,
        names=names,
        approvals=approvals,
        changed=is_open and (request.out_of_date or values_changed(session, run, frames.inputs_of(run.id))),
        differences=differences(session, frames, old, run) if old else None,
    )


def _compared_with(session: Session, request: PublicationRequest, run: Run) -> tuple[int | None, Run | None]:
    """Choose what a request is compared with: a standing publication of its edition, older than its own.

    That which it corrects comes first, then the newest of its period, then the newest of any.
    """
    nearest = case((Publication.number == request.corrects, 0), (Run.period == run.period, 1), else_=2)
    statement = (
        select(Publication.number, Run)
        .join(Run, Run.id == Publication.run)
        .where(Publication.state == "published", Run.edition == run.edition)
        .order_by(nearest, Publication.number.desc())
        .limit(1)
    )
    if request.publication is not None:
        statement = statement.where(Publication.number < request.publication)
    number, before = session.execute(statement).first() or (None, None)
    return number, before


def _approvals(
    session: Session, request: PublicationRequest, run: Run, day: date
) -> tuple[tuple[ApprovalLine, ...], dict[int, str]]:
    given = session.scalars(select(Approval).where(Approval.request == request.id).order_by(Approval.at)).all()
    others = (request.stopped_by, request.published_by)
    staff = {request.requested_by, *(each.staff for each in given), *(each for each in others if each is not None)}
    persons = {each.id: each for each in get_persons(session, staff, day)}
    names = {each.id: each.name for each in persons.values()}
    digests = tuple(digests_approved(run).values())
    lines = tuple(
        ApprovalLine(
            each.staff,
            names.get(each.staff, ""),
            each.note,
            each.at,
            counts=(each.output_digest, each.edition_digest) == digests
            and each.staff in persons
            and persons[each.staff].may(Permission.APPROVE),
        )
        for each in given
    )
    return lines, names


def list_open_requests(session: Session, reader: int) -> tuple[RequestLine, ...]:
    """List the requests on their way, the oldest first."""
    given = (
        select(
            Approval.request,
            func.count().label("n"),
            func.max(case((Approval.staff == reader, 1), else_=0)).label("mine"),
        )
        .group_by(Approval.request)
        .subquery()
    )
    rows = session.execute(
        select(PublicationRequest, Run.period, Run.edition, Staff.name, given.c.n, given.c.mine)
        .join(Run, Run.id == PublicationRequest.run)
        .join(Staff, Staff.id == PublicationRequest.requested_by)
        .outerjoin(given, given.c.request == PublicationRequest.id)
        .where(PublicationRequest.state == OPEN)
        .order_by(PublicationRequest.id)
    )
    return tuple(
        RequestLine(
            request.id,
            request.run,
            period,
            edition,
            request.requested_by,
            name,
            request.requested_at,
            n or 0,
            request.out_of_date,
            bool(mine),
        )
        for request, period, edition, name, n, mine in rows
    )


def list_all_publications(session: Session) -> tuple[ListedPublication, ...]:
    """List all publications, newest first."""
    waiting = (WithdrawalRequest.publication == Publication.number) & (WithdrawalRequest.state == "asked")
    rows = session.execute(
        select(Publication, Run, PublicationRequest.id, WithdrawalRequest.id, _correction())
        .join(Run, Run.id == Publication.run)
        .outerjoin(PublicationRequest, PublicationRequest.publication == Publication.number)
        .outerjoin(WithdrawalRequest, waiting)
        .order_by(Publication.number.desc())
    )
    return tuple(ListedPublication(*row) for row in rows)


def _correction() -> ScalarSelect[int | None]:
    """Find the newest publication in force that corrects one."""
    later = aliased(Publication)
    corrects = aliased(PublicationRequest)
    return (
        select(func.max(corrects.publication))
        .join(later, later.number == corrects.publication)
        .where(corrects.corrects == Publication.number, later.state == "published")
        .correlate(Publication)
        .scalar_subquery()
    )


def read_place(session: Session) -> NextNumber:
    """Tell where the next publication will stand."""
    last, newest = select(func.max(Publication.number)), aliased(Publication)
    in_force = last.where(Publication.state == "published").scalar_subquery()
    numbers = select(last.scalar_subquery().label("last"), in_force.label("in_force")).subquery()
    found = select(numbers.c.last, newest, Run.period).outerjoin(newest, newest.number == numbers.c.in_force)
    number, current, period = session.execute(found.outerjoin(Run, Run.id == newest.run)).one()
    return NextNumber((number or 0) + 1, current, period or "")


def read_withdrawal(session: Session, number: int) -> WithdrawalView | None:
    """Read a publication and what waits to be confirmed about it; None when there is none of that number."""
    waiting = (WithdrawalRequest.publication == Publication.number) & (WithdrawalRequest.state == "asked")
    row = session.execute(
        select(Publication, WithdrawalRequest, Staff.name, _correction())
        .outerjoin(WithdrawalRequest, waiting)
        .outerjoin(Staff, Staff.id == WithdrawalRequest.asked_by)
        .where(Publication.number == number)
    ).first()
    if row is None:
        return None
    others: tuple[tuple[Publication, Run], ...] = ()
    if row[0].state == "withdrawn":
        standing = select(Publication, Run).join(Run, Run.id == Publication.run).where(Publication.state == "published")
        rows = session.execute(standing.order_by(Publication.number.desc()))
        others = tuple((publication, run) for publication, run in rows)
    return WithdrawalView(row[0], row[1], row[2] or "", others, row[3])


class WaitingCounts(NamedTuple):
    """Requests of others that a person has not approved, those that two approved, and withdrawals to confirm."""

    unapproved: int
    approved: int
    withdrawals: int


def count_waiting(session: Session, reader: int) -> WaitingCounts:
    """Count what waits for a person, in one statement."""
    given = select(func.count()).where(Approval.request == PublicationRequest.id).scalar_subquery()
    mine = select(Approval.staff).where(Approval.request == PublicationRequest.id, Approval.staff == reader).exists()
    others = (PublicationRequest.state == OPEN, PublicationRequest.requested_by != reader)
    asked = (WithdrawalRequest.state == "asked", WithdrawalRequest.asked_by != reader)
    counts = (
        select(func.count()).select_from(PublicationRequest).where(*others, ~mine, given < NEEDED),
        select(func.count()).select_from(PublicationRequest).where(*others, given >= NEEDED),
        select(func.count()).select_from(WithdrawalRequest).where(*asked),
    )
    return WaitingCounts(*session.execute(select(*(each.scalar_subquery() for each in counts))).one())
