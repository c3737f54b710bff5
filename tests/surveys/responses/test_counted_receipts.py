"""The public list of counted receipts, and taking an answer back, on both databases."""

import secrets

import pytest
from sqlalchemy import func, select

from surveys.ballots import ballots, keys, receipts
from surveys.ballots.ballots import Ballot
from surveys.fieldwork import waves
from surveys.fieldwork.waves import SHUFFLED
from surveys.identity import gate
from surveys.identity.shuffling import shuffle_participations, shuffle_participations_of
from surveys.models import CountedReceipt, Participation, Response, Tally, Wave
from surveys.responses import counted_receipts
from surveys.responses.intake import Submission
from surveys.responses.shuffling import shuffle_recent_responses, shuffle_responses_of
from surveys.responses.withdrawal import withdraw
from surveys.tallies import folding
from tests.builders.answers import store_answer
from tests.builders.country import BUSINESSES, RESIDENTS, Country


def answer(country: Country, city: str, n: int) -> list[str]:
    """Store answers with random nonces; gives their receipts."""
    receipts = []
    for _ in range(n):
        text = ballots.mint(country.key, Ballot(RESIDENTS, city, "resident", "open", secrets.token_bytes(16)))
        submission = Submission(answers={}, lang="kk")
        with country.database.writing() as session:
            receipt = store_answer(session, country, text, submission, today=country.today)
        receipts.append(receipt.code)
    return receipts


def listed(country: Country) -> list[str]:
    with country.database.reading() as session:
        return list(counted_receipts.list_receipts(session, RESIDENTS))


def write(country: Country) -> None:
    with country.database.writing() as session:
        folding.fold(session)
        counted_receipts.write_list(session, country.key, RESIDENTS)


def test_a_city_joins_the_list_by_ten(country: Country) -> None:
    few, enough = answer(country, "oral", 9), answer(country, "almaty", 10)
    write(country)
    assert listed(country) == sorted(enough)
    more = answer(country, "oral", 1)
    write(country)
    assert listed(country) == sorted([*few, *enough, *more])


def test_an_answer_taken_back_leaves_the_counts_and_the_list(country: Country) -> None:
    answers_of_oral = answer(country, "oral", 12)
    write(country)
    with country.database.writing() as session:
        receipts = counted_receipts.find_response(session, country.keys, answers_of_oral[3])
        assert receipts
        assert withdraw(session, receipts[1])
        assert not withdraw(session, receipts[1])
    with country.database.writing() as session:
        assert session.execute(select(func.sum(Tally.n))).scalar_one() == 11
        before = [(row.group, row.n, row.counts.tobytes()) for row in folding.read(session, [RESIDENTS])]
        folding.rebuild(session, RESIDENTS)
        assert [(row.group, row.n, row.counts.tobytes()) for row in folding.read(session, [RESIDENTS])] == before
    write(country)
    assert listed(country) == sorted(set(answers_of_oral) - {answers_of_oral[3]})


def test_an_answer_not_yet_counted_can_be_taken_back(country: Country) -> None:
    (receipt,) = answer(country, "oral", 1)
    with country.database.writing() as session:
        receipts = counted_receipts.find_response(session, country.keys, receipt)
        assert receipts
        withdraw(session, receipts[1])
        assert session.execute(select(func.count()).select_from(Response)).scalar_one() == 0


def test_a_freeze_lists_everybody_and_then_nobody_finds_an_answer(country: Country) -> None:
    answers_of_oral = answer(country, "oral", 5)
    with country.database.writing() as session:
        waves.close_wave(session, RESIDENTS)
        waves.freeze_wave(session, RESIDENTS, country.keys)
    assert listed(country) == sorted(answers_of_oral)
    with pytest.raises(keys.KeyFileError):
        keys.load(country.keys, RESIDENTS)
    with country.database.reading() as session:
        assert counted_receipts.find_response(session, country.keys, answers_of_oral[0]) is None
        assert counted_receipts.frozen_wave_of(session, answers_of_oral[0]) == RESIDENTS
        assert counted_receipts.frozen_wave_of(session, receipts.receipt_of("other")) is None


def test_a_freeze_that_fails_keeps_the_key(country: Country) -> None:
    def freeze_on_a_machine_that_stops() -> None:
        with country.database.writing() as session:
            waves.close_wave(session, RESIDENTS)
            waves.freeze_wave(session, RESIDENTS, country.keys)
            raise RuntimeError("the machine stopped")

    with pytest.raises(RuntimeError):
        freeze_on_a_machine_that_stops()
    assert keys.load(country.keys, RESIDENTS)


def test_the_same_contact_gets_the_same_ballot_and_one_row(country: Country) -> None:
    texts = []
    for _ in range(3):
        with country.database.writing() as session:
            wave = session.get_one(Wave, RESIDENTS)
            wave.gate_names = "code"
            contact = gate.contact_hash(country.key, "telephone", "+77011234567")
            texts.append(gate.admit(session, country.key, wave, "oral", contact))
    assert len(set(texts)) == 1
    with country.database.reading() as session:
        assert session.execute(select(func.count()).select_from(Participation)).scalar_one() == 1


@pytest.mark.parametrize("spoil", ["gates", "state", "city"])
def test_nobody_is_let_in_where_the_wave_does_not_ask(country: Country, spoil: str) -> None:
    with country.database.writing() as session:
        wave = session.get_one(Wave, RESIDENTS)
        wave.gate_names = "open" if spoil == "gates" else "code"
        wave.state = "closed" if spoil == "state" else "open"
        with pytest.raises(gate.NotAdmittedError):
            gate.admit(session, country.key, wave, "paris" if spoil == "city" else "oral", "hash")


def test_shuffling_changes_no_row(country: Country) -> None:
    answer(country, "oral", 11)
    with country.database.writing() as session:
        session.add(Participation(wave=RESIDENTS, contact_hash="b" * 64))
        session.add(Participation(wave=BUSINESSES, contact_hash="a" * 64))

    def everything() -> list[object]:
        with country.database.reading() as session:
            tables = (Response.__table__, Participation.__table__, CountedReceipt.__table__)
            return [sorted(map(str, session.execute(select(table)).all())) for table in tables]

    before = everything()
    with country.database.writing() as session:
        assert shuffle_participations(session) == 2
        assert shuffle_recent_responses(session, today=country.today) == 11
        shuffle_participations_of(session, RESIDENTS)
        shuffle_responses_of(session, RESIDENTS)
    country.database.forget_old_rows(SHUFFLED)
    assert everything() == before
