"""People and a small period to be examined: one city or more, one indicator or more, values that were sent."""

from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from app.audit.journal import Actor
from app.indicators.assessments import OpenRevision, adjudicate, assess
from app.indicators.case_models import Evidence
from app.indicators.cases import get_case
from app.indicators.drafts import TypedValue, save_value
from app.indicators.examination import CityNote
from app.indicators.histories import get_case_and_period, get_history
from app.indicators.keys import CaseKey
from app.indicators.openings import PeriodPlan, open_period
from app.indicators.returns import ReturnOrder, send_return
from app.indicators.states import State
from app.indicators.verdicts import LOOKED_AT, CaseVerdict, ReturnReason, Ruling
from tests.builders.staff import NOW, grant_role, make_staff

LONG_AGO = date(2020, 1, 1)
EDITION = "standard_2019"
KEY = CaseKey("2026", "aktau", "hlt_1")

ACCEPTED = Ruling(verdict=CaseVerdict.ACCEPT, ticks=LOOKED_AT)
RETURNED = Ruling(verdict=CaseVerdict.RETURN, reasons=(ReturnReason.OTHER_PERIOD,), note="2024 жылдың құжаты керек")
UNABLE = Ruling(verdict=CaseVerdict.UNABLE)


class People(NamedTuple):
    """Those of the city, and four assessors of the ministry."""

    analyst: int
    lead: int
    one: int
    two: int
    three: int
    four: int


def make_people(session: Session) -> People:
    """Open a period for two cities, and send a value of the first."""
    open_for(session, "aktau", "oral")
    city = [make_person(session, name, name, "aktau") for name in ("analyst", "lead")]
    everyone = People(*city, *(make_person(session, f"assessor {n}", "reviewer") for n in range(4)))
    send_value(session, KEY, everyone[:2])
    return everyone


def make_person(session: Session, name: str, role: str, city: str | None = None) -> int:
    """Make a member of staff with one role, held since long ago; gives the id."""
    person = make_staff(session, role, city, name=name, from_day=LONG_AGO)
    return person.id


def give_role(session: Session, staff: int, role: str, city: str | None = None, **columns: Any) -> None:
    """Grant one more role, from long ago and without end unless columns say otherwise."""
    grant = grant_role(session, staff, role, city, from_day=LONG_AGO)
    for column, value in columns.items():
        setattr(grant, column, value)
    session.flush()


def actor(staff: int | None, minutes: int = 0) -> Actor:
    """Give a person at the moment of the tests, or later."""
    return Actor(staff, NOW + timedelta(minutes=minutes))


def told_of(session: Session, key: CaseKey) -> list[CityNote]:
    """Give what the page of a value tells its city of all its revisions, the newest first."""
    _case, period = get_case_and_period(session, key)
    return [note for revision in get_history(session, key, period).revisions for note in revision.notes]


def open_for(session: Session, *cities: str, period: str = KEY.period) -> None:
    """Open a period for cities."""
    open_period(session, PeriodPlan(period, EDITION, cities), actor(None))


def make_address(key: CaseKey, added_by: int) -> Evidence:
    """Make a paper that is an address."""
    empty = dict.fromkeys(("file_name", "register", "extract", "private_reason"), "")
    where = {"kind": "address", "address": "https://example.kz/paper", "caption": "құжат", "is_public": True}
    return Evidence(**key._asdict(), **empty, **where, added_by=added_by, added_at=NOW)


def send_value(
    session: Session, key: CaseKey, people: tuple[int, int], value: str = "yes", note: str = ""
) -> OpenRevision:
    """Let an analyst enter a value with an address as evidence, and the lead send it."""
    analyst, lead = people
    typed = TypedValue(value="" if value in {"missing", "not_applicable"} else value, note=note)
    typed = typed._replace(status=value.replace("_", " ")) if not typed.value else typed
    save_value(session, key, typed, get_case(session, key).version, actor(analyst))
    session.add(make_address(key, analyst))
    session.flush()
    order = ReturnOrder(key.period, key.city, {key.indicator: get_case(session, key).version})
    send_return(session, order, actor(lead), missing=int(value == "missing"), bulk="bulk")
    return target_of(session, key)


def target_of(session: Session, key: CaseKey) -> OpenRevision:
    """Give what a screen shows of a case."""
    case = get_case(session, key)
    return OpenRevision(key, case.revision or 0, case.version)


def say(session: Session, key: CaseKey, staff: int | None, word: Ruling, minutes: int = 0) -> State:
    """Give a verdict on what stands in a case, or settle it."""
    case = get_case(session, key)
    give = adjudicate if case.state is State.SPLIT else assess
    return give(session, target_of(session, key), word, actor(staff, minutes))
