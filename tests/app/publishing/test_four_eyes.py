"""Who may publish: all ways to give four acts to five persons, in all orders, and what happens when one takes long."""

import gzip
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import permutations, product

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.accounts.models import RoleGrant
from app.accounts.permissions import Role
from app.audit.journal import Actor
from app.audit.models import JournalRow
from app.database import Database
from app.publishing import services
from app.publishing.approvals import Seen, approve
from app.publishing.corrections import ask_withdrawal, cancel_withdrawal, confirm_withdrawal
from app.publishing.errors import Barrier, BarrierError
from app.publishing.models import Approval, Publication, PublicationRequest
from app.publishing.queries import BUNDLE
from app.publishing.requests import Proposal, object_to, request_publication
from app.publishing.services import Prepared, publish
from app.ratings.models import Run, RunFrame
from surveys.languages import Text3
from tests.app.publications import checked_request
from tests.builders.staff import make_staff

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
RUN, OTHER = "run-that-is-asked-for", "another-run"
DIGESTS = ("o" * 64, "e" * 64)
SEEN = Seen(*DIGESTS)
NOW_FROZEN = "i" * 64
REASON = Text3("Себебі", "Причина", "Reason")
ROLES = (Role.REVIEWER, Role.REVIEWER, Role.PUBLISHER, Role.PUBLISHER, Role.AUDITOR)
MAY_ASK = MAY_APPROVE = frozenset({Role.REVIEWER, Role.PUBLISHER})
Way = tuple[tuple[tuple[str, int], ...], int]
"""Who did what in turn, and how many publications there were at the end."""

ACTS = ("request", "first", "second", "publish")


def store_run(session: Session, run_id: str = RUN) -> None:
    """Store an official run of nothing, without findings."""
    output, edition = DIGESTS
    known = {
        "kind": "official",
        "edition": "none",
        "period": "2024",
        "waves": "",
        "alpha": "0",
    }
    session.add(
        Run(
            id=run_id,
            edition_digest=edition,
            output_digest=output,
            input_digest=NOW_FROZEN,
            code_digest="c" * 64,
            finished_on=AT.date(),
            **known,
        )
    )
    session.flush()
    content = gzip.compress(b"severity,code,subject,detail\n", mtime=0)
    session.add(RunFrame(run=run_id, side="output", kind="findings", rows=0, sha256="f" * 64, csv_gz=content))
    session.flush()


def prepared(session: Session, request: int, number: int = 1) -> Prepared:
    """Prepare a publication of nothing: what is looked at here is who may make it."""
    previous = session.get(Publication, number - 1)
    before = previous.bundle_sha256 if previous else ""
    return Prepared(request, number, before, {BUNDLE: b"{}"}, NOW_FROZEN, None)


@pytest.fixture(autouse=True)
def _frozen_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the inputs be what they were."""
    monkeypatch.setattr(services, "fingerprint_of_inputs", lambda _session, _run: NOW_FROZEN)


@pytest.fixture
def people(database: Database) -> list[int]:
    """Five persons in the order of ROLES, and a run."""
    with database.writing() as session:
        store_run(session)
        return [make_staff(session, role).id for role in ROLES]


def do(session: Session, act: str, person: int, asked: list[int]) -> None:
    """Do one act; before anybody asked there is nothing to approve and nothing to publish."""
    if act == "request":
        asked.append(checked_request(session, Proposal(run=RUN), Actor(person, AT)))
        return
    if not asked:
        raise BarrierError(Barrier.UNKNOWN)
    if act == "publish":
        publish(session, prepared(session, asked[-1]), Actor(person, AT))
    else:
        approve(session, asked[-1], SEEN, "", Actor(person, AT))


def is_published_by_the_rules(order: tuple[str, ...], who: dict[str, int]) -> bool:
    """Say what DESK §8 says, apart from the code: two others approve; a publisher who did not ask publishes last."""
    asker, first, second, publisher = (who[act] for act in ACTS)
    roles = {act: ROLES[person] for act, person in who.items()}
    in_order = order[0] == "request" and order[3] == "publish"
    may = roles["request"] in MAY_ASK and roles["first"] in MAY_APPROVE and roles["second"] in MAY_APPROVE
    return (
        in_order
        and may
        and roles["publish"] is Role.PUBLISHER
        and len({asker, first, second}) == 3
        and publisher != asker
    )


def walk(session: Session, people: list[int], done: tuple[tuple[str, int], ...], asked: list[int]) -> Iterator[Way]:
    """Do every act that is left by every person, one after another, and take it back; gives each whole way's end."""
    left = [act for act in ACTS if act not in {each for each, _person in done}]
    if not left:
        state = session.scalars(select(func.count()).select_from(Publication)).one()
        yield done, state
        return
    for act, person in product(left, range(len(people))):
        mine = list(asked)
        step = session.begin_nested()
        try:
            do(session, act, people[person], mine)
        except BarrierError:
            mine = list(asked)
        yield from walk(session, people, (*done, (act, person)), mine)
        if step.is_active:
            step.rollback()
        session.expire_all()


