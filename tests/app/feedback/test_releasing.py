"""Suggestions are handed to the desk in rounds, five or more of a city together; until then nobody sees them."""

import secrets
from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

from app.clock import FrozenClock
from app.database import Database
from app.feedback import releasing
from app.feedback.models import ReleaseWait
from app.jobs.registry import EPOCH, get_job
from app.jobs.runner import due_time
from app.jobs.tasks.file_suggestions import file_suggestions
from app.jobs.tasks.release_suggestions import release_suggestions
from surveys.ballots import ballots
from surveys.models import Comment, Wave
from surveys.responses.intake import Submission, Suggestion
from tests.builders.answers import store_answer
from tests.builders.country import BUSINESSES, RESIDENTS, Country
from tests.conftest import NOW
from tests.effort import by_effort

MONDAY = date(2026, 11, 30)
WEEK = timedelta(days=7)


def wait(country: Country, n: int, city: str = "almaty", wave: str = RESIDENTS) -> None:
    """Let suggestions wait, as a filing leaves them."""
    row = {"area": "its", "lang": "kk", "text": "Жол", "folded": "жол", "month": "2026-11", "state": "pending"}
    with country.database.writing() as session:
        session.add_all(
            Comment(id=secrets.token_hex(16), wave=wave, city=city, version=1, **row) for _suggestion in range(n)
        )


def hold(country: Country, day: date) -> int:
    with country.database.writing() as session:
        return releasing.release_batches(session, day)


def handed_over(database: Database) -> Counter[tuple[str, date | None]]:
    with database.reading() as session:
        rows = session.execute(select(Comment.city, Comment.released_on).where(Comment.state == "released"))
        return Counter((city, day) for city, day in rows)


def test_four_are_kept_back_and_five_handed_over_together(country: Country) -> None:
    wait(country, 4)
    wait(country, 4, city="oral")
    wait(country, 4, wave=BUSINESSES)
    assert hold(country, MONDAY) == 0
    assert handed_over(country.database) == {}
    wait(country, 1, city="oral")
    assert hold(country, MONDAY + timedelta(days=1)) == 5
    assert handed_over(country.database) == {("oral", MONDAY + timedelta(days=1)): 5}


def test_fewer_than_five_are_handed_over_when_they_waited_a_week(country: Country) -> None:
    wait(country, 3)
    assert [hold(country, MONDAY + timedelta(days=days)) for days in (0, 6)] == [0, 0]
    assert hold(country, MONDAY + WEEK) == 3
    wait(country, 2)
    assert hold(country, MONDAY + 2 * WEEK) == 0, "their own week begins now"
    wait(country, 3)
    assert hold(country, MONDAY + 2 * WEEK + timedelta(days=1)) == 5


def test_how_long_is_remembered_of_a_city_and_of_no_suggestion(country: Country) -> None:
    wait(country, 3)
    hold(country, MONDAY)
    with country.database.reading() as session:
        known = session.execute(select(ReleaseWait.wave, ReleaseWait.city, ReleaseWait.since)).all()
    assert known == [(RESIDENTS, "almaty", MONDAY)]
    hold(country, MONDAY + WEEK)
    with country.database.reading() as session:
        assert session.scalars(select(ReleaseWait.city)).all() == []


@pytest.mark.parametrize("state", ["closed", "frozen"])
def test_what_is_left_is_handed_over_when_the_wave_takes_no_more_answers(country: Country, state: str) -> None:
    wait(country, 1)
    wait(country, 1, wave=BUSINESSES)
    with country.database.writing() as session:
        session.get_one(Wave, RESIDENTS).state = state
    assert hold(country, MONDAY) == 1


def test_rounds_are_a_week_apart_and_on_mondays() -> None:
    job = get_job("release-suggestions")
    assert job
    assert (job.every, EPOCH.weekday()) == (WEEK, 0)
    first, second = (due_time(NOW + days, job.every) for days in (timedelta(0), WEEK))
    assert (second - first, FrozenClock(first).today().weekday()) == (WEEK, 0)


def test_the_order_of_a_thousand_tells_nothing_of_the_order_in_which_they_were_sent(country: Country) -> None:
    people = by_effort(334, 1_000)
    for person in range(people):
        wishes = tuple(Suggestion("its", numbered(person)) for _wish in range(3))
        with country.database.writing() as session:
            ballot = ballots.open_ballot(country.key, RESIDENTS, "almaty", "resident")
            store_answer(session, country, ballot, Submission(answers={}, lang="kk", suggestions=wishes), today=MONDAY)
        if person % (people // 10) == 0:
            file_suggestions(country.database, FrozenClock(NOW), country.keys)
    while waiting_in_envelopes(country):
        file_suggestions(country.database, FrozenClock(NOW), country.keys)
    release_suggestions(country.database, FrozenClock(NOW), country.keys)
    for name, places in orders(country.database).items():
        arrivals = [arrival for _place, arrival in sorted(places)]
        assert len(arrivals) > 3 * people - 15
        assert abs(rank_correlation(arrivals)) < 4.5 / len(arrivals) ** 0.5, name


DIGITS = "абвгдежзий"
"""Of the number of a writer: what looks like a number of somebody would be covered."""


def numbered(person: int) -> str:
    """Write a text that differs from all others, and tells whose it is."""
    return "".join(DIGITS[int(digit)] for digit in f"{person:04d}") + secrets.choice("клмн") * secrets.randbelow(40)


def number_of(words: str) -> int:
    return int("".join(str(DIGITS.index(letter)) for letter in words[:4]))


def waiting_in_envelopes(country: Country) -> bool:
    """Tell whether a filing would still find five: they are filed by lot."""
    with country.database.reading() as session:
        return len(session.scalars(select(Comment.id)).all()) < 3 * by_effort(334, 1_000) - 12


def orders(database: Database) -> dict[str, list[tuple[object, int]]]:
    """Give the place of every suggestion in each order there is, beside its number in the order of sending."""
    hidden = "" if database.is_sqlite else ", xmin::text::bigint AS xmin, ctid::text AS ctid"
    with database.reading() as session:
        rows = session.execute(text(f"SELECT id, text{hidden} FROM comment WHERE state = 'released'")).all()  # noqa: S608 - our own words
    found = {"id": [(row.id, number_of(row.text)) for row in rows]}
    found["reading"] = [(rank, number_of(row.text)) for rank, row in enumerate(rows)]
    if not database.is_sqlite:
        assert len({row.xmin for row in rows}) == 1, "those handed over together are told apart by their transactions"
        found["ctid"] = [(tuple(map(int, row.ctid.strip("()").split(","))), number_of(row.text)) for row in rows]
    return found


def rank_correlation(arrivals: list[int]) -> float:
    """Correlate the places in a list with what stands there (Spearman's; equal ones share their mean rank)."""
    n, counts, below = len(arrivals), Counter(arrivals), 0
    ranks = {}
    for arrival, times in sorted(counts.items()):
        ranks[arrival] = below + (times - 1) / 2
        below += times
    mean = (n - 1) / 2
    covariance = sum((rank - mean) * (ranks[arrival] - mean) for rank, arrival in enumerate(arrivals))
    spread = sum((rank - mean) ** 2 for rank in range(n)) * sum((ranks[arrival] - mean) ** 2 for arrival in arrivals)
    return float(covariance / spread**0.5)


def test_the_correlation_would_see_an_order() -> None:
    assert rank_correlation(list(range(1_000))) == pytest.approx(1)
    assert rank_correlation([number // 2 for number in range(1_000)]) > 0.99
