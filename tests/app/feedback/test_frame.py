"""The national frame: what the file must be, and how it comes into the database."""

import pytest
from sqlalchemy import select

from app.database import Database
from app.feedback.frame import (
    FILE,
    FrameTheme,
    ThemesFileError,
    areas_asked_about,
    load_frame,
    read_frame,
    store_frame,
)
from app.feedback.models import Theme
from app.feedback.themes import list_themes, make_national_theme, rename_theme
from surveys.languages import Text3
from tests.builders.staff import make_staff
from tests.builders.themes import by, make_coders, name

ROW = '[[theme]]\ncode = "{code}"\nkk = "{code} kk"\nru = "{code} ru"\nen = "{code} en"\n'
GOOD = "".join(ROW.format(code=f"hlt_{word}") for word in ("one", "two", "three", "four", "five"))


def faults(text: str) -> list[str]:
    with pytest.raises(ThemesFileError) as refused:
        read_frame(text, ["hlt"])
    return list(refused.value.faults)


def test_every_area_that_is_asked_about_has_its_themes_and_one_for_what_is_left() -> None:
    frame = load_frame()
    assert {theme.area for theme in frame} == set(areas_asked_about())
    assert len(areas_asked_about()) == 12
    assert {theme.code for theme in frame} >= {f"{area}_other" for area in areas_asked_about()}


def test_no_name_of_the_frame_is_left_in_another_language() -> None:
    for theme in load_frame():
        assert not set("әіңғүұқөһ") & set(theme.name.ru.casefold()), theme
        assert theme.name.kk != theme.name.ru or theme.name.kk == theme.name.en, theme


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("[[theme", "not TOML"),
        ("theme = 1", "write each theme as [[theme]]"),
        (GOOD.replace('code = "hlt_two"\n', ""), "theme 2: has no code"),
        (GOOD.replace("hlt_two", "Hlt-2"), "theme 2 (Hlt-2): a code is the area"),
        (GOOD.replace('"hlt_two"', '"xyz_two"'), "theme 2 (xyz_two): no questionnaire asks about the area 'xyz'"),
        (GOOD.replace('ru = "hlt_two ru"\n', ""), "theme 2 (hlt_two): has no name in ru"),
        (GOOD.replace('"hlt_two kk"', '"  "'), "theme 2 (hlt_two): has no name in kk"),
        (GOOD.replace("hlt_two en", "x" * 121), "theme 2 (hlt_two): its name in en has 121 letters, of 120 at most"),
        (GOOD.replace("hlt_two en", "hlt_one en"), "area hlt: 'hlt_one en' names 2 themes in en"),
        (GOOD.replace('"hlt_two kk"', "3"), "theme 2 (hlt_two): kk is not a text"),
        (GOOD + "retired = 1\n", "theme 5 (hlt_five): retired is not a true or false"),
        (GOOD + 'fr = "cinq"\n', "theme 5 (hlt_five): what is 'fr'?"),
        (GOOD + ROW.format(code="hlt_one"), "hlt_one: stands 2 times"),
        (GOOD + "retired = true\n", "area hlt: 4 themes that can be used; 5 to 9 are wanted"),
    ],
)
def test_a_wrong_file_is_refused_with_what_is_wrong(wrong: str, says: str) -> None:
    assert any(fault.startswith(says) for fault in faults(wrong)), faults(wrong)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    text = GOOD.replace('ru = "hlt_two ru"\n', "").replace('kk = "hlt_four kk"\n', "")
    assert faults(text) == ["theme 2 (hlt_two): has no name in ru", "theme 4 (hlt_four): has no name in kk"]


def test_the_frame_is_loaded_and_loading_it_again_changes_nothing(database: Database) -> None:
    with database.writing() as session:
        assert len(store_frame(session).added) == len(load_frame())
        assert store_frame(session) == ((), (), (), ())
    with database.reading() as session:
        stored = {theme.code: theme for theme in list_themes(session)}
    assert stored.keys() == {theme.code for theme in load_frame()}
    assert stored["hlt_ambulance"].name_kk == "Жедел жәрдем"
    assert all(theme.city is None and theme.from_file for theme in stored.values())


def test_what_goes_from_the_file_is_retired_and_kept(database: Database) -> None:
    one, two = FrameTheme("hlt_one", Text3("a", "b", "c")), FrameTheme("hlt_two", Text3("d", "e", "f"))
    with database.writing() as session:
        store_frame(session, [one, two])
        changed = store_frame(session, [FrameTheme("hlt_one", Text3("a", "b", "new"))])
        assert (changed.changed, changed.retired) == (("hlt_one",), ("hlt_two",))
        assert session.get_one(Theme, "hlt_two").retired
        back = store_frame(session, [one, two])
        assert back.changed == ("hlt_one", "hlt_two")
        assert not session.get_one(Theme, "hlt_two").retired


def test_what_a_publisher_changed_no_longer_follows_the_file(database: Database) -> None:
    with database.writing() as session:
        store_frame(session)
        publisher = by(make_staff(session, "publisher").id)
        rename_theme(session, publisher, "hlt_ambulance", name("Ambulances"))
        make_national_theme(session, publisher, "hlt_dentists", areas_asked_about(), name("Dentists"))
        done = store_frame(session)
        assert done == ((), (), (), ("hlt_ambulance",))
        assert session.get_one(Theme, "hlt_ambulance").name_en == "Ambulances en"
        assert not session.get_one(Theme, "hlt_dentists").retired


def test_themes_of_cities_are_not_touched(database: Database) -> None:
    with database.writing() as session:
        make_coders(session, 1)
        session.add(
            Theme(code="hlt_other.aktau.1", area="hlt", parent="hlt_other", city="aktau", name_kk="a", name_ru="b",
                  name_en="c", retired=False, merged_into=None, from_file=False)
        )  # fmt: skip
        session.flush()
        store_frame(session)
        codes = session.scalars(select(Theme.code).where(Theme.city == "aktau", Theme.retired.is_(False))).all()
    assert codes == ["hlt_other.aktau.1"]


def test_the_file_says_what_it_is() -> None:
    assert FILE.read_text(encoding="utf-8").startswith("# What suggestions are about: the national code frame.")
