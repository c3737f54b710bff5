"""A thousand people (150 by default) take part by telephone or letter, in turn: the worst case for hiding an order."""

import random
from dataclasses import dataclass, replace
from datetime import timedelta

from app.clock import FrozenClock
from app.jobs.tasks.fold_tallies import fold_tallies
from app.jobs.tasks.list_receipts import list_receipts
from app.jobs.tasks.shuffle_participations import shuffle_participations
from surveys.ballots import ballots, receipts
from surveys.identity import codes, gate
from surveys.identity.codes import Addressee
from surveys.models import Wave
from surveys.responses.intake import Submission
from tests.builders.answers import store_answer
from tests.builders.country import RESIDENTS, Country
from tests.builders.invitations import CHEAP
from tests.conftest import NOW
from tests.effort import by_effort

PEOPLE = by_effort(150, 1_000)
DAYS = 4
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


def take_part(country: Country, people: int, ways: Ways) -> dict[str, str]:
    """Let everybody in and let them answer; gives the truth: contact hash → response id."""
    draw = random.Random(469)
    persons = _persons(country, people, draw)
    truth = {}
    for day in range(DAYS):
        clock = FrozenClock(NOW + timedelta(days=day))
        for person in persons[day::DAYS]:
            truth[person.contact] = _one(country, person, clock, draw, ways)
        if ways.has_jobs:
            fold_tallies(country.database, clock, country.keys)
            shuffle_participations(country.database, clock, country.keys)
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


def _one(country: Country, person: Person, clock: FrozenClock, draw: random.Random, ways: Ways) -> str:
    """Let one person in and take the answer; gives the response's id."""
    question = draw.choice(country.residents.questionnaire.pages[0].questions)
    submission = Submission(answers={question.code: draw.choice(question.options).code}, lang=draw.choice(("kk", "ru")))
    if ways.is_one_transaction:
        with country.database.writing() as session:
            ballot = gate.admit(session, country.key, session.get_one(Wave, RESIDENTS), person.city, person.contact)
            store_answer(session, country.key, ballot, submission, today=clock.today())
    else:
        with country.database.writing() as session:
            ballot = gate.admit(session, country.key, session.get_one(Wave, RESIDENTS), person.city, person.contact)
        with country.database.writing() as session:
            store_answer(session, country.key, ballot, replace(submission), today=clock.today())
    return receipts.response_id(country.key, receipts.withdrawal_code(country.key, ballots.verify(country.key, ballot)))
