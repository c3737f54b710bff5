"""Who is asked to judge what: in bulk and evenly, or nobody in particular, so that any assessor may take a free seat.

A case has two seats, a split one a third. Whoever has judged keeps what they said, whatever is assigned anew. A person
who may no longer judge a city (a role that ended, a role in the city) is asked for nothing there, from that moment on.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple
from zlib import crc32

from sqlalchemy import ColumnElement, Select, delete, exists, insert, select
from sqlalchemy.orm import Session

from app.audit.journal import Actor, Entry, record
from app.clock import day_of
from app.indicators.assessors import Assessor, involved_in, list_assessors
from app.indicators.case_models import Assessment, Assignment, Evidence, ValueCase
from app.indicators.keys import CaseKey
from app.indicators.models import IndicatorValue
from app.indicators.states import State
from surveys.sql import hold_journal

SEATS = 2
"""Assessors of a case that is not split."""

DECIDED = frozenset({State.ACCEPTED, State.REFUSED, State.LOCKED})
"""States in which nobody is asked for anything."""


class Skip(StrEnum):
    """Why a case was left as it is."""

    UNKNOWN = "unknown"
    DECIDED = "decided"
    FULL = "full"
    NOBODY = "nobody"
    """Nobody of those chosen may judge it, or not enough of them."""


class Distribution(NamedTuple):
    """What assigning did: cases changed, people asked by id with the number of cases, and what was left and why."""

    changed: int
    asked: Mapping[int, int]
    skipped: tuple[tuple[CaseKey, Skip], ...]


@dataclass(slots=True)
class _Seat:
    """A case while it is shared out."""

    key: CaseKey
    state: State
    given: frozenset[int]
    """Who has judged the revision that stands; those who could not count too."""
    filled: int
    asked: set[int]
    """Who is asked, may judge and has not."""
    barred: set[int] = field(default_factory=set)
    """Who has to do with the value."""
    gone: set[int] = field(default_factory=set)
    """Who was asked and is no longer."""

    def free(self) -> int:
        """Count the seats that nobody has or is asked for."""
        whole = 1 if self.state is State.SPLIT else SEATS - self.filled
        return whole - len(self.asked)


def distribute(
    session: Session, keys: Sequence[CaseKey], pool: Collection[int], actor: Actor, *, again: bool, bulk: str
) -> Distribution:
    """Ask people of a pool to judge cases, always who waits for least; `again` takes back first who was asked before.

    An empty pool with `again` gives the cases to whoever picks them. One row in the journal a city.
    """
    hold_journal(session)
    everyone = {person.id: person for person in list_assessors(session, day_of(actor.at))}
    chosen = [everyone[each] for each in sorted(set(pool)) if each in everyone]
    seats = _seats(session, keys, everyone)
    skipped = [(key, Skip.UNKNOWN) for key in keys if key not in seats]
    asked: Counter[int] = Counter()
    load = count_waiting(session)
    changed: list[_Seat] = []
    for key in (key for key in keys if key in seats):
        why = _fill(seats[key], chosen, load, asked, again=again)
        if why is None:
            changed.append(seats[key])
        else:
            skipped.append((key, why))
    _write(session, changed)
    _tell(session, changed, actor, bulk)
    return Distribution(len(changed), dict(asked), tuple(skipped))


def ask_another(session: Session, key: CaseKey, actor: Actor, *, without: Collection[int]) -> int | None:
    """Ask whoever waits for least and may judge a case; gives who, or None where nobody else may."""
    involved = involved_in(session, key)
    load = count_waiting(session)
    there = [
        person
        for person in list_assessors(session, day_of(actor.at))
        if key.city not in person.barred and person.id not in involved and person.id not in without
    ]
    if not there:
        return None
    chosen = min(there, key=lambda person: _turn(key, person, load)).id
    session.merge(Assignment(**key._asdict(), assessor=chosen))
    session.flush()
    return chosen


def asked_to_assess(session: Session, key: CaseKey, actor: Actor) -> frozenset[int]:
    """List who is asked to judge a case and still may."""
    asked = select(Assignment.assessor).where(
        Assignment.period == key.period, Assignment.city == key.city, Assignment.indicator == key.indicator
    )
    can = {person.id for person in list_assessors(session, day_of(actor.at)) if key.city not in person.barred}
    return frozenset(session.scalars(asked)) & can


def take_back(session: Session, key: CaseKey, assessor: int) -> bool:
    """Ask a person no longer to judge a case; tells whether they had been asked."""
    mine = delete(Assignment).where(
        Assignment.period == key.period,
        Assignment.city == key.city,
        Assignment.indicator == key.indicator,
        Assignment.assessor == assessor,
    )
    return session.execute(mine.returning(Assignment.assessor)).first() is not None


def keep_only(session: Session, key: CaseKey, assessors: Collection[int]) -> None:
    """Ask nobody else any longer: who was asked to settle one split is not asked to judge what follows."""
    others = delete(Assignment).where(
        Assignment.period == key.period,
        Assignment.city == key.city,
        Assignment.indicator == key.indicator,
        Assignment.assessor.not_in(assessors),
    )
    session.execute(others)


def waiting_of(session: Session, staff: int) -> list[CaseKey]:
    """List the cases a person is asked to judge and has not: what goes back to the queue with the role."""
    return sorted(_key(row) for row in session.scalars(_waiting().where(Assignment.assessor == staff)))


def release(session: Session, staff: int, actor: Actor, *, bulk: str | None = None) -> list[CaseKey]:
    """Give what a person was asked to judge, and has not, back to the queue; gives the cases."""
    hold_journal(session)
    keys = waiting_of(session, staff)
    for key in keys:
        take_back(session, key, staff)
    for city, cases in sorted(Counter(key.city for key in keys).items()):
        detail = {"cases": cases, "assessor": staff}
        entry = Entry(
            event="assignment.released", object_kind="staff", object_id=str(staff), city=city, detail=detail, bulk=bulk
        )
        record(session, actor, entry)
    return keys


def count_waiting(session: Session) -> Counter[int]:
    """Count for each person the cases they are asked to judge and have not."""
    return Counter(row.assessor for row in session.scalars(_waiting()))


def _waiting() -> Select[Assignment]:
    given = exists().where(
        Assessment.period == ValueCase.period,
        Assessment.city == ValueCase.city,
        Assessment.indicator == ValueCase.indicator,
        Assessment.revision == ValueCase.revision,
        Assessment.assessor == Assignment.assessor,
    )
    there = select(Assignment).join(ValueCase, _of_case(Assignment))
    return there.where(ValueCase.state.not_in(DECIDED), ~given)


def _of_case(table: type[Assignment] | type[Assessment]) -> ColumnElement[bool]:
    same = (table.period == ValueCase.period) & (table.city == ValueCase.city)
    return same & (table.indicator == ValueCase.indicator)


def _key(row: Any) -> CaseKey:
    return CaseKey(row.period, row.city, row.indicator)


def _seats(session: Session, keys: Collection[CaseKey], everyone: Mapping[int, Assessor]) -> dict[CaseKey, _Seat]:
    """Read the seats of cases in a handful of statements, however many they are."""
    periods = sorted({key.period for key in keys})
    given: dict[CaseKey, list[Assessment]] = defaultdict(list)
    of_revision = select(Assessment).join(ValueCase, _of_case(Assessment) & (ValueCase.revision == Assessment.revision))
    for verdict in session.scalars(of_revision.where(ValueCase.period.in_(periods))):
        given[_key(verdict)].append(verdict)
    asked: dict[CaseKey, set[int]] = defaultdict(set)
    for row in session.scalars(select(Assignment).where(Assignment.period.in_(periods))):
        asked[_key(row)].add(row.assessor)
    involved = _involved(session, periods, everyone)
    wanted = set(keys)
    cases = session.scalars(select(ValueCase).where(ValueCase.period.in_(periods)))
    return {
        key: _seat(key, _Read(State(case.state), given[key], asked[key], involved[key]), everyone)
        for case in cases
        if (key := _key(case)) in wanted
    }


class _Read(NamedTuple):
    """What was read of a case whose seats are shared out."""

    state: State
    given: Sequence[Assessment]
    asked: set[int]
    involved: set[int]


def _seat(key: CaseKey, read: _Read, everyone: Mapping[int, Assessor]) -> _Seat:
    people = frozenset(verdict.assessor for verdict in read.given)
    waiting = read.asked - people
    can = {one for one in waiting if one in everyone and key.city not in everyone[one].barred}
    filled = sum(verdict.slot is not None for verdict in read.given)
    return _Seat(key, read.state, people, filled, can, read.involved, waiting - can)


def _involved(session: Session, periods: Sequence[str], people: Collection[int]) -> dict[CaseKey, set[int]]:
    """List which of these people have to do with the values of periods."""
    found: dict[CaseKey, set[int]] = defaultdict(set)
    tables = (
        (IndicatorValue, IndicatorValue.entered_by),
        (Evidence, Evidence.added_by),
        (ValueCase, ValueCase.sent_by),
    )
    for table, person in tables:
        rows = select(table.period, table.city, table.indicator, person.label("person"))
        for row in session.execute(rows.where(table.period.in_(periods), person.in_(people))):
            found[_key(row)].add(row.person)
    return found


def _fill(
    seat: _Seat, pool: Sequence[Assessor], load: Counter[int], asked: Counter[int], *, again: bool
) -> Skip | None:
    """Choose who is asked to judge a case; gives why not where nothing changes."""
    if seat.state in DECIDED:
        return Skip.DECIDED
    if again:
        seat.gone |= seat.asked
        load.subtract(seat.asked)
        seat.asked = set()
    there = [
        person
        for person in pool
        if seat.key.city not in person.barred and person.id not in seat.given | seat.barred | seat.asked
    ]
    wanted = max(seat.free(), 0)
    for person in sorted(there, key=lambda person: _turn(seat.key, person, load))[:wanted]:
        seat.asked.add(person.id)
        load[person.id] += 1
        asked[person.id] += 1
    if again and not pool:
        return None if seat.gone else Skip.FULL
    if not wanted:
        return Skip.FULL
    return Skip.NOBODY if not there else None


def _turn(key: CaseKey, person: Assessor, load: Mapping[int, int]) -> tuple[int, int]:
    """Whose turn it is: who waits for least; among equals a different one for each case, so that pairs mix."""
    return load.get(person.id, 0), crc32(f"{key} {person.id}".encode())


def _write(session: Session, seats: Sequence[_Seat]) -> None:
    for seat in seats:
        for person in seat.gone - seat.asked:
            take_back(session, seat.key, person)
    rows = session.scalars(select(Assignment).where(Assignment.period.in_({seat.key.period for seat in seats})))
    there = {(_key(row), row.assessor) for row in rows}
    new = [
        {**seat.key._asdict(), "assessor": person}
        for seat in seats
        for person in sorted(seat.asked)
        if (seat.key, person) not in there
    ]
    if new:
        session.execute(insert(Assignment), new)


def _tell(session: Session, seats: Sequence[_Seat], actor: Actor, bulk: str) -> None:
    cities: dict[str, list[_Seat]] = defaultdict(list)
    for seat in seats:
        cities[seat.key.city].append(seat)
    for city, cases in sorted(cities.items()):
        people = " ".join(map(str, sorted({person for seat in cases for person in seat.asked})))
        detail: dict[str, str | int | bool | None] = {"cases": len(cases), "assessors": people}
        entry = Entry(event="assignment.made", object_kind="city", object_id=city, city=city, detail=detail, bulk=bulk)
        record(session, actor, entry)
