"""Issue 10, item 7: what the open answers of one network weigh in an hour, a day, a week and a wave."""

import itertools
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.quality.links import FIRST_DEVICES, Links, Turn
from surveys.quality.networks import DAY_RESPONSES, HOUR_RESPONSES, WEEK_RESPONSES, Origin, bounded_weights
from tests.effort import examples

MONDAY = date(2026, 11, 23)
FULL = 1000


def at(
    day: int = 0, hour: int = 0, *, network: str = "n", device: str = "", turn: int = 0, provider: str = ""
) -> Origin:
    """Make the origin of an answer, days counted from a Monday."""
    links = Links(
        device=f"{device} {day}" if device else "",
        hour=Turn(f"{network} {day} {hour}", turn),
        day=Turn(f"{network} {day}", turn),
        network=network,
        provider=provider,
    )
    return Origin(links, MONDAY + timedelta(days=day))


def others(n: int, days: int = 7) -> list[Origin]:
    """Make open answers of as many networks, spread over days."""
    return [at(number % days, number % 24, network=f"home {number}") for number in range(n)]


def weights(origins: Sequence[Origin], **options: Any) -> list[int]:
    return bounded_weights(np.full(len(origins), FULL, dtype=np.int64), origins, **options).tolist()


def weighed(groups: Iterable[Sequence[Origin]], **options: Any) -> list[int]:
    """Give what each of several groups of answers weighs when all lie there."""
    parts = [list(group) for group in groups]
    whole = weights([origin for part in parts for origin in part], **options)
    ends = np.cumsum([0, *map(len, parts)])
    return [sum(whole[start:end]) for start, end in itertools.pairwise(ends)]


