"""Which initiatives are set beside each other: nearly the same texts, the same of the list, never one's own city's."""

import pytest

from app.database import Database
from app.initiatives import keeping
from app.initiatives.models import InitiativeNeighbour
from app.initiatives.similar import InitiativeWords, cosines_of_first, neighbours_of, vectors_of
from tests.builders import initiatives as make
from tests.builders.examination import actor

BUS = "Автобустың келу уақытын телефоннан көру"
SAME_BUS = "Телефоннан автобустың келу уақытын көру жүйесі"
LAMP = "Көшені үнемді шамдармен жарықтандыру"


def said(number: int, city: str, kk: str, ru: str = "", code: str = "") -> InitiativeWords:
    return InitiativeWords(number, city, code, kk, ru)


def test_texts_that_say_the_same_are_near_and_others_are_not() -> None:
    near, far = cosines_of_first([BUS, SAME_BUS, LAMP])
    assert near > 0.6
    assert far < 0.1
    found = neighbours_of(said(1, "aktau", BUS), [said(2, "oral", SAME_BUS), said(3, "oral", LAMP)])
    assert list(found) == [2]
    assert list(neighbours_of(said(1, "aktau", "", "Умный свет", "I-1"), [said(2, "oral", "", LAMP, "I-1")])) == [2]


def test_the_numbers_are_those_of_suggestions() -> None:
    from app.feedback.similar import alike_pairs, compared, learn  # noqa: PLC0415 - loads SciPy
    from surveys.responses.search_fold import fold_for_search  # noqa: PLC0415 - with it

    texts = [BUS, SAME_BUS, LAMP, "Ақылды бағдаршам, 2-кезең!", "«Умный» светофор", ""]
    folded = [compared(fold_for_search(text)) for text in texts]
    theirs = {(pair.one, pair.other): pair.score for pair in alike_pairs(folded, learn(folded), 0.0)}
    for number, cosine in enumerate(cosines_of_first(texts), start=1):
        assert cosine == pytest.approx(theirs.get((0, number), 0.0), abs=1e-9)


def test_vectors_have_length_one_and_are_those_of_characters_in_words() -> None:
    first, second = vectors_of(["ab ab", "ab cd"])
    assert sum(weight**2 for weight in first.values()) == pytest.approx(1)
    assert set(first) == {" ab", "ab ", " ab "}
    assert set(second) - set(first) == {" cd", "cd ", " cd "}
    assert first[" ab"] == pytest.approx(first["ab "])


def test_a_text_is_compared_when_it_is_kept_and_forgotten_when_it_is_given_up(database: Database) -> None:
    with database.writing() as session:
        people, others = make.make_planners(session), make.make_planners(session, "kostanay")
        own = make.plan(session, people)
        make.plan(session, people)
        other = make.plan(session, others, "kostanay")
        make.plan(session, others, "kostanay", area="hlt")
        pairs = {(row.initiative, row.other) for row in session.query(InitiativeNeighbour)}
        assert pairs == {(1, 3), (3, 1), (2, 3), (3, 2)}
        changed = make.content_of_bus(title_kk=LAMP, title_ru="", what_kk=LAMP, what_ru="")
        keeping.save(session, other.key, changed, other.version, actor(others.analyst))
        assert session.query(InitiativeNeighbour).count() == 0
        keeping.withdraw(session, own.key, own.version, actor(people.lead))
