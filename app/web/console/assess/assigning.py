"""Cases are given to assessors in bulk: what is chosen, what it would do, and doing it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.audit.journal import Actor
from app.indicators.assessors import list_assessors
from app.indicators.assignments import DECIDED, Distribution, Skip, count_waiting, distribute
from app.indicators.case_models import Assessment, ValueCase
from app.indicators.keys import CaseKey
from app.indicators.models import Period
from app.web.console.assess.queue_page import city_names
from app.web.console.assess.words import LEFT_ALONE
from app.web.language import _, pick
from scoring.edition import load_edition
from surveys.languages import Text3

FILL, ANEW, FREE = "fill", "anew", "free"


@dataclass(frozen=True, slots=True)
class AssignOrder:
    """Which cases go to whom: one period, cities and areas (none for all), people, and how."""

    period: str
    cities: tuple[str, ...]
    areas: tuple[str, ...]
    people: tuple[int, ...]
    how: str
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class PersonLine:
    """An assessor; `about` says how much waits for them, how much they gave, and which cities are closed to them."""

    id: int
    name: str
    about: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class AssignPage:
    """What can be chosen, and what is."""

    order: AssignOrder
    periods: tuple[str, ...]
    cities: Mapping[str, str]
    areas: Mapping[str, str]
    people: tuple[PersonLine, ...]


@dataclass(frozen=True, slots=True)
class AssignPlan:
    """What assigning does: cases, how many each person is asked for, and what is left and why."""

    changed: int
    asked: tuple[tuple[str, int], ...]
    skipped: tuple[tuple[str, int], ...]


def read_order(fields: MultiDict[str, str]) -> AssignOrder:
    """Read what was chosen."""
    how = fields.get("how", FILL)
    return AssignOrder(
        period=fields.get("period", ""),
        cities=tuple(sorted(set(fields.getlist("city")) & set(city_names()))),
        areas=tuple(sorted({area for area in fields.getlist("area") if area})),
        people=tuple(sorted({int(one) for one in fields.getlist("people") if one.isdecimal() and len(one) < 10})),
        how=how if how in {FILL, ANEW, FREE} else FILL,
        is_confirmed=fields.get("confirmed") == "1",
    )


def read_page(session: Session, fields: MultiDict[str, str], today: date) -> AssignPage:
    """Read what can be chosen."""
    order = read_order(fields)
    periods = session.execute(select(Period.code, Period.edition).where(Period.state != "closed")).all()
    editions = sorted({row.edition for row in periods})
    waiting = count_waiting(session)
    given = Counter(session.scalars(select(Assessment.assessor).where(Assessment.slot.is_not(None))))
    names = city_names()
    people = [
        PersonLine(
            person.id,
            person.name,
            _about(waiting[person.id], given[person.id], [names.get(city, city) for city in sorted(person.barred)]),
            person.id in order.people or not order.people,
        )
        for person in list_assessors(session, today)
    ]
    return AssignPage(
        order=order,
        periods=tuple(sorted((row.code for row in periods), reverse=True)),
        cities=dict(sorted(names.items(), key=lambda pair: pair[1])),
        areas={area.code: pick(Text3(*area.name)) for code in editions for area in load_edition(code).areas},
        people=tuple(people),
    )


def _about(waiting: int, given: int, barred: list[str]) -> str:
    words = _("%(waiting)s wait, %(given)s given", waiting=waiting, given=given)
    return f"{words}; {_('not for %(cities)s', cities=', '.join(barred))}" if barred else words


def carry_out(session: Session, order: AssignOrder, actor: Actor) -> AssignPlan:
    """Assign what an order chooses."""
    keys = _cases(session, order)
    pool = () if order.how == FREE else order.people
    done = distribute(session, keys, pool, actor, again=order.how != FILL, bulk=_bulk(actor))
    names = {person.id: person.name for person in list_assessors(session, actor.at.date())}
    return _plan(done, names)


def _bulk(actor: Actor) -> str:
    """Name one press: nobody presses twice in a microsecond."""
    return f"{actor.id}-{actor.at:%Y%m%d%H%M%S%f}"


def _plan(done: Distribution, names: Mapping[int, str]) -> AssignPlan:
    left = Counter(why for _key, why in done.skipped)
    return AssignPlan(
        changed=done.changed,
        asked=tuple((names[person], number) for person, number in sorted(done.asked.items())),
        skipped=tuple((str(LEFT_ALONE[why]), left[why]) for why in Skip if left[why]),
    )


def _cases(session: Session, order: AssignOrder) -> list[CaseKey]:
    """List the cases that an order is about, those that are decided left out."""
    rows = select(ValueCase.period, ValueCase.city, ValueCase.indicator, Period.edition)
    rows = rows.join(Period, Period.code == ValueCase.period)
    rows = rows.where(ValueCase.period == order.period, ValueCase.state.not_in(DECIDED))
    if order.cities:
        rows = rows.where(ValueCase.city.in_(order.cities))
    found = []
    for period, city, code, edition in session.execute(rows):
        indicator = load_edition(edition).indicator(code)
        if indicator and (not order.areas or indicator.area in order.areas):
            found.append(CaseKey(period, city, code))
    return sorted(found)
