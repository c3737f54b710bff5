from datetime import date

import pytest

from app.indicators.periods import DateRange, span_of


@pytest.mark.parametrize(
    ("code", "starts", "ends"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-H1", date(2024, 1, 1), date(2024, 6, 30)),
        ("2024-H2", date(2024, 7, 1), date(2024, 12, 31)),
        ("2025-Q1", date(2025, 1, 1), date(2025, 3, 31)),
        ("2025-Q4", date(2025, 10, 1), date(2025, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2025-02", date(2025, 2, 1), date(2025, 2, 28)),
    ],
)
def test_a_period_covers_its_days(code: str, starts: date, ends: date) -> None:
    assert span_of(code) == DateRange(starts, ends)


@pytest.mark.parametrize(
    "code", ["", "24", "1999", "2024-13", "2024-00", "2024-Q5", "2024-H3", "2024 ", "2024/1", "қазір"]
)
def test_no_other_text_is_a_period(code: str) -> None:
    assert span_of(code) is None
