from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import numpy as np
import pytest
from sqlalchemy import func, insert, select

from app.clock import FrozenClock
from app.demo.responses import SyntheticWave, synthetic_rows
from app.jobs.tasks.review_answers import review_answers
from surveys.fieldwork import waves
from surveys.models import Response, Tally
from surveys.models.responses import FULL_WEIGHT, Flag
from surveys.quality import review
from surveys.quality.flags import GROUP_RESPONSES
from surveys.tallies import folding
from tests.builders.country import RESIDENTS, Country

NOON = datetime(2026, 11, 24, 7, tzinfo=UTC)
Verdicts = dict[str, tuple[int, int]]


def rows(country: Country, n: int, **changes: Any) -> list[dict[str, Any]]:
    version = country.residents.questionnaire.digest()
    wave = SyntheticWave(RESIDENTS, version, country.residents, 20 * n, country.today, 10)
    stored = [row for row in synthetic_rows(wave, seed=3) if row["city"] == "almaty"]
    return [row | changes | {"id": f"{index:032x}"} for index, row in enumerate(islice(stored, n))]


def straight(country: Country, row: dict[str, Any], number: int) -> dict[str, Any]:
    """Give every scored question of a row its highest byte with points."""
    closed = bytearray(row["closed"])
    for area in country.residents.areas:
        for item in country.residents.area_items(area):
            closed[item.position] = 5
    return row | {"closed": bytes(closed), "id": f"{number:032x}"}


def add(country: Country, answers: Iterable[dict[str, Any]]) -> None:
    with country.database.writing() as session:
        session.execute(insert(Response), list(answers))


def run_review(country: Country) -> review.ReviewReport:
    with country.database.writing() as session:
        return review.review_wave(session, RESIDENTS)


def fold(country: Country) -> None:
    with country.database.writing() as session:
        folding.fold(session, minimum=1)


def verdicts(country: Country) -> Verdicts:
    with country.database.reading() as session:
        stored = session.execute(select(Response.id, Response.base_weight, Response.flags))
        return {row.id: (row.base_weight, row.flags) for row in stored}


def counts(country: Country) -> list[tuple[folding.TallyGroup, int, bytes]]:
    with country.database.reading() as session:
        return [(tally.group, tally.n, tally.counts.tobytes()) for tally in folding.read(session, [RESIDENTS])]


def assert_rebuilt_alike(country: Country) -> None:
    before = counts(country)
    with country.database.writing() as session:
        folding.rebuild(session, RESIDENTS)
    assert counts(country) == before


