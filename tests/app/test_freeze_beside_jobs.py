"""A freeze beside the jobs that work on the same wave: none waits for ever, and none changes what is frozen."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from sqlalchemy import func, select

from app.clock import FrozenClock
from app.jobs.tasks.list_receipts import list_receipts
from app.jobs.tasks.review_answers import review_answers
from surveys.fieldwork import waves
from surveys.models import Tally
from surveys.models.counted_receipts import ReceiptList
from surveys.quality import review
from surveys.responses import shuffling
from tests.builders.country import BUSINESSES, RESIDENTS, Country
from tests.surveys.responses.test_storing import PATIENCE, an_entry, store, wait_for_a_waiting_one


def close(country: Country) -> None:
    with country.database.writing() as session:
        waves.close_wave(session, RESIDENTS)


def freeze(country: Country) -> None:
    with country.database.writing() as session:
        waves.freeze_wave(session, RESIDENTS, country.keys)


def listed(country: Country) -> int:
    with country.database.reading() as session:
        return session.get_one(ReceiptList, RESIDENTS).n


def weights(country: Country) -> list[tuple[int, int]]:
    with country.database.reading() as session:
        rows = session.execute(select(Tally.base_weight, func.sum(Tally.n)).group_by(Tally.base_weight))
        return sorted((weight, n) for weight, n in rows)


def test_a_freeze_waits_for_the_nightly_list_and_has_the_last_word(
    country: Country, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The job held the list and then wanted the answers; the freeze held the answers and then wanted the list."""
    store(country, an_entry(country))
    list_receipts(country.database, clock, country.keys)  # last night's: the answer is not counted yet
    close(country)
    shuffle, has_listed, go = shuffling.shuffle_recent_responses, Event(), Event()

    def late(*arguments: object, **named: object) -> int:
        has_listed.set()
        assert go.wait(PATIENCE)
        return shuffle(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(shuffling, "shuffle_recent_responses", late)
    with ThreadPoolExecutor(2) as both:
        job = both.submit(list_receipts, country.database, clock, country.keys)
        assert has_listed.wait(PATIENCE)
        frozen = both.submit(freeze, country)
        try:
            wait_for_a_waiting_one(country, frozen)
        finally:
            go.set()
        assert [future.exception(PATIENCE) for future in (job, frozen)] == [None, None]
    assert listed(country) == 1


def test_a_review_that_began_before_a_freeze_changes_nothing_after_it(
    country: Country, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The job asks which waves run, and reviews each later; what linked the answers of a frozen wave is gone."""
    for _answer in range(30):
        store(country, an_entry(country)._replace(links="d1d1d1d1d1d1d1d1"))
    close(country)
    frozen: list[list[tuple[int, int]]] = []

    def asked(_session: object) -> tuple[str, ...]:
        freeze(country)
        frozen.append(weights(country))
        return (RESIDENTS,)

    monkeypatch.setattr(review, "waves_to_review", asked)
    review_answers(country.database, clock, country.keys)
    assert [weights(country)] == frozen
    assert frozen[0][0][0] < 1000


def test_statistics_are_refreshed_beside_a_freeze(country: Country) -> None:
    """ANALYZE in one transaction held a lock on each table in an order of its own, and deadlocked with a freeze."""
    close(country)
    with ThreadPoolExecutor(1) as beside:
        with country.database.writing() as session:
            waves.freeze_wave(session, RESIDENTS, country.keys)
            tended = beside.submit(country.database.refresh_statistics)
            wait_for_a_waiting_one(country, tended)
            if not country.database.is_sqlite:
                held = "mode = 'ShareUpdateExclusiveLock' AND granted AND relation = 'spent_ballot'::regclass"
                count = session.connection().exec_driver_sql(f"SELECT count(*) FROM pg_locks WHERE {held}")  # noqa: S608 - our own words
                assert count.scalar_one() == 0
        assert tended.result(PATIENCE)


def test_a_lost_key_of_one_wave_keeps_no_list_of_another_back(country: Country, clock: FrozenClock) -> None:
    (country.keys / f"{BUSINESSES}.key").unlink()
    list_receipts(country.database, clock, country.keys)
    assert listed(country) == 0
