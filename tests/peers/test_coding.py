"""What went wrong at peers where many things are coded, merged and evaluated by several (DESK §21)."""

from flask import Flask

from app.accounts.queries import get_person
from app.database import Database
from app.feedback.coding import add_theme, undo_bulk
from app.feedback.themes import make_city_theme, merge_themes, theme_counts
from tests.app.web.console.conftest import browser_of
from tests.builders.comments import WAVE, make_comment
from tests.builders.staff import CITY, TODAY
from tests.builders.themes import HEATING, WATER, by, code, draw_for, make_coded, make_coders, name, themes_of


def test_zammad_564_many_are_merged_at_once_and_none_counts_twice(database: Database) -> None:
    with database.writing() as session:
        (coder,) = make_coders(session, 1)
        own = [make_city_theme(session, by(coder), CITY, HEATING, name(f"Boiler {n}")).code for n in range(5)]
        for number, theme in enumerate(own):
            make_coded(session, coder, range(number * 10, number * 10 + 4), theme)
        both = make_coded(session, coder, [90], own[0], own[1])
        for theme in own[1:]:
            merge_themes(session, by(coder), theme, own[0])
        assert {count.theme: count.n for count in theme_counts(session, CITY, WAVE)} == {HEATING: 21, own[0]: 21}
        assert themes_of(session, both[0]) == [own[0]]


def test_zammad_1107_all_of_many_are_changed_or_named_with_the_reason(database: Database) -> None:
    with database.writing() as session:
        (coder,) = make_coders(session, 1)
        ids = [make_comment(session, number=each, state="shown") for each in range(40)]
        code(session, coder, ids[7], HEATING)
        assert add_theme(session, by(coder), ids, HEATING, None, bulk="b") == {ids[7]: "has_it"}
        assert all(themes_of(session, each) == [HEATING] for each in ids)


def test_kpi_2189_what_was_said_once_can_be_unsaid(database: Database) -> None:
    with database.writing() as session:
        (coder,) = make_coders(session, 1)
        ids = [make_comment(session, number=each, state="shown") for each in range(3)]
        add_theme(session, by(coder), ids, HEATING, "complaint", bulk="b")
        assert undo_bulk(session, by(coder), ids, "b", "c") == {}
        code(session, coder, ids[0], WATER)
        code(session, coder, ids[0])
        assert [themes_of(session, each) for each in ids] == [[], [], []]


def test_decidim_12905_what_is_coded_by_whom_can_be_told_from_what_waits(console: Flask, database: Database) -> None:
    """Decidim 12905 and 12911: evaluated and pending are two lists, and what is mine to do is a third."""
    with database.writing() as session:
        one, two = make_coders(session)
        (asked,) = make_coded(session, one, [1], HEATING)
        draw_for(session, asked, two)
        make_comment(session, "Ешкім айтпады", number=2, state="shown")
        people = [get_person(session, each, TODAY) for each in (one, two)]
    first, second = (browser_of(console, person) for person in people if person)
    where = f"/console/themes/?city={CITY}&wave={WAVE}"
    assert "With a theme</dt><dd>1" in first.get(where).text
    assert "With a theme</dt><dd>0" in second.get(where).text
    assert "Текст 1" not in first.get("/console/coding/").text
    assert "Текст 1" in second.get("/console/coding/?second=1").text
    assert "Ешкім айтпады" not in second.get("/console/coding/?second=1").text
    assert "For you as the second person" in second.get(where).text
    assert "For you as the second person" not in first.get(where).text
