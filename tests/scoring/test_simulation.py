"""SCORING §8, rows 11, 15, 16, 17, 19, 25, 26, 27 and 28, by simulation with fixed seeds.

The generators are in simulation.py.
"""

import numpy as np
import pytest

from tests.scoring.agreement import DOCUMENT
from tests.scoring.scenarios import SCENARIOS, Scenario, lines, measured
from tests.scoring.simulation import SAMPLES, attackers, city, honest, opinion, respondents_of_c1, split


@pytest.mark.full
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: f"row {scenario.row}: {scenario.what}")
def test_a_simulated_row_keeps_its_limits_and_is_in_the_document(scenario: Scenario) -> None:
    figures = measured(scenario)
    assert [figure for figure in figures if not figure.holds] == []
    written = DOCUMENT.read_text().splitlines()
    assert [line for line in lines(scenario) if line not in written] == [], "run `python -m tests.scoring.agreement`"


def test_the_samples_are_as_many_as_the_list_asks() -> None:
    assert SAMPLES >= 1500


@pytest.mark.parametrize(("effect", "explained"), [("weak", (0.01, 0.06)), ("strong", (0.4, 0.6))])
def test_a_generator_is_as_strong_as_it_is_said_to_be(effect: str, explained: tuple[float, float]) -> None:
    here = city(effect)
    points = np.arange(5) * 25
    levels = here.chances @ points
    whole = here.people @ (here.chances @ points**2) - here.truth**2
    between = here.people @ (levels - here.truth) ** 2
    assert explained[0] < (between / whole).min()
    assert (between / whole).max() < explained[1]
    assert here.people.sum() == pytest.approx(1)
    assert here.answering.sum() == pytest.approx(1)


def test_who_answers_is_not_who_lives_there() -> None:
    here = city("strong")
    unweighted = np.abs(here.answering @ (here.chances @ (np.arange(5) * 25)) - here.truth)
    assert unweighted.max() > 5


def test_nobody_is_drawn_twice_and_attackers_are_what_they_are_said_to_be() -> None:
    rng = np.random.default_rng(1)
    people = split(rng, {"verified": 900, "open": 1500})
    assert sorted(people.closed.tolist()) == sorted(honest(rng, len(respondents_of_c1())).closed.tolist())
    attack = attackers(rng, 60, "rarest", answers="4/5", sources=5)
    assert len(attack.traits.drop_duplicates()) == 1
    assert (set(np.unique(attack.closed)), len(set(attack.links)), set(attack.tier)) == ({4, 5}, 5, {"open"})


def test_without_caps_the_attacks_would_break_the_limits() -> None:
    rng = np.random.default_rng(2)
    people = honest(rng, 1000)
    stuffed = people.plus(attackers(rng, 200, "mimics", answers="5"))
    clean, moved = (opinion(each, capped=False).view.mean.mean() for each in (people, stuffed))
    assert moved - clean > 6
