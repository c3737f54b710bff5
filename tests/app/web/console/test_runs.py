"""Runs in the console: ordered, refused, listed and shown in words; what they counted, on the page of a value."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select, update

from app.accounts.models import RoleGrant
from app.accounts.permissions import Role
from app.audit.journal import Actor
from app.database import Database
from app.indicators.case_models import ValueCase
from app.indicators.keys import CaseKey
from app.indicators.openings import PeriodPlan, open_period
from app.notices.models import Notice
from app.publishing.models import Publication
from app.publishing.queries import get_published
from app.publishing.uses import publications_of
from app.ratings.execution import execute_run
from app.ratings.models import Run
from app.ratings.stored import rows_of, table_bytes
from app.web.language import speak
from app.web.rating.pages import ranking
from surveys.models import Wave
from tests.app.publications import publish_copy
from tests.app.web.console import test_publications as publications
from tests.app.web.console.conftest import SignIn, kept_by
from tests.app.web.console.test_publications import ORDER
from tests.builders.country import BUSINESSES, RESIDENTS
from tests.builders.sites import replace_services
from tests.conftest import NOW as MOMENT

asked, database = publications.asked, publications.database
console, number = publications.console, publications.number


def test_a_run_says_waves_editions_and_shares_in_words(database: Database, sign_in: SignIn) -> None:
    browser = sign_in(Role.REVIEWER)
    form = browser.get("/console/runs/new").text
    assert re.search(rf"[^<>]+, [^<]+ \({RESIDENTS}\): closed", form), form
    assert re.search(r'<option value="2024">2024: [A-Z][^<]+</option>', form), form
    assert re.search(r"<li>[^<]+: 30%</li>", form), form
    with database.reading() as session:
        run = session.scalars(select(Run.id)).first()
    page = browser.get(f"/console/runs/{run}").text
    assert "<dt>Share of opinion</dt><dd>30%</dd>" in page
    waves = re.findall(r"([^<>]+, [^<>]+) <code class=\"beside\">([^<]+)</code>", page.partition("<dt>Waves</dt>")[2])
    assert [code for _name, code in waves] == [BUSINESSES, RESIDENTS]


def test_a_trial_is_made_and_shown_and_compared(database: Database, sign_in: SignIn) -> None:
    browser = sign_in(Role.REVIEWER)
    wrong = browser.send("/console/runs/new", {"period": "1999", "kind": "trial"})
    assert wrong.status_code == 422
    made = browser.send("/console/runs/new", {"period": "2024", "kind": "trial", "waves": [RESIDENTS]})
    ended = browser.get(made.location).text
    assert "Done: 1 of 1" in ended
    with database.reading() as session:
        trial = session.scalars(select(Run.id).where(Run.kind == "trial")).one()
        first = session.scalars(select(Publication.run)).first()
    assert f'href="/console/runs/{trial}"' in ended
    assert "The run of 2024 that you ordered is made" in browser.get("/console/notices").text
    page = browser.get(f"/console/runs/{trial}").text
    assert "can never be published" in page
    assert "Ask for its publication" not in page
    compared = browser.get(f"/console/runs/{trial}/changes?before={first}").text
    assert "Waves left out: businesses-test" in compared
    refused = browser.send(f"/console/publications/ask/{trial}", {"note": "please"})
    assert refused.status_code == 422
    assert "please" in refused.text


def test_no_run_tells_what_one_more_answer_said(database: Database, sign_in: SignIn) -> None:
    ordered = {"period": "2024", "waves": [RESIDENTS]}
    browser = sign_in(Role.REVIEWER)
    with database.writing() as session:
        session.execute(update(Wave).where(Wave.code == RESIDENTS).values(state="open"))
    form = browser.get("/console/runs/new").text
    assert f'value="{RESIDENTS}"' not in form
    assert f'value="{BUSINESSES}"' in form
    sent = [browser.send("/console/runs/new", ordered | {"kind": kind}) for kind in ("trial", "official")]
    assert [each.status_code for each in sent] == [422, 422]
    with database.writing() as session:
        session.execute(update(Wave).where(Wave.code == RESIDENTS).values(illustrative=True))
    assert f'value="{RESIDENTS}"' in browser.get("/console/runs/new").text


def test_who_ordered_a_run_that_fails_is_told(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        open_period(session, PeriodPlan("2031", "standard_2019", ("aktau",)), Actor(None, MOMENT))
    browser = sign_in(Role.REVIEWER)
    work = browser.send("/console/runs/new", {"period": "2031", "kind": "trial"}).location
    assert "there is nothing to rate in this period" in browser.get(work).text
    notices = browser.get("/console/notices").text
    assert "The run of 2031 that you ordered was not made; its page says why" in notices
    with database.reading() as session:
        assert session.scalars(select(Notice.address).where(Notice.kind == "run.failed")).all() == [work]


def test_one_person_orders_three_runs_at_most_before_one_is_made(
    console: Flask, sign_in: SignIn, database: Database
) -> None:
    ordered: list[Callable[[], None]] = []
    replace_services(console, worker=kept_by(console, ordered))
    browser, other = sign_in(Role.REVIEWER), sign_in(Role.REVIEWER)
    order = {"period": "2024", "kind": "trial"}
    works = [browser.send("/console/runs/new", order).location for _each in range(3)]
    refused = browser.send("/console/runs/new", order | {"waves": [RESIDENTS]})
    assert refused.status_code == 422
    assert "<title>Error:" in refused.text
    assert "3 runs that you ordered are not made yet." in refused.text
    assert [each for each in works if f'href="{each}"' not in refused.text] == []
    assert re.search(rf'checked[^>]*value="{RESIDENTS}"', refused.text), "what was chosen stays"
    assert other.send("/console/runs/new", order).status_code == 303, "others wait for nobody"
    ordered.pop(0)()
    assert browser.send("/console/runs/new", order).status_code == 303
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Run).where(Run.kind == "trial")) == 1


def test_a_run_is_not_made_for_somebody_whose_role_was_taken_back_meanwhile(
    console: Flask, sign_in: SignIn, database: Database
) -> None:
    ordered: list[Callable[[], None]] = []
    replace_services(console, worker=kept_by(console, ordered))
    browser = sign_in(Role.REVIEWER)
    work = browser.send("/console/runs/new", {"period": "2024", "kind": "trial"}).location
    assert browser.person
    with database.writing() as session:
        session.execute(update(RoleGrant).where(RoleGrant.staff == browser.person.id).values(revoked=True))
    ordered.pop()()
    assert "you may not do this any more" in browser.get(work).text
    with database.reading() as session:
        assert session.scalars(select(Run.id).where(Run.kind == "trial")).all() == []


def test_the_newest_run_of_a_day_stands_first_with_its_time(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        for minutes in (10, 30, 20):
            execute_run(session, replace(ORDER, kind="trial"), Actor(None, MOMENT + timedelta(minutes=minutes)))
    page = sign_in(Role.AUDITOR).get("/console/runs/?kind=trial").text
    assert re.findall(r"<td>November 24, 2026, (11:\d\d)</td>", page) == ["11:30", "11:20", "11:10"]


def test_cities_that_share_places_stand_as_on_the_portal(console: Flask, sign_in: SignIn, database: Database) -> None:
    with database.reading() as session:
        run = session.scalars(select(Run.id)).first()
    browser = sign_in(Role.AUDITOR)
    page = browser.get(f"/console/runs/{run}").text
    own = re.findall(r'<td class="number">([\d–]+)</td><th scope="row">(?:<a [^>]*>)?([^<]+)<', page)
    with console.test_request_context():
        speak("en")
        assert own == order_of_the_portal(database)
    assert any("–" in place for place, _city in own if place != "–"), "some share their places"


def order_of_the_portal(database: Database) -> list[tuple[str, str]]:
    """Give the places and the cities of the first publication in the order of the portal."""
    with database.reading() as session:
        published = get_published(session, 1)
    assert published
    found = ranking(published.bundle)
    spans = [
        (f"{each.first}–{each.last}" if len(each.rows) > 1 else str(each.first), each.rows) for each in found.groups
    ]
    return [(span, row.name.name.en) for span, rows in [*spans, ("–", found.unrated)] for row in rows]


def test_the_page_of_a_value_names_the_publications_that_counted_its_revision(
    database: Database, sign_in: SignIn
) -> None:
    browser = sign_in(Role.REVIEWER)
    with database.reading() as session:
        case = session.scalars(select(ValueCase).where(ValueCase.accepted_revision.is_not(None))).first()
        assert case
        key, revision = CaseKey(case.period, case.city, case.indicator), case.accepted_revision
        assert publications_of(session, key) == {revision: (1,)}
    page = browser.get(f"/console/values/{key}").text
    assert f"/en/ratings/1/cities/{key.city}" in page
    assert "Counted in:" in page
    publish_copy(database, 2)
    with database.reading() as session:
        assert publications_of(session, key) == {revision: (1, 2)}
        assert publications_of(session, key._replace(period="1999")) == {}


def test_a_total_is_followed_to_values_and_counts_of_answers(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        run = execute_run(session, replace(ORDER, kind="trial"), Actor(None, MOMENT))
        stored = [row for row in rows_of(table_bytes(session, run, "output", "areas")) if row["city"] == "oral"]
    browser = sign_in(Role.AUDITOR)
    address = f"/console/runs/{run}/cities/oral"
    assert f'href="{address}"' in browser.get(f"/console/runs/{run}").text
    page = browser.get(address).text
    lines = re.findall(r'<tr>\s*<th scope="row"><a href="#area-\d+">.*?</tr>', page, re.DOTALL)
    shown = [
        re.findall(r'<td class="number"><span class="label">[^<]*</span>(?:<strong>)?([^<]*)', line) for line in lines
    ]
    assert len(shown) == len(stored) > 1
    for row, cells in zip(stored, shown, strict=True):
        assert cells[1] == f"{row['reported']}/{row['applicable']}"
        assert cells[8] == (f"{float(row['blended']):.1f}" if row["blended"] else "–")
        for n, audience in ((2, "residents"), (4, "businesses")):
            answers = int(row[f"{audience}_n"]) // 10 * 10
            assert cells[n + 1] == (f"{answers:,}" if answers else "fewer than 10")
            assert (cells[n] == "–") == (not answers or not row[audience])
    assert "/console/values/2024/oral/" in page
    assert browser.get(f"/console/runs/{run}/cities/nowhere").status_code == 404
    assert browser.get("/console/runs/none/cities/oral").status_code == 404
