"""Words are filed apart from their answers, once each, whatever happens between two steps; on both databases."""

import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.clock import FrozenClock
from app.database import Database
from app.jobs.tasks.file_suggestions import file_suggestions
from surveys.ballots import ballots, envelope_keys, keys
from surveys.ballots.ballots import Ballot
from surveys.ballots.envelope_keys import EnvelopeKeyError
from surveys.fieldwork import waves
from surveys.models import Comment, Envelope, Response
from surveys.responses import envelopes, filing, intake, storing
from surveys.responses.envelopes import EnvelopeError, Sealed
from surveys.responses.filing import FEWEST_KEPT, SMALLEST_BATCH
from surveys.responses.intake import Submission, Suggestion
from tests.builders.country import BUSINESSES, RESIDENTS, Country
from tests.builders.words import filed_texts
from tests.conftest import NOW
from tests.surveys.responses.test_storing import wait_for_a_waiting_one

Stop = Callable[..., None]
STEPS = ("find", "file_batches", "drop_blanks")


class StopError(Exception):
    """The machine stopped."""


def entry(
    country: Country, *texts: str, city: str = "almaty", lang: str = "kk", wave: str = RESIDENTS
) -> storing.NewResponse:
    residents = wave == RESIDENTS
    key = keys.load(country.keys, wave)
    fresh = Ballot(wave, city, "resident" if residents else "business", "open", secrets.token_bytes(16))
    submission = Submission(answers={}, lang=lang, suggestions=tuple(Suggestion("its", text) for text in texts))
    compiled = country.residents if residents else country.businesses
    return intake.prepare(key, ballots.sign(key, fresh), submission, compiled, today=country.today).entry


def answer(country: Country, *texts: str, **where: str) -> None:
    new = entry(country, *texts, **where)
    assert country.database.insert(lambda connection: storing.store(connection, new, country.keys))


def run(country: Country, clock: FrozenClock | None = None) -> str:
    return file_suggestions(country.database, clock or FrozenClock(NOW), country.keys)


def comments(country: Country) -> list[Comment]:
    with country.database.reading() as session:
        return list(session.scalars(select(Comment)))


def texts(country: Country) -> list[str]:
    return sorted(comment.text for comment in comments(country))


def waiting(country: Country) -> dict[str, bytes]:
    with country.database.reading() as session:
        return {row.id: row.sealed for row in session.execute(select(Envelope.id, Envelope.sealed))}


def letters(country: Country) -> list[envelopes.SentWords]:
    """Open what waits."""
    with country.database.reading() as session:
        return [each.letter for each in filing.find(session, country.keys, 10**6).letters]


def freeze(country: Country, wave: str = RESIDENTS) -> None:
    with country.database.writing() as session:
        waves.close_wave(session, wave)
        waves.freeze_wave(session, wave, country.keys)


def test_words_of_fewer_than_five_answers_wait_and_are_sealed_anew(country: Country) -> None:
    for number in range(SMALLEST_BATCH - 1):
        answer(country, f"Жол {number}", f"Саябақ {number}")
    answer(country)
    before = waiting(country)
    run(country)
    after = waiting(country)
    assert comments(country) == []
    assert (len(before), len(after)) == (SMALLEST_BATCH, FEWEST_KEPT)
    assert len(letters(country)) == SMALLEST_BATCH - 1
    assert not before.keys() & after.keys()
    assert not set(before.values()) & set(after.values())


def test_words_of_five_answers_of_a_city_and_language_are_filed_together(country: Country) -> None:
    for number in range(SMALLEST_BATCH):
        answer(country, f"Жол {number}")
        answer(country, f"Дорога {number}", lang="ru", city="oral" if number else "almaty")
    run(country)
    filed = comments(country)
    assert sorted(comment.text for comment in filed) == [f"Жол {number}" for number in range(SMALLEST_BATCH)]
    assert {(row.wave, row.city, row.lang, row.area, row.month, row.state) for row in filed} == {
        (RESIDENTS, "almaty", "kk", "its", "2026-11", "pending")
    }
    answer(country, "Дорога 5", lang="ru", city="oral")
    run(country)
    assert len(comments(country)) == 2 * SMALLEST_BATCH


