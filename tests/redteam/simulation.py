"""A thousand people (150 by default) take part by telephone or letter, in turn: the worst case for hiding an order."""

import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from sqlalchemy.orm import Session

from app.clock import FrozenClock
from app.jobs.tasks.file_suggestions import file_suggestions
from app.jobs.tasks.fold_tallies import fold_tallies
from app.jobs.tasks.list_receipts import list_receipts
from app.jobs.tasks.release_suggestions import release_suggestions
from app.jobs.tasks.shuffle_participations import shuffle_participations
from surveys.ballots import ballots, receipts
from surveys.identity import codes, gate
from surveys.identity.codes import Addressee
from surveys.models import Comment, Wave
from surveys.responses.intake import Receipt, Submission, Suggestion
from tests.builders.answers import store_answer
from tests.builders.country import RESIDENTS, Country
from tests.builders.invitations import CHEAP
from tests.conftest import NOW
from tests.effort import by_effort

PEOPLE = by_effort(150, 1_000)
DAYS = (0, 2, 6, 7, 9, 11)
"""Days after NOW, a Tuesday, on which people take part: in two weeks, so that the desk is given words twice."""
LETTERS = "абвгдежзийклмнопрстуфхцчшщ"
CITIES = ("almaty", "oral", "aktau")


@dataclass(frozen=True, slots=True)
class Person:
    """Who somebody is to the wave, and where they live."""

    contact: str
    city: str


@dataclass(frozen=True, slots=True)
class Ways:
    """How the system under attack differs from ours; as made, it is ours."""

    has_jobs: bool = True
    is_one_transaction: bool = False
    has_loose_words: bool = False
    """Words are written into `comment` with the answer, as the release of November 2026 did."""
    has_daily_rounds: bool = False
    """Words are handed to the desk each day, and not each week."""


@dataclass(slots=True)
class Truth:
    """What the thief must not find out: whose answer is which, and whose words."""

    answers: dict[str, str] = field(default_factory=dict)
    """Contact hash → response id."""
    words: dict[str, str] = field(default_factory=dict)
    """Text of a suggestion → response id."""
    codes: dict[str, str] = field(default_factory=dict)
    """Code that follows a suggestion → response id."""
    receipts: dict[str, Receipt] = field(default_factory=dict)
    """Response id → what was given for it."""


def take_part(
    country: Country, people: int, ways: Ways, *, before_filing: Callable[[], object] = lambda: None
) -> Truth:
    """Let everybody in and let them answer; `before_filing` is called each day before words are filed."""
    draw = random.Random(469)
    persons = _persons(country, people, draw)
    truth = Truth()
    for number, day in enumerate(DAYS):
        clock = FrozenClock(NOW + timedelta(days=day))
        if ways.has_jobs and clock.today().weekday() == 0:
            release_suggestions(country.database, clock, country.keys)
        for person in persons[number :: len(DAYS)]:
            submission = _submission(country, draw)
            response, receipt = _one(country, person, submission, clock, ways)
            truth.answers[person.contact] = response
            truth.words |= {wish.text: response for wish in submission.suggestions}
            if receipt is not None:
                truth.codes |= {each.code: response for each in receipt.follow}
                truth.receipts[response] = receipt
        before_filing()
        if ways.has_jobs:
            fold_tallies(country.database, clock, country.keys)
            shuffle_participations(country.database, clock, country.keys)
            file_suggestions(country.database, clock, country.keys)
        if ways.has_daily_rounds:
            release_suggestions(country.database, clock, country.keys)
    if ways.has_jobs:
        list_receipts(country.database, clock, country.keys)
    return truth


def _persons(country: Country, people: int, draw: random.Random) -> list[Person]:
    """Half by telephone, half by letter, in a random order."""
    with country.database.writing() as session:
        session.get_one(Wave, RESIDENTS).gate_names = "code sms"
        traces = []
        for number in range(people // 2):
            phone = f"+7701{draw.randrange(10**7):07d}"
            contact = gate.contact_hash(country.key, "telephone", f"{phone}{number}")
            traces.append(Person(contact, draw.choice(CITIES)))
        for city in CITIES:
            count = (people - people // 2) // len(CITIES) + (city == CITIES[0]) * ((people - people // 2) % len(CITIES))
            letters = codes.make_letters(session, country.key, (RESIDENTS, city), [Addressee()] * count, hasher=CHEAP)
            for letter in letters:
                admission = codes.admission(
                    codes.candidates(session, letter.code), country.keys, RESIDENTS, letter.code
                )
                traces.append(Person(admission.contact, admission.city))
    draw.shuffle(traces)
    return traces


def _submission(country: Country, draw: random.Random) -> Submission:
    """Answer one question; four of seven people also write up to three suggestions."""
    question = draw.choice(country.residents.questionnaire.pages[0].questions)
    lengths = [draw.randrange(20, 250) for _ in range(draw.choice((0, 0, 0, 1, 1, 2, 3)))]
    texts = ["".join(draw.choices(LETTERS, k=length)) for length in lengths]
    return Submission(
        answers={question.code: draw.choice(question.options).code},
        lang=draw.choice(("kk", "ru")),
        suggestions=tuple(Suggestion(draw.choice(country.residents.questionnaire.areas), text) for text in texts),
    )


def _one(
    country: Country, person: Person, submission: Submission, clock: FrozenClock, ways: Ways
) -> tuple[str, Receipt | None]:
    """Let one person in and take the answer; gives the response's id and what was given for it."""
    if ways.is_one_transaction:
        with country.database.writing() as session:
            ballot = gate.admit(session, country.key, session.get_one(Wave, RESIDENTS), person.city, person.contact)
            receipt = _store(session, country, ballot, submission, clock.today(), is_loose=ways.has_loose_words)
    else:
        with country.database.writing() as session:
            ballot = gate.admit(session, country.key, session.get_one(Wave, RESIDENTS), person.city, person.contact)
        with country.database.writing() as session:
            receipt = _store(session, country, ballot, submission, clock.today(), is_loose=ways.has_loose_words)
    code = receipts.withdrawal_code(country.key, ballots.verify(country.key, ballot))
    return receipts.response_id(country.key, code), receipt


def _store(
    session: Session, country: Country, ballot: str, submission: Submission, day: date, *, is_loose: bool
) -> Receipt | None:
    """Store an answer, its words loose beside it if so wanted; gives what is given for it, None for loose words."""
    if not is_loose:
        return store_answer(session, country, ballot, submission, today=day)
    store_answer(session, country, ballot, replace(submission, suggestions=()), today=day)
    city = ballots.read(country.key, ballot).ballot.city
    for wish in submission.suggestions:
        row = {"area": wish.area, "lang": submission.lang, "text": wish.text, "folded": "", "month": f"{day:%Y-%m}"}
        session.add(Comment(id=secrets.token_hex(16), wave=RESIDENTS, city=city, state="pending", version=1, **row))
    session.flush()
    return None
