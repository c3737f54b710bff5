from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from sqlalchemy import func, insert, select

from app.demo.responses import SyntheticWave, synthetic_rows
from surveys.ballots import keys
from surveys.fieldwork import waves
from surveys.models import Response, Tally, Wave
from surveys.questionnaire.packing import pack, unpack
from surveys.questionnaire.versions import freeze_questionnaire, get_compiled
from surveys.tallies import folding
from surveys.tallies.cube import Cube
from tests.builders.country import RESIDENTS, Country
from tests.builders.questionnaires import area_page, number, questionnaire, rating
from tests.builders.references import area_value


def answers(country: Country, n: int, *, seed: int = 1) -> Iterator[dict[str, Any]]:
    version = country.residents.questionnaire.digest()
    return synthetic_rows(SyntheticWave(RESIDENTS, version, country.residents, n, country.today, 10), seed=seed)


def add(country: Country, rows: list[dict[str, Any]]) -> None:
    with country.database.writing() as session:
        session.execute(insert(Response), rows)


def snapshot(country: Country) -> list[tuple[folding.TallyGroup, int, bytes]]:
    with country.database.reading() as session:
        return [(tally.group, tally.n, tally.counts.tobytes()) for tally in folding.read(session, [RESIDENTS])]


def test_folding_bit_by_bit_and_rebuilding_give_the_same_integers(country: Country) -> None:
    for seed in (1, 2, 3):
        add(country, list(answers(country, 400, seed=seed)))
        with country.database.writing() as session:
            folding.fold(session, minimum=1)
    folded = snapshot(country)
    with country.database.writing() as session:
        assert folding.rebuild(session, RESIDENTS) == 1200
    assert snapshot(country) == folded


def test_a_city_waits_until_ten_new_answers_have_come(country: Country) -> None:
    rows = list(answers(country, 3000))
    add(country, [row for row in rows if row["city"] == "oral"][:9])
    with country.database.writing() as session:
        assert folding.fold(session) == folding.FoldReport(0, 9)
    add(country, [row for row in rows if row["city"] == "oral"][9:10])
    with country.database.writing() as session:
        assert folding.fold(session) == folding.FoldReport(10, 0)


def test_the_counts_equal_those_made_one_answer_at_a_time(country: Country) -> None:
    rows = list(answers(country, 300))
    add(country, rows)
    with country.database.writing() as session:
        folding.fold(session, minimum=1)
    compiled, expected = country.residents, {}
    for row in rows:
        unpacked = unpack(compiled, row["closed"])
        for area in compiled.areas:
            value = area_value(compiled, unpacked, area)
            n, total, square = expected.get((row["city"], area), (0, 0, 0))
            expected[row["city"], area] = (
                (n, total, square) if value is None else (n + 1, total + value, square + value**2)
            )
    sums_by_area: dict[tuple[str, str], tuple[int, ...]] = {}
    with country.database.reading() as session:
        for tally in folding.read(session, [RESIDENTS]):
            for area, counts in tally.cube.area_counts(tally.counts).items():
                before = sums_by_area.get((tally.group.city, area), (0, 0, 0))
                sums_by_area[tally.group.city, area] = tuple(a + b for a, b in zip(before, counts, strict=True))
    assert sums_by_area == expected


def test_pairs_and_options_are_counted_too(country: Country) -> None:
    rows = list(answers(country, 200))
    packed = np.frombuffer(b"".join(row["closed"] for row in rows), dtype=np.uint8).reshape(200, -1)
    cube = Cube(country.residents)
    vectors = cube.count(packed, np.array([200]))
    y, marks = cube.values(np.ascontiguousarray(packed.T))
    a = len(cube.areas)
    joint, sums, cross = vectors[0][3 * a : 3 * a + 3 * a * a].reshape(3, a, a)
    assert (joint == marks.T @ marks).all()
    assert (sums == y.T @ marks).all()
    assert (cross == y.T @ y).all()
    position = country.residents.columns[0].position
    by_value = cube.option_counts(vectors[0], country.residents.columns[0].question)
    assert (by_value == np.bincount(packed[:, position], minlength=len(by_value))).all()


def test_numbers_behind_the_closed_bytes_are_not_counted(country: Country) -> None:
    commute = questionnaire(area_page("ctm", rating("ctm_1"), number("minutes", 0, 600, area="ctm")), code="commute")
    with country.database.writing() as session:
        version = freeze_questionnaire(session, commute, today=country.today)
        plan = waves.WavePlan(
            code="commute", version=version, opens_on=country.today, closes_on=country.today, targets={"oral": 10}
        )
        waves.plan_wave(session, plan)
        rows = [
            row | {"wave": "commute", "city": "oral", "version": version, "cell": "lang=kk"}
            for row in answers(country, 30)
        ]
        compiled = get_compiled(session, version)
        for index, row in enumerate(rows):
            row["closed"] = pack(compiled, {"ctm_1": "p4", "minutes": str(index * 20)})
        session.execute(insert(Response), rows)
        folding.fold(session, minimum=1)
    with country.database.reading() as session:
        (tally,) = folding.read(session, ["commute"])
    assert tally.n == 30
    assert tally.cube.area_counts(tally.counts)["ctm"] == (30, 30 * 4, 30 * 16)


def test_a_frozen_wave_has_no_key_and_only_counted_answers(country: Country) -> None:
    add(country, list(answers(country, 100)))
    with country.database.writing() as session:
        waves.close_wave(session, RESIDENTS)
        waves.freeze_wave(session, RESIDENTS, country.keys)
    with pytest.raises(keys.KeyFileError):
        keys.load(country.keys, RESIDENTS)
    with country.database.reading() as session:
        assert session.get_one(Wave, RESIDENTS).state == "frozen"
        assert session.execute(select(func.sum(Tally.n))).scalar_one() == 100


@pytest.mark.parametrize("step", [waves.open_wave, waves.close_wave])
def test_a_wave_takes_its_steps_in_order(country: Country, step: Any) -> None:
    with country.database.writing() as session:
        waves.close_wave(session, RESIDENTS)
        with pytest.raises(waves.WaveError):
            step(session, RESIDENTS)
