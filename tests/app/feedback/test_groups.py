"""Suggestions that say the same are put together by people, and each still counts once."""

import pytest
from sqlalchemy import select

from app.database import Database
from app.feedback.errors import GroupError
from app.feedback.groups import dissolve_group, dissolve_made_by, put_together, take_out
from app.feedback.models import CommentGroup, CommentInGroup
from app.feedback.themes import theme_counts
from surveys.models.comments import Comment
from tests.builders.comments import WAVE, make_comment
from tests.builders.staff import CITY
from tests.builders.themes import HEATING, by, make_coded, make_coders


def test_a_group_is_of_one_city_wave_and_area_and_says_what_was_left_out(database: Database) -> None:
    with database.writing() as session:
        (coder,) = make_coders(session, 1)
        good = [make_comment(session, number=each, state="shown") for each in range(3)]
        elsewhere = make_comment(session, number=10, area="edu", state="shown")
        hidden = make_comment(session, number=11, state="hidden_provisional")
        ids = [*good, elsewhere, hidden, "f" * 32]
        left = put_together(session, by(coder), ids, "  Boiler   3 ", "b1")
        assert left == {elsewhere: "elsewhere", hidden: "hidden", "f" * 32: "gone"}
        (group,) = session.scalars(select(CommentGroup)).all()
        assert (group.title, group.city, group.wave, group.area) == ("Boiler 3", CITY, WAVE, "hcs")
        assert put_together(session, by(coder), [good[0], elsewhere], "Again", "b2") == {
            good[0]: "in_group",
            elsewhere: "alone",
        }


def test_work_on_many_makes_one_group(database: Database) -> None:
    with database.writing() as session:
        (coder,) = make_coders(session, 1)
        ids = [make_comment(session, number=each, state="shown") for each in range(5)]
        assert put_together(session, by(coder), ids[:3], "Same", "b1") == {}
        assert put_together(session, by(coder), ids[3:4], "Same", "b1") == {}
        assert put_together(session, by(coder), ids[4:], "Same", "b1") == {}
        assert len(session.scalars(select(CommentGroup.id)).all()) == 1
        assert len(session.scalars(select(CommentInGroup.comment)).all()) == 5


def test_each_of_a_group_counts_once(database: Database) -> None:
    with database.writing() as session:
        (coder,) = make_coders(session, 1)
        ids = make_coded(session, coder, range(6), HEATING)
        put_together(session, by(coder), ids[:4], "Same", "b1")
        assert [count.n for count in theme_counts(session, CITY, WAVE)] == [6]


def test_a_group_is_dissolved_by_its_city_and_its_suggestions_stay(database: Database) -> None:
    with database.writing() as session:
        (coder,) = make_coders(session, 1)
        ids = make_coded(session, coder, range(3), HEATING)
        put_together(session, by(coder), ids, "Same", "b1")
        (group,) = session.scalars(select(CommentGroup.id)).all()
        with pytest.raises(GroupError):
            dissolve_group(session, by(coder), group, "almaty")
        take_out(session, by(coder), group, CITY, ids[0])
        assert sorted(session.scalars(select(CommentInGroup.comment))) == ids[1:]
        assert dissolve_group(session, by(coder), group, CITY) == 2
        assert session.scalars(select(CommentInGroup.comment)).all() == []
        assert len(session.scalars(select(Comment.id)).all()) == 3
        with pytest.raises(GroupError):
            dissolve_group(session, by(coder), group, CITY)


def test_the_work_that_made_a_group_is_taken_back_once(database: Database) -> None:
    with database.writing() as session:
        (coder,) = make_coders(session, 1)
        ids = make_coded(session, coder, range(3), HEATING)
        put_together(session, by(coder), ids, "Same", "b1")
        assert dissolve_made_by(session, by(coder), "b1")
        assert not dissolve_made_by(session, by(coder), "b1")


def test_a_group_has_a_title(database: Database) -> None:
    with database.writing() as session:
        (coder,) = make_coders(session, 1)
        ids = make_coded(session, coder, range(2), HEATING)
        with pytest.raises(GroupError):
            put_together(session, by(coder), ids, "  ", "b1")
