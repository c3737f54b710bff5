from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
from sqlalchemy import insert

from app.cli.seed import OPEN_FIGURES
from app.demo.responses import SyntheticWave, synthetic_rows
from app.indicators.files import SpreadsheetFile
from app.indicators.imports import Target, import_file
from app.ratings.inputs import gather_inputs
from scoring.edition import load_edition
from scoring.frames import Inputs
from scoring.run import rate
from surveys import tallies
from surveys.models import Response
from surveys.packing import unpack
from tests.builders.country import RESIDENTS, Country

N = 3000


def answers(country: Country) -> Iterator[dict[str, Any]]:
    version = country.residents.questionnaire.digest()
    wave = SyntheticWave(RESIDENTS, version, country.residents, N, country.today, 10)
    return islice(synthetic_rows(wave, seed=7), N)


def gathered(country: Country, rows: list[dict[str, Any]]) -> Inputs:
    with country.database.writing() as session:
        figures = SpreadsheetFile(OPEN_FIGURES.name, OPEN_FIGURES.read_bytes())
        import_file(session, figures, Target("2024", "open_figures_2024"), today=country.today)
        session.execute(insert(Response), rows)
        tallies.fold(session, minimum=1)
    with country.database.reading() as session:
        return gather_inputs(session, period="2024", waves=[RESIDENTS])


def test_sums_of_areas_and_of_pairs_equal_those_made_one_answer_at_a_time(country: Country) -> None:
    rows = list(answers(country))
    inputs = gathered(country, rows)
    compiled = country.residents
    values = [
        {area: compiled.area_value(unpack(compiled, row["closed"]), area) for area in compiled.areas} for row in rows
    ]
    everyone = inputs.cells[inputs.cells["area"] == ""]
    assert everyone["n"].sum() == N
    for first, second in (("hlt", "its"), ("agr", "soc"), ("ict", "ict")):
        both = [(y[first], y[second]) for y in values if y[first] is not None and y[second] is not None]
        pair = f"{first}:{second}"
        assert inputs.pairs[f"joint:{pair}"].sum() == len(both)
        assert inputs.pairs[f"left:{pair}"].sum() == sum(j or 0 for j, _k in both)
        assert inputs.pairs[f"cross:{pair}"].sum() == sum((j or 0) * (k or 0) for j, k in both)


def test_pairs_stand_once_in_the_order_of_the_codes(country: Country) -> None:
    columns = set(gathered(country, list(answers(country))).pairs.columns)
    areas = sorted(country.residents.areas)
    for place, first in enumerate(areas):
        for second in areas[place:]:
            assert {f"joint:{first}:{second}", f"left:{second}:{first}", f"cross:{first}:{second}"} <= columns


def test_the_error_of_a_total_knows_that_areas_are_answered_by_the_same_people(country: Country) -> None:
    inputs = gathered(country, list(answers(country)))
    edition = load_edition("open_figures_2024")
    alone = Inputs(**{name: frame for name, frame in inputs.tables().items() if name in _WITHOUT_PAIRS})
    exact, bound = (rate(given, edition).cities.set_index("city")["se"] for given in (inputs, alone))
    known = exact.notna()
    assert known.any()
    assert (exact[known] > 0).all()
    assert np.all(exact[known] < bound[known])


_WITHOUT_PAIRS = {"indicators", "cells", "cell_key", "margins", "scales"}
