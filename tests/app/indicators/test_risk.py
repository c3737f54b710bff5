"""What is odd about a value, and the order in which assessors meet it."""

from datetime import date

import pytest
from sqlalchemy import select

from app.database import Database
from app.indicators.case_models import ValueCase
from app.indicators.keys import CaseKey
from app.indicators.measures import Measurement
from app.indicators.risk import Oddity, RiskInputs, by_risk, oddities
from app.indicators.vocabulary import Status, ValueFlag
from tests.builders.examination import KEY, make_people, open_for, send_value
from tests.builders.indicators import INDICATORS

CITIES = ["aktau", "aktobe", "almaty", "astana", "atyrau", "oral"]
NOTHING = Measurement(Status.MISSING)


def figure(number: int, flag: ValueFlag = ValueFlag.NONE) -> Measurement:
    return Measurement(Status.REPORTED, number, 1, flag)


def odd(code: str, now: Measurement, before: Measurement | None, shared: bool = False) -> tuple[Oddity, ...]:
    key = CaseKey("2024", "aktau", code)
    known = RiskInputs(
        {("aktau", code): now},
        {} if before is None else {("aktau", code): before},
        frozenset({key}) if shared else frozenset(),
    )
    return oddities("2024", known, INDICATORS)[key]


@pytest.mark.parametrize(
    ("now", "before", "shared", "expected"),
    [
        (figure(1), figure(1), False, ()),
        (figure(1), figure(0), False, (Oddity.YES_AFTER_NO,)),
        (figure(0), figure(1), False, ()),
        (figure(1), None, False, (Oddity.FIRST_VALUE,)),
        (figure(1), NOTHING, False, (Oddity.FIRST_VALUE,)),
        (NOTHING, None, False, ()),
        (Measurement(Status.NOT_APPLICABLE), figure(0), False, (Oddity.NOT_APPLICABLE,)),
        (figure(1), figure(0), True, (Oddity.SHARED_EVIDENCE, Oddity.YES_AFTER_NO)),
        (figure(2, ValueFlag.ABOVE_100), figure(1), True, (Oddity.LINTER, Oddity.SHARED_EVIDENCE)),
    ],
)
def test_each_oddity_of_one_value(
    now: Measurement, before: Measurement | None, shared: bool, expected: tuple[Oddity, ...]
) -> None:
    assert odd("answered", now, before, shared) == expected


def test_a_value_after_a_period_without_one_is_no_first_value() -> None:
    """The period just before had none, but one before that had: it is given again, and not for the first time."""
    now = {("aktau", "answered"): figure(1), ("oral", "answered"): figure(1)}
    found = oddities("2024", RiskInputs(now, {}, earlier={("aktau", "answered")}), INDICATORS)
    assert {key.city: its for key, its in found.items()} == {"aktau": (), "oral": (Oddity.FIRST_VALUE,)}


def changes(code: str, by_city: list[int]) -> set[str]:
    now = {(city, code): figure(50 + change) for city, change in zip(CITIES, by_city, strict=False)}
    before = {(city, code): figure(50) for city, _ in zip(CITIES, by_city, strict=False)}
    found = oddities("2024", RiskInputs(now, before), INDICATORS)
    return {key.city for key, its in found.items() if Oddity.BIG_CHANGE in its}


@pytest.mark.parametrize(
    ("code", "by_city", "far"),
    [
        # Median 2, deviations 1 1 0 1 0 and 18: their median is 1, so 3 away is not far and 4 is.
        ("life", [1, 3, 2, 1, 2, 20], {"oral"}),
        ("life", [1, 3, 2, 1, 2, 5], set()),
        ("life", [0, 0, 0, 0, 0, 1], {"oral"}),
        ("life", [0, 0, 0, 1], set()),  # too few cities to compare with
        ("answered", [0, 0, 0, 0, 0, 1], set()),  # a yes or no has no size
    ],
)
def test_a_change_is_far_beyond_three_median_deviations(code: str, by_city: list[int], far: set[str]) -> None:
    assert changes(code, by_city) == far


def test_what_the_linter_calls_an_outlier_comes_first() -> None:
    now = {(city, "life"): figure(70 + n) for n, city in enumerate(CITIES[:5])} | {("oral", "life"): figure(700)}
    found = oddities("2024", RiskInputs(now, now), INDICATORS)
    assert {key.city for key, its in found.items() if Oddity.LINTER in its} == {"oral"}
    unsized = {(city, "answered"): figure(0) for city in CITIES[:5]} | {("oral", "answered"): figure(1)}
    assert not any(oddities("2024", RiskInputs(unsized, unsized), INDICATORS).values())


def test_the_worst_comes_first_and_then_the_last_day() -> None:
    rows = [
        (CaseKey("2024", "a", "1"), (), date(2026, 1, 1)),
        (CaseKey("2024", "b", "1"), (Oddity.FIRST_VALUE,), None),
        (CaseKey("2024", "c", "1"), (Oddity.YES_AFTER_NO, Oddity.FIRST_VALUE), date(2026, 12, 3)),
        (CaseKey("2024", "d", "1"), (Oddity.YES_AFTER_NO,), date(2026, 12, 1)),
        (CaseKey("2024", "e", "1"), (Oddity.LINTER,), None),
    ]
    order = [row[0].city for row in sorted(rows, key=lambda row: by_risk(*row))]
    assert order == ["e", "d", "c", "b", "a"]


def test_a_gap_of_a_period_makes_no_value_the_first(database: Database) -> None:
    with database.writing() as session:
        people = make_people(session)
        for period in ("2027", "2028"):
            open_for(session, "aktau", "oral", period=period)
        for key in (KEY._replace(period="2028"), KEY._replace(period="2028", indicator="hlt_2")):
            send_value(session, key, people[:2])
        rows = session.execute(
            select(ValueCase.period, ValueCase.indicator, ValueCase.oddities)
            .where(ValueCase.oddities != "")
            .order_by(ValueCase.period, ValueCase.indicator)
        )
        # 2027 has no value of the first indicator, and 2026 has one; of the second there never was any.
        assert [tuple(row) for row in rows] == [("2026", "hlt_1", "first_value"), ("2028", "hlt_2", "first_value")]
