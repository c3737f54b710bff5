from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from surveys.ballots import ballots
from surveys.ballots.ballots import Ballot, BallotError, mint, open_ballot, random_nonce, verify
from surveys.errors import AnswersError
from surveys.fieldwork import waves
from surveys.models import Envelope, Response, SpentBallot
from surveys.questionnaire.compiled import compile_questionnaire
from surveys.questionnaire.definition import ShowIf
from surveys.questionnaire.redaction import MASK
from surveys.questionnaire.routing import route
from surveys.responses import envelopes, intake, storing
from surveys.responses.intake import Submission, Suggestion, SuggestionError
from surveys.responses.storing import ConflictError, WaveNotOpenError
from tests.builders.answers import store_answer
from tests.builders.country import RESIDENTS, Country
from tests.builders.questionnaires import area_page, closed, number, open_text, questionnaire
from tests.builders.words import filed_texts

KEY = bytes(32)
OPEN_BALLOT = mint(KEY, Ballot("wave", "almaty", "resident", "open", bytes(16)))


def a_ballot(country: Country, city: str = "almaty") -> str:
    return open_ballot(country.key, RESIDENTS, city, "resident")


def a_submission(country: Country, ballot: str, **changes: object) -> Submission:
    seed = verify(country.key, ballot).seed
    q = country.residents.questionnaire
    pages = route(q, seed=seed, city="almaty", answers={})
    answers = {question.code: question.options[0].code for page in pages for question in page.questions}
    return replace(Submission(answers=answers, lang="kk"), **changes)  # type: ignore[arg-type]


def send(country: Country, ballot: str, submission: Submission) -> intake.Receipt:
    with country.database.writing() as session:
        return store_answer(session, country, ballot, submission, today=country.today)


def stored(country: Country, table: type) -> int:
    with country.database.reading() as session:
        return session.execute(select(func.count()).select_from(table)).scalar_one()


def test_an_answer_is_stored_once_with_its_day_and_nothing_finer(country: Country) -> None:
    ballot = a_ballot(country)
    receipt = send(country, ballot, a_submission(country, ballot))
    assert not receipt.repeated
    with country.database.reading() as session:
        (row,) = session.scalars(select(Response)).all()
    assert (row.wave, row.city, row.day, row.tier, row.folded) == (RESIDENTS, "almaty", country.today, "open", False)
    assert len(row.closed) == len(country.residents.columns)


def test_the_same_answers_again_get_the_same_receipt_and_are_stored_once(country: Country) -> None:
    ballot = a_ballot(country)
    submission = a_submission(country, ballot)
    first, again = send(country, ballot, submission), send(country, ballot, submission)
    assert again == first._replace(repeated=True)
    assert stored(country, Response) == stored(country, SpentBallot) == 1


def test_other_answers_on_the_same_ballot_are_refused_and_the_first_ones_stay(country: Country) -> None:
    ballot = a_ballot(country)
    send(country, ballot, a_submission(country, ballot))
    with pytest.raises(ConflictError):
        send(country, ballot, a_submission(country, ballot, suggestions=(Suggestion("ctm", "Жол"),)))
    assert (stored(country, Response), filed_texts(country.database, country.keys)) == (1, [])


def test_the_language_does_not_change_the_bytes(country: Country) -> None:
    nonce = random_nonce()
    ballots = [mint(country.key, Ballot(RESIDENTS, city, "resident", "open", nonce)) for city in ("almaty",) * 3]
    packed = set()
    for lang, ballot in zip(("kk", "ru", "en"), ballots, strict=True):
        with country.database.writing() as session:
            store_answer(session, country, ballot, a_submission(country, ballot, lang=lang), today=country.today)
            packed.add(session.scalars(select(Response.closed)).one())
            session.rollback()
    assert len(packed) == 1


def test_answers_that_are_off_the_route_are_not_stored(country: Country) -> None:
    ballot = a_ballot(country)
    asked = a_submission(country, ballot)
    everything = {q.code: q.options[0].code for q in country.residents.closed if q.code != "district"}
    send(country, ballot, replace(asked, answers=everything))
    with country.database.reading() as session:
        packed = session.scalars(select(Response.closed)).one()
    assert 0 < sum(byte > 0 for byte in packed) < len(everything)


