"""What the page before sending shows."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.indicators.catalogue import indicators_of
from app.indicators.keys import CaseKey
from app.indicators.queries import PeriodRow, get_period
from app.indicators.returns import plan_return
from app.web.console.values.words import SEND_FAULTS, value_text
from app.web.language import pick
from surveys.languages import Text3


@dataclass(frozen=True, slots=True)
class NamedCase:
    """A case by its name, and why it cannot be sent."""

    code: str
    name: str
    address: str
    version: int
    value: str = ""
    """What stands there now."""
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SendPage:
    """What would be sent."""

    period: PeriodRow
    city: str
    ready: list[NamedCase]
    """Those with what was entered in whose way nothing stands."""
    empty: list[NamedCase]
    stopped: list[NamedCase]
    """Those that stay where they are, and why."""
    late: int
    chosen: tuple[str, ...]
    """Indicators that were chosen; none for the whole return."""

    @property
    def whole_is_ready(self) -> bool:
        """Whether what is empty can be sent as missing with all the others: nothing stands in the way of any."""
        return bool(self.empty) and not self.stopped


def read_page(session: Session, period: str, city: str, chosen: tuple[str, ...], today: date) -> SendPage | None:
    """Say what sending would do; None for an unknown period."""
    row = get_period(session, period)
    if row is None:
        return None
    plan = plan_return(session, period, city, chosen or None, today)
    indicators = indicators_of(row.edition)
    why: dict[CaseKey, list[str]] = {}
    for fault in plan.faults:
        why.setdefault(fault.key, []).append(str(SEND_FAULTS[fault.code]))

    def named(key: CaseKey, version: int = 0) -> NamedCase:
        indicator = indicators[key.indicator]
        text = value_text(indicator, plan.said.get(key))
        address = f"/console/values/{key}"
        return NamedCase(key.indicator, pick(Text3(*indicator.name)), address, version, text, tuple(why.get(key, ())))

    return SendPage(
        period=row,
        city=city,
        ready=[named(case.key, case.version) for case in plan.filled if case.key not in why],
        empty=[named(case.key, case.version) for case in plan.empty],
        stopped=[named(key) for key in why],
        late=plan.late,
        chosen=chosen,
    )


def chosen_of(ids: list[str], period: str, city: str) -> tuple[str, ...]:
    """Give the indicators of the ids of a list that belong to a city's return; what belongs elsewhere is left out."""
    keys = [key for key in map(CaseKey.parse, ids) if key and (key.period, key.city) == (period, city)]
    return tuple(dict.fromkeys(key.indicator for key in keys))
