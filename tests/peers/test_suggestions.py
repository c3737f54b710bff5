"""Complaints of peers' users about lists, moderation and coding (DESK §2.2, §21): where the trap of each is kept."""

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.permissions import Role
from app.accounts.queries import get_person
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.feedback.models import CommentDecision, CommentNeighbour
from app.jobs.tasks.compare_suggestions import compare_suggestions
from surveys.models.comments import Comment
from tests.app.web.console.conftest import SignIn, browser_of
from tests.builders.comments import SHOW, do, make_comment, state_of
from tests.builders.staff import TODAY, make_staff
from tests.builders.themes import HEATING, WATER, make_coders, themes_of

COMPLAINTS = (
    "decidim 12903", "decidim 12905", "decidim 12911", "decidim 13612", "decidim app 700", "decidim 3554",
    "decidim 3190", "decidim 3041", "decidim 16582", "decidim 13067", "decidim 2825", "decidim 8098", "osp 659",
    "kpi 1395", "kpi 1520", "chatwoot 13535", "kpi 2189", "kobocat 427", "zammad 564", "zammad 1107",
    "freescout 2873", "thunderbird conversations 730", "wcag 2 1 4", "fms 330", "fms 2357", "fms 4435", "fms 4051",
    "fms 2374", "consul 3709", "consul 5055", "consul 2376", "gsa 748", "ckanext validation 14", "dhis2 9052",
    "dhis2 9063", "dhis2 11288", "gitea 8439", "gitea 5997", "massgov 146",
)  # fmt: skip
"""Product and number of the thread; replies and promises have their own list, and accounts tests named in words."""
NAMES = {"fms": "fixmystreet", "gsa": "gsa_sdg_indicators"}
"""Products that some tests call by their whole name."""

COMMON = "Здравствуйте, уважаемый акимат нашего города, просим вас пожалуйста обратить внимание: "
"""What many begin with; it says nothing of what they are about."""


def test_every_complaint_has_a_trap_of_its_name() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    tests = re.findall(r"^def (test_\w+)", text, re.MULTILINE)

    def has(complaint: str) -> bool:
        product, _, number = complaint.partition(" ")
        words = {product, NAMES.get(product, product)}
        numbers = number.split() if product != "wcag" else [number.replace(" ", "_")]
        return any(any(word in test for word in words) and all(f"_{n}" in test for n in numbers) for test in tests)

    assert [each for each in COMPLAINTS if not has(each)] == []


def neighbours_after_a_night(database: Database, clock: FrozenClock, settings: Settings) -> set[tuple[str, str]]:
    """Compare what is there; gives the pairs that are suggested, by the last signs of their ids."""
    compare_suggestions(database, clock, settings.keys)
    with database.reading() as session:
        rows = session.execute(select(CommentNeighbour.comment, CommentNeighbour.other))
        return {(one[-2:], other[-2:]) for one, other in rows if one < other}


def test_decidim_8098_similarity_holds_where_languages_mix(
    database: Database, clock: FrozenClock, settings: Settings
) -> None:
    """The same route and the same street in two languages: people join them by a theme, no computer does."""
    with database.writing() as session:
        for number, lang, text in (
            (1, "ru", "Автобус № 45 на улице Абая ходит раз в час"),
            (2, "ru", "Автобус № 45 по улице Абая ходит раз в час, очень редко"),
            (3, "kk", "Абай көшесімен № 45 автобус сағатына бір рет жүреді"),
            (4, "kk", "№ 45 автобус Абай көшесімен сағатына бір-ақ рет жүреді"),
        ):
            make_comment(session, text, number=number, lang=lang)
    assert neighbours_after_a_night(database, clock, settings) == {("01", "02"), ("03", "04")}


def test_osp_659_words_that_everybody_writes_make_nothing_alike(
    database: Database, clock: FrozenClock, settings: Settings
) -> None:
    """Rare words weigh more: the same greeting joins nothing, the same boiler house does without one."""
    with database.writing() as session:
        for number in range(10, 40):
            make_comment(session, f"{COMMON}{chr(1072 + number % 30) * 9} {number}", number=number)
        make_comment(session, f"{COMMON}лифт в девятом доме стоит", number=1)
        make_comment(session, f"{COMMON}собаки бегают у школы", number=2)
        make_comment(session, "Котельная на Сейфуллина дымит каждую ночь", number=3)
        make_comment(session, "Каждую ночь котельная на Сейфуллина дымит, дышать нечем", number=4)
    found = neighbours_after_a_night(database, clock, settings)
    assert ("03", "04") in found
    assert not {pair for pair in found if pair[0] in {"01", "02"}}


