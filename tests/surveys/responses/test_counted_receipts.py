"""The public list of counted receipts, and taking an answer back, on both databases."""

import hashlib
import secrets
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from surveys.ballots import ballots, keys
from surveys.ballots.ballots import Ballot
from surveys.fieldwork import waves
from surveys.fieldwork.waves import SHUFFLED
from surveys.identity import gate
from surveys.identity.shuffling import shuffle_participations, shuffle_participations_of
from surveys.models import CountedReceipt, Participation, Response, Tally, Wave
from surveys.models.withdrawals import WithdrawalCount
from surveys.responses import counted_receipts, withdrawal
from surveys.responses.intake import Receipt, Submission
from surveys.responses.shuffling import shuffle_recent_responses, shuffle_responses_of
from surveys.tallies import folding
from tests.builders.answers import store_answer
from tests.builders.country import BUSINESSES, RESIDENTS, Country


def answer(country: Country, city: str, n: int) -> list[Receipt]:
    """Store answers with random nonces."""
    given = []
    for _ in range(n):
        text = ballots.mint(country.key, Ballot(RESIDENTS, city, "resident", "open", secrets.token_bytes(16)))
        submission = Submission(answers={}, lang="kk")
        with country.database.writing() as session:
            receipt = store_answer(session, country, text, submission, today=country.today)
        given.append(receipt)
    return given


def numbers(*people: Receipt) -> list[str]:
    return sorted(person.number for person in people)


def take_back(session: Session, country: Country, code: str) -> bool:
    found = withdrawal.find_response(session, country.keys, code)
    assert found
    return withdrawal.withdraw(session, *found, today=country.today)


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
    assert listed(country) == numbers(*enough)
    more = answer(country, "oral", 1)
    write(country)
    assert listed(country) == numbers(*few, *enough, *more)


@pytest.mark.parametrize(
    ("each_day", "shown"),
    [
        ([], []),
        ([9], []),
        ([9, 1], [(1, 10)]),
        ([10], [(0, 10)]),
        ([4, 4, 4, 7, 1], [(2, 10), (4, 20)]),
        ([39, 0, 1], [(0, 30), (2, 40)]),
    ],
)
def test_the_public_reads_of_whole_tens_taken_back(
    country: Country, each_day: list[int], shown: list[tuple[int, int]]
) -> None:
    with country.database.writing() as session:
        for turn, n in enumerate(each_day):
            session.add(WithdrawalCount(wave=RESIDENTS, day=country.today + timedelta(days=turn), n=n))
        session.flush()
        public = withdrawal.public_counts(session, RESIDENTS)
        assert [n for _day, n in withdrawal.counts(session, RESIDENTS)] == each_day
    assert public == [(country.today + timedelta(days=turn), n) for turn, n in shown]
    assert all(n % 10 == 0 for _day, n in public)


def test_an_answer_taken_back_leaves_the_counts_and_the_list(country: Country) -> None:
    answers_of_oral = answer(country, "oral", 12)
    write(country)
    with country.database.writing() as session:
        found = withdrawal.find_response(session, country.keys, answers_of_oral[3].code)
        assert take_back(session, country, answers_of_oral[3].code)
        assert found
        assert not withdrawal.withdraw(session, *found, today=country.today)
        assert withdrawal.counts(session, RESIDENTS) == [(country.today, 1)]
        assert withdrawal.public_counts(session, RESIDENTS) == []
    with country.database.writing() as session:
        assert session.execute(select(func.sum(Tally.n))).scalar_one() == 11
        before = [(row.group, row.n, row.counts.tobytes()) for row in folding.read(session, [RESIDENTS])]
        folding.rebuild(session, RESIDENTS)
        assert [(row.group, row.n, row.counts.tobytes()) for row in folding.read(session, [RESIDENTS])] == before
    write(country)
    assert listed(country) == numbers(*answers_of_oral[:3], *answers_of_oral[4:])


def test_an_answer_not_yet_counted_can_be_taken_back(country: Country) -> None:
    (receipt,) = answer(country, "oral", 1)
    with country.database.writing() as session:
        take_back(session, country, receipt.code)
        assert session.execute(select(func.count()).select_from(Response)).scalar_one() == 0


def test_a_freeze_lists_everybody_and_then_nobody_finds_an_answer(country: Country) -> None:
    answers_of_oral = answer(country, "oral", 5)
    with country.database.writing() as session:
        waves.close_wave(session, RESIDENTS)
        waves.freeze_wave(session, RESIDENTS, country.keys)
    assert listed(country) == numbers(*answers_of_oral)
    with pytest.raises(keys.KeyFileError):
        keys.load(country.keys, RESIDENTS)
    with country.database.reading() as session:
        assert withdrawal.find_response(session, country.keys, answers_of_oral[0].code) is None


def test_a_withdrawal_that_comes_in_the_midst_of_a_freeze_deletes_nothing(country: Country) -> None:
    """Found before the freeze, it waits for it, and then finds the wave settled: no list names who is not counted."""
    (first, *_others) = answer(country, "oral", 10)
    with country.database.writing() as session:
        waves.close_wave(session, RESIDENTS)
        found = withdrawal.find_response(session, country.keys, first.code)
    assert found
    with country.database.writing() as session:
        waves.freeze_wave(session, RESIDENTS, country.keys)
    with country.database.writing() as session, pytest.raises(withdrawal.SettledError):
        withdrawal.withdraw(session, *found, today=country.today)
    with country.database.writing() as session, pytest.raises(withdrawal.SettledError):
        withdrawal.put_off(session, *found)
    with country.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Response)) == len(listed(country)) == 10


def test_waiting_withdrawals_can_be_refused_and_asked_for_again(country: Country) -> None:
    (receipt,) = answer(country, "oral", 1)
    with country.database.writing() as session:
        found = withdrawal.find_response(session, country.keys, receipt.code)
        assert found
        withdrawal.put_off(session, *found)
        withdrawal.put_off(session, *found)
        assert withdrawal.waiting(session, RESIDENTS) == [found[1]]
        withdrawal.refuse(session, [found[1]])
        assert withdrawal.waiting(session, RESIDENTS) == []
        assert session.get(Response, found[1]) is not None
        assert take_back(session, country, receipt.code)


def test_a_list_is_given_in_parts(country: Country, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counted_receipts, "PART", 4)
    people = answer(country, "oral", 10)
    write(country)
    assert listed(country) == numbers(*people)
    with country.database.reading() as session:
        text = "".join(f"{number}\n" for number in numbers(*people)).encode()
        assert counted_receipts.state_of(session, RESIDENTS) == (10, hashlib.sha256(text).hexdigest())


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
