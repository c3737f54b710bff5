from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from surveys.ballots import keys
from surveys.models.responses import Flag
from surveys.quality.links import FIRST_DEVICES, LAST_TURN, Links, Turn, read_links
from surveys.quality.signals import ENOUGH_ANSWERS, ENOUGH_HOURS, Arrival, ArrivalSignals
from surveys.quality.signals import ArrivalMonitor as Monitor

WAVE_KEY = b"k" * 32
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=timezone(timedelta(hours=5)))


def arrival(**fields: object) -> Arrival:
    return Arrival(**{"wave": "w", "city": "almaty", "address": "192.0.2.7"} | fields)  # type: ignore[arg-type]


def anywhere(**fields: object) -> Arrival:
    """Make an arrival of a network that is not known, as if each came from its own."""
    return arrival(**{"address": ""} | fields)


class ArrivalMonitor(Monitor):
    """The monitor, with the key of one wave at hand."""

    def assess(self, arrival: Arrival, now: datetime, wave_key: bytes = WAVE_KEY) -> ArrivalSignals:
        return super().assess(arrival, now, wave_key)


def codes_of(links: Links) -> dict[str, Any]:
    """Give the codes of an answer by kind, without those that are unknown and without turns."""
    codes = {kind: code.code if isinstance(code, Turn) else code for kind, code in links._asdict().items()}
    return {kind: code for kind, code in codes.items() if code}


@pytest.fixture
def monitor(tmp_path: Path) -> ArrivalMonitor:
    return ArrivalMonitor(tmp_path)


NETWORK = {"hour", "day", "network"}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"address": "192.0.2.7"}, {"address": "192.0.2.200"}, NETWORK),
        ({"address": "192.0.2.7"}, {"address": "192.0.3.7"}, set()),
        ({"address": "192.0.2.7"}, {"address": "::ffff:192.0.2.9"}, NETWORK),
        ({"address": "2001:db8:7:1::1"}, {"address": "2001:db8:7:2::9"}, NETWORK | {"provider"}),
        ({"address": "2001:db8:7::1"}, {"address": "2001:db8:8::1"}, {"provider"}),
        ({"address": "2001:db8:7::1"}, {"address": "2001:db9:7::1"}, set()),
        ({"device": "d1", "address": ""}, {"device": "d1", "address": ""}, {"device"}),
        ({"device": "d1", "address": ""}, {"device": "d2", "address": ""}, set()),
        ({"device": "x", "address": ""}, {"invitation": "x", "address": ""}, set()),
        ({"invitation": "i", "address": ""}, {"invitation": "i", "address": ""}, {"invitation"}),
        ({"device": "d", "address": ""}, {"device": "d", "address": "", "city": "oral"}, set()),
        ({"device": "d", "address": ""}, {"device": "d", "address": "", "wave": "v"}, set()),
    ],
)
def test_what_is_linked(monitor: ArrivalMonitor, one: dict[str, str], other: dict[str, str], same: set[str]) -> None:
    first, second = (codes_of(monitor.assess(arrival(**fields), NOON).links) for fields in (one, other))
    assert {kind for kind in first.keys() & second.keys() if first[kind] == second[kind]} == same
    assert len(set(first.values())) == len(first)


def test_a_network_links_within_an_hour_a_day_and_a_wave_and_a_device_within_a_day(monitor: ArrivalMonitor) -> None:
    noon, later, next_day = (
        codes_of(monitor.assess(arrival(device="d"), NOON + timedelta(hours=hour)).links) for hour in (0, 1, 24)
    )
    assert {kind for kind in noon if noon[kind] == later[kind]} == {"device", "day", "network"}
    assert {kind for kind in noon if noon[kind] == next_day[kind]} == {"network"}


def test_a_verified_answer_carries_nothing_of_its_network(monitor: ArrivalMonitor) -> None:
    links = monitor.assess(arrival(device="d", invitation="i", tier="verified"), NOON).links
    assert set(codes_of(links)) == {"device", "invitation"}


