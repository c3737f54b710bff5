"""What a suggestion is about: themes, kind, version, history, many at once, and taking it back."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.audit.journal import Actor
from app.audit.models import JournalRow
from app.database import Database
from app.feedback.code_forgetting import forget_codes
from app.feedback.coding import UNDO, add_theme, said_of, set_themes, undo_bulk, undo_coding
from app.feedback.errors import CodingError, CodingFault, StaleCommentError, UnknownCommentError
from app.feedback.frame import load_frame
from app.feedback.groups import put_together
from app.feedback.models import CityTheme, CommentCode, CommentCoding, CommentInGroup, SecondCoding
from app.feedback.second_coding import Said
from app.feedback.themes import make_city_theme, pick_typical, retire_theme
from surveys.models.comments import Comment
from tests.builders.comments import WAVE, make_comment
from tests.builders.staff import CITY, NOW, make_staff
from tests.builders.themes import (
    HEATING,
    ROADS,
    WASTE,
    WATER,
    by,
    code,
    draw_for,
    make_coded,
    make_coders,
    name,
    themes_of,
)


def test_themes_and_kind_are_said_in_place_of_what_was_said_before(database: Database) -> None:
    with database.writing() as session:
        (coder,) = make_coders(session, 1)
        comment = make_comment(session)
        set_themes(session, by(coder), comment, [HEATING, WATER], "complaint", version=1)
        set_themes(session, by(coder), comment, [WATER, ROADS], "question", version=2)
        row = session.get_one(Comment, comment)
        assert (themes_of(session, comment), row.kind, row.version) == ([WATER, ROADS], "question", 3)
        history = session.scalars(select(CommentCoding.themes).order_by(CommentCoding.id)).all()
        assert history == [f"{HEATING} {WATER}", f"{WATER} {ROADS}"]


def test_the_same_again_changes_nothing_and_leaves_no_row(database: Database) -> None:
    with database.writing() as session:
        (coder,) = make_coders(session, 1)
        comment = make_comment(session)
        code(session, coder, comment, HEATING, kind="thanks")
        rows = len(session.scalars(select(JournalRow.seq)).all())
        assert code(session, coder, comment, HEATING, kind="thanks").version == 2
        assert len(session.scalars(select(JournalRow.seq)).all()) == rows


def test_whoever_saw_an_older_one_is_told_and_nothing_is_lost(database: Database) -> None:
    with database.writing() as session:
        one, two = make_coders(session)
        comment = make_comment(session)
        set_themes(session, by(one), comment, [HEATING], None, version=1)
        with pytest.raises(StaleCommentError) as stale:
            set_themes(session, by(two), comment, [WATER], None, version=1)
        assert (stale.value.version, stale.value.stored) == (1, 2)
        assert themes_of(session, comment) == [HEATING]


@pytest.mark.parametrize(
    ("themes", "kind", "fault"),
    [
        ([HEATING, WATER, WASTE, ROADS], None, CodingFault.TOO_MANY),
        (["hcs_nothing"], None, CodingFault.UNKNOWN_THEME),
        (["hcs_other.almaty.1"], None, CodingFault.UNKNOWN_THEME),
        (["hcs_yards"], None, CodingFault.RETIRED_THEME),
        ([HEATING], "praise", CodingFault.UNKNOWN_KIND),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_changes(
    database: Database, themes: list[str], kind: str | None, fault: CodingFault
) -> None:
    with database.writing() as session:
        (coder,) = make_coders(session, 1)
        stranger = make_staff(session, "analyst", "almaty").id
        make_city_theme(session, by(stranger), "almaty", "hcs_other", name("Tents"))
        retire_theme(session, by(coder), "hcs_yards")
        comment = make_comment(session)
        with pytest.raises(CodingError) as refused:
            set_themes(session, by(coder), comment, themes, kind, version=1)
        assert refused.value.fault is fault
        assert themes_of(session, comment) == []
        assert session.scalars(select(CommentCoding.id)).all() == []


def test_a_retired_theme_that_a_suggestion_has_may_stay_on_it(database: Database) -> None:
    with database.writing() as session:
        (coder,) = make_coders(session, 1)
        comment = make_comment(session)
        code(session, coder, comment, WATER)
        retire_theme(session, by(coder), WATER)
        code(session, coder, comment, WATER, HEATING)
        assert themes_of(session, comment) == [HEATING, WATER]


@pytest.mark.parametrize("state", ["hidden", "hidden_provisional"])
def test_what_is_hidden_is_about_nothing(database: Database, state: str) -> None:
    with database.writing() as session:
        (coder,) = make_coders(session, 1)
        comment = make_comment(session, state=state)
        with pytest.raises(CodingError) as refused:
            code(session, coder, comment, HEATING)
        assert refused.value.fault is CodingFault.HIDDEN


@pytest.mark.parametrize("state", ["pending", "taken_back"])
def test_what_was_not_released_or_is_taken_back_is_not_there(database: Database, state: str) -> None:
    with database.writing() as session:
        (coder,) = make_coders(session, 1)
        comment = make_comment(session, state=state)
        with pytest.raises(UnknownCommentError):
            code(session, coder, comment, HEATING)
        assert add_theme(session, by(coder), [comment], HEATING, None, bulk="b") == {comment: "gone"}


def test_a_citys_own_theme_takes_the_place_of_the_one_above_it(database: Database) -> None:
    with database.writing() as session:
        (coder,) = make_coders(session, 1)
        own = make_city_theme(session, by(coder), CITY, HEATING, name("Boiler 3")).code
        comment = make_comment(session)
        code(session, coder, comment, HEATING, own, WATER, WASTE)
        assert themes_of(session, comment) == sorted([own, WATER, WASTE])


def test_undoing_brings_back_what_was_said_before_and_only_ones_own(database: Database) -> None:
    with database.writing() as session:
        one, two = make_coders(session)
        comment = make_comment(session)
        code(session, one, comment, HEATING, kind="complaint")
        code(session, two, comment, WATER)
        with pytest.raises(CodingError):
            undo_coding(session, by(one), comment)
        undo_coding(session, by(two), comment)
        assert said_of(session, [comment])[comment] == Said((HEATING,), "complaint")
        with pytest.raises(CodingError):
            undo_coding(session, by(two), comment)


def test_undoing_the_first_coding_leaves_nothing_and_only_for_ten_minutes(database: Database) -> None:
    with database.writing() as session:
        (coder,) = make_coders(session, 1)
        comment = make_comment(session)
        code(session, coder, comment, HEATING, kind="complaint")
        late = Actor(coder, NOW + UNDO + timedelta(seconds=1))
        with pytest.raises(CodingError):
            undo_coding(session, late, comment)
        undo_coding(session, Actor(coder, NOW + UNDO), comment)
        assert said_of(session, [comment])[comment] == Said((), None)


def test_many_get_a_theme_and_those_that_cannot_say_why(database: Database) -> None:
    with database.writing() as session:
        (coder,) = make_coders(session, 1)
        plain, full, has, hidden = (make_comment(session, number=each, state="shown") for each in range(4))
        code(session, coder, full, WATER, WASTE, ROADS)
        code(session, coder, has, HEATING)
        session.get_one(Comment, hidden).state = "hidden"
        ids = [plain, full, has, hidden, "f" * 32]
        left = add_theme(session, by(coder), ids, HEATING, None, bulk="b1")
        assert left == {full: "too_many", has: "has_it", hidden: "hidden", "f" * 32: "gone"}
        assert themes_of(session, plain) == [HEATING]
        assert add_theme(session, by(coder), [plain, has], "", "thanks", bulk="b2") == {}
        assert session.get_one(Comment, plain).kind == "thanks"


def test_many_are_taken_back_but_those_that_were_changed_meanwhile(database: Database) -> None:
    with database.writing() as session:
        (coder,) = make_coders(session, 1)
        ids = [make_comment(session, number=each, state="shown") for each in range(3)]
        code(session, coder, ids[0], WATER)
        add_theme(session, by(coder), ids, HEATING, "complaint", bulk="b1")
        code(session, coder, ids[1], ROADS)
        assert undo_bulk(session, by(coder), ids, "b1", "b2") == {ids[1]: "changed"}
        assert [themes_of(session, each) for each in ids] == [[WATER], [ROADS], []]
        assert session.get_one(Comment, ids[2]).kind is None


def test_the_journal_says_that_something_was_coded_and_not_how(database: Database) -> None:
    """The second coder may read it before saying theirs."""
    with database.writing() as session:
        (coder,) = make_coders(session, 1)
        comment = make_comment(session)
        code(session, coder, comment, HEATING, kind="complaint")
        rows = session.execute(select(JournalRow.event, JournalRow.object_id, JournalRow.detail)).all()
    (row,) = [each for each in rows if each.event == "comment.coded"]
    assert row.object_id == comment
    assert HEATING not in row.detail
    assert "complaint" not in row.detail


def test_whoever_takes_words_back_takes_what_was_said_of_them(database: Database) -> None:
    with database.writing() as session:
        one, two = make_coders(session)
        ids = make_coded(session, one, range(3), HEATING)
        draw_for(session, ids[0], two)
        put_together(session, by(one), ids[:2], "Same", "b")
        pick_typical(session, by(one), HEATING, CITY, wave=WAVE, ids=ids)
        forget_codes(session, ids[0])
        for table in (CommentCode, CommentCoding, SecondCoding, CommentInGroup):
            assert ids[0] not in session.scalars(select(table.comment)).all(), table
        assert session.scalars(select(CommentInGroup.comment)).all() == [], "a group of one is none"
        assert session.scalars(select(CityTheme.typical)).all() == [" ".join(ids[1:])]
        assert session.get_one(Comment, ids[0], populate_existing=True).kind is None


CODES = st.lists(st.sampled_from([theme.code for theme in load_frame() if theme.area == "hcs"]), max_size=5)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.lists(CODES, min_size=1, max_size=6))
def test_whatever_is_said_what_counts_is_what_was_said_last_and_fits(sqlite: Database, said: list[list[str]]) -> None:
    """A law: codes that count are those of the newest row, three at most, and undoing walks one step back."""
    with sqlite.writing() as session:
        (coder,) = make_coders(session, 1)
        comment = make_comment(session)
        stood: list[list[str]] = [[]]
        for codes in said:
            if len(set(codes)) > 3:
                with pytest.raises(CodingError):
                    code(session, coder, comment, *codes)
            elif sorted(set(codes)) != stood[-1]:
                code(session, coder, comment, *codes)
                stood.append(sorted(set(codes)))
            assert themes_of(session, comment) == stood[-1]
        if len(stood) > 1:
            undo_coding(session, by(coder), comment)
            assert themes_of(session, comment) == stood[-2]
        session.rollback()
