"""What `make bench-console` fills: three periods of all cities and indicators beside the demo, in every state."""

import secrets
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import product
from random import Random
from typing import Any, NamedTuple

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.accounts.permissions import Role
from app.audit.journal import Actor, Entry, canonical, record
from app.indicators.case_models import Assessment, Evidence, EvidenceFile, ValueCase, ValueEvidence
from app.indicators.catalogue import indicators_of
from app.indicators.keys import CaseKey
from app.indicators.models import IndicatorValue
from app.indicators.oddities import mark_oddities
from app.indicators.openings import PeriodPlan, open_period
from app.indicators.states import State
from app.notices.models import Notice
from surveys.population.places import load_places
from tests.builders.staff import make_staff

EDITION = "standard_2019"
PERIODS = ("2026", "2027", "2028")
DUE = date(2026, 12, 10)
NOW = datetime(2026, 11, 28, 6, 0, tzinfo=UTC)
DECIDED, WAITING = PERIODS[:1], PERIODS[1:]

SHARES: dict[str, dict[str, int]] = {
    "decided": {
        "accepted": 80, "returned": 5, "refused": 5, "locked": 2, "draft": 3, "open": 1, "sent": 2, "split": 2,
    },
    "waiting": {"sent": 93, "split": 2, "accepted": 1, "returned": 1, "draft": 2, "refused": 1},
}  # fmt: skip
"""Of a hundred cases so many are in each state: the queue is to be long, and every state there."""

PAPERS = 40
"""Cases in a hundred that share their paper with another are 100 / PAPERS."""


class Stock(NamedTuple):
    """What was filled: people by role, and one case of each state."""

    people: dict[Role, int]
    cases: dict[State, CaseKey]
    counts: dict[str, int]


def fill(session: Session, city: str) -> Stock:
    """Fill the periods by rows; people of a city are those of `city`."""
    choose = Random(11)
    people = {role: make_staff(session, role, city, name=f"{role} {city}").id for role in Role}
    cities = [each.code for each in load_places().cities]
    entering = {each: make_staff(session, Role.ANALYST, each).id for each in cities}
    assessors = [make_staff(session, Role.REVIEWER, name=f"Assessor {n}").id for n in range(6)]
    for period in PERIODS:
        open_period(session, PeriodPlan(period, EDITION, tuple(cities), due_on=DUE), Actor(None, NOW))
    drawn = [_Drawn(key, _state(key, choose), choose.randrange(100)) for key in _keys(cities)]
    session.execute(insert(IndicatorValue), [_value(each, entering) for each in drawn if each.state is not State.OPEN])
    session.flush()
    _papers(session, [each for each in drawn if each.state is not State.OPEN], entering)
    _set_cases(session, drawn, entering)
    verdicts = [row for each in drawn for row in _verdicts(each, assessors)]
    session.execute(insert(Assessment), verdicts)
    mark_oddities(session)
    _tell(session, drawn, people, verdicts, entering)
    first = {each.state: each.key for each in reversed(drawn) if each.key.city == city or each.state is State.SPLIT}
    return Stock(people, first, dict(Counter(each.state for each in drawn)))


class _Drawn(NamedTuple):
    key: CaseKey
    state: State
    chance: int


def _keys(cities: list[str]) -> Iterator[CaseKey]:
    for period, city, indicator in product(PERIODS, cities, indicators_of(EDITION)):
        yield CaseKey(period, city, indicator)


def _state(key: CaseKey, choose: Random) -> State:
    shares = SHARES["decided" if key.period in DECIDED else "waiting"]
    return State(choose.choices(list(shares), list(shares.values()))[0])


def _value(each: _Drawn, entering: dict[str, int]) -> dict[str, Any]:
    indicator = indicators_of(EDITION)[each.key.indicator]
    is_yes_no, is_absent = indicator.method == "yes_no", each.chance == 0
    numerator, denominator = (each.chance % 2, 1) if is_yes_no else (each.chance * 7, 10)
    return {
        **each.key._asdict(),
        "revision": 1,
        "status": "not_applicable" if is_absent else "reported",
        "numerator": None if is_absent else numerator,
        "denominator": None if is_absent else denominator,
        "flag": "",
        "source": "Report of the department",
        "imported_by": None,
        "imported_on": NOW.date(),
        "basis": "",
        "note": "There is none of the kind in the city" if is_absent else "",
        "entered_by": entering[each.key.city],
    }


