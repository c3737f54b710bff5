"""SCORING §8, rows 8 and 9: the counts are the same however they came about and wherever they lie."""

import random
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import insert, select

from app.database import Database
from app.demo.responses import SyntheticWave, synthetic_rows
from app.ratings.inputs import gather_inputs
from scoring.edition import load_edition
from scoring.run import rate
from surveys.models import Response
from surveys.quality import review
from surveys.responses import withdrawal
from surveys.tallies import folding
from tests.builders.country import RESIDENTS, Country, make_country

CITIES = ("almaty", "oral", "semei")
ROUNDS, INSERTS, EDITS, WITHDRAWALS = 50, 130, 60, 10
assert ROUNDS * (INSERTS + EDITS + WITHDRAWALS) == 10_000


def random_answers(country: Country, n: int, *, seed: int) -> list[dict[str, Any]]:
    version = country.residents.questionnaire.digest()
    wave = SyntheticWave(RESIDENTS, version, country.residents, n, country.today, 10)
    return [row | {"id": f"{index:032x}"} for index, row in enumerate(synthetic_rows(wave, seed=seed))]


def snapshot(country: Country) -> list[tuple[folding.TallyGroup, int, bytes]]:
    with country.database.reading() as session:
        return [(tally.group, tally.n, tally.counts.tobytes()) for tally in folding.read(session, [RESIDENTS])]


def edit(country: Country, ids: list[str], draw: random.Random) -> None:
    """Weigh and flag some answers anew, counted or waiting."""
    key = (Response.city, Response.tier, Response.cell, Response.base_weight, Response.flags)
    with country.database.writing() as session:
        areas = session.execute(select(Response.id, Response.closed, Response.folded, *key).where(Response.id.in_(ids)))
        verdicts = [
            review.Verdict(
                id=row.id,
                group=folding.TallyGroup(*row[3:7], flagged=bool(row.flags)),
                closed=row.closed,
                is_folded=row.folded,
                base_weight=draw.choice((1000, 500, 333, 0)),
                flags=draw.choice((0, 0, 1, 6)),
            )
            for row in areas
        ]
        review.apply_verdicts(session, RESIDENTS, verdicts)


def withdraw(country: Country, answer: str) -> None:
    with country.database.writing() as session:
        assert withdrawal.withdraw(session, RESIDENTS, answer, today=country.today)


def test_ten_thousand_inserts_edits_and_withdrawals_leave_the_counts_of_a_rebuild(country: Country) -> None:
    draw = random.Random(9)
    waiting = [row for row in random_answers(country, 60_000, seed=9) if row["city"] in CITIES]
    draw.shuffle(waiting)
    here: list[str] = []
    for number in range(ROUNDS):
        new = [waiting.pop() | {"tier": draw.choice(("open", "verified"))} for _ in range(INSERTS)]
        with country.database.writing() as session:
            session.execute(insert(Response), new)
        here += [row["id"] for row in new]
        edit(country, draw.sample(here, EDITS), draw)
        draw.shuffle(here)
        for _ in range(WITHDRAWALS):
            withdraw(country, here.pop())
        if number % 3 == 0:
            with country.database.writing() as session:
                folding.fold(session, minimum=1)
    with country.database.writing() as session:
        folding.fold(session, minimum=1)
    grown = snapshot(country)
    with country.database.writing() as session:
        assert folding.rebuild(session, RESIDENTS) == len(here) == ROUNDS * (INSERTS - WITHDRAWALS)
    assert snapshot(country) == grown
    assert {group.base_weight for group, _n, _counts in grown} == {0, 333, 500, 1000}


@pytest.mark.postgres
def test_both_databases_and_pandas_give_the_same_integers_and_estimates(
    sqlite: Database, postgres: Database, tmp_path: Any
) -> None:
    results, snapshots = [], []
    for name, database in (("sqlite", sqlite), ("postgres", postgres)):
        country = make_country(database, tmp_path / name, today=pd.Timestamp("2026-11-24").date())
        answers = random_answers(country, 6000, seed=8)
        random.Random(name).shuffle(answers)
        with database.writing() as session:
            session.execute(insert(Response), answers)
        for _ in range(2):
            with database.writing() as session:
                folding.fold(session, minimum=1)
                review.review_wave(session, RESIDENTS)
        snapshots.append(snapshot(country))
        with database.reading() as session:
            rating = rate(gather_inputs(session, period="2024", waves=[RESIDENTS]), load_edition("open_figures_2024"))
            stored = session.execute(select(Response.id, Response.base_weight, Response.flags)).all()
        results.append(rating.to_bytes())
    assert snapshots[0] == snapshots[1]
    assert results[0] == results[1]
    weighed = pd.DataFrame(answers).merge(pd.DataFrame(stored, columns=["id", "weight", "seen"]), on="id")
    assert by_pandas(country, weighed) == areas_of(country)


def by_pandas(country: Country, answers: pd.DataFrame) -> dict[tuple[Any, ...], tuple[int, ...]]:
    """Count areas straight from the answers, with nothing of the cube: points by table, means by group."""
    answers["flagged"] = answers["seen"] != 0
    closed = np.stack([np.frombuffer(row, dtype=np.uint8) for row in answers["closed"]])
    key = ["city", "tier", "cell", "weight", "flagged"]
    areas: dict[tuple[Any, ...], tuple[int, ...]] = {}
    for area in country.residents.areas:
        items = country.residents.area_items(area)
        points = pd.DataFrame(
            {i.question: np.frombuffer(i.values, np.uint8)[closed[:, i.position]] for i in items}
        ).replace(0, np.nan)
        enough = 2 * points.notna().sum(axis=1) >= max(len(items), 1)
        y = (points.mean(axis=1) * country.residents.area_scale(area)).round().where(enough)
        grouped = answers[key].assign(y=y, squared=y**2).groupby(key)
        sums = grouped.agg(n=("y", "count"), total=("y", "sum"), squares=("squared", "sum")).astype("int64")
        areas |= {(*group, area): tuple(values) for group, *values in zip(sums.index, *sums.T.values, strict=True)}
    return areas


def areas_of(country: Country) -> dict[tuple[Any, ...], tuple[int, ...]]:
    with country.database.reading() as session:
        return {
            (*tally.group, area): tuple(counts)
            for tally in folding.read(session, [RESIDENTS])
            for area, counts in tally.cube.area_counts(tally.counts).items()
        }