def test_all_625_ways_in_the_order_of_the_rules(database: Database, people: list[int]) -> None:
    published = 0
    for way in product(range(len(ROLES)), repeat=len(ACTS)):
        who = dict(zip(ACTS, way, strict=True))
        with database.writing() as session:
            asked: list[int] = []
            for act in ACTS:
                step = session.begin_nested()
                try:
                    do(session, act, people[who[act]], asked)
                except BarrierError:
                    step.rollback()
                else:
                    step.commit()
            made = session.scalars(select(func.count()).select_from(Publication)).one()
            assert bool(made) == is_published_by_the_rules(ACTS, who), who
            published += made
            session.rollback()
    # 4 may ask; of the 3 other approvers 6 ordered pairs; publishers who did not ask: 2 when a reviewer did, else 1.
    assert published == 2 * 6 * 2 + 2 * 6 * 1


@pytest.mark.full
def test_all_625_ways_in_all_orders(database: Database, people: list[int]) -> None:
    ways = 0
    with database.writing() as session:
        for done, made in walk(session, people, (), []):
            order = tuple(act for act, _person in done)
            assert bool(made) == is_published_by_the_rules(order, dict(done)), done
            ways += 1
        session.rollback()
    assert ways == 625 * len(list(permutations(ACTS)))


def ready(database: Database, people: list[int]) -> Prepared:
    """Ask and approve twice; gives what the publisher prepared."""
    asker, first, second = people[0], people[1], people[2]
    with database.writing() as session:
        asked: list[int] = []
        do(session, "request", asker, asked)
        do(session, "first", first, asked)
        do(session, "second", second, asked)
        return prepared(session, asked[0])


def refusal(database: Database, step: Callable[[Session], object]) -> Barrier | None:
    """Take a step in a transaction of its own; gives why it was refused, None when it was not."""
    try:
        with database.writing() as session:
            step(session)
    except BarrierError as refused:
        return refused.why
    return None


def test_an_approver_who_may_no_longer_approve_does_not_count(database: Database, people: list[int]) -> None:
    publication = ready(database, people)
    with database.writing() as session:
        session.execute(update(RoleGrant).where(RoleGrant.staff == people[1]).values(revoked=True))
    step = lambda session: publish(session, publication, Actor(people[2], AT))  # noqa: E731 - tried twice
    assert refusal(database, step) is Barrier.APPROVALS_MISSING
    with database.writing() as session:
        approve(session, publication.request, SEEN, "", Actor(people[3], AT))
    assert refusal(database, step) is None


