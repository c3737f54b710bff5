from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from surveys.ballots import keys
from surveys.models.responses import Flag
from surveys.quality.signals import ENOUGH_ANSWERS, ENOUGH_HOURS, Arrival, ArrivalMonitor, ArrivalSignals

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=timezone(timedelta(hours=5)))


def arrival(**fields: object) -> Arrival:
    return Arrival(**{"wave": "w", "city": "almaty", "address": "192.0.2.7"} | fields)  # type: ignore[arg-type]


@pytest.fixture
def monitor(tmp_path: Path) -> ArrivalMonitor:
    return ArrivalMonitor(tmp_path)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"address": "192.0.2.7"}, {"address": "192.0.2.200"}, True),
        ({"address": "192.0.2.7"}, {"address": "192.0.3.7"}, False),
        ({"address": "192.0.2.7"}, {"address": "::ffff:192.0.2.9"}, True),
        ({"address": "2001:db8:7:1::1"}, {"address": "2001:db8:7:2::9"}, True),
        ({"address": "2001:db8:7::1"}, {"address": "2001:db8:8::1"}, False),
        ({"device": "d1", "address": ""}, {"device": "d1", "address": ""}, True),
        ({"device": "d1", "address": ""}, {"device": "d2", "address": ""}, False),
        ({"device": "x", "address": ""}, {"invitation": "x", "address": ""}, False),
        ({"invitation": "i", "address": ""}, {"invitation": "i", "address": ""}, True),
        ({"device": "d", "address": ""}, {"device": "d", "address": "", "city": "oral"}, False),
        ({"device": "d", "address": ""}, {"device": "d", "address": "", "wave": "v"}, False),
    ],
)
def test_what_is_linked(monitor: ArrivalMonitor, one: dict[str, str], other: dict[str, str], same: bool) -> None:
    first, second = (monitor.assess(arrival(**fields), NOON).links for fields in (one, other))
    assert len(first) == len(second) == 1
    assert (first == second) is same


def test_a_network_links_within_an_hour_and_a_device_within_a_day(monitor: ArrivalMonitor) -> None:
    noon, later = (monitor.assess(arrival(device="d"), NOON + timedelta(hours=hour)).links for hour in (0, 1))
    assert noon[0] == later[0]
    assert noon[1] != later[1]


def test_thirty_people_behind_one_address_are_linked_and_none_is_refused(monitor: ArrivalMonitor) -> None:
    assessed = [monitor.assess(arrival(device=f"phone {person}"), NOON) for person in range(30)]
    assert len({signals.links[1] for signals in assessed}) == 1
    assert len({signals.links[0] for signals in assessed}) == 30


@pytest.mark.parametrize("address", ["", "unknown", "192.0.2.7, 198.51.100.1", "localhost"])
def test_what_is_no_address_links_nobody(monitor: ArrivalMonitor, address: str) -> None:
    assert monitor.assess(arrival(address=address), NOON) == ArrivalSignals(0, ())


def test_three_codes_fit_their_column(monitor: ArrivalMonitor) -> None:
    links = monitor.assess(arrival(device="d", invitation="i"), NOON).links
    assert len(links) == 3
    assert len(" ".join(links)) <= 64


def test_two_processes_and_a_restart_give_the_same_codes_on_one_day(tmp_path: Path) -> None:
    codes = {
        ArrivalMonitor(tmp_path).assess(arrival(device="d"), NOON + timedelta(minutes=n)).links for n in (0, 7, 59)
    }
    assert len(codes) == 1


def test_codes_of_two_days_never_match_and_yesterdays_key_is_gone(tmp_path: Path) -> None:
    monitor = ArrivalMonitor(tmp_path)
    before = monitor.assess(arrival(device="d"), NOON).links
    key = keys.day_key(tmp_path, NOON.date())
    after = monitor.assess(arrival(device="d"), NOON + timedelta(days=1)).links
    assert not set(before) & set(after)
    assert [file.name for file in tmp_path.iterdir()] == ["2026-11-25.day-key"]
    assert keys.day_key(tmp_path, NOON.date()) != key


