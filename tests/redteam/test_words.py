"""A thief of the database cannot pair people's words with their answers better than luck, whenever it is copied.

Three moments: before a filing (words lie in envelopes), after one, and after the freeze. At each the thief holds all
rows, what the database keeps beside them, raw bytes of SQLite's file and journal, the logs and the list of jobs; and
the copies that were taken before. The keys of envelopes are in another folder: at the end the thief has that too.
"""

import logging
from collections import Counter, defaultdict
from datetime import timedelta

import pytest

from app.clock import FrozenClock
from app.jobs.tasks.release_suggestions import release_suggestions
from surveys.ballots import envelope_keys
from surveys.fieldwork import waves
from surveys.responses import envelopes
from surveys.responses.envelopes import Sealed
from surveys.responses.filing import FEWEST_KEPT, SMALLEST_BATCH
from tests.builders.country import RESIDENTS, Country
from tests.conftest import NOW
from tests.redteam.dumps import Dump, Row, files_of, take
from tests.redteam.simulation import PEOPLE, Truth, Ways, take_part
from tests.redteam.test_unlinkable import words as logged
from tests.redteam.words import SHOWN, attack_words


def leaks(dump: Dump, truth: Truth, logs: str) -> list[str]:
    scores = attack_words(dump, truth.words, logs)
    assert len(scores) > 100, "sanity check: the strategies were tried"
    return [f"{score.strategy}: {score.hits} right, luck gives {score.bound}" for score in scores if score.is_leak]


def raw(country: Country, dump: Dump) -> bytes:
    """All bytes a thief can read: SQLite's files, or whatever PostgreSQL gives out."""
    if country.database.is_sqlite:
        return b"".join(files_of(country.database).values())
    return repr(dump).encode()


class Thief:
    """Copies everything before each filing, and once more whenever asked."""

    def __init__(self, country: Country) -> None:
        self.country = country
        self.copies: list[Dump] = []
        self.bytes: list[bytes] = []

    def copy(self) -> Dump:
        self.copies.append(take(self.country.database))
        self.bytes.append(raw(self.country, self.copies[-1]))
        return self.copies[-1]


def freeze(country: Country) -> None:
    with country.database.writing() as session:
        waves.close_wave(session, RESIDENTS)
        waves.freeze_wave(session, RESIDENTS, country.keys)
    country.database.forget_old_rows(waves.SHUFFLED)


def test_a_thief_pairs_no_words_with_their_answers_before_a_filing_after_it_and_after_the_freeze(
    country: Country, caplog: pytest.LogCaptureFixture
) -> None:
    thief = Thief(country)
    with caplog.at_level(logging.DEBUG):
        truth = take_part(country, PEOPLE, Ways(), before_filing=thief.copy)
        after = thief.copy()
        freeze(country)
        frozen = thief.copy()
        release_suggestions(country.database, FrozenClock(NOW + timedelta(days=13)), country.keys)
        handed_over = thief.copy()
    logs = logged(country, caplog)
    assert 0 < len(after["comment"]) < len(frozen["comment"]) == len(truth.words)
    # Of those that wait nobody sees how many have words, nor, while another wave runs, that none has.
    assert {len(dump["envelope"]) for dump in (after, frozen)} == {FEWEST_KEPT}
    rounds = Counter(str(row.columns["released_on"]) for row in handed_over["comment"])
    assert (len(rounds), rounds["None"]) == (2, 0), "sanity check: the desk was given all words, in two rounds"
    for dump in (each for each in thief.copies if each["comment"]):
        assert leaks(dump, truth, logs) == []
    assert not [text for text in truth.words if text in logs]


def test_copies_taken_before_filings_show_no_word_and_not_even_whose_answer_has_words(country: Country) -> None:
    thief = Thief(country)
    truth = take_part(country, PEOPLE, Ways(), before_filing=thief.copy)
    nothing_is_readable(thief, truth)
    every_answer_brought_one_envelope(thief, truth)
    no_key_is_left_for_what_was_copied(thief)
    thief.copy()
    batches_are_of_five_answers_at_least(thief, truth)


def nothing_is_readable(thief: Thief, truth: Truth) -> None:
    for dump, everything in zip(thief.copies, thief.bytes, strict=True):
        filed = {row.columns["text"] for row in dump["comment"]}
        assert not [text for text in truth.words if text not in filed and text[:20].encode() in everything]


def every_answer_brought_one_envelope(thief: Thief, truth: Truth) -> None:
    first = thief.copies[0]
    assert {len(sealed(row).sealed) for row in first["envelope"]} == {envelopes.LENGTH + 16}
    new = {row.key for row in first["response"]}
    assert len(first["envelope"]) == len(new) > len(new & set(truth.words.values())) > 0
    numbers = {table: Counter(row.traces.get("xmin") for row in first[table]) for table in ("envelope", "response")}
    assert numbers["envelope"] == numbers["response"]


def no_key_is_left_for_what_was_copied(thief: Thief) -> None:
    keys = [key for _number, key in envelope_keys.all_of(thief.country.keys)]
    copied = [sealed(row) for dump in thief.copies for row in dump["envelope"]]
    assert (len(keys), len(copied) >= PEOPLE) == (1, True)
    assert [each for each in copied if envelopes.unseal(keys, each)] == []


def batches_are_of_five_answers_at_least(thief: Thief, truth: Truth) -> None:
    batches = []
    for before, after in zip(thief.copies[:-1], thief.copies[1:], strict=True):
        old = {row.columns["text"] for row in before["comment"]}
        answers: dict[tuple[object, ...], set[str]] = defaultdict(set)
        for row in after["comment"]:
            if row.columns["text"] not in old:
                answers[tuple(row.columns[name] for name in SHOWN)].add(truth.words[str(row.columns["text"])])
        batches += [len(group) for group in answers.values()]
    assert len(batches) > 2, "sanity check: words were filed in batches"
    assert min(batches) >= SMALLEST_BATCH


def sealed(row: Row) -> Sealed:
    content = row.columns["sealed"]
    assert isinstance(content, bytes)
    return Sealed(row.key, content)


def test_the_same_thief_finds_words_that_were_written_with_their_answers(country: Country) -> None:
    truth = take_part(country, 60, Ways(has_jobs=False, has_loose_words=True))
    assert leaks(take(country.database), truth, "")


def test_the_same_thief_finds_words_thhanded_over_is_given_day_by_day(country: Country) -> None:
    truth = take_part(country, 400, Ways(has_daily_rounds=True))
    found = leaks(take(country.database), truth, "")
    assert any(leak.startswith("of the last day") for leak in found)


def test_the_same_thief_finds_talkative_logs(country: Country) -> None:
    truth = take_part(country, 100, Ways())
    dump = take(country.database)
    talk = "\n".join(f"{row.key} of {truth.words[str(row.columns['text'])]}" for row in dump["comment"])
    assert any(leak.startswith("one line of a log") for leak in leaks(dump, truth, talk))