def test_a_value_accepted_between_preparing_and_publishing_stops_it(
    database: Database, people: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    publication = ready(database, people)
    monkeypatch.setattr(services, "fingerprint_of_inputs", lambda _session, _run: "j" * 64)
    assert refusal(database, lambda session: publish(session, publication, Actor(people[2], AT))) is (
        Barrier.CHANGED_MEANWHILE
    )


def test_another_publication_between_preparing_and_publishing_stops_it(database: Database, people: list[int]) -> None:
    publication = ready(database, people)
    with database.writing() as session:
        store_run(session, OTHER)
        asked = checked_request(session, Proposal(run=OTHER), Actor(people[0], AT))
        for person in (people[1], people[2]):
            approve(session, asked, SEEN, "", Actor(person, AT))
        assert publish(session, prepared(session, asked), Actor(people[2], AT)) == 1
    assert refusal(database, lambda session: publish(session, publication, Actor(people[2], AT))) is (
        Barrier.CHANGED_MEANWHILE
    )


def test_two_publishers_at_once_make_one_publication(database: Database, people: list[int]) -> None:
    publication = ready(database, people)
    steps = [
        lambda session, person=person: publish(session, publication, Actor(person, AT)) for person in people[2:4] * 3
    ]
    with ThreadPoolExecutor(len(steps)) as pool:
        ends = list(pool.map(lambda step: refusal(database, step), steps))
    assert sorted(map(str, ends)) == ["None"] + ["published"] * (len(steps) - 1)
    with database.reading() as session:
        assert session.scalars(select(Publication.number)).all() == [1]
        events = session.scalars(select(JournalRow.event).order_by(JournalRow.seq)).all()
    assert events == ["publication.requested", *["publication.approved"] * 2, "publication.published"]


def test_one_person_who_presses_twice_at_once_approves_once(database: Database, people: list[int]) -> None:
    with database.writing() as session:
        asked = checked_request(session, Proposal(run=RUN), Actor(people[0], AT))
    with ThreadPoolExecutor(6) as pool:
        ends = list(
            pool.map(
                lambda _n: refusal(database, lambda session: approve(session, asked, SEEN, "", Actor(people[1], AT))),
                range(6),
            )
        )
    assert ends.count(None) == 1
    assert set(ends) == {None, Barrier.TWICE}


def test_one_objection_stops_it_however_many_approved(database: Database, people: list[int]) -> None:
    publication = ready(database, people)
    step = lambda session: object_to(session, publication.request, "hlt_3 is wrong", Actor(people[3], AT))  # noqa: E731
    assert refusal(database, step) is None
    assert refusal(database, step) is Barrier.STOPPED
    assert refusal(database, lambda session: publish(session, publication, Actor(people[2], AT))) is Barrier.STOPPED
    again = lambda session: request_publication(session, Proposal(run=RUN), Actor(people[2], AT))  # noqa: E731
    assert refusal(database, again) is Barrier.ASKED_BEFORE, "a run is asked for once"


def test_an_approval_is_of_what_was_seen(database: Database, people: list[int]) -> None:
    with database.writing() as session:
        asked = checked_request(session, Proposal(run=RUN), Actor(people[0], AT))
    for seen in (Seen("p" * 64, DIGESTS[1]), Seen(DIGESTS[0], "f" * 64)):
        step = lambda session, seen=seen: approve(session, asked, seen, "", Actor(people[1], AT))  # noqa: E731
        assert refusal(database, step) is Barrier.OTHER_BYTES


@pytest.mark.parametrize("table", [Run, RunFrame, Approval])
def test_what_was_approved_and_the_approval_cannot_change(
    database: Database, people: list[int], table: type[Run | RunFrame | Approval]
) -> None:
    ready(database, people)
    column = "sha256" if table is RunFrame else "output_digest"
    change = lambda: refusal(database, lambda session: session.execute(update(table).values({column: "z" * 64})))  # noqa: E731
    with pytest.raises(DBAPIError, match="frozen"):
        change()


@pytest.mark.parametrize("column", ["staff", "requested_by"])
def test_the_database_keeps_the_requester_from_approving(database: Database, people: list[int], column: str) -> None:
    with database.writing() as session:
        asked = checked_request(session, Proposal(run=RUN), Actor(people[0], AT))
    forged = {"staff": people[0], "requested_by": people[0 if column == "staff" else 1]}
    row = {"request": asked, "output_digest": "", "edition_digest": "", "note": "", "at": AT} | forged
    with pytest.raises(DBAPIError):
        refusal(database, lambda session: session.execute(insert(Approval).values(row)))


def test_the_database_keeps_the_requester_from_publishing(database: Database, people: list[int]) -> None:
    publication = ready(database, people)
    with database.writing() as session:
        publish(session, publication, Actor(people[2], AT))
    statement = update(PublicationRequest).values(published_by=PublicationRequest.requested_by)
    with pytest.raises(DBAPIError):
        refusal(database, lambda session: session.execute(statement))


def test_a_publication_is_withdrawn_by_two_persons_and_never_by_one(database: Database, people: list[int]) -> None:
    publication = ready(database, people)
    with database.writing() as session:
        publish(session, publication, Actor(people[2], AT))
        asked = ask_withdrawal(session, 1, REASON, Actor(people[2], AT))
    confirm = lambda person: refusal(  # noqa: E731
        database, lambda session: confirm_withdrawal(session, 1, asked, Actor(person, AT))
    )
    assert confirm(people[2]) is Barrier.OWN_WITHDRAWAL
    assert confirm(people[4]) is Barrier.NO_RIGHT
    with database.reading() as session:
        assert session.get_one(Publication, 1).state == "published"
    assert confirm(people[0]) is None
    assert confirm(people[1]) is Barrier.CHANGED_MEANWHILE
    with database.reading() as session:
        row = session.get_one(Publication, 1)
        assert (row.state, row.reason_kk, row.withdrawn_on) == ("withdrawn", "Себебі", AT.date())


def test_a_withdrawal_that_was_called_off_is_not_confirmed(database: Database, people: list[int]) -> None:
    publication = ready(database, people)
    with database.writing() as session:
        publish(session, publication, Actor(people[2], AT))
        asked = ask_withdrawal(session, 1, REASON, Actor(people[2], AT))
        cancel_withdrawal(session, 1, asked, Actor(people[2], AT))
        again = ask_withdrawal(session, 1, REASON._replace(kk="Басқа себеп"), Actor(people[2], AT))
    stale = refusal(database, lambda session: confirm_withdrawal(session, 1, asked, Actor(people[0], AT)))
    assert stale is Barrier.CHANGED_MEANWHILE, "what was looked at had another reason"
    assert refusal(database, lambda session: confirm_withdrawal(session, 1, again, Actor(people[0], AT))) is None


def test_a_correction_takes_the_next_number_and_both_stay(database: Database, people: list[int]) -> None:
    publication = ready(database, people)
    with database.writing() as session:
        publish(session, publication, Actor(people[2], AT))
        store_run(session, OTHER)
        proposal = Proposal(run=OTHER, corrects=1, correction=REASON)
        asked = checked_request(session, proposal, Actor(people[0], AT))
        for person in (people[1], people[2]):
            approve(session, asked, SEEN, "", Actor(person, AT))
        assert publish(session, prepared(session, asked, 2), Actor(people[2], AT)) == 2
        assert session.get_one(Publication, 1).state == "published"
    assert refusal(
        database,
        lambda session: request_publication(
            session, Proposal(run=RUN, corrects=1, correction=REASON._replace(ru=" ")), Actor(people[0], AT)
        ),
    ) in {Barrier.ASKED_BEFORE, Barrier.REASON}
