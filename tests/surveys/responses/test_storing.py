"""An answer and a freeze that meet: the answer is counted, or it is refused, and nothing lies in between."""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, Event

import pytest
from sqlalchemy import func, select, text

from surveys.ballots import ballots
from surveys.ballots.ballots import Ballot
from surveys.fieldwork import waves
from surveys.models import Response, Tally
from surveys.responses import intake, storing
from surveys.responses.intake import Submission
from surveys.responses.storing import WaveNotOpenError
from surveys.sql import DriverConnection, hold_counts
from surveys.tallies import folding
from tests.builders.country import BUSINESSES, RESIDENTS, Country

PATIENCE = 20.0
"""Seconds after which a thread that does not come to wait is a fault."""


def an_entry(country: Country) -> storing.NewResponse:
    fresh = Ballot(RESIDENTS, "almaty", "resident", "open", ballots.random_nonce())
    signed = ballots.sign(country.key, fresh)
    submission = Submission(answers={}, lang="kk")
    return intake.prepare(country.key, signed, submission, country.residents, today=country.today).entry


def store(country: Country, entry: storing.NewResponse) -> bool:
    return country.database.insert(
        lambda connection: storing.store(connection, entry, country.keys, after_closing=True)
    )


@contextmanager
def closed(country: Country) -> Iterator[ThreadPoolExecutor]:
    with country.database.writing() as session:
        waves.close_wave(session, RESIDENTS)
    with ThreadPoolExecutor(1) as beside:
        yield beside


def wait_for_a_waiting_one(country: Country, future: "Future[object]") -> None:
    """Wait until the other transaction waits for a lock of this one; on SQLite it waits before it begins."""
    if country.database.is_sqlite:
        return
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and not future.done():
        with country.database.reading() as session:
            if session.execute(waiting).scalar_one():
                return
        time.sleep(0.01)
    pytest.fail("nobody waits")


def test_an_answer_that_comes_in_the_midst_of_a_freeze_is_refused(country: Country) -> None:
    entry = an_entry(country)
    with closed(country) as beside:
        with country.database.writing() as session:
            waves.freeze_wave(session, RESIDENTS, country.keys)
            sent = beside.submit(store, country, entry)
            wait_for_a_waiting_one(country, sent)
        with pytest.raises(WaveNotOpenError):
            sent.result(PATIENCE)
    with country.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Response)) == 0


def test_an_answer_that_came_before_a_freeze_ends_is_counted(country: Country) -> None:
    entry = an_entry(country)

    def freeze() -> None:
        with country.database.writing() as session:
            waves.freeze_wave(session, RESIDENTS, country.keys)

    with closed(country) as beside:

        def store_before(connection: DriverConnection) -> "Future[None]":
            assert storing.store(connection, entry, country.keys, after_closing=True)
            frozen = beside.submit(freeze)
            wait_for_a_waiting_one(country, frozen)
            return frozen

        country.database.insert(store_before).result(PATIENCE)
    with country.database.reading() as session:
        assert session.scalar(select(func.sum(Tally.n))) == 1


def test_a_freeze_beside_a_fold_and_a_withdrawal_comes_to_its_end(country: Country) -> None:
    """A fold holds the counts, then marks answers: a freeze that held the answers first would wait for it for ever."""
    store(country, an_entry(country))

    def freeze() -> None:
        with country.database.writing() as session:
            waves.freeze_wave(session, RESIDENTS, country.keys)

    with closed(country) as beside:
        with country.database.writing() as session:
            hold_counts(session)
            frozen = beside.submit(freeze)
            wait_for_a_waiting_one(country, frozen)
            folding.fold(session, minimum=1)
        frozen.result(PATIENCE)
    with country.database.reading() as session:
        assert session.scalar(select(func.sum(Tally.n))) == 1


def test_two_waves_are_frozen_at_once(country: Country) -> None:
    """Each would hold the answers a little and wait for the other before it could hold them wholly."""
    with country.database.writing() as session:
        for wave in (RESIDENTS, BUSINESSES):
            waves.close_wave(session, wave)
    start = Barrier(2)

    def freeze(wave: str) -> None:
        start.wait(PATIENCE)
        with country.database.writing() as session:
            waves.freeze_wave(session, wave, country.keys)

    with ThreadPoolExecutor(2) as both:
        for frozen in [both.submit(freeze, wave) for wave in (RESIDENTS, BUSINESSES)]:
            frozen.result(PATIENCE)


def test_a_steady_stream_of_answers_neither_keeps_a_freeze_waiting_nor_loses_one(country: Country) -> None:
    """What was acknowledged before the freeze is counted; what comes after it is refused; nobody waits for ever."""
    stored, done = list[str](), Event()

    def send() -> None:
        while not done.is_set():
            entry = an_entry(country)
            try:
                store(country, entry)
            except WaveNotOpenError:
                return
            stored.append(entry.id)

    with closed(country), ThreadPoolExecutor(4) as phones:
        streams = [phones.submit(send) for _phone in range(4)]
        try:
            while len(stored) < 40 and not any(stream.done() for stream in streams):
                time.sleep(0.01)
            with country.database.writing() as session:
                waves.freeze_wave(session, RESIDENTS, country.keys)
            for stream in streams:
                stream.result(PATIENCE)
        finally:
            done.set()
    with country.database.reading() as session:
        assert set(session.scalars(select(Response.id))) == set(stored)
        assert session.scalar(select(func.sum(Tally.n))) == len(stored) >= 40
