"""A thief of the database does not see from answers to replies which suggestions one person wrote.

The worst case: everybody has up to three suggestions, and says of each, one after another, whether it became better.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import pairwise

from sqlalchemy import select, update

from app.clock import FrozenClock
from app.feedback import following
from app.jobs.tasks.release_suggestions import release_suggestions
from app.jobs.tasks.shuffle_follow_answers import shuffle_follow_answers
from surveys.ballots.follow_codes import mark_of
from surveys.models.comments import Comment
from tests.builders.country import Country
from tests.builders.replies import make_reply
from tests.conftest import NOW
from tests.redteam.attackers import orders
from tests.redteam.dumps import Row, take
from tests.redteam.simulation import PEOPLE, Ways, take_part
from tests.redteam.test_follow_codes import sorted_by
from tests.redteam.test_words import freeze
from tests.redteam.words import bound_of

SAID = ("wave", "city", "lang", "month", "released_on")
LATER = FrozenClock(NOW + timedelta(days=13))


def answered(country: Country) -> dict[str, str]:
    """Let people write, be answered, and say what they think of it, one after another; gives the writer by suggestion.

    There is one answer of each to one reply, so nothing but their order tells them apart.
    """
    truth = take_part(country, PEOPLE, Ways())
    freeze(country)
    release_suggestions(country.database, LATER, country.keys)
    with country.database.writing() as session:
        session.execute(update(Comment).values(state="shown"))
        comments = {row.follow_hash: row.id for row in session.execute(select(Comment.follow_hash, Comment.id))}
        reply = make_reply(session, sorted(comments.values()), city="almaty")
    codes: dict[str, list[str]] = defaultdict(list)
    for code, response in truth.codes.items():
        codes[response].append(code)
    people = sorted(codes)
    random.Random(469).shuffle(people)
    for person in people:
        for code in codes[person]:
            with country.database.writing() as session:
                assert following.give_answer(session, mark_of(code), reply, "no", today=LATER.today())
    return {comments[mark_of(code)]: response for code, response in truth.codes.items()}


def siblings(groups: list[list[Row]], owners: Mapping[str, str]) -> Iterator[str]:
    """Guess that neighbours, in whatever order, are of one person; name the orders that beat luck."""
    tried = sorted({order for rows in groups for order in orders(rows)})
    assert {"xmin", "place in page"} & set(tried), "sanity check: there are traces"
    for order in tried:
        hits, chances = 0, list[float]()
        for rows in groups:
            pairs = list(pairwise(owners[row.key] for row in sorted_by(rows, order)))
            hits += sum(one == other for one, other in pairs)
            own = Counter(owners[row.key] for row in rows)
            chances += [sum(n * (n - 1) for n in own.values()) / (len(rows) * (len(rows) - 1))] * len(pairs)
        if hits > (bound := bound_of(chances, len(tried))):
            yield f"neighbours by {order}: {hits} of one person, luck gives {bound}"


def found(country: Country, owners: Mapping[str, str]) -> list[str]:
    """Try both tables, among what a suggestion says itself: its city, language, month and round."""
    dump = take(country.database)
    assert {row.key for row in dump["follow_answer"]} == owners.keys() == {row.key for row in dump["comment"]}
    said = {row.key: tuple(row.columns[name] for name in SAID) for row in dump["comment"]}
    leaks = []
    for table in ("follow_answer", "comment"):
        groups: dict[tuple[object, ...], list[Row]] = defaultdict(list)
        for row in dump[table]:
            groups[said[row.key]].append(row)
        several = [rows for rows in groups.values() if len(rows) > 1]
        leaks += [f"{table}, {each}" for each in siblings(several, owners)]
    return leaks


def test_the_order_of_answers_ties_no_suggestions_of_one_person(country: Country) -> None:
    owners = answered(country)
    assert len(owners) - len(set(owners.values())) > 20, "sanity check: many wrote more than one"
    shuffle_follow_answers(country.database, LATER, country.keys)
    assert found(country, owners) == []


def test_the_same_thief_finds_answers_that_lie_in_the_order_they_came(country: Country) -> None:
    leaks = found(country, answered(country))
    assert any(leak.startswith("follow_answer") for leak in leaks)
    if not country.database.is_sqlite:
        assert any(leak.startswith("comment, neighbours by xmax") for leak in leaks), (
            "what a row refers to tells it too"
        )