def test_a_batch_is_drawn_by_lot_and_never_smaller_than_five(country: Country) -> None:
    sizes = set()
    for _batch in range(6):
        before = len(comments(country))
        missing = 2 * SMALLEST_BATCH - len(letters(country))
        for _answer in range(missing):
            answer(country, secrets.token_hex(4))
        run(country)
        sizes.add(len(comments(country)) - before)
    assert min(sizes) >= SMALLEST_BATCH
    assert len(sizes) > 1, "six batches of ten of the same size: one in 7,776 by luck"


def test_nobody_can_count_by_their_envelopes_how_many_wait(country: Country, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filing, "FEWEST_KEPT", 2)
    kept = []
    for number in range(SMALLEST_BATCH):
        answer(country, str(number), city=("almaty", "oral")[number % 2])
        run(country)
        kept.append((len(letters(country)), len(waiting(country))))
    assert kept == [(1, 2), (2, 2), (3, 4), (4, 4), (5, 8)]


def test_the_month_is_that_of_the_filing(country: Country) -> None:
    for number in range(SMALLEST_BATCH):
        answer(country, str(number))
    run(country, FrozenClock(NOW + timedelta(days=30)))
    assert {comment.month for comment in comments(country)} == {"2026-12"}


def test_a_freeze_files_all_that_is_left_of_its_wave_and_of_no_other(country: Country) -> None:
    answer(country, "Жол", "Саябақ")
    answer(country, "Налог", wave=BUSINESSES, lang="ru")
    run(country)
    answer(country, "Көпір", city="oral")
    freeze(country)
    assert texts(country) == ["Жол", "Көпір", "Саябақ"]
    assert {comment.month for comment in comments(country)} == {"2026-12"}, "the wave's last month"
    assert [letter.wave for letter in letters(country)] == [BUSINESSES]
    freeze(country, BUSINESSES)
    assert texts(country) == ["Жол", "Көпір", "Налог", "Саябақ"]
    assert waiting(country) == {}


def test_no_key_that_is_left_opens_a_copy_of_what_was_filed(country: Country) -> None:
    for number in range(SMALLEST_BATCH):
        answer(country, str(number))
    answer(country, "waits", city="oral")
    copies = waiting(country)
    run(country)
    copies_of_waiting = waiting(country)
    left = [key for _number, key in envelope_keys.all_of(country.keys)]
    assert [envelopes.unseal(left, Sealed(*copy)) for copy in copies.items()] == [None] * len(copies)
    freeze(country)
    left = [key for _number, key in envelope_keys.all_of(country.keys)]
    assert [envelopes.unseal(left, Sealed(*copy)) for copy in copies_of_waiting.items()] == [None] * FEWEST_KEPT


@pytest.mark.parametrize("step", [*STEPS, "erase_before", "forget_old_rows"])
@pytest.mark.parametrize("is_done", [False, True], ids=["before", "after"])
def test_a_filing_that_stops_at_any_step_loses_and_doubles_nothing(
    country: Country, monkeypatch: pytest.MonkeyPatch, step: str, is_done: bool
) -> None:
    sent = [f"{number}" for number in range(2 * SMALLEST_BATCH)]
    for text in sent:
        answer(country, text)
        answer(country)
    place = {"erase_before": envelope_keys, "forget_old_rows": Database}.get(step, filing)
    does = getattr(place, step)

    def stop(*arguments: object, **named: object) -> None:
        if is_done:
            does(*arguments, **named)
        raise StopError

    with monkeypatch.context() as patch:
        patch.setattr(place, step, stop)
        with pytest.raises(StopError):
            run(country)
    run(country)
    with monkeypatch.context() as patch:
        patch.setattr(place, step, stop)
        with suppress(StopError):
            run(country)
    assert filed_texts(country.database, country.keys) == sorted(sent)
    assert waiting(country) == {}
    assert len(envelope_keys.all_of(country.keys)) == 1


