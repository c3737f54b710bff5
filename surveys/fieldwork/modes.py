"""How the answers of a wave came, on the web, on paper or read out, in groups that give no small one away.

Counts are renewed every night and at the freeze, of folded answers alone. A mode with fewer than ten of them is merged
with the next smallest until every group has ten, and what is shown is rounded down to tens: so neither a number nor the
difference of two of them stands on fewer than ten people. A mode nobody used is merged like a small one, or the first
answer that comes that way would be seen to arrive; only a wave without paper says that all came over the web.
"""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, func, insert, select
from sqlalchemy.orm import Session

from surveys.models.paper import FormSeries, ModeCount
from surveys.models.responses import Response
from surveys.models.tallies import MINIMUM

WEB = "web"
MODES = (WEB, "paper", "assisted")


class ModeGroup(NamedTuple):
    """Answers that came in one of some modes: `n` in tens, `percent` of what all groups together show."""

    modes: tuple[str, ...]
    n: int
    percent: int


def write_mode_counts(session: Session, wave: str) -> None:
    """Count a wave's folded answers by mode, in place of the counts before, of the cities that have ten.

    After a freeze there are others: a sum with them, less the cities whose progress is shown, would tell of them.
    """
    own = (Response.wave == wave, Response.folded)
    cities = select(Response.city).where(*own).group_by(Response.city).having(func.count() >= MINIMUM)
    counts = dict.fromkeys(MODES, 0) | _folded(session, Response.wave == wave, Response.city.in_(cities))
    session.execute(delete(ModeCount).where(ModeCount.wave == wave))
    session.execute(insert(ModeCount), [{"wave": wave, "mode": mode, "n": n} for mode, n in counts.items()])


def wave_modes(session: Session, wave: str) -> tuple[ModeGroup, ...]:
    """Give the groups of a wave as they were counted last; none where nothing may be shown."""
    rows = session.execute(select(ModeCount.mode, ModeCount.n).where(ModeCount.wave == wave))
    offered = _offered(session, [wave])
    return mode_groups({mode: n for mode, n in rows if mode in offered})


def published_modes(session: Session, waves: Collection[str], cities: Collection[str]) -> tuple[ModeGroup, ...]:
    """Give the groups of some waves' folded answers from some cities, counted now."""
    counts = folded_by_mode(session, waves, cities)
    return mode_groups({mode: counts[mode] for mode in _offered(session, waves)})


def folded_by_mode(session: Session, waves: Collection[str], cities: Collection[str]) -> dict[str, int]:
    """Count some waves' folded answers from some cities by mode, exactly: what is published are their groups."""
    return dict.fromkeys(MODES, 0) | _folded(session, Response.wave.in_(waves), Response.city.in_(cities))


def mode_groups(counts: Mapping[str, int]) -> tuple[ModeGroup, ...]:
    """Merge counts by mode until each group has MINIMUM answers; none where all together have fewer."""
    groups = sorted(((n, {mode}) for mode, n in counts.items()), key=_smallest_first)
    while len(groups) > 1 and groups[0][0] < MINIMUM:
        (small, few), (other, more), *rest = groups
        groups = sorted([(small + other, few | more), *rest], key=_smallest_first)
    shown = [(tuple(mode for mode in MODES if mode in modes), n - n % MINIMUM) for n, modes in groups if n >= MINIMUM]
    total = sum(n for _modes, n in shown)
    by_mode = sorted(shown, key=lambda group: MODES.index(group[0][0]))
    return tuple(ModeGroup(modes, n, (200 * n + total) // (2 * total)) for modes, n in by_mode)


def _smallest_first(group: tuple[int, set[str]]) -> tuple[int, bool]:
    n, modes = group
    return n, WEB in modes  # of equal ones, what operators typed in is put together first


def _folded(session: Session, *which: ColumnElement[bool]) -> dict[str, int]:
    counts = select(Response.mode, func.count()).where(Response.folded, *which).group_by(Response.mode)
    return dict(session.execute(counts).all())


def _offered(session: Session, waves: Collection[str]) -> tuple[str, ...]:
    """Give the modes that waves offer, whether or not anybody used them."""
    has_paper = session.scalars(select(FormSeries.wave).where(FormSeries.wave.in_(waves)).limit(1)).first()
    return MODES if has_paper else (WEB,)