def patient(days: int = 7) -> list[Origin]:
    """Three answers an hour from one address, each with a mark of its own."""
    numbered = enumerate((day, hour) for day in range(days) for hour in range(24) for _ in range(3))
    return [at(day, hour, device=f"junk {n}", turn=min(9, n % 72 // FIRST_DEVICES)) for n, (day, hour) in numbered]


def test_answers_of_different_networks_weigh_in_full() -> None:
    assert weights(others(300)) == [FULL] * 300


def test_answers_of_unknown_networks_are_nobodys_group() -> None:
    assert weights([Origin(Links(device=f"d{n}"), MONDAY) for n in range(50)]) == [FULL] * 50


def test_a_network_weighs_in_an_hour_as_three() -> None:
    assert weighed([[at(device=f"d{n}") for n in range(30)], others(2000)])[0] == HOUR_RESPONSES * FULL


def test_a_patient_source_is_held_in_a_day_and_in_a_week() -> None:
    one_day, week = (weighed([patient(days), others(600)])[0] for days in (1, 7))
    assert one_day <= DAY_RESPONSES * FULL
    assert week <= WEEK_RESPONSES * FULL < 72 * FULL


def test_a_patient_source_is_held_to_its_share_in_a_wave() -> None:
    stuffed, honest = weighed([patient(28), others(400, days=28)])
    assert honest == 400 * FULL
    assert stuffed <= 0.05 * (stuffed + honest)
    assert stuffed > 0.05 * (stuffed + honest) - 10


@pytest.mark.parametrize("share", [Fraction(1, 100), Fraction(1, 20), Fraction(1, 5)])
def test_the_share_is_the_editions(share: Fraction) -> None:
    stuffed, honest = weighed([patient(28), others(400, days=28)], share=share)
    assert stuffed / (stuffed + honest) == pytest.approx(float(share), abs=1e-4)


def test_a_busy_network_weighs_its_share_of_each_day_and_week() -> None:
    busy = [at(n % 7, n // 7 % 20, device=f"d{n}", turn=min(9, n // 7 // 25)) for n in range(400)]
    crowd = [at(n % 7, 21 + n // 7 % 3, network=f"home {n}") for n in range(7000)]
    assert weighed([busy, crowd])[0] == pytest.approx(400 * 0.9 * FULL, rel=0.2)


def test_rotating_ipv6_addresses_of_one_provider_weigh_as_one_network() -> None:
    rotated = [at(n % 3, n % 24, network=f"48 {n % 67}", provider="32", device=f"d{n}") for n in range(200)]
    stuffed, honest = weighed([rotated, others(400)])
    assert stuffed <= 0.05 * (stuffed + honest)


def test_two_providers_do_not_lend_one_another_weight() -> None:
    rotated = [at(n % 3, n % 24, network=f"48 {n % 67}", provider=f"32 {n % 2}", device=f"d{n}") for n in range(400)]
    parts = weighed([rotated[::2], rotated[1::2], others(400)])
    assert max(parts[:2]) <= 0.05 * sum(parts)


HONEST = [at(n % 4, 9 + n % 8, device=f"honest {n}") for n in range(20)]
"""Twenty people behind one address, over four working days."""

IN_ONE_HOUR = [at(0, 12, device=f"honest {n}") for n in range(20)]


def junk(n: int, *, days: Sequence[int], hours: Sequence[int], device: str, first: int) -> list[Origin]:
    """Make n answers of that address; `device` may hold {} for a fresh mark each, `first` devices came before."""
    places = [(days[k % len(days)], hours[k // len(days) % len(hours)]) for k in range(n)]
    is_fresh = "{}" in device
    return [
        at(d, h, device=device.format(k), turn=min(9, (first + k * is_fresh) // FIRST_DEVICES))
        for k, (d, h) in enumerate(places)
    ]


JUNK = {
    "one device, the same hours": junk(480, days=range(4), hours=range(9, 17), device="x", first=0),
    "no mark, the same hours": junk(480, days=range(4), hours=range(9, 17), device="", first=0),
    "one device, day and night": junk(480, days=range(4), hours=range(24), device="x", first=0),
    "a fresh mark each, on later days": junk(480, days=range(4, 12), hours=range(24), device="{}", first=0),
    "a fresh mark each, later on each day": junk(480, days=range(4), hours=range(17, 24), device="{}", first=5),
}
LARGE_CITY_ONLY = "a fresh mark each, later on each day"
"""In a small city such junk keeps a part of the network's few responses: docs/adr/0022 says so."""


@pytest.mark.parametrize("way", JUNK)
@pytest.mark.parametrize("city", [100, 1000])
def test_junk_does_not_silence_a_shared_network(way: str, city: int) -> None:
    (alone, _), (beside, _, _) = weighed([HONEST, others(city)]), weighed([HONEST, JUNK[way], others(city)])
    assert beside >= (0.8 if city > 100 or way != LARGE_CITY_ONLY else 0.0) * alone


@pytest.mark.parametrize("device", ["x", "", "{}"])
def test_junk_in_their_own_hour_does_not_silence_those_who_came_first(device: str) -> None:
    attack = junk(480, days=[0], hours=[12], device=device, first=20)
    (alone, _), (beside, _, _) = weighed([IN_ONE_HOUR, others(200)]), weighed([IN_ONE_HOUR, attack, others(200)])
    assert alone == HOUR_RESPONSES * FULL
    assert beside >= 0.8 * alone


ORIGINS = st.lists(
    st.builds(
        at,
        st.integers(0, 9),
        st.integers(0, 3),
        network=st.sampled_from(["a", "a", "b", "c", ""]),
        device=st.sampled_from(["", "x", "y", "z", "u"]),
        turn=st.integers(0, 2),
        provider=st.sampled_from(["", ""]),
    ),
    max_size=60,
)


@settings(max_examples=examples(150), deadline=None)
@given(ORIGINS, st.data())
def test_the_order_changes_nothing_no_weight_rises_and_every_limit_holds(
    origins: list[Origin], data: st.DataObject
) -> None:
    before = np.array([data.draw(st.sampled_from([0, 7, 300, 1000])) for _ in origins], dtype=np.int64)
    order = np.array(data.draw(st.permutations(range(len(origins)))), dtype=np.int64)
    after = bounded_weights(before, origins)
    assert after[order].tolist() == bounded_weights(before[order], [origins[n] for n in order]).tolist()
    assert ((after >= 0) & (after <= before)).all()
    limit = max(3 * FULL, int(after.sum()) // 20)
    for code in {origin.links.network for origin in origins} - {""}:
        inside = np.array([origin.links.network == code for origin in origins])
        assert after[inside].sum() <= limit
        for day, hour in {(o.on, o.links.hour.code) for o in origins if o.links.network == code}:
            here = np.array([(o.on, o.links.hour.code) == (day, hour) for o in origins])
            assert after[inside & here].sum() <= HOUR_RESPONSES * FULL


@settings(max_examples=examples(100), deadline=None)
@given(st.integers(1, 20), st.integers(0, 200), st.sampled_from(["x", "", "{}"]), st.integers(5, 9))
def test_each_of_the_first_devices_keeps_its_part_of_the_limit_whatever_is_sent_on_a_later_day(
    people: int, n: int, device: str, day: int
) -> None:
    honest = HONEST[:people]
    alone = weights([*honest, *others(100)])[:people]
    attack = junk(n, days=[day], hours=range(24), device=device, first=0)
    beside = weights([*honest, *attack, *others(100)])[:people]
    limit = 100 * FULL // 19
    # Weights are rounded down to thousandths of an answer.
    assert sum(beside) + people >= min(sum(alone), people * (limit // FIRST_DEVICES))