def test_ten_answers_of_one_device_weigh_as_three(country: Country) -> None:
    answers = rows(country, 60)
    add(country, [row | {"links": "d1d1d1d1d1d1d1d1"} for row in answers[:10]] + answers[10:])
    fold(country)
    run_review(country)
    stored = verdicts(country)
    assert {stored[row["id"]][0] for row in answers[:10]} == {GROUP_RESPONSES * FULL_WEIGHT // 10}
    assert {stored[row["id"]][0] for row in answers[10:]} == {FULL_WEIGHT}
    with country.database.reading() as session:
        light = select(func.sum(Tally.n)).where(Tally.base_weight == GROUP_RESPONSES * FULL_WEIGHT // 10)
        assert session.execute(light).scalar_one() == 10
    assert_rebuilt_alike(country)


def test_tiers_are_capped_apart(country: Country) -> None:
    answers = rows(country, 6, links="d1d1d1d1d1d1d1d1")
    add(country, [row | {"tier": tier} for row, tier in zip(answers, ["open"] * 3 + ["verified"] * 3, strict=True)])
    run_review(country)
    assert {weight for weight, _flags in verdicts(country).values()} == {FULL_WEIGHT}


def test_a_cap_is_lifted_when_the_answers_behind_it_are_gone(country: Country) -> None:
    answers = rows(country, 10, links="d1d1d1d1d1d1d1d1")
    add(country, answers)
    fold(country)
    run_review(country)
    with country.database.writing() as session:
        here = (Response.id.in_([row["id"] for row in answers[3:]]),)
        folding.subtract(session, RESIDENTS, here)
        session.execute(Response.__table__.delete().where(*here))  # type: ignore[attr-defined]
    assert run_review(country).changed == 3
    assert {weight for weight, _flags in verdicts(country).values()} == {FULL_WEIGHT}
    assert_rebuilt_alike(country)


def test_flags_of_arrival_stay_and_those_of_vectors_are_found_anew(country: Country) -> None:
    honest = rows(country, 40, flags=int(Flag.LONGSTRING | Flag.SPEED))
    lazy = [straight(country, honest[0], 1000) | {"flags": int(Flag.HONEYPOT)}]
    add(country, honest[:39] + lazy)
    fold(country)
    run_review(country)
    stored = verdicts(country)
    assert stored[lazy[0]["id"]][1] & (Flag.HONEYPOT | Flag.LONGSTRING | Flag.IRV) == int(
        Flag.HONEYPOT | Flag.LONGSTRING | Flag.IRV
    )
    assert all(stored[row["id"]][1] & Flag.SPEED for row in honest[:39])
    assert sum(bool(stored[row["id"]][1] & Flag.LONGSTRING) for row in honest[:39]) < 10
    assert_rebuilt_alike(country)


def test_reviewing_twice_changes_nothing(country: Country) -> None:
    answers = rows(country, 200)
    add(country, answers + [straight(country, answers[0], 1000 + n) for n in range(20)])
    fold(country)
    assert run_review(country).changed > 20
    assert run_review(country) == review.ReviewReport(220, 0)


def _arrivals(country: Country) -> list[dict[str, Any]]:
    answers = rows(country, 120)
    linked = [row | {"links": f"{n % 4:016x} {n % 7 + 100:016x}"} for n, row in enumerate(answers[:50])]
    return linked + answers[50:] + [straight(country, answers[0], 1000 + n) for n in range(15)]


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_arrival_changes_nothing(country: Country, seed: int) -> None:
    arrivals = _arrivals(country)
    random = np.random.default_rng(seed)
    for part in np.array_split(random.permutation(len(arrivals)), 4):
        add(country, [arrivals[index] for index in part])
        if random.random() < 0.7:
            fold(country)
        if random.random() < 0.7:
            run_review(country)
    run_review(country)
    fold(country)
    stored, tallies = verdicts(country), counts(country)
    with country.database.writing() as session:
        session.execute(Response.__table__.delete())  # type: ignore[attr-defined]
        session.execute(Tally.__table__.delete())  # type: ignore[attr-defined]
    add(country, arrivals)
    run_review(country)
    fold(country)
    assert verdicts(country) == stored
    assert counts(country) == tallies


def test_the_nightly_job_reviews_waves_that_are_not_frozen(country: Country) -> None:
    add(country, rows(country, 10, links="d1d1d1d1d1d1d1d1"))
    message = review_answers(country.database, FrozenClock(NOON), country.keys)
    assert message == "businesses-test: reviewed 0 answers, changed 0; residents-test: reviewed 10 answers, changed 10"


def test_a_wave_is_reviewed_once_more_before_it_is_frozen(country: Country) -> None:
    add(country, rows(country, 10, links="d1d1d1d1d1d1d1d1"))
    with country.database.writing() as session:
        waves.close_wave(session, RESIDENTS)
        waves.freeze_wave(session, RESIDENTS, country.keys)
    assert {weight for weight, _flags in verdicts(country).values()} == {GROUP_RESPONSES * FULL_WEIGHT // 10}
    with country.database.reading() as session:
        weights = session.execute(select(Tally.base_weight).distinct()).scalars().all()
        assert session.execute(select(Response.links, Response.receipt).distinct()).all() == [("", None)]
    assert weights == [GROUP_RESPONSES * FULL_WEIGHT // 10]
