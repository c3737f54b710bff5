"""The case that began it: 85 of Aktau's 101 values marked "not applicable" on the city's own word."""

from datetime import UTC, datetime
from fractions import Fraction

from app.audit.journal import Actor
from app.cli.seed import illustrative_file
from app.database import Database
from app.demo.acceptance import accept_unexamined
from app.indicators import cases
from app.indicators.cases import get_case
from app.indicators.files import SpreadsheetFile
from app.indicators.imports import Target, import_file
from app.indicators.keys import CaseKey
from app.indicators.queries import IndicatorRow, current_values
from app.indicators.returns import ReturnOrder, send_return
from app.ratings.forecast import total_of
from scoring.edition import load_edition
from scoring.indicators.values import score_value
from tests.builders.cases import FIRST, LEAD, REASON, accept_sent, add_paper, by, open_small_period, type_in

EDITION = load_edition("standard_2019")
LEFT = 16
"""Of 101."""


def of_aktau(rows: list[IndicatorRow]) -> list[IndicatorRow]:
    return [row for row in rows if row.city == "aktau"]


def best_of(rows: list[IndicatorRow]) -> dict[str, Fraction]:
    """Choose what a city would leave in: the best value of each area, and the best of the others."""
    scores = {}
    for row in rows:
        indicator = EDITION.indicator(row.indicator)
        assert indicator
        scores[row.indicator] = score_value(indicator, Fraction(row.numerator or 0, row.denominator or 1)).score
    by_score = sorted(scores, key=lambda code: (-scores[code], code))
    kept = [next(code for code in by_score if code.startswith(f"{area.code}_")) for area in EDITION.areas]
    kept += [code for code in by_score if code not in kept][: LEFT - len(kept)]
    return {code: scores[code] for code in kept}


def by_hand(kept: dict[str, Fraction]) -> Fraction:
    """Compute the total of what is left: means of areas, of groups, and of groups by their coefficients."""
    weighted = Fraction(0)
    for group in EDITION.groups:
        areas = []
        for area in EDITION.areas_of(group.code):
            own = [score for code, score in kept.items() if code.startswith(f"{area.code}_")]
            areas.append(sum(own, Fraction(0)) / len(own))
        weighted += group.coefficient * sum(areas, Fraction(0)) / len(areas)
    return weighted / sum(group.coefficient for group in EDITION.groups)


def test_a_citys_own_word_moves_its_total_by_nothing_until_it_is_accepted(database: Database) -> None:
    line = Actor(None, datetime(2026, 11, 30, tzinfo=UTC))
    with database.writing() as session:
        open_small_period(session)
        import_file(session, SpreadsheetFile("a.csv", illustrative_file()), Target("2019", EDITION.code), line)
        accept_unexamined(session, "2019", line)
        before = of_aktau(current_values(session, "2019"))
        total = total_of(EDITION, before)
        assert total is not None
        kept = best_of(before)
        keys = [CaseKey("2019", "aktau", row.indicator) for row in before if row.indicator not in kept]
        assert len(keys) == 85
        for key in keys:
            cases.reopen(session, key, get_case(session, key).version, REASON, by(FIRST))
            type_in(session, key, status="not_applicable", note=REASON)
            add_paper(session, key)
        versions = {key.indicator: get_case(session, key).version for key in keys}
        send_return(session, ReturnOrder("2019", "aktau", versions), by(LEAD), missing=0, bulk="press")

        assert of_aktau(current_values(session, "2019")) == before
        assert total_of(EDITION, of_aktau(current_values(session, "2019"))) == total
        trial = total_of(EDITION, of_aktau(current_values(session, "2019", "latest")))
        assert trial == by_hand(kept)
        assert trial > total + 15, "what the city's word alone would have done"

        for key in keys:
            accept_sent(session, key)
        assert total_of(EDITION, of_aktau(current_values(session, "2019"))) == trial


def test_not_applicable_that_nobody_accepted_counts_as_missing(database: Database) -> None:
    with database.writing() as session:
        open_small_period(session)
        key = CaseKey("2026", "aktau", "ctm_1")
        type_in(session, key, status="not_applicable", note=REASON)
        (row,) = current_values(session, "2026")
        assert (row.status, row.not_accepted, row.revision) == ("missing", True, 0)