@pytest.mark.parametrize(
    ("suggestions", "reason"),
    [
        ((Suggestion("ctm", "а" * 501),), "too_long"),
        ((Suggestion("nowhere", "Жол"),), "unknown_area"),
        (tuple(Suggestion("ctm", "Жол") for _ in range(4)), "too_many"),
    ],
)
def test_a_bad_suggestion_is_refused_whole(country: Country, suggestions: tuple[Suggestion, ...], reason: str) -> None:
    ballot = a_ballot(country)
    with pytest.raises(SuggestionError, match=reason):
        send(country, ballot, a_submission(country, ballot, suggestions=suggestions))
    assert (stored(country, Response), stored(country, SpentBallot)) == (0, 0)


def test_personal_data_in_a_suggestion_is_masked_before_it_is_stored(country: Country) -> None:
    ballot = a_ballot(country)
    wish = Suggestion("its", "Автобус аз, хабарласыңыз: 8 701 123 45 67")
    send(country, ballot, a_submission(country, ballot, suggestions=(wish,)))
    with country.database.reading() as session:
        (envelope,) = session.scalars(select(Envelope))
    (text,) = filed_texts(country.database, country.keys)
    assert MASK in text
    assert "701" not in text
    assert wish.text.encode()[:10] not in envelope.sealed


HOSTILE: list[dict[str, object]] = [
    {"nothing": "yes"},
    {"ctm_online": ["yes", "no"]},
    {"ctm_online": "yes\x00"},
    {"ctm_online": {"a": 1}},
    {"district": "astana.esil"},
    {"ctm_online": "x" * 100_000},
    {"\ud800": "yes"},
]


@pytest.mark.parametrize("answers", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_answers_are_refused_and_nothing_is_stored(country: Country, answers: dict[str, object]) -> None:
    ballot = a_ballot(country)
    with pytest.raises(AnswersError):
        send(country, ballot, Submission(answers=answers, lang="kk"))
    assert stored(country, Response) == 0


def test_a_closed_wave_takes_no_answers(country: Country) -> None:
    ballot = a_ballot(country)
    with country.database.writing() as session:
        waves.close_wave(session, RESIDENTS)
    with pytest.raises(WaveNotOpenError):
        send(country, ballot, a_submission(country, ballot))


def test_a_ballot_of_another_key_is_refused(country: Country) -> None:
    forged = mint(b"x" * 32, Ballot(RESIDENTS, "almaty", "resident", "open", random_nonce()))
    with pytest.raises(BallotError):
        send(country, forged, Submission(answers={}, lang="kk"))


OPEN = compile_questionnaire(
    questionnaire(
        area_page(
            "its",
            closed("bus", "yes", "no", area="its"),
            number("minutes", 0, 240, area="its"),
            open_text("why", "its", show_if=ShowIf(question="bus", options=frozenset({"yes"}))),
        )
    )
)


def parcel(answers: dict[str, object], ballot: str = OPEN_BALLOT) -> intake.Parcel:
    submission = Submission(answers=answers, lang="ru")
    return intake.prepare(KEY, ballots.read(KEY, ballot), submission, OPEN, today=date(2026, 3, 9))


def words_of(entry: storing.NewResponse) -> tuple[tuple[str, str], ...]:
    """Read what would lie in the answer's envelopes."""
    opened = [envelopes.unseal([KEY], envelopes.seal(KEY, sheet)) for sheet in entry.sheets]
    sheets = [sheet for _key, sheet in filter(None, opened) if sheet]
    return tuple(sent[:2] for sent in envelopes.read(sheets).words) if sheets else ()


def test_words_are_masked_and_are_stored_without_the_response_they_came_with() -> None:
    entry = parcel({"bus": "yes", "minutes": "7", "why": " Звоните: 8 701 123 45 67 "}).entry
    assert entry.closed == bytes.fromhex("01 0800")
    (word,) = words_of(entry)
    assert word == ("its", f"Звоните: {MASK}")
    assert entry.id.encode() not in b"".join(entry.sheets)


def test_words_on_a_question_that_fell_off_the_route_are_not_stored() -> None:
    assert words_of(parcel({"bus": "no", "why": "Тесно"}).entry) == ()


def test_other_words_or_another_number_are_other_content() -> None:
    answers_sent = {"bus": "yes", "minutes": "7", "why": "Тесно"}
    macs = {parcel(answers_sent | change).entry.payload_mac for change in ({}, {"why": "Тесно!"}, {"minutes": "8"})}
    assert len(macs) == 3
    assert parcel(answers_sent).entry.payload_mac in macs
