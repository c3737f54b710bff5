"""A thief of everything cannot pair persons with answers better than luck: tried, not argued (docs/identity.md).

The thief holds both sides of the database with all that it keeps by itself (transaction numbers, places of rows, raw
bytes of files and of the journal of changes), the logs and the list of jobs: before the freeze without the wave's key,
after it with every file there is. Every way to sort one side is tried against every way to sort the other.
"""

import hashlib
import hmac
import logging

import pytest
from sqlalchemy import select

from app.jobs.models import JobRun
from surveys.fieldwork import waves
from surveys.identity import gate
from surveys.models import Participation, Wave
from tests.builders.country import RESIDENTS, Country
from tests.redteam.attackers import attack
from tests.redteam.dumps import Dump, take
from tests.redteam.simulation import PEOPLE, Ways, take_part


def words(country: Country, caplog: pytest.LogCaptureFixture) -> str:
    with country.database.reading() as session:
        return caplog.text + "\n".join(session.scalars(select(JobRun.detail)))


def leaks(dump: Dump, truth: dict[str, str], answer: str) -> list[str]:
    scores = attack(dump, truth, answer)
    assert len(scores) > 100, "sanity check: the strategies were tried"
    return [f"{score.strategy}: {score.hits} right, luck gives {score.bound}" for score in scores if score.is_leak]


def test_a_thief_pairs_nobody_before_the_freeze_without_the_key_nor_after_it_with_everything(
    country: Country, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        truth = take_part(country, PEOPLE, Ways()).answers
    dump = take(country.database)
    assert (len(truth), len(dump["participation"]), len(dump["response"])) == (PEOPLE, PEOPLE, PEOPLE)
    assert leaks(dump, truth, words(country, caplog)) == []
    with country.database.writing() as session:
        waves.close_wave(session, RESIDENTS)
        waves.freeze_wave(session, RESIDENTS, country.keys)
    country.database.forget_old_rows(waves.SHUFFLED)
    assert not list(country.keys.glob(f"{RESIDENTS}*"))
    after = take(country.database)
    assert len(after["counted_receipt"]) == PEOPLE
    assert leaks(after, truth, words(country, caplog)) == []


@pytest.mark.parametrize(
    "ways", [Ways(has_jobs=False), Ways(has_jobs=False, is_one_transaction=True)], ids=["order kept", "one transaction"]
)
def test_the_same_thief_finds_a_leak_that_is_there(
    country: Country, caplog: pytest.LogCaptureFixture, ways: Ways
) -> None:
    """All of them, whatever was written before: SQLite's journal is whole when the thief comes (conftest.py)."""
    truth = take_part(country, 200, ways).answers
    scores = attack(take(country.database), truth, words(country, caplog))
    assert max(score.hits for score in scores) == 200


def test_the_same_thief_finds_serial_numbers_and_talkative_logs(country: Country) -> None:
    truth = take_part(country, 200, Ways()).answers
    dump = take(country.database)
    for number, (person, answer) in enumerate(truth.items()):
        for table, key in (("participation", person), ("response", answer)):
            next(row for row in dump[table] if row.key == key).columns["serial"] = f"{number:06d}"
    assert any(leak.startswith("serial against serial: 200 right") for leak in leaks(dump, truth, ""))
    talk = "\n".join(f"{person} sent {answer}" for person, answer in truth.items())
    assert any(leak.startswith("one line of a log") for leak in leaks(take(country.database), truth, talk))


def test_no_hash_of_a_telephone_can_be_found_by_trying_all_of_them(country: Country) -> None:
    numbers = [f"+7701{number:07d}" for number in range(2_000)]
    stored = _let_in(country, numbers[::2])
    for guess in (
        lambda text: hashlib.sha256(text.encode()).hexdigest(),
        lambda text: hmac.new(b"", text.encode(), "sha256").hexdigest(),
        lambda text: hmac.new(RESIDENTS.encode(), text.encode(), "sha256").hexdigest(),
        lambda text: hashlib.sha256(b"contact" + text.encode()).hexdigest(),
    ):
        assert not stored & set(map(guess, numbers))


def _let_in(country: Country, numbers: list[str]) -> set[str]:
    with country.database.writing() as session:
        wave = session.get_one(Wave, RESIDENTS)
        wave.gate_names = "sms"
        for number in numbers:
            contact = gate.contact_hash(country.key, "telephone", number)
            gate.admit(session, country.key, wave, "oral", contact)
        return set(session.scalars(select(Participation.contact_hash)))
