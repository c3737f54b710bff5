"""Verdicts that come at the same moment, on both databases."""

import threading
from collections.abc import Callable

from sqlalchemy import func, select

from app.database import Database
from app.indicators.assessments import assess
from app.indicators.case_models import Assessment
from app.indicators.cases import get_case, recall
from app.indicators.errors import (
    CaseError,
    NothingToAssessError,
    StaleCaseError,
)
from app.indicators.states import State
from app.indicators.verdicts import Ruling
from tests.builders.examination import (
    ACCEPTED,
    KEY,
    RETURNED,
    People,
    actor,
    say,
    target_of,
)


def at_once(*steps: Callable[[], object]) -> list[object]:
    """Do steps in threads that start together; gives what each gave or raised."""
    results: list[object] = [None] * len(steps)
    start = threading.Barrier(len(steps))

    def run(n: int) -> None:
        start.wait()
        try:
            results[n] = steps[n]()
        except CaseError as error:
            results[n] = error

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(steps))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_of_two_second_verdicts_at_once_one_is_the_second(database: Database, people: People) -> None:
    with database.writing() as session:
        say(session, KEY, people.one, ACCEPTED)

    def second(person: int) -> State:
        with database.writing() as session:
            return say(session, KEY, person, ACCEPTED)

    results = at_once(*(lambda each=each: second(each) for each in (people.two, people.three)))
    assert [result for result in results if isinstance(result, State)] == [State.ACCEPTED]
    assert [type(result) for result in results if not isinstance(result, State)] in (
        [NothingToAssessError],
        [StaleCaseError],
    )
    with database.reading() as session:
        assert sorted(session.scalars(select(Assessment.slot))) == [1, 2]
        assert get_case(session, KEY).state is State.ACCEPTED


def test_two_first_verdicts_at_once_are_a_first_and_a_second(database: Database, people: People) -> None:
    def give(person: int, word: Ruling) -> State:
        with database.writing() as session:
            return assess(session, target, word, actor(person))

    with database.reading() as session:
        target = target_of(session, KEY)
    results = at_once(lambda: give(people.one, ACCEPTED), lambda: give(people.two, RETURNED))
    assert sorted(map(str, results)) == ["sent", "split"]


def test_a_verdict_and_a_recall_at_once_are_one_or_the_other(database: Database, people: People) -> None:
    with database.reading() as session:
        target = target_of(session, KEY)

    def give() -> State:
        with database.writing() as session:
            return assess(session, target, ACCEPTED, actor(people.one))

    def take_back() -> State:
        with database.writing() as session:
            return recall(session, KEY, target.version, actor(people.lead)).state

    results = at_once(give, take_back)
    with database.reading() as session:
        n = session.scalar(select(func.count()).select_from(Assessment))
        assert (get_case(session, KEY).state, n) in {(State.SENT, 1), (State.DRAFT, 0)}
    assert sum(isinstance(result, Exception) for result in results) == 1
