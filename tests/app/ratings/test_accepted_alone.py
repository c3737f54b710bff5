"""A city's own word lowers nothing: what was sent and not accepted counts as missing in every official rating.

The case of DESK's first page: 85 of Aktau's 101 values of 2019 called "not applicable", the best ones kept. Rated here
by indicators alone, so that the numbers depend on no synthetic answers: with those of the demo of 28 November 2026 the
total is 56.25 (place 3 of 17) and would become 75.22 (place 1); when it was first measured, 56.04 and 75.02.
"""

import csv
import io

import pandas as pd
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.seed import illustrative_file
from app.demo.acceptance import accept_unexamined
from app.indicators.files import SpreadsheetFile
from app.indicators.imports import Target, import_file
from app.ratings.execution import RunOrder, execute_run, stored_examination, stored_inputs
from app.ratings.models import Run
from app.ratings.stored import table_bytes
from scoring.edition import load_edition
from tests.builders.country import Country
from tests.builders.indicators import import_accepted, nobody_on, reopen_all

CITY, CALLED = "aktau", 85
BEFORE, AFTER = 49.56, 71.0
TARGET = Target("2019", "standard_2019")


def official(session: Session, country: Country, kind: str = "official") -> str:
    return execute_run(session, RunOrder(period="2019", waves=(), kind=kind), nobody_on(country.today))


def standing(session: Session, run: str) -> tuple[float, float]:
    """Give the city's total to the last bit, and its place."""
    table = pd.read_csv(io.BytesIO(table_bytes(session, run, "output", "cities"))).set_index("city")
    return float(table.loc[CITY, "total_without_opinion"]), float(table.loc[CITY, "place_without_opinion"])


def least_values(session: Session, run: str) -> list[str]:
    """List the 85 values that cost the city most: the best of each area and the best of the others stay."""
    indicators = {each.code: each for each in load_edition("standard_2019").indicators}
    table = stored_inputs(session, run).indicators
    mine = table[table["city"] == CITY].copy()
    mine["score"] = [
        _score(indicators[code], numerator / denominator)
        for code, numerator, denominator in mine[["indicator", "numerator", "denominator"]].itertuples(index=False)
    ]
    mine["area"] = [indicators[code].area for code in mine["indicator"]]
    best = mine.sort_values(["area", "score", "indicator"], ascending=[True, False, True]).groupby("area").head(1)
    others = mine.drop(best.index).sort_values(["score", "indicator"], ascending=[False, True])
    kept = {*best["indicator"], *others["indicator"][: len(mine) - CALLED - len(best)]}
    return [code for code in mine["indicator"] if code not in kept]


def _score(indicator: object, value: float) -> float:
    low, high, per = (getattr(indicator, name) for name in ("low", "high", "per"))
    return 100 * value if low is None else 100 * (value * per - float(low)) / (float(high) - float(low))


def call_not_applicable(session: Session, country: Country, codes: list[str]) -> None:
    """Let the city say of some indicators that they do not apply to it; nobody accepts it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("city", "indicator", "value", "status", "source"))
    writer.writerows((CITY, code, "", "not_applicable", "the city's own word") for code in codes)
    reopen_all(session, "2019")
    import_file(session, SpreadsheetFile("called.csv", text.getvalue().encode()), TARGET, nobody_on(country.today))


def test_85_values_called_not_applicable_move_nothing_before_they_are_accepted(country: Country) -> None:
    with country.database.writing() as session:
        import_accepted(session, SpreadsheetFile("2019.csv", illustrative_file()), TARGET, today=country.today)
        first = official(session, country)
        total, place = standing(session, first)
        assert total == pytest.approx(BEFORE, abs=0.005)
        codes = least_values(session, first)
        assert len(codes) == CALLED
        call_not_applicable(session, country, codes)
        again = official(session, country)
        assert standing(session, again) == (total, place), "to the last bit"
        digests = session.scalars(select(Run.output_digest).where(Run.id.in_((first, again)))).all()
        assert len(set(digests)) == 1
        trial = official(session, country, "trial")
        assert standing(session, trial)[0] > AFTER
        accept_unexamined(session, "2019", nobody_on(country.today))
        accepted = official(session, country)
        assert standing(session, accepted) == standing(session, trial)
        assert standing(session, accepted)[1] == 1


def test_a_value_that_nobody_accepted_counts_as_missing_and_is_told(country: Country) -> None:
    with country.database.writing() as session:
        import_file(session, SpreadsheetFile("2019.csv", illustrative_file()), TARGET, nobody_on(country.today))
        run = official(session, country)
        inputs, told = stored_inputs(session, run).indicators, stored_examination(session, run)
    assert set(inputs["status"]) == {"missing"}
    assert len(told) == len(inputs)
    assert set(told["not_accepted"]) == {1}
