"""What the page before sending shows."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from app.indicators.catalogue import indicators_of
from app.indicators.errors import SendFault
from app.indicators.keys import CaseKey
from app.indicators.queries import PeriodRow, get_period
from app.indicators.returns import plan_return
from app.web.console.values.words import SEND_FAULTS
from app.web.language import pick
from surveys.languages import Text3


@dataclass(frozen=True, slots=True)
class NamedCase:
    """A case by its name, and why it cannot be sent."""

    code: str
    name: str
    address: str
    version: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class SendPage:
    """What would be sent."""

    period: PeriodRow
    city: str
    filled: list[NamedCase]
    empty: list[NamedCase]
    faults: list[NamedCase]
    late: int
    chosen: tuple[str, ...]
    """Indicators that were chosen; none for the whole return."""

    @property
    def ready_address(self) -> str:
        """Give the address of sending those alone in whose way nothing stands."""
        stopped = {each.code for each in self.faults}
        ids = [
            ("ids", f"{self.period.code}/{self.city}/{each.code}") for each in self.filled if each.code not in stopped
        ]
        return f"?{urlencode(ids)}" if ids else ""

    @property
    def n_ready(self) -> int:
        """Count them."""
        return len(self.filled) - len({each.code for each in self.faults})

    @property
    def is_ready(self) -> bool:
        """Whether there is something to send and nothing stands in the way."""
        return bool(self.filled or self.empty) and not self.faults


def read_page(session: Session, period: str, city: str, chosen: tuple[str, ...], today: date) -> SendPage | None:
    """Say what sending would do; None for an unknown period."""
    row = get_period(session, period)
    if row is None:
        return None
    plan = plan_return(session, period, city, chosen or None, today)
    names = {code: pick(Text3(*each.name)) for code, each in indicators_of(row.edition).items()}
    return SendPage(
        period=row,
        city=city,
        filled=[_named(case.key, case.version, names) for case in plan.filled],
        empty=[_named(case.key, case.version, names) for case in plan.empty],
        faults=[_fault(fault, names) for fault in plan.faults],
        late=plan.late,
        chosen=chosen,
    )


def chosen_of(ids: list[str], period: str, city: str) -> tuple[str, ...]:
    """Give the indicators of the ids of a list that belong to a city's return; what belongs elsewhere is left out."""
    keys = [key for key in map(CaseKey.parse, ids) if key and (key.period, key.city) == (period, city)]
    return tuple(dict.fromkeys(key.indicator for key in keys))


def _named(key: CaseKey, version: int, names: dict[str, str], why: str = "") -> NamedCase:
    return NamedCase(key.indicator, names.get(key.indicator, ""), f"/console/values/{key}", version, why)


def _fault(fault: SendFault, names: dict[str, str]) -> NamedCase:
    return _named(fault.key, 0, names, str(SEND_FAULTS[fault.code]))