def test_chatwoot_13535_the_dialogue_names_the_total_of_the_filter_and_no_other(
    database: Database, sign_in: SignIn
) -> None:
    """Not that of the page, nor that of the list without its filter."""
    browser = sign_in(Role.MODERATOR)
    with database.writing() as session:
        for number in range(70):
            make_comment(session, number=number)
            make_comment(session, number=1_000 + number, area="its")
            make_comment(session, number=2_000 + number, city="oral")
    back = "/console/comments/?area=its&state=released"
    answer = browser.send("/console/comments/bulk/comments.show", {"scope": "all", "back": back})
    assert "Show 70 suggestions?" in browser.get(answer.location).text
    browser.send(answer.location)
    with database.reading() as session:
        rows = session.execute(select(Comment.area, func.count()).where(Comment.state == "shown").group_by("area"))
        assert dict(rows.all()) == {"its": 70}


def test_decidim_app_700_no_button_for_many_needs_a_script(database: Database, sign_in: SignIn) -> None:
    """Each sends its form by itself: none is of another type, or switched off until a script comes."""
    browser = sign_in(Role.MODERATOR)
    with database.writing() as session:
        make_comment(session)
    page = browser.get("/console/comments/?state=released").text
    buttons = re.findall(r"<button[^>]*formaction=[^>]*>", page)
    assert len(buttons) >= 4
    assert [each for each in buttons if re.search(r'type="button"|disabled|hidden', each)] == []
    assert len(set(re.findall(r'<form[^>]*id="([^"]+)"', page))) == len(re.findall(r'<form[^>]*id="', page))


def test_freescout_2873_of_two_at_one_suggestion_neither_overwrites_the_other(
    console: Flask, database: Database
) -> None:
    """Who decides and who codes, each sees what the other did before theirs is taken (freescout 5482 too)."""
    with database.writing() as session:
        coders = make_coders(session)
        comment = make_comment(session, state="shown")
        moderators = [make_staff(session, Role.MODERATOR).id for _ in range(2)]
        people = [get_person(session, each, TODAY) for each in (*coders, *moderators)]
    one, two, first, second = (browser_of(console, person) for person in people if person)
    page, place = f"/console/coding/aktau/{comment}", f"/console/comments/aktau/{comment}/decide"
    assert one.send(page, {"version": "1", "coding": "0", "theme": HEATING}).status_code == 303
    assert two.send(page, {"version": "1", "coding": "0", "theme": WATER}).status_code == 409
    with database.reading() as session:
        assert themes_of(session, comment) == [HEATING]
        version = session.scalars(select(Comment.version).where(Comment.id == comment)).one()
    assert first.send(place, {"decision": "second_look", "version": version}).status_code == 303
    answer = second.send(place, {"decision": "hide:insult", "version": version})
    assert answer.status_code == 409
    assert "Keep mine" in answer.text
    with database.reading() as session:
        assert state_of(session, comment) == "second_look"
        assert session.scalar(select(func.count()).select_from(CommentDecision)) == 1


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.LEAD, Role.AUDITOR])
def test_decidim_12911_decided_and_pending_are_two_lists_with_their_numbers(
    database: Database, sign_in: SignIn, role: Role
) -> None:
    with database.writing() as session:
        person = make_staff(session, Role.MODERATOR).id
        for number in range(9):
            comment = make_comment(session, f"Совет {number}", number=number)
            if number < 4:
                do(session, comment, person, SHOW)
    browser = sign_in(role)
    pages = {state: browser.get(f"/console/comments/?all=1&state={state}").text for state in ("shown", "released")}
    rows = {state: set(re.findall(r"Совет \d", page)) for state, page in pages.items()}
    assert rows == {"shown": {f"Совет {n}" for n in range(4)}, "released": {f"Совет {n}" for n in range(4, 9)}}
