"""Themes are made, renamed, merged, split and retired, and what was coded with them stays."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import Database
from app.feedback.errors import ThemeError, ThemeFault
from app.feedback.frame import areas_asked_about
from app.feedback.models import CommentCoding, Theme, ThemeChange
from app.feedback.reply_models import Reply
from app.feedback.themes import (
    list_themes,
    make_city_theme,
    make_national_theme,
    merge_themes,
    name_of,
    pick_typical,
    rename_theme,
    restore_theme,
    retire_theme,
    split_theme,
    theme_counts,
    typical_suggestions,
)
from surveys.languages import Text3
from surveys.models.comments import Comment
from tests.builders.comments import WAVE, make_comment, take_words_back
from tests.builders.replies import make_reply
from tests.builders.staff import CITY
from tests.builders.themes import HEATING, ROADS, WASTE, WATER, by, code, make_coded, make_coders, name, themes_of

OTHER = "almaty"


def refused(change: Callable[[], object]) -> ThemeFault:
    with pytest.raises(ThemeError) as error:
        change()
    return error.value.fault


def changes(session: Session) -> list[tuple[str, str, str | None, int]]:
    rows = session.scalars(select(ThemeChange).order_by(ThemeChange.id))
    return [(row.theme, row.event, row.other, row.suggestions) for row in rows]


def test_a_citys_own_theme_stands_below_a_national_one_for_that_city_alone(database: Database) -> None:
    with database.writing() as session:
        (coder,) = make_coders(session, 1)
        first = make_city_theme(session, by(coder), CITY, HEATING, name("Boiler 3"))
        second = make_city_theme(session, by(coder), CITY, HEATING, name("Boiler 4"))
        assert (first.code, second.code) == ("hcs_heating.aktau.1", "hcs_heating.aktau.2")
        assert (first.area, first.parent, first.city) == ("hcs", HEATING, CITY)
        own = [theme.code for theme in list_themes(session, CITY) if theme.city]
        assert own == [first.code, second.code]
        assert [theme.code for theme in list_themes(session, OTHER) if theme.city] == []
        assert [theme.code for theme in list_themes(session) if theme.city] == []


@pytest.mark.parametrize(
    ("called", "fault"),
    [
        (Text3("Қазандық", "", "Boiler"), ThemeFault.THREE_LANGUAGES),
        (Text3("Қазандық", "Котельная", "  "), ThemeFault.THREE_LANGUAGES),
        (Text3("Қ" * 121, "Котельная", "Boiler"), ThemeFault.LONG_NAME),
        (Text3("Қазандық", "отопление ", "Boiler"), ThemeFault.SAME_NAME),
    ],
)
def test_a_name_is_whole_in_three_languages_and_no_other_themes(
    database: Database, called: Text3, fault: ThemeFault
) -> None:
    with database.writing() as session:
        (coder,) = make_coders(session, 1)
        assert refused(lambda: make_city_theme(session, by(coder), CITY, HEATING, called)) is fault
        assert refused(lambda: rename_theme(session, by(coder), WATER, called)) is fault
        assert changes(session) == []


def test_a_parent_is_national_and_in_use(database: Database) -> None:
    with database.writing() as session:
        (coder,) = make_coders(session, 1)
        own = make_city_theme(session, by(coder), CITY, HEATING, name("Boiler")).code
        retire_theme(session, by(coder), WATER)
        for parent, fault in (
            (own, ThemeFault.WRONG_PARENT),
            (WATER, ThemeFault.WRONG_PARENT),
            ("x", ThemeFault.UNKNOWN),
        ):
            assert refused(lambda parent=parent: make_city_theme(session, by(coder), CITY, parent, name("X"))) is fault


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        ("hcs-lifts", ThemeFault.WRONG_CODE),
        ("xyz_lifts", ThemeFault.WRONG_CODE),
        (f"hcs_{'l' * 40}", ThemeFault.WRONG_CODE),
        (HEATING, ThemeFault.CODE_TAKEN),
    ],
)
def test_a_national_code_names_its_area_and_is_new(database: Database, asked: str, fault: ThemeFault) -> None:
    with database.writing() as session:
        (coder,) = make_coders(session, 1)
        make = lambda: make_national_theme(session, by(coder), asked, areas_asked_about(), name("X"))  # noqa: E731 - tried
        assert refused(make) is fault


def test_a_new_name_leaves_the_old_one_in_the_history(database: Database) -> None:
    with database.writing() as session:
        (coder,) = make_coders(session, 1)
        before = name_of(session.get_one(Theme, HEATING))
        rename_theme(session, by(coder), HEATING, name("Warmth"))
        rename_theme(session, by(coder), HEATING, name("Warmth "))
        (row,) = session.scalars(select(ThemeChange)).all()
        assert (row.event, Text3(row.name_kk, row.name_ru, row.name_en)) == ("renamed", before)
        assert name_of(session.get_one(Theme, HEATING)) == name("Warmth")


def test_what_is_merged_goes_to_the_other_and_its_history_stays(database: Database) -> None:
    """Zammad 564: many at once, and nothing counted twice."""
    with database.writing() as session:
        (coder,) = make_coders(session, 1)
        own = make_city_theme(session, by(coder), CITY, WASTE, name("Bins")).code
        ids = make_coded(session, coder, range(4), WASTE)
        code(session, coder, ids[0], WASTE, WATER)
        below = make_coded(session, coder, [9], own)
        pick_typical(session, by(coder), WASTE, CITY, wave=WAVE, ids=ids[1:])
        make_reply(session, days=(), theme=WASTE, kind="cannot")
        assert merge_themes(session, by(coder), WASTE, WATER) == 4
        assert {each: themes_of(session, each) for each in ids} == {each: [WATER] for each in ids}
        theme = session.get_one(Theme, WASTE)
        assert (theme.retired, theme.merged_into) == (True, WATER)
        assert session.get_one(Theme, own, populate_existing=True).parent == WATER
        assert changes(session)[-1] == (WASTE, "merged", WATER, 4)
        counts = {count.theme: count.n for count in theme_counts(session, CITY, WAVE)}
        assert counts == {WATER: 5, own: 1}
        assert [each.comment for each in typical_suggestions(session, CITY, WAVE)[WATER]] == ids[1:]
        assert session.scalars(select(Reply.theme)).all() == [WATER]
        events = session.scalars(select(CommentCoding.event).where(CommentCoding.comment == ids[1])).all()
        assert sorted(events) == ["coded", "merged"]
        assert below


def test_merging_goes_where_it_can(database: Database) -> None:
    with database.writing() as session:
        (coder,) = make_coders(session, 1)
        own = make_city_theme(session, by(coder), CITY, WASTE, name("Bins")).code
        theirs = make_city_theme(session, by(coder), OTHER, WASTE, name("Bins")).code
        retire_theme(session, by(coder), "hcs_yards")
        tried = {
            (WASTE, WASTE): ThemeFault.INTO_ITSELF,
            (WASTE, ROADS): ThemeFault.WRONG_TARGET,
            (WASTE, "hcs_yards"): ThemeFault.WRONG_TARGET,
            (WASTE, own): ThemeFault.WRONG_TARGET,
            (own, theirs): ThemeFault.WRONG_TARGET,
            (own, "nothing"): ThemeFault.UNKNOWN,
        }
        found = {pair: refused(lambda pair=pair: merge_themes(session, by(coder), *pair)) for pair in tried}
        assert found == tried
        merge_themes(session, by(coder), own, WASTE)
        assert refused(lambda: merge_themes(session, by(coder), own, WATER)) is ThemeFault.MERGED
        assert refused(lambda: restore_theme(session, by(coder), own)) is ThemeFault.MERGED


def test_a_split_moves_what_was_chosen_to_a_theme_of_the_city(database: Database) -> None:
    with database.writing() as session:
        (coder,) = make_coders(session, 1)
        ids = make_coded(session, coder, range(3), HEATING, WATER)
        strange = make_coded(session, coder, [7], HEATING, city=OTHER)
        new = split_theme(session, by(coder), HEATING, CITY, name=name("Boiler 3"), ids=[*ids[:2], *strange])
        assert (new.parent, new.city) == (HEATING, CITY)
        assert [themes_of(session, each) for each in ids] == [[new.code, WATER], [new.code, WATER], [HEATING, WATER]]
        assert themes_of(session, strange[0]) == [HEATING]
        assert changes(session) == [(new.code, "made", None, 0), (HEATING, "split", new.code, 2)]
        beside = split_theme(session, by(coder), new.code, CITY, name=name("Boiler 4"), ids=ids[:1])
        assert beside.parent == HEATING
        empty = lambda: split_theme(session, by(coder), HEATING, CITY, name=name("X"), ids=strange)  # noqa: E731 - tried
        assert refused(empty) is ThemeFault.NOTHING_CHOSEN


def test_a_retired_theme_keeps_its_suggestions_and_comes_back(database: Database) -> None:
    with database.writing() as session:
        (coder,) = make_coders(session, 1)
        make_coded(session, coder, range(2), HEATING)
        retire_theme(session, by(coder), HEATING)
        retire_theme(session, by(coder), HEATING)
        assert [(count.theme, count.n) for count in theme_counts(session, CITY, WAVE)] == [(HEATING, 2)]
        restore_theme(session, by(coder), HEATING)
        assert [event for _theme, event, _other, _n in changes(session)] == ["retired", "restored"]


def test_counts_are_of_what_everybody_may_read_each_once(database: Database) -> None:
    with database.writing() as session:
        (coder,) = make_coders(session, 1)
        own = make_city_theme(session, by(coder), CITY, HEATING, name("Boiler")).code
        ids = make_coded(session, coder, range(6), HEATING)
        code(session, coder, ids[0], own, WATER)
        make_comment(session, number=50, state="shown")
        hidden = make_coded(session, coder, range(60, 63), HEATING)
        for each, state in zip(hidden, ("hidden", "hidden_provisional", "released"), strict=True):
            session.get_one(Comment, each).state = state
        make_coded(session, coder, range(70, 75), HEATING, city=OTHER)
        counts = theme_counts(session, CITY, WAVE)
        assert [(count.theme, count.n, count.told) for count in counts] == [
            (HEATING, 6, 6),
            (own, 1, None),
            (WATER, 1, None),
        ]
        assert [str(count.share) for count in counts] == ["6/7", "1/7", "1/7"]


def test_up_to_three_shown_ones_stand_for_a_theme_and_vanish_when_they_are_hidden(database: Database) -> None:
    with database.writing() as session:
        (coder,) = make_coders(session, 1)
        ids = make_coded(session, coder, range(5), HEATING)
        session.get_one(Comment, ids[4]).state = "hidden"
        water = make_coded(session, coder, [8], WATER)
        chosen = pick_typical(
            session, by(coder), HEATING, CITY, wave=WAVE, ids=[*water, ids[4], ids[2], ids[0], ids[1], ids[3]]
        )
        assert chosen == [ids[2], ids[0], ids[1]]

        def shown() -> list[str]:
            return [each.comment for each in typical_suggestions(session, CITY, WAVE).get(HEATING, [])]

        assert shown() == chosen
        for state in ("hidden_provisional", "second_look", "hidden"):
            session.get_one(Comment, ids[2]).state = state
            session.flush()
            assert shown() == chosen[1:], state
        code(session, coder, ids[0], WATER)
        assert shown() == [ids[1]]
        row = session.get_one(Comment, ids[1])
        row.state, row.shown_text = "shown_redacted", "Текст █"
        session.flush()
        assert [each.text for each in typical_suggestions(session, CITY, WAVE)[HEATING]] == ["Текст █"]
        take_words_back(session, ids[1])
        assert shown() == []