def _papers(session: Session, drawn: list[_Drawn], entering: dict[str, int]) -> None:
    digests = [sha256(f"{n % (len(drawn) - len(drawn) // PAPERS)}".encode()).hexdigest() for n in range(len(drawn))]
    files = [{"sha256": each, "size": 90_000, "media_type": "application/pdf", "scan": "clean"} for each in digests]
    session.execute(insert(EvidenceFile), list({row["sha256"]: row for row in files}.values()))
    empty = dict.fromkeys(("address", "register", "extract", "private_reason"), "")
    rows = [
        {
            **each.key._asdict(), **empty, "kind": "file", "sha256": digest, "file_name": "paper.pdf",
            "caption": "Бөлімнің есебі", "document_day": NOW.date(), "is_public": True,
            "added_by": entering[each.key.city], "added_at": NOW,
        }
        for each, digest in zip(drawn, digests, strict=True)
    ]  # fmt: skip
    session.execute(insert(Evidence), rows)
    stored = session.execute(
        select(Evidence.period, Evidence.city, Evidence.indicator, Evidence.id).where(Evidence.period.in_(PERIODS))
    )
    behind = [{"period": p, "city": c, "indicator": i, "revision": 1, "evidence": n} for p, c, i, n in stored]
    session.execute(insert(ValueEvidence), behind)


def _set_cases(session: Session, drawn: list[_Drawn], entering: dict[str, int]) -> None:
    for each in drawn:
        if each.state is State.OPEN:
            continue
        columns: dict[str, Any] = {"state": each.state, "revision": 1, "version": 3}
        columns["accepted_revision"] = 1 if each.state in {State.ACCEPTED, State.LOCKED} else None
        columns["sent_by"] = None if each.state is State.DRAFT else entering[each.key.city]
        where = [getattr(ValueCase, name) == value for name, value in each.key._asdict().items()]
        session.execute(update(ValueCase).where(*where).values(columns))


def _verdicts(each: _Drawn, assessors: list[int]) -> Iterator[dict[str, Any]]:
    words = {
        State.ACCEPTED: ("accept", "accept"),
        State.LOCKED: ("accept", "accept"),
        State.RETURNED: ("return", "return"),
        State.REFUSED: ("return", "return"),
        State.SPLIT: ("accept", "return"),
        State.SENT: ("accept",) if each.chance % 2 else (),
    }.get(each.state, ())
    for slot, word in enumerate(words, start=1):
        yield {
            **each.key._asdict(), "revision": 1, "assessor": assessors[(each.chance + slot) % len(assessors)],
            "slot": slot, "ticks": 15, "verdict": word, "reasons": "other_period" if word == "return" else "",
            "note": "Құжат басқа жылға берілген" if word == "return" else "", "private_note": "", "given_at": NOW,
        }  # fmt: skip


def _tell(
    session: Session,
    drawn: list[_Drawn],
    people: dict[Role, int],
    verdicts: list[dict[str, Any]],
    entering: dict[str, int],
) -> None:
    """Write a row of the journal for each step, and notices for each of the people."""
    steps = [(each.key, "value.saved", entering[each.key.city]) for each in drawn if each.state is not State.OPEN]
    steps += [(each.key, "value.sent", entering[each.key.city]) for each in drawn if each.state is not State.DRAFT]
    keys = [CaseKey(row["period"], row["city"], row["indicator"]) for row in verdicts]
    steps += [(key, "assessment.given", row["assessor"]) for key, row in zip(keys, verdicts, strict=True)]
    for number, (key, event, staff) in enumerate(steps):
        actor = Actor(staff, NOW + timedelta(seconds=number))
        detail = {"revision": 1}
        entry = Entry(event=event, object_kind="case", object_id=str(key), city=key.city, detail=detail)
        record(session, actor, entry)
    returned = [each.key for each in drawn if each.state is State.RETURNED]
    session.execute(insert(Notice), [
        {
            "staff": staff, "cause": f"value.returned:{key}/{secrets.token_hex(4)}", "kind": "value.returned",
            "address": f"/console/values/{key}", "parameters": canonical(key._asdict()), "at": NOW, "read_at": None,
        }
        for staff in people.values() for key in returned
    ])  # fmt: skip
    session.execute(update(Staff).where(Staff.id.in_(people.values())).values(language="kk"))
