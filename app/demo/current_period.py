"""The period that the demo is in the middle of: three cities whose values are in every state there is.

Everything is done by the persons of the demo through what the console calls, one day after another up to today; only
what the nightly job does is done by nobody. All values and papers are illustrative and say so.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit.journal import Actor
from app.clock import day_of
from app.demo.illustrative import SOURCE, illustrative_values
from app.demo.papers import LABELS, make_paper
from app.demo.persons import seed_persons
from app.indicators.assessments import OpenRevision, adjudicate, assess
from app.indicators.assignments import distribute
from app.indicators.case_models import ValueCase
from app.indicators.cases import get_case, refuse_overdue
from app.indicators.drafts import TypedValue, save_value
from app.indicators.evidence import Label, Vault, add_evidence, keep_file
from app.indicators.keys import CaseKey
from app.indicators.openings import Extension, PeriodPlan, extend, open_period
from app.indicators.reminders import remind_cities
from app.indicators.returns import ReturnOrder, send_return
from app.indicators.states import State
from app.indicators.verdicts import LOOKED_AT, CaseVerdict, ReturnReason, Ruling
from surveys.languages import Text3
from surveys.population.places import store_places

PERIOD, EDITION = "2025", "standard_2019"
"""The edition of which the demo has illustrative values for all 101 indicators."""

OPENED, ENTERED, SENT, FIRST_RETURNED, EXTENDED, REFUSED, DUE, LATE, EXAMINED, ASKED = (
    timedelta(days=days) for days in (35, 32, 30, 28, 10, 8, 7, 5, 2, 1)
)
"""How long ago what happened; what was returned first was not mended in its ten working days."""

MORE_DAYS = timedelta(days=12)
"""How long from today the two cities have that got a later day."""

_RISE = Decimal("2.4")
"""Percent points by which percentages differ from the illustrative ones of 2019, so that a change shows."""

_NOT_APPLICABLE = "Үлгі дерек: қалада мұндай нысан жоқ, сондықтан көрсеткіш есептелмейді."
_RETURN_NOTE = "Үлгі дерек: құжат басқа жылға берілген. Биылғы құжатты қосыңыз."
_EXTENSION = Text3(
    kk="Үлгі дерек: ведомстволық деректер кешігіп келді.",
    ru="Иллюстративный пример: ведомственные данные поступили с опозданием.",
    en="Illustrative: data of the departments came late.",
)

_YES = Ruling(verdict=CaseVerdict.ACCEPT, ticks=LOOKED_AT)
_BACK = Ruling(verdict=CaseVerdict.RETURN, reasons=(ReturnReason.OTHER_PERIOD,), note=_RETURN_NOTE)
_SETTLED = Ruling(verdict=CaseVerdict.ACCEPT, ticks=LOOKED_AT, note="Үлгі дерек: құжат мәнді растайды.")


class Fate(StrEnum):
    """What becomes of a value of the demo."""

    ACCEPTED = "accepted"
    SETTLED = "settled"
    """Accepted by a third, after two had differed."""
    RETURNED = "returned"
    REFUSED = "refused"
    SPLIT = "split"
    HALF = "half"
    """One of two has judged it."""
    SENT = "sent"
    LATE = "late"
    """Sent after its day, and judged by nobody."""
    DRAFT = "draft"
    BARE = "bare"
    """A draft without its paper."""


class CityPlan(NamedTuple):
    """A city of the demo: who enters and who sends its values, and what becomes of those that are not open."""

    code: str
    enters: str
    sends: str
    fates: Mapping[Fate, str]
    not_applicable: str = ""

    def keys(self, *fates: Fate) -> list[CaseKey]:
        """List the cases of fates."""
        return [CaseKey(PERIOD, self.code, each) for fate in fates for each in self.fates.get(fate, "").split()]


CITIES = (
    CityPlan(
        code="aktau",
        enters="analyst-aktau",
        sends="lead-aktau",
        fates={
            Fate.ACCEPTED: "ctm_1 ctm_2 ctm_5 ctm_6 edu_1 edu_2 edu_5",
            Fate.SETTLED: "edu_6",
            Fate.RETURNED: "hlt_1 hlt_6",
            Fate.REFUSED: "hlt_2",
            Fate.SPLIT: "scy_1",
            Fate.HALF: "scy_2 scy_5",
            Fate.SENT: "hcs_1 hcs_2 hcs_5",
            Fate.DRAFT: "its_1 its_5",
            Fate.BARE: "soc_1",
        },
    ),
    CityPlan(
        code="karaganda",
        enters="lead-karaganda",
        sends="lead-karaganda",
        fates={
            Fate.ACCEPTED: "edu_1 edu_2",
            Fate.RETURNED: "btd_5",
            Fate.REFUSED: "btd_1",
            Fate.SPLIT: "hlt_6",
            Fate.HALF: "hlt_1",
            Fate.SENT: "hlt_2 agr_5",
            Fate.LATE: "ctm_1 ctm_5",
            Fate.DRAFT: "eco_1",
        },
        not_applicable="agr_5",
    ),
    CityPlan(
        code="shymkent",
        enters="analyst-shymkent",
        sends="",
        fates={Fate.DRAFT: "ctm_1 ctm_5", Fate.BARE: "edu_5"},
    ),
)

_IN_TIME = (Fate.ACCEPTED, Fate.SETTLED, Fate.RETURNED, Fate.REFUSED, Fate.SPLIT, Fate.HALF, Fate.SENT)
_UNSENT = (Fate.DRAFT, Fate.BARE)


def seed_current_period(session: Session, vault: Vault, now: datetime) -> dict[State, int]:
    """Make the period with all that people did in it until now; gives the number of its cases in each state."""
    _Story(session, vault, now).tell()
    rows = session.execute(
        select(ValueCase.state, func.count()).where(ValueCase.period == PERIOD).group_by(ValueCase.state)
    )
    return {State(state): number for state, number in sorted(rows)}


class _Story:
    """The five weeks of the period, day after day."""

    def __init__(self, session: Session, vault: Vault, now: datetime) -> None:
        self._session, self._vault, self._now = session, vault, now
        store_places(session)
        self._people = seed_persons(session, Actor(None, now - OPENED))
        self._values = {(each.city, each.indicator): _raised(each.value) for each in illustrative_values()}

    def tell(self) -> None:
        self._open()
        for city in CITIES:
            self._enter(city, (*_IN_TIME, *_UNSENT), ENTERED)
        for city in CITIES:
            self._send(city, _IN_TIME, SENT)
        self._assess((Fate.REFUSED,), (_BACK, _BACK), FIRST_RETURNED)
        self._extend()
        self._at_night()
        for city in CITIES:
            self._enter(city, (Fate.LATE,), LATE)
            self._send(city, (Fate.LATE,), LATE)
        self._assess((Fate.ACCEPTED,), (_YES, _YES), EXAMINED)
        self._assess((Fate.RETURNED,), (_BACK, _BACK), EXAMINED)
        self._assess((Fate.SETTLED,), (_YES, _BACK, _SETTLED), EXAMINED)
        self._assess((Fate.SPLIT,), (_YES, _BACK), EXAMINED)
        self._assess((Fate.HALF,), (_YES,), EXAMINED)
        self._ask()

    def _by(self, person: str, ago: timedelta) -> Actor:
        return Actor(self._people[person], self._now - ago)

    def _open(self) -> None:
        cities = tuple(city.code for city in CITIES)
        plan = PeriodPlan(PERIOD, EDITION, cities, due_on=day_of(self._now - DUE))
        open_period(self._session, plan, self._by("publisher", OPENED))

    def _enter(self, city: CityPlan, fates: Iterable[Fate], ago: timedelta) -> None:
        actor = self._by(city.enters, ago)
        bare = city.keys(Fate.BARE)
        for key in city.keys(*fates):
            value = self._values[key.city, key.indicator]
            typed = TypedValue(value=value, source=SOURCE, basis="own_records")
            if key.indicator == city.not_applicable:
                typed = TypedValue(status="not applicable", source=SOURCE, note=_NOT_APPLICABLE)
            save_value(self._session, key, typed, get_case(self._session, key).version, actor)
            if key not in bare:
                self._add_paper(key, typed.value or typed.status, actor)

    def _add_paper(self, key: CaseKey, value: str, actor: Actor) -> None:
        kept = keep_file(self._vault, make_paper(key, value))
        label = Label(caption=" / ".join(LABELS), document_day=day_of(actor.at))
        add_evidence(self._session, key, label, kept, actor)

    def _send(self, city: CityPlan, fates: Iterable[Fate], ago: timedelta) -> None:
        versions = {key.indicator: get_case(self._session, key).version for key in city.keys(*fates)}
        if versions:
            order, actor = ReturnOrder(PERIOD, city.code, versions), self._by(city.sends, ago)
            send_return(self._session, order, actor, missing=0, bulk=f"demo-{city.code}-{ago.days}")

    def _assess(self, fates: Iterable[Fate], rulings: Iterable[Ruling], ago: timedelta) -> None:
        for number, ruling in enumerate(rulings, start=1):
            actor = self._by(f"reviewer-{number}", ago)
            for key in (key for city in CITIES for key in city.keys(*fates)):
                case = get_case(self._session, key)
                give = adjudicate if case.state is State.SPLIT else assess
                give(self._session, OpenRevision(key, case.revision or 0, case.version), ruling, actor)

    def _extend(self) -> None:
        for city in ("aktau", "shymkent"):
            later = Extension(city, day_of(self._now + MORE_DAYS), _EXTENSION)
            extend(self._session, PERIOD, later, self._by("publisher", EXTENDED))

    def _at_night(self) -> None:
        """Do what the jobs of a night and a morning do."""
        at = self._now - REFUSED
        refuse_overdue(self._session, Actor(None, at))
        remind_cities(self._session, day_of(at), at)

    def _ask(self) -> None:
        """Ask two people to look at what waits in two cities."""
        waiting = [key for city in CITIES for key in city.keys(Fate.SENT)]
        pool = [self._people[person] for person in ("reviewer-1", "reviewer-2", "reviewer-3")]
        distribute(self._session, waiting, pool, self._by("reviewer-3", ASKED), again=False, bulk="demo-assignment")


def _raised(value: str) -> str:
    """Give a value of the current period from an illustrative one of 2019."""
    return value if value in {"yes", "no"} else str(min(Decimal(100), Decimal(value) + _RISE))
