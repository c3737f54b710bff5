from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
from sqlalchemy import insert

from app.cli.seed import OPEN_FIGURES
from app.demo.responses import SyntheticWave, synthetic_rows
from app.indicators.files import SpreadsheetFile
from app.indicators.imports import Target
from app.ratings.inputs import gather_inputs
from scoring.edition import load_edition
from scoring.frames import Inputs
from scoring.run import rate
from surveys.models import Response
from surveys.questionnaire.kinds import KINDS
from surveys.questionnaire.packing import unpack
from surveys.tallies import folding
from tests.builders.country import RESIDENTS, Country
from tests.builders.indicators import import_accepted
from tests.builders.references import area_value

N = 3000


def answers(country: Country) -> Iterator[dict[str, Any]]:
    version = country.residents.questionnaire.digest()
    wave = SyntheticWave(RESIDENTS, version, country.residents, N, country.today, 10)
    return islice(synthetic_rows(wave, seed=7), N)


def gathered(country: Country, rows: list[dict[str, Any]]) -> Inputs:
    with country.database.writing() as session:
        figures = SpreadsheetFile(OPEN_FIGURES.name, OPEN_FIGURES.read_bytes())
        import_accepted(session, figures, Target("2024", "open_figures_2024"), today=country.today)
        session.execute(insert(Response), rows)
        folding.fold(session, minimum=1)
    with country.database.reading() as session:
        return gather_inputs(session, period="2024", waves=[RESIDENTS])


def test_sums_of_areas_and_of_pairs_equal_those_made_one_answer_at_a_time(country: Country) -> None:
    rows = list(answers(country))
    inputs = gathered(country, rows)
    compiled = country.residents
    values = [
        {area: area_value(compiled, unpack(compiled, row["closed"]), area) for area in compiled.areas} for row in rows
    ]
    everyone = inputs.cells[inputs.cells["area"] == ""]
    assert everyone["n"].sum() == N
    for first, second in (("hlt", "its"), ("agr", "soc"), ("ict", "ict")):
        both = [(y[first], y[second]) for y in values if y[first] is not None and y[second] is not None]
        pair = f"{first}:{second}"
        assert inputs.pairs[f"joint:{pair}"].sum() == len(both)
        assert inputs.pairs[f"left:{pair}"].sum() == sum(j or 0 for j, _k in both)
        assert inputs.pairs[f"cross:{pair}"].sum() == sum((j or 0) * (k or 0) for j, k in both)


def test_each_pair_has_one_column_in_the_order_of_the_codes(country: Country) -> None:
    columns = set(gathered(country, list(answers(country))).pairs.columns)
    areas = sorted(country.residents.areas)
    for index, first in enumerate(areas):
        for second in areas[index:]:
            assert {f"joint:{first}:{second}", f"left:{second}:{first}", f"cross:{first}:{second}"} <= columns


def test_counts_of_options_equal_those_made_one_answer_at_a_time(country: Country) -> None:
    rows = list(answers(country))
    inputs = gathered(country, rows)
    each_given = [unpack(country.residents, row["closed"]) for row in rows]
    key = inputs.option_key
    assert not set(key["question"]) & {"sex", "age", "district"}, "traits are margins, not answers"
    for question, option in zip(key["question"].tolist(), key["option"].tolist(), strict=True):
        assert inputs.options[f"{question}:{option}"].sum() == sum(each.get(question) == option for each in each_given)


def test_what_an_option_counts_as_is_what_it_scores(country: Country) -> None:
    key = gathered(country, list(answers(country))).option_key.set_index(["question", "option"])
    for question in country.residents.closed:
        if question.scored:
            for option in question.options:
                row = key.loc[question.code, option.code]
                points = KINDS[question.kind].points(question, option.code) or 0
                assert (row["points"], row["apart"]) == (points, int(option.apart))


def test_shares_come_out_of_real_answers(country: Country) -> None:
    rating = rate(gathered(country, list(answers(country))), load_edition("open_figures_2024"))
    shares = rating.shares[rating.shares["city"] == "almaty"].set_index(["question", "measure"])["value"]
    assert 30 < shares["hlt_clinic", "top_two"] < 80
    assert 0 < shares["hlt_clinic", "hard_to_say"] < 20


def test_an_area_that_most_find_hard_to_rate_is_not_rated(country: Country) -> None:
    rows = list(answers(country))
    compiled = country.residents
    for index, row in enumerate(rows):
        packed = bytearray(row["closed"])
        for item in compiled.area_items("hlt"):
            options = compiled.questionnaire.question(item.question).options
            unsure = next(number for number, option in enumerate(options, start=1) if option.apart)
            if packed[item.position] and index % 5:
                packed[item.position] = unsure
        row["closed"] = bytes(packed)
    rating = rate(gathered(country, rows), load_edition("open_figures_2024"))
    reasons = rating.estimates.set_index(["city", "area"])["reason"]
    assert reasons["almaty", "hlt"] == "hard_to_say"
    assert reasons["almaty", "edu"] == ""


def test_the_error_of_a_total_knows_that_areas_are_answered_by_the_same_people(country: Country) -> None:
    inputs = gathered(country, list(answers(country)))
    edition = load_edition("open_figures_2024")
    alone = Inputs(**{name: frame for name, frame in inputs.tables().items() if name in _WITHOUT_PAIRS})
    exact, bound = (rate(each_given, edition).cities.set_index("city")["se"] for each_given in (inputs, alone))
    has_se = exact.notna()
    assert has_se.any()
    assert (exact[has_se] > 0).all()
    assert np.all(exact[has_se] < bound[has_se])


_WITHOUT_PAIRS = {"indicators", "cells", "cell_key", "margins", "scales"}
