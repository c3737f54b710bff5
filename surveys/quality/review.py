"""Reviews the answers of a wave as a set: what linked or equal answers may weigh, and which vectors a human should see.

What comes out depends on the answers that lie there and never on the order in which they came, so it may be done again
and again: nightly, before an official run, and once more when a wave is frozen. The counts follow to the integer.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from surveys.models.fieldwork import Wave
from surveys.models.responses import FULL_WEIGHT, Flag, Response
from surveys.quality.flags import capped_weights, vector_flags
from surveys.quality.links import NETWORK_SHARE, read_links
from surveys.quality.networks import Origin, bounded_weights
from surveys.questionnaire.versions import get_compiled
from surveys.sql import hold_counts
from surveys.tallies import folding
from surveys.tallies.cube import Cube, Integers, points_by_byte

AT_INTAKE = Flag.SPEED | Flag.BURST | Flag.HONEYPOT
"""Flags of the moment of arrival, which nobody can find again: they stay as they are."""

BATCH = 10_000
"""Responses changed at a time."""


class ReviewReport(NamedTuple):
    """How many answers were reviewed and how many of them weigh differently, or are flagged differently, since."""

    reviewed: int
    changed: int

    def __str__(self) -> str:
        """Say it in one line."""
        return f"reviewed {self.reviewed} answers, changed {self.changed}"


class Verdict(NamedTuple):
    """An answer as it is counted, and what it should weigh and be flagged with instead."""

    id: str
    group: folding.TallyGroup
    closed: bytes
    is_folded: bool
    base_weight: int
    flags: int


class _Answer(NamedTuple):
    city: str
    tier: str
    closed: bytes
    id: str
    cell: str
    base_weight: int
    flags: int
    folded: bool
    links: str
    day: date


def waves_to_review(session: Session) -> tuple[str, ...]:
    """List the waves whose answers the review may still change: those open or closed and not yet frozen."""
    waves = select(Wave.code).where(Wave.state.in_(("open", "closed"))).order_by(Wave.code)
    return tuple(session.scalars(waves))


def review_wave(session: Session, wave: str, *, network_share: Fraction = NETWORK_SHARE) -> ReviewReport:
    """Review all answers of a wave, each city and tier for itself, and store what changed; nothing of a frozen wave.

    `network_share` is the largest share of a city's open weight that one network may have.
    """
    hold_counts(session)
    version, state = session.execute(select(Wave.version, Wave.state).where(Wave.code == wave)).one()
    if state == "frozen":  # since the caller asked which waves run; what linked its answers is gone
        return ReviewReport(0, 0)
    cube = Cube(get_compiled(session, version))
    columns = [getattr(Response, name) for name in _Answer._fields]
    # Ordered by what was answered: sums of doubles come out the same on every database.
    ordered = select(*columns).where(Response.wave == wave).order_by(*columns[:4])
    rows = session.connection().execute(ordered, execution_options={"yield_per": BATCH})
    reviewed, changed = 0, list[Verdict]()
    for _set, answers in groupby(map(_Answer._make, rows), key=attrgetter("city", "tier")):
        same_set = list(answers)
        reviewed += len(same_set)
        changed += _verdicts(cube, same_set, network_share)
    apply_verdicts(session, wave, changed)
    return ReviewReport(reviewed, len(changed))


def apply_verdicts(session: Session, wave: str, verdicts: Sequence[Verdict]) -> None:
    """Store new weights and flags, and move the integers of counted answers to the groups they now belong to."""
    hold_counts(session)
    version = session.execute(select(Wave.version).where(Wave.code == wave)).scalar_one()
    cube = Cube(get_compiled(session, version))
    answer = Response.__table__
    change = (
        update(answer)  # type: ignore[arg-type]  # a mapped class has a Table here
        .where(answer.c.id == bindparam("of"))
        .values(base_weight=bindparam("weight"), flags=bindparam("seen"))
    )
    for start in range(0, len(verdicts), BATCH):
        part = verdicts[start : start + BATCH]
        session.connection().execute(change, [{"of": v.id, "weight": v.base_weight, "seen": v.flags} for v in part])
        moved = [v for v in part if v.is_folded and v.group != _new_group(v)]
        before = folding.count_rows(cube, ((v.group, v.closed) for v in moved))
        after = folding.count_rows(cube, ((_new_group(v), v.closed) for v in moved))
        folding.add(session, wave, folding.difference(after, before))


def _verdicts(cube: Cube, answers: Sequence[_Answer], share: Fraction) -> Iterator[Verdict]:
    """Review the answers of one city and tier; gives those that come out otherwise than stored."""
    for answer, weight, flags in zip(answers, *_weights_and_flags(cube, answers, share), strict=True):
        if (answer.base_weight, answer.flags) != (weight, flags):
            group = folding.TallyGroup(answer.city, answer.tier, answer.cell, answer.base_weight, bool(answer.flags))
            yield Verdict(answer.id, group, answer.closed, answer.folded, weight, flags)


def _weights_and_flags(cube: Cube, answers: Sequence[_Answer], share: Fraction) -> tuple[list[int], list[int]]:
    """Give the weight and the flags of each answer."""
    closed: NDArray[np.uint8] = np.frombuffer(b"".join(a.closed for a in answers), dtype=np.uint8)
    closed = closed.reshape(len(answers), -1)
    areas = (cube.compiled.area_items(area) for area in cube.areas)
    items = sorted((item for of_area in areas for item in of_area), key=attrgetter("position"))
    origins = [Origin(read_links(a.links), a.day) for a in answers]
    is_open = answers[0].tier != "verified"
    weights = capped_weights(
        closed,
        np.array([item.position for item in items], dtype=np.int64),
        [_shared_by_few(origin, legacy=is_open) for origin in origins],
        full=FULL_WEIGHT,
        points=points_by_byte(items),
    )
    if is_open:
        weights = bounded_weights(weights, origins, full=FULL_WEIGHT, share=share)
    arrival_flags: Integers = np.array([a.flags for a in answers], dtype=np.int64) & int(AT_INTAKE)
    return weights.tolist(), (arrival_flags | vector_flags(closed, items)).tolist()


def _shared_by_few(origin: Origin, *, legacy: bool) -> tuple[str, ...]:
    """Give the groups of which together no more than a few may count: one device, one invitation.

    Codes without a kind may be those of a network, and verified answers are never weighed by that.
    """
    links = origin.links
    # A device and an invitation have codes of their own kinds, which never match.
    return (*filter(None, (links.device, links.invitation)), *(links.legacy if legacy else ()))


def _new_group(verdict: Verdict) -> folding.TallyGroup:
    return verdict.group._replace(base_weight=verdict.base_weight, flagged=bool(verdict.flags))
