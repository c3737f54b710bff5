"""Agreement of assessors: kappa against tables worked by hand and by another library, and what counts."""

from datetime import date
from fractions import Fraction

import pytest

from app.agreement import FEWEST, cohen_kappa
from app.database import Database
from app.indicators.agreement import (
    Agreement,
    AssessedPair,
    agreement_of,
    assessed_pairs,
    by_indicator,
    by_pair,
    measure_agreement,
)
from app.indicators.verdicts import CaseVerdict
from tests.builders.examination import ACCEPTED, KEY, RETURNED, make_person, open_for, say, send_value

# J. Sim, C. C. Wright, The Kappa Statistic in Reliability Studies, Physical Therapy 85 (2005), 257-268: two clinicians,
# 39 patients, table 22 2 / 4 11, p_o = 33/39, p_e = 819/1521. By hand: (33/39 - 819/1521) / (702/1521) = 468/702 = 2/3.
SIM_AND_WRIGHT = ((22, 2), (4, 11))

# Cohen's kappa as `sklearn.metrics.cohen_kappa_score` of scikit-learn 1.9.1 gave it for lists of these tables.
BY_SCIKIT_LEARN = [
    ((22, 2), (4, 11), 0.6666666666666667),
    ((20, 5), (10, 15), 0.4),
    ((118, 5), (10, 2), 0.15519399249061328),
    ((45, 15), (25, 15), 0.13043478260869568),
    ((25, 35), (5, 35), 0.2592592592592593),
    ((0, 20), (20, 0), -1.0),
    ((1900, 41), (57, 22), 0.2850487204120107),
    ((1, 0), (0, 19), 1.0),
    ((10, 10), (5, 0), -0.36363636363636354),
]


def test_kappa_of_a_table_worked_by_hand_is_exact() -> None:
    assert cohen_kappa(SIM_AND_WRIGHT) == Fraction(2, 3)
    assert Agreement(SIM_AND_WRIGHT).agreed == Fraction(33, 39)


@pytest.mark.parametrize(("first", "second", "kappa"), BY_SCIKIT_LEARN)
def test_kappa_is_what_another_library_finds(first: tuple[int, int], second: tuple[int, int], kappa: float) -> None:
    assert abs(float(cohen_kappa((first, second)) or 0) - kappa) < 1e-12


def test_kappa_of_three_names_is_what_the_manual_of_scikit_learn_shows() -> None:
    # negative, neutral, positive: y1 = n p n u p, y2 = n p n u n gives 0.6875.
    assert cohen_kappa(((2, 0, 0), (0, 1, 0), (1, 0, 1))) == Fraction(11, 16)


@pytest.mark.parametrize("table", [((0, 0), (0, 0)), ((30, 0), (0, 0)), ((0, 0), (0, 30))])
def test_kappa_is_not_defined_where_chance_explains_everything(table: tuple[tuple[int, int], tuple[int, int]]) -> None:
    assert cohen_kappa(table) is None
    assert not Agreement(table).is_unclear


def test_kappa_is_given_from_twenty_cases_on() -> None:
    assert Agreement(((10, 0), (1, FEWEST - 12))).kappa is None
    assert Agreement(((10, 0), (1, FEWEST - 11))).kappa is not None
    assert Agreement(((10, 0), (1, FEWEST - 12))).agreed == Fraction(18, 19)


@pytest.mark.parametrize(
    ("table", "unclear"),
    [(((20, 5), (10, 15)), True), (SIM_AND_WRIGHT, False), (((8, 2), (2, 8)), False), (((1, 1), (1, 0)), False)],
)
def test_a_definition_is_unclear_below_three_fifths(
    table: tuple[tuple[int, int], tuple[int, int]], unclear: bool
) -> None:
    assert Agreement(table).is_unclear is unclear


def pair(first: int, second: int, verdicts: str, indicator: str = "hlt_1", days: int | None = None) -> AssessedPair:
    words = tuple(CaseVerdict.ACCEPT if letter == "a" else CaseVerdict.RETURN for letter in verdicts)
    sent = None if days is None else date(2026, 11, 20 - days)
    return AssessedPair(
        KEY._replace(indicator=indicator), 1, first, second, (words[0], words[1]), sent, date(2026, 11, 20)
    )


def test_people_are_counted_by_person_and_indicators_by_seat() -> None:
    pairs = [pair(1, 2, "ar"), pair(2, 1, "ar"), pair(1, 2, "aa", "hlt_2"), pair(3, 1, "rr")]
    assert by_pair(pairs)[1, 2].table == ((1, 1), (1, 0))
    assert by_pair(pairs)[1, 3].table == ((0, 0), (0, 1))
    assert by_indicator(pairs)["hlt_1"].table == ((0, 2), (0, 1))
    assert by_indicator(pairs)["hlt_2"].returned == 0
    assert by_indicator(pairs)["hlt_1"].returned == Fraction(4, 6)


def test_days_are_the_median_from_sending_to_the_second_verdict() -> None:
    assert measure_agreement([pair(1, 2, "aa", days=n) for n in (1, 2, 9)]).days == 2
    assert measure_agreement([pair(1, 2, "aa", days=n) for n in (1, 2)]).days == Fraction(3, 2)
    assert measure_agreement([pair(1, 2, "aa")]).days is None
    assert measure_agreement([]).agreed is None


def test_a_first_verdict_counts_nowhere_before_the_second(database: Database) -> None:
    with database.writing() as session:
        open_for(session, "aktau", "oral")
        people = (make_person(session, "a", "analyst", "aktau"), make_person(session, "l", "lead", "aktau"))
        one, two, three = (make_person(session, f"r{n}", "reviewer") for n in range(3))
        send_value(session, KEY, people)
        say(session, KEY, one, RETURNED)
        assert agreement_of(session, KEY.period) == Agreement(((0, 0), (0, 0)))
        say(session, KEY, two, RETURNED, minutes=3 * 24 * 60)
        send_value(session, KEY, people, "no")
        say(session, KEY, three, ACCEPTED)
        assert agreement_of(session, KEY.period) == Agreement(((0, 0), (0, 1)), Fraction(3))
        assert assessed_pairs(session, "2025") == []
        assert [its.revision for its in assessed_pairs(session)] == [1]