def meet_before(
    monkeypatch: pytest.MonkeyPatch, database: Database, opening: str, meets: Callable[[], object]
) -> list[str]:
    """Let another thing happen right before the next transaction, once something stands in the list that is given."""
    enter, called, done = getattr(database, opening), list[str](), list[str]()

    def entered() -> object:
        if called and not done:
            done.append("once")
            meets()
        return enter()

    monkeypatch.setattr(database, opening, entered)
    return called


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("other", ["an answer", "a filing", "a freeze"])
def test_whatever_happens_between_two_steps_of_a_filing_nothing_is_lost_or_doubled(
    country: Country, monkeypatch: pytest.MonkeyPatch, step: str, other: str
) -> None:
    sent = [f"{number}" for number in range(SMALLEST_BATCH + 1)]
    for text in sent:
        answer(country, text)
    answer(country, "waits", city="oral")
    answer(country)
    meets: dict[str, Callable[[], object]] = {
        "an answer": lambda: answer(country, "late", "later"),
        "a filing": lambda: run(country),
        "a freeze": lambda: freeze(country),
    }
    task = filing.turn_key if step == "find" else getattr(filing, STEPS[STEPS.index(step) - 1])
    called = meet_before(monkeypatch, country.database, "reading" if step == "find" else "writing", meets[other])

    def noted(*arguments: object, **named: object) -> object:
        result = task(*arguments, **named)
        called.append(step)
        return result

    monkeypatch.setattr(filing, task.__name__, noted)
    run(country)
    assert called
    expected = [*sent, "waits", *(["late", "later"] if other == "an answer" else [])]
    assert filed_texts(country.database, country.keys) == sorted(expected)


def test_an_answer_on_its_way_is_waited_for_before_the_key_turns(country: Country) -> None:
    new = entry(country, "on its way")

    def turn() -> int:
        with country.database.writing() as session:
            return filing.turn_key(session, country.keys)

    with ThreadPoolExecutor(1) as beside:

        def work(connection: storing.DriverConnection) -> "object":
            assert storing.store(connection, new, country.keys)
            turned = beside.submit(turn)
            wait_for_a_waiting_one(country, turned)
            assert len(envelope_keys.all_of(country.keys)) == 1
            return turned

        number = country.database.insert(work).result(20)  # type: ignore[attr-defined]
    with country.database.reading() as session:
        found = filing.find(session, country.keys, number)
    assert [sent[:2] for each in found.letters for sent in each.letter.words] == [("its", "on its way")]


def test_a_lost_key_is_told_and_stops_nothing(country: Country) -> None:
    answer(country, "lost")
    (lost,) = waiting(country)
    envelope_keys.erase_before(country.keys, 99)
    for number in range(SMALLEST_BATCH):
        answer(country, str(number))
    assert "no key opens 1 envelopes" in run(country)
    assert texts(country) == ["0", "1", "2", "3", "4"]
    assert lost in waiting(country)
    freeze(country)


def test_an_envelope_of_a_later_release_is_kept_with_its_key(country: Country) -> None:
    answer(country, "0")
    key = envelope_keys.newest(country.keys)
    later = envelopes.seal(key.key, b"\x03" + envelopes.BLANK[1:])
    with country.database.writing() as session:
        session.add(Envelope(**later._asdict()))
    with pytest.raises(EnvelopeError):
        run(country)
    assert key in envelope_keys.all_of(country.keys)
    assert later.id in waiting(country)


@pytest.mark.parametrize("fault", ["damaged", "no folder"])
def test_an_answer_whose_words_cannot_be_sealed_is_not_stored(country: Country, tmp_path: Path, fault: str) -> None:
    folder = tmp_path / "other"
    if fault == "damaged":
        folder.mkdir()
        (folder / "00000001.envelope-key").write_bytes(b"short")
    new = entry(country, "Жол")
    with pytest.raises(EnvelopeKeyError):
        country.database.insert(lambda connection: storing.store(connection, new, folder))
    with country.database.reading() as session:
        assert session.scalars(select(Response)).all() == []


def test_two_processes_that_make_the_first_key_at_once_have_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as processes:
        made = set(processes.map(lambda _n: envelope_keys.newest(tmp_path).key, range(64)))
    assert len(made) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["00000001.envelope-key"]
    assert (tmp_path / "00000001.envelope-key").stat().st_mode & 0o777 == 0o600
