import pandas as pd
import pytest

from scoring.errors import FrameError
from scoring.frames import CONTRACTS, FULL_WEIGHT, Inputs, canonical_csv, check, read_csv
from tests.builders.ratings import count_tables, frame, make_inputs, respondents

CELL = ("resident", "here", "sex=f", "", 3, 0, 0)
HEALTH = ("resident", "here", "sex=f", "hlt", 2, 7, 25)


def test_tables_come_in_one_order_with_one_type() -> None:
    shuffled = check("cells", frame("cells", [HEALTH, CELL])[["n", "area", *(set(CONTRACTS["cells"]) - {"n", "area"})]])
    assert shuffled["area"].tolist() == ["", "hlt"]
    assert list(shuffled.columns) == [*CONTRACTS["cells"], "tier", "base_weight", "flagged"]
    assert shuffled["n"].dtype == "int64"


def test_answers_are_open_of_full_weight_and_unflagged_where_nobody_says_otherwise() -> None:
    row = check("cells", frame("cells", [CELL])).iloc[0]
    assert (row["tier"], row["base_weight"], row["flagged"]) == ("open", FULL_WEIGHT, 0)


@pytest.mark.parametrize(
    ("name", "rows", "message"),
    [
        ("cells", [CELL, CELL], "is given twice"),
        ("cells", [(*CELL[:4], -1, 0, 0)], "n is negative"),
        ("cells", [(*CELL[:4], "many", 0, 0)], "invalid literal"),
        ("cells", [CELL, (*HEALTH[:4], 4, 7, 25)], "an area has more answers than its cell has people"),
        ("cells", [HEALTH], "an area has more answers than its cell has people"),
        ("indicators", [("here", "hlt_1", "guessed", 1, 1)], "status 'guessed' is none of reported"),
        ("indicators", [("here", "hlt_1", "reported", 1, 0)], "denominator is not positive"),
        ("margins", [("resident", "here", "sex", "f", -5)], "people is negative"),
        ("scales", [("resident", "hlt", 0)], "scale is not positive"),
    ],
)
def test_a_table_that_breaks_its_contract_is_refused(name: str, rows: list[tuple[object, ...]], message: str) -> None:
    with pytest.raises(FrameError, match=message):
        check(name, frame(name, rows))


def test_a_missing_column_is_named() -> None:
    with pytest.raises(FrameError, match="cells: no column area, n"):
        check("cells", frame("cells", [CELL]).drop(columns=["n", "area"]))


def test_inputs_survive_being_written_and_read() -> None:
    inputs = make_inputs(**count_tables(respondents(50)))
    again = Inputs(**{name: read_csv(name, canonical_csv(table)) for name, table in inputs.tables().items()})
    assert again.digest() == inputs.digest()


def test_the_order_of_rows_changes_no_digest_and_a_count_does() -> None:
    tables = count_tables(respondents(50))
    digest = make_inputs(**tables).digest()
    assert make_inputs(**tables | {"cells": tables["cells"].sample(frac=1, random_state=1)}).digest() == digest
    more = tables["cells"].assign(total=tables["cells"]["total"] + (tables["cells"]["area"] == "hlt"))
    assert make_inputs(**tables | {"cells": more}).digest() != digest


def test_wide_tables_keep_their_counts_in_one_order() -> None:
    wide = pd.DataFrame([("resident", "here", "sex=f", 1, 2)], columns=["audience", "city", "cell", "q:b", "q:a"])
    assert list(check("options", wide).columns)[-2:] == ["q:a", "q:b"]
