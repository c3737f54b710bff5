"""Staff against residents: against scipy and figures worked by hand, and silent below the publication rule."""

from dataclasses import replace
from math import sqrt

import pytest
from scipy.stats import norm, sem
from sqlalchemy import select

from app.ratings.staff_answers import (
    AreaSums,
    Mean,
    area_sums,
    areas_asked_alike,
    compare,
    difference_of,
    list_staff_waves,
    may_be_shown,
    mean_of,
    residents_means,
    staff_means,
)
from scoring.edition import load_edition
from surveys.models import Tally, Wave
from surveys.questionnaire.versions import get_compiled
from surveys.tallies.cube import Cube, from_bytes
from tests.builders.country import RESIDENTS, Country
from tests.builders.staff_wave import STAFF_WAVE, add_staff_answers, open_staff_wave

EDITION = load_edition("open_figures_2024")
FIFTY_FIFTY = [{"hlt": 5, "eco": 4}, {"hlt": 3, "eco": None}] * 50
"""A hundred people: in health 50 of 100 points and 50 of 50; in ecology 50 of 75, and 50 who find it hard to say."""


@pytest.fixture
def asked(country: Country) -> Country:
    """A country whose staff answered in two cities."""
    with country.database.writing() as session:
        compiled = open_staff_wave(session, country.today)
        add_staff_answers(session, compiled, "aktau", FIFTY_FIFTY, country.today)
        add_staff_answers(session, compiled, "oral", [{"hlt": 1}] * 12, country.today)
    return country


def means(country: Country, city: str) -> dict[str, Mean]:
    with country.database.reading() as session:
        return staff_means(session, session.get_one(Wave, STAFF_WAVE), city)


def test_a_mean_and_its_error_are_those_worked_by_hand(asked: Country) -> None:
    own = means(asked, "aktau")
    # Mean (50·100 + 50·50)/100 = 75; s² = 100·25²/99 = 62500/99; standard error √(62500/9900) = 2.512595.
    assert own["hlt"].value == 75
    assert own["hlt"].se == pytest.approx(2.512595, abs=1e-6)
    assert (own["hlt"].n, own["hlt"].effective_n) == (100, 100)
    assert (own["eco"].value, own["eco"].se, own["eco"].n) == (75, 0, 50)
    assert set(own) == {"hlt", "eco"}


def test_a_mean_and_its_error_are_scipys(asked: Country) -> None:
    points = [100.0, 50.0] * 50
    own = means(asked, "aktau")["hlt"]
    assert own.se == pytest.approx(float(sem(points)), rel=1e-12)
    assert (own.low, own.high) == pytest.approx(norm.interval(0.95, loc=75, scale=sem(points)), rel=1e-12)


def test_a_difference_is_the_one_worked_by_hand_and_scipys() -> None:
    staff, residents = Mean(75, sqrt(62500 / 9900), 100, 100), Mean(60, 2, 400, 300)
    value, low, high = difference_of(staff, residents)
    # Standard error √(6.313131 + 4) = 3.211406; times 1.959964 is 6.294240.
    assert value == 15
    assert (low, high) == pytest.approx((8.705760, 21.294240), abs=1e-6)
    assert (low, high) == pytest.approx(norm.interval(0.95, loc=15, scale=sqrt(62500 / 9900 + 4)), rel=1e-12)


def test_sums_are_those_of_the_counts(asked: Country) -> None:
    with asked.database.reading() as session:
        compiled = get_compiled(session, session.get_one(Wave, STAFF_WAVE).version)
        rows = session.scalars(select(Tally.counts).where(Tally.wave == STAFF_WAVE)).all()
    cube = Cube(compiled)
    whole = sum(from_bytes(counts) for counts in rows)
    assert {area: each[:3] for area, each in area_sums(compiled, rows).items()} == cube.area_counts(whole)


def test_one_answer_has_no_mean() -> None:
    assert mean_of(AreaSums(1, 30, 900, 6)) is None


@pytest.mark.parametrize(
    ("changes", "is_shown"),
    [({}, True), ({"effective_n": 59.9}, False), ({"n": 9}, False), ({"se": 5.2}, False), ({"se": 5.1}, True)],
)
def test_a_mean_is_shown_where_an_opinion_may_be_published(changes: dict[str, float], is_shown: bool) -> None:
    assert may_be_shown(replace(Mean(50, 2, 60, 60), **changes), EDITION) is is_shown


def test_few_of_either_hide_the_difference_and_the_mean_of_those_few_alone() -> None:
    many, few = Mean(50, 2, 100, 100), Mean(70, 2, 40, 40)
    (hidden,) = compare({"hlt": many}, {"hlt": few}, {"hlt"}, EDITION)
    assert (hidden.residents, hidden.staff, hidden.difference) == (many, None, None)
    (other,) = compare({"hlt": many}, {"hlt": many}, (), EDITION)
    assert (other.is_asked_alike, other.difference) == (False, None)
    (alone,) = compare({}, {"hlt": many}, {"hlt"}, EDITION)
    assert (alone.residents, alone.difference) == (None, None)


def test_residents_are_read_from_the_run_the_mixed_estimate_first() -> None:
    head = "audience,city,tier,area,mean,se,se_linearised,n,effective_n,design_effect,reason\n"
    rows = (
        "business,aktau,open,hlt,1.0,1.0,1.0,90,90.0,1.0,\n"
        "resident,aktau,mixed,hlt,61.5,1.5,1.5,400,310.5,1.3,\n"
        "resident,aktau,open,hlt,70.0,1.0,1.0,90,80.0,1.0,\n"
        "resident,aktau,mixed,eco,,,,0,0.0,,nobody_answered\n"
        "resident,oral,mixed,hlt,50.0,1.0,1.0,90,80.0,1.0,\n"
    )
    assert residents_means((head + rows).encode(), "aktau") == {"hlt": Mean(61.5, 1.5, 400, 310.5)}


def test_a_wave_that_still_changes_is_looked_at_only_where_its_answers_are_nobodys(asked: Country) -> None:
    def found() -> list[str]:
        with asked.database.reading() as session:
            return [wave.code for wave in list_staff_waves(session, "aktau")]

    def changed(**changes: object) -> list[str]:
        with asked.database.writing() as session:
            wave = session.get_one(Wave, STAFF_WAVE)
            for name, value in changes.items():
                setattr(wave, name, value)
        return found()

    assert found() == []
    assert changed(state="closed") == [], "phones still send to it, and an answer can be taken back"
    assert changed(state="frozen") == [STAFF_WAVE]
    assert changed(state="open", illustrative=True) == [STAFF_WAVE]
    with asked.database.reading() as session:
        assert list_staff_waves(session, "semei") == []


def test_the_questionnaires_of_the_product_ask_alike_in_every_area(asked: Country) -> None:
    with asked.database.reading() as session:
        staff = session.get_one(Wave, STAFF_WAVE)
        assert areas_asked_alike(session, staff, [RESIDENTS]) == set(asked.residents.areas)