def test_thirty_people_behind_one_address_are_linked_and_none_is_refused(monitor: ArrivalMonitor) -> None:
    assessed = [monitor.assess(arrival(device=f"phone {person}"), NOON).links for person in range(30)]
    assert len({links.hour.code for links in assessed}) == 1
    assert len({links.device for links in assessed}) == 30
    assert [links.hour.turn for links in assessed] == [person // FIRST_DEVICES for person in range(30)]


def test_a_turn_counts_devices_and_not_answers_anew_each_hour_and_day(monitor: ArrivalMonitor) -> None:
    def turns(moment: datetime, *devices: str) -> list[tuple[int, int]]:
        assessed = [monitor.assess(arrival(device=device), moment).links for device in devices]
        return [(links.hour.turn, links.day.turn) for links in assessed]

    assert turns(NOON, *["one"] * 100, *[""] * 100, "another") == [(0, 0)] * 201
    assert turns(NOON, *map(str, range(300)))[-1] == (LAST_TURN, LAST_TURN)
    assert turns(NOON + timedelta(hours=1), "late") == [(0, LAST_TURN)]
    assert turns(NOON + timedelta(hours=24), "later") == [(0, 0)]
    assert turns(NOON, "one") == [(0, 0)]


def test_a_key_of_another_wave_gives_other_codes_of_the_wave(monitor: ArrivalMonitor) -> None:
    one, other = (monitor.assess(arrival(address="2001:db8::1"), NOON, key * 32).links for key in (b"a", b"b"))
    assert one.day == other.day
    assert one.network != other.network
    assert one.provider != other.provider


@pytest.mark.parametrize("address", ["", "unknown", "192.0.2.7, 198.51.100.1", "localhost"])
def test_what_is_no_address_links_nobody(monitor: ArrivalMonitor, address: str) -> None:
    assert monitor.assess(arrival(address=address), NOON) == ArrivalSignals(0, Links())


def test_all_codes_fit_their_column_and_are_read_back(monitor: ArrivalMonitor) -> None:
    links = monitor.assess(arrival(device="d", invitation="i", address="2001:db8::1"), NOON).links
    assert len(links.write()) <= 64
    assert len(codes_of(links)) == 6
    assert read_links(links.write()) == links
    assert read_links("") == Links()


def test_codes_of_the_release_before_are_read_without_a_kind() -> None:
    stored = "0123456789abcdef fedcba9876543210"
    assert read_links(stored) == Links(legacy=("0123456789abcdef", "fedcba9876543210"))
    assert read_links(stored).write() == stored


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
    assert (before.device, before.day, before.hour) != (after.device, after.day, after.hour)
    assert {code for kind, code in codes_of(before).items() if kind != "network"}.isdisjoint(codes_of(after).values())
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
    assert before.device != monitor.assess(arrival(device="d"), midnight).links.device
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
    fast = [monitor.assess(anywhere(seconds=10), NOON).flags for _ in range(ENOUGH_ANSWERS // 3)]
    for second in range(ENOUGH_ANSWERS):
        monitor.assess(anywhere(seconds=285 + second), NOON)
    assert not any(fast)
    # 40 answers, 10 of them of 10 seconds: the middle is the 10th of 285 to 314.
    assert monitor.assess(anywhere(seconds=97), NOON).flags & Flag.SPEED
    assert not monitor.assess(anywhere(seconds=99), NOON).flags & Flag.SPEED
    assert not monitor.assess(anywhere(seconds=None), NOON).flags
    assert not monitor.assess(anywhere(seconds=1, wave="another"), NOON).flags


def test_the_median_follows_those_who_come(monitor: ArrivalMonitor) -> None:
    for seconds in [9000] * 50 + [60] * 200:
        monitor.assess(anywhere(seconds=seconds), NOON)
    assert not monitor.assess(anywhere(seconds=20), NOON).flags
    assert monitor.assess(anywhere(seconds=19), NOON).flags == Flag.SPEED
    assert monitor.assess(anywhere(seconds=-5), NOON).flags == Flag.SPEED


def test_an_hour_far_above_the_citys_rate_is_a_burst(monitor: ArrivalMonitor) -> None:
    for hour in range(ENOUGH_HOURS):
        for _ in range(4):
            assert monitor.assess(anywhere(), NOON + timedelta(hours=hour)).flags == 0
    later = NOON + timedelta(hours=ENOUGH_HOURS)
    flags = [monitor.assess(anywhere(), later).flags for _ in range(20)]
    # Four an hour vary by two: sixteen is the most that six deviations allow.
    assert flags == [0] * 16 + [int(Flag.BURST)] * 4
    assert monitor.assess(anywhere(city="oral"), later).flags == 0


def test_a_quiet_night_counts_as_hours_without_answers(monitor: ArrivalMonitor) -> None:
    for _ in range(40):
        monitor.assess(anywhere(), NOON)
    morning = NOON + timedelta(hours=ENOUGH_HOURS + 400)
    flags = [monitor.assess(anywhere(), morning).flags for _ in range(8)]
    assert flags == [0] * 6 + [int(Flag.BURST)] * 2


def test_a_filled_trap_is_flagged(monitor: ArrivalMonitor) -> None:
    assert monitor.assess(arrival(honey="http://spam"), NOON).flags == Flag.HONEYPOT


def test_an_arrival_shows_nothing_in_a_log() -> None:
    text = repr(arrival(device="d-7", invitation="i-7", seconds=77, honey="h-7"))
    assert text == "Arrival(wave='w', city='almaty')"
