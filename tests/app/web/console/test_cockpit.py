"""The cockpit of a city: what waits, reported and felt, what would move it, beside whom it stands."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import delete, select, update

from app.accounts.permissions import Role
from app.audit.models import JournalRow
from app.database import Database
from app.publishing.bundle import Bundle
from app.publishing.models import Publication
from app.ratings.models import Run, RunFrame
from app.ratings.stored import table_bytes
from app.ratings.whatif import TABLES, read_known_run
from app.web.rating.gap import gap_of_bundle
from scoring.whatif import best, levers, what_if
from tests.app.web.console import test_publications as publications
from tests.app.web.console.conftest import MOST_STATEMENTS, SignIn
from tests.builders.comments import make_comment
from tests.builders.replies import make_commitment, step
from tests.builders.staff import TODAY
from tests.builders.statements import statements_of

asked, database, console = publications.asked, publications.database, publications.console

CITY = "aktau"
PAGES = ("/console/city/", "/console/city/moves", "/console/city/compare")


def run_of(database: Database) -> tuple[Run, dict[str, bytes]]:
    with database.reading() as session:
        run = session.scalars(select(Run).join(Publication, Publication.run == Run.id)).one()
        sides = {kind: "input" if kind == "indicators" else "output" for kind in TABLES}
        return run, {kind: table_bytes(session, run.id, side, kind) for kind, side in sides.items()}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_little_of_the_database(database: Database, sign_in: SignIn, page: str) -> None:
    browser = sign_in(Role.LEAD, CITY)
    with database.writing() as session:
        for number in range(30):
            make_comment(session, number=number, city=CITY, state="shown", released_on=TODAY - timedelta(days=number))
    with statements_of(database) as statements:
        answer = browser.get(page)
    assert answer.status_code == 200
    assert len(statements) <= MOST_STATEMENTS, statements


@pytest.mark.parametrize("page", PAGES)
def test_a_city_sees_itself_alone(sign_in: SignIn, page: str) -> None:
    browser = sign_in(Role.ANALYST, CITY)
    assert browser.get(f"{page}?city={CITY}").status_code == 200
    assert browser.get(f"{page}?city=almaty").status_code == 404
    assert browser.get(f"{page}?city={CITY}&publication=99").status_code == 404
    assert sign_in(Role.REVIEWER).get(f"{page}?city=almaty").status_code == 200
    assert sign_in(Role.ADMIN).get(page).status_code == 403


def test_today_says_what_waits(database: Database, sign_in: SignIn) -> None:
    browser = sign_in(Role.LEAD, CITY)
    with database.writing() as session:
        for number, (state, days) in enumerate([("shown", 1), ("shown", 60), ("shown", 61), ("released", 3)]):
            make_comment(session, number=number, city=CITY, state=state, released_on=TODAY - timedelta(days=days))
        late = TODAY - timedelta(days=9)
        number = make_commitment(session, step("progress"), city=CITY, due=late, title_en="Lamps")
    page = browser.get("/console/city/").text
    assert "1 suggestion waits for a moderator" in page
    assert re.findall(r"<dd>(\d+)</dd>", page.partition("by the working days")[2])[:4] == ["1", "0", "0", "2"]
    listed = re.findall(r'href="(/console/comments/[^"]*reply=no[^"]*)"', page)
    assert browser.get(unescape(listed[0])).text.count("data-row ") == 3
    assert "1 commitment is overdue" in page
    assert f'<a href="/console/commitments/{CITY}/{number}">Lamps</a>' in page


def test_the_picture_is_the_one_of_the_public_page(published: tuple[Database, Bundle], sign_in: SignIn) -> None:
    bundle = published[1]
    cities = [row.city for row in bundle.city_results if gap_of_bundle(bundle, row.city, "mean")]
    assert cities
    browser = sign_in(Role.AUDITOR)
    found = 0
    for city in cities[:3]:
        page = browser.get(f"/console/city/?city={city}&publication=1")
        rows = re.findall(r'cx="(\d+)" cy="(\d+)"', page.text)
        picture = gap_of_bundle(bundle, city, "mean")
        assert picture is not None
        assert rows == [(str(dot.x), str(dot.y)) for dot in picture.marks]
        found += len(rows)
    assert found


def test_a_lever_is_said_as_what_if_computes_it(database: Database, sign_in: SignIn) -> None:
    run, tables = run_of(database)
    known = read_known_run(run, tables)
    city = next(each for each in known.steps if len(levers(known, each)) > 2)
    first, second = levers(known, city)[:2]
    browser = sign_in(Role.REVIEWER)
    page = browser.get(f"/console/city/moves?city={city}").text
    gains = re.findall(r"At its best, points: </span>([^<]+)<", page)
    assert len(gains) == len(levers(known, city))
    assert f"+{float(first.gain):.2f}" in gains
    codes = [first.indicator, second.indicator]
    both = what_if(known, city, {each.code: best(each) for each in codes})
    now = what_if(known, city, {})
    assert both.total is not None
    assert now.total is not None
    words = "&".join(f"set={each.code}" for each in codes)
    chosen = browser.get(f"/console/city/moves?city={city}&{words}").text
    assert f"+{float(both.total - now.total):.2f} points" in chosen
    assert len(re.findall(r"<input type=.checkbox.[^>]* checked", chosen)) == 2


def test_a_run_of_an_earlier_release_says_so(database: Database, sign_in: SignIn) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER IF EXISTS run_frame_frozen_delete")
        for (name,) in connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'run_frame'"
        ).all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.execute(delete(RunFrame).where(RunFrame.kind.in_(("voices", "place_steps"))))
    page = sign_in(Role.LEAD, CITY).get("/console/city/moves").text
    assert "computed by an earlier release" in page


def test_a_trial_is_said_to_be_one_and_a_withdrawn_publication_is_not_offered(
    database: Database, sign_in: SignIn
) -> None:
    browser = sign_in(Role.LEAD, CITY)
    assert "Publication 1 of" in browser.get("/console/city/moves").text
    with database.writing() as session:
        session.execute(update(Publication).values(state="withdrawn"))
    assert "There is no rating yet" in browser.get("/console/city/moves").text


def test_the_comparison_is_a_file_too_and_its_export_is_in_the_journal(database: Database, sign_in: SignIn) -> None:
    browser = sign_in(Role.LEAD, CITY)
    page = browser.get("/console/city/compare").text
    file = browser.get("/console/city/compare?as=csv")
    lines = file.get_data(as_text=True).splitlines()
    assert "Mean of cities of its size" in lines[0]
    shown = re.findall(r"The city: </span>([^<]+)<", page)
    assert len(lines) - 1 == len(shown)
    for line, own in zip(lines[1:], shown, strict=True):
        assert line.rsplit(",", 3)[1] == ("" if own == "–" else own), line
    with database.reading() as session:
        assert session.scalars(select(JournalRow).where(JournalRow.event == "list.exported")).all()
