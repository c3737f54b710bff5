"""Attacks by one source on what others are compared with: nobody is flagged because of what one network sends."""

from datetime import timedelta
from pathlib import Path

import pytest

from surveys.models.responses import Flag
from surveys.quality.signals import ENOUGH_HOURS
from tests.surveys.quality.test_signals import NOON, ArrivalMonitor, arrival

HONEST = [f"198.51.{number}.7" for number in range(60)]
JUNK = "203.0.113.9"


@pytest.fixture
def monitor(tmp_path: Path) -> ArrivalMonitor:
    return ArrivalMonitor(tmp_path)


def test_one_network_that_claims_an_hour_for_each_answer_makes_nobody_else_fast(monitor: ArrivalMonitor) -> None:
    # A phone says itself how long it took, and after a restart nobody has answered before.
    for number in range(200):
        monitor.assess(arrival(address=JUNK, device=f"{number}", seconds=3600), NOON)
    flags = [monitor.assess(arrival(address=each, tier="verified", seconds=400), NOON).flags for each in HONEST]
    assert flags == [0] * len(HONEST)


def test_one_network_that_answers_fast_again_and_again_makes_no_speed_normal(monitor: ArrivalMonitor) -> None:
    for each in HONEST:
        monitor.assess(arrival(address=each, seconds=400), NOON)
    flags = [monitor.assess(arrival(address=JUNK, seconds=20), NOON).flags for _ in range(200)]
    assert flags == [int(Flag.SPEED)] * 200


def test_a_flood_of_one_network_is_no_burst_of_all_others(monitor: ArrivalMonitor) -> None:
    for hour in range(ENOUGH_HOURS):
        for each in HONEST[:4]:
            monitor.assess(arrival(address=each), NOON + timedelta(hours=hour))
    later = NOON + timedelta(hours=ENOUGH_HOURS)
    flood = [monitor.assess(arrival(address=JUNK, device=f"{number}"), later).flags for number in range(200)]
    assert flood.count(int(Flag.BURST)) > 150
    flags = [monitor.assess(arrival(address=each, tier="verified"), later).flags for each in HONEST[:4]]
    assert flags == [0] * 4


def test_a_flood_of_one_network_hides_no_burst_of_the_hours_after(monitor: ArrivalMonitor) -> None:
    for hour in range(ENOUGH_HOURS):
        for each in [*HONEST[:4], *[JUNK] * 40 * (hour % 2)]:
            monitor.assess(arrival(address=each), NOON + timedelta(hours=hour))
    later = NOON + timedelta(hours=ENOUGH_HOURS)
    assert any(monitor.assess(arrival(address=each), later).flags for each in HONEST)