def test_a_key_that_is_destroyed_within_its_day_is_given_up_by_every_process(tmp_path: Path) -> None:
    one, other = ArrivalMonitor(tmp_path), ArrivalMonitor(tmp_path)
    before = {monitor.assess(arrival(device="d"), NOON).links for monitor in (one, other)}
    assert keys.erase_day_keys(tmp_path) == 1
    after = {monitor.assess(arrival(device="d"), NOON).links for monitor in (one, other, one)}
    assert (len(before), len(after)) == (1, 1)
    assert before != after


def test_the_day_turns_at_midnight_of_the_zone(tmp_path: Path) -> None:
    monitor, midnight = ArrivalMonitor(tmp_path), NOON.replace(hour=0)
    before = monitor.assess(arrival(device="d"), midnight - timedelta(seconds=1)).links
    assert before[0] != monitor.assess(arrival(device="d"), midnight).links[0]
    assert midnight.astimezone(UTC).date() == date(2026, 11, 23)


def test_wave_keys_stay_when_a_day_ends(tmp_path: Path) -> None:
    wave = keys.create(tmp_path, "2026-11-24")
    keys.day_key(tmp_path, date(2026, 11, 24))
    keys.day_key(tmp_path, date(2026, 11, 25))
    assert keys.load(tmp_path, "2026-11-24") == wave


def test_a_damaged_day_key_is_named(tmp_path: Path) -> None:
    (tmp_path / "2026-11-24.day-key").write_bytes(b"short")
    with pytest.raises(keys.KeyFileError, match="2026-11-24"):
        ArrivalMonitor(tmp_path).assess(arrival(), NOON)


def test_who_needs_under_a_third_of_the_median_is_fast_once_there_are_enough(monitor: ArrivalMonitor) -> None:
    fast = [monitor.assess(arrival(seconds=10), NOON).flags for _ in range(ENOUGH_ANSWERS // 3)]
    for second in range(ENOUGH_ANSWERS):
        monitor.assess(arrival(seconds=285 + second), NOON)
    assert not any(fast)
    # 40 answers, 10 of them of 10 seconds: the middle is the 10th of 285 to 314.
    assert monitor.assess(arrival(seconds=97), NOON).flags & Flag.SPEED
    assert not monitor.assess(arrival(seconds=99), NOON).flags & Flag.SPEED
    assert not monitor.assess(arrival(seconds=None), NOON).flags
    assert not monitor.assess(arrival(seconds=1, wave="another"), NOON).flags


def test_the_median_follows_those_who_come(monitor: ArrivalMonitor) -> None:
    for seconds in [9000] * 50 + [60] * 200:
        monitor.assess(arrival(seconds=seconds), NOON)
    assert not monitor.assess(arrival(seconds=20), NOON).flags
    assert monitor.assess(arrival(seconds=19), NOON).flags == Flag.SPEED
    assert monitor.assess(arrival(seconds=-5), NOON).flags == Flag.SPEED


def test_an_hour_far_above_the_citys_rate_is_a_burst(monitor: ArrivalMonitor) -> None:
    for hour in range(ENOUGH_HOURS):
        for _ in range(4):
            assert monitor.assess(arrival(), NOON + timedelta(hours=hour)).flags == 0
    later = NOON + timedelta(hours=ENOUGH_HOURS)
    flags = [monitor.assess(arrival(), later).flags for _ in range(20)]
    # Four an hour vary by two: sixteen is the most that six deviations allow.
    assert flags == [0] * 16 + [int(Flag.BURST)] * 4
    assert monitor.assess(arrival(city="oral"), later).flags == 0


def test_a_quiet_night_counts_as_hours_without_answers(monitor: ArrivalMonitor) -> None:
    for _ in range(40):
        monitor.assess(arrival(), NOON)
    morning = NOON + timedelta(hours=ENOUGH_HOURS + 400)
    flags = [monitor.assess(arrival(), morning).flags for _ in range(8)]
    assert flags == [0] * 6 + [int(Flag.BURST)] * 2


def test_a_filled_trap_is_flagged(monitor: ArrivalMonitor) -> None:
    assert monitor.assess(arrival(honey="http://spam"), NOON).flags == Flag.HONEYPOT


def test_an_arrival_shows_nothing_in_a_log() -> None:
    text = repr(arrival(device="d-7", invitation="i-7", seconds=77, honey="h-7"))
    assert text == "Arrival(wave='w', city='almaty')"
