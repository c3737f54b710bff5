"""Waves in the console: planned, opened, closed and frozen by people who may, once, after what it does was said."""

import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import delete, select

from app.accounts.permissions import Role
from app.audit.models import JournalRow
from app.fieldwork.models import StepCount
from app.web import site
from surveys.authoring.yaml_writing import as_yaml
from surveys.ballots import ballots, keys
from surveys.models import Response, Wave
from surveys.models.tallies import Tally
from surveys.responses import withdrawal
from surveys.responses.intake import Submission
from tests.app.web.console.conftest import MOST_STATEMENTS, Browser, SignIn
from tests.app.web.console.fieldwork import CITIES, RESIDENT, WAVE, make_wave
from tests.builders.answers import store_answer
from tests.builders.statements import statements_of
from tests.conftest import NOW

PLAN = {
    "code": "autumn-2027",
    "opens_on": "2027-09-01",
    "closes_on": "2027-09-30",
    "gates": ["open", "code"],
    "target-aktau": "200",
    "target-oral": "",
}


def state(console: Flask, wave: str = WAVE) -> str:
    with site.services_of(console).database.reading() as session:
        return session.get_one(Wave, wave).state


def events(console: Flask) -> list[tuple[str, bool]]:
    """List what the journal says of waves, and whether a person did it."""
    with site.services_of(console).database.reading() as session:
        rows = session.scalars(select(JournalRow).where(JournalRow.object_kind == "wave").order_by(JournalRow.seq))
        return [(row.event, row.actor is not None) for row in rows]


@pytest.fixture
def publisher(sign_in: SignIn) -> Browser:
    return sign_in(Role.PUBLISHER)


def test_a_wave_goes_its_whole_way_in_the_console(console: Flask, publisher: Browser) -> None:
    make_wave(console, "planned", code="other")
    page = publisher.get("/console/waves/new")
    assert page.status_code == 200
    answer = publisher.send("/console/waves/new", PLAN | {"questionnaire": RESIDENT.digest()})
    assert (answer.status_code, answer.location) == (303, "/console/waves/autumn-2027")
    for step, before, after in (("open", "planned", "open"), ("close", "open", "closed")):
        assert before in publisher.get("/console/waves/autumn-2027").text
        assert publisher.get(f"/console/waves/autumn-2027/{step}").status_code == 200
        assert publisher.send(f"/console/waves/autumn-2027/{step}").status_code == 303
        assert state(console, "autumn-2027") == after
    asked = publisher.get("/console/waves/autumn-2027/freeze").text
    assert "This cannot be undone by anybody" in asked
    assert "key is destroyed" in asked
    answer = publisher.send("/console/waves/autumn-2027/freeze", {"typed": "autumn-2027"})
    assert answer.status_code == 303
    assert state(console, "autumn-2027") == "frozen"
    assert not keys.exists(site.services_of(console).settings.keys, "autumn-2027")
    own = [("wave.planned", True), ("wave.opened", True), ("wave.closed", True), ("wave.frozen", True)]
    assert events(console)[1:] == own
    page = publisher.get("/console/waves/autumn-2027")
    assert "Nothing of the wave changes any more" in page.text
    assert "/console/waves/autumn-2027/freeze" not in page.text


@pytest.mark.parametrize("typed", ["", "Spring", "springs", "  "])
def test_a_freeze_wants_the_code_of_the_wave(console: Flask, publisher: Browser, typed: str) -> None:
    make_wave(console, "closed")
    answer = publisher.send(f"/console/waves/{WAVE}/freeze", {"typed": typed})
    assert answer.status_code == 422
    assert "<title>Error:" in answer.text
    assert f"Type the code exactly: {WAVE}" in answer.text
    assert state(console) == "closed"


@pytest.mark.parametrize(
    ("before", "step"),
    [(before, step) for before in ("planned", "open", "closed", "frozen") for step in ("open", "close", "freeze")],
)
def test_a_step_from_another_state_is_a_conflict_that_shows_the_state(
    console: Flask, publisher: Browser, before: str, step: str
) -> None:
    make_wave(console, before)
    lines = len(events(console))
    allowed = {("planned", "open"), ("open", "close"), ("closed", "freeze")}
    asked = publisher.get(f"/console/waves/{WAVE}/{step}")
    answer = publisher.send(f"/console/waves/{WAVE}/{step}", {"typed": WAVE})
    if (before, step) in allowed:
        assert (asked.status_code, answer.status_code) == (200, 303)
        return
    assert (asked.status_code, answer.status_code) == (409, 409)
    assert f"{before}</span>" in answer.text
    assert (state(console), len(events(console))) == (before, lines)


def test_of_two_people_who_press_one_is_told(console: Flask, sign_in: SignIn) -> None:
    make_wave(console, "open")
    first, second = sign_in(Role.PUBLISHER), sign_in(Role.PUBLISHER)
    assert first.get(f"/console/waves/{WAVE}/close").status_code == 200
    assert second.get(f"/console/waves/{WAVE}/close").status_code == 200
    assert first.send(f"/console/waves/{WAVE}/close").status_code == 303
    assert second.send(f"/console/waves/{WAVE}/close").status_code == 409
    assert [event for event, _by in events(console)].count("wave.closed") == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"code": "Осень"}, "Small Latin letters, digits and hyphens"),
        ({"code": WAVE}, "There is a wave with this code already"),
        ({"code": "withdraw"}, "This code is an address of the survey itself"),
        ({"opens_on": "soon"}, "Write the first day, such as 2027-03-01"),
        ({"closes_on": "soon"}, "Write the last day, such as 2027-03-01"),
        ({"closes_on": "2027-08-01"}, "The last day is before the first"),
        ({"gates": []}, "Choose at least one way in"),
        ({"gates": ["sms"]}, "Choose at least one way in"),
        ({"target-aktau": "many"}, "Write a whole number, or nothing"),
        ({"target-aktau": ""}, "Write a number beside at least one city"),
        ({"questionnaire": ""}, "Choose a questionnaire"),
        ({"questionnaire": "0" * 64}, "Choose a questionnaire"),
    ],
)
def test_a_plan_that_cannot_be_is_shown_again_with_what_is_wrong(
    console: Flask, publisher: Browser, changes: dict[str, object], sentence: str
) -> None:
    make_wave(console)
    lines = len(events(console))
    answer = publisher.send("/console/waves/new", PLAN | {"questionnaire": RESIDENT.digest()} | changes)
    assert answer.status_code == 422
    assert "<title>Error:" in answer.text
    assert sentence in answer.text
    assert f'value="{PLAN["target-aktau"]}"' in answer.text or "target-aktau" in changes
    assert len(events(console)) == lines


def test_everything_that_is_wrong_with_a_plan_is_said_at_once(publisher: Browser) -> None:
    page = publisher.send("/console/waves/new", {}).text
    summary = re.findall(r'<li><a href="#([\w-]+)">([^<]+)</a></li>', page)
    assert [field for field, _sentence in summary] == [
        "code", "questionnaire", "opens_on", "closes_on", "gates", "target-astana",
    ]  # fmt: skip
    assert len({sentence for _field, sentence in summary}) == len(summary)


@pytest.mark.parametrize(("first_day", "said"), [(0, "you can also open it now"), (1, "on its first day")])
def test_a_plan_says_when_its_wave_opens(publisher: Browser, first_day: int, said: str) -> None:
    day = str(NOW.date() + timedelta(days=first_day))
    plan = PLAN | {"questionnaire": RESIDENT.digest(), "opens_on": day}
    upload = {"file": (BytesIO(as_yaml(RESIDENT).encode()), "a.yaml")}
    publisher.send("/console/questionnaires/upload", upload, content_type="multipart/form-data")
    page = publisher.get(publisher.send("/console/waves/new", plan).location).text
    assert said in page
    assert ("Its first day has come: it opens by itself within an hour." in page) is (first_day == 0)
    assert ">Open the wave now<" in page


ROLES = [role.value for role in Role]


@pytest.mark.parametrize("role", ROLES)
def test_who_may_see_and_who_may_step(console: Flask, sign_in: SignIn, role: str) -> None:
    make_wave(console, "planned")
    browser = sign_in(role, "aktau")
    sees, manages = role != "admin", role == "publisher"
    for address in ("", WAVE, f"{WAVE}/steps"):
        assert browser.get(f"/console/waves/{address}").status_code == (200 if sees else 403), address
    assert browser.get("/console/waves/new").status_code == (200 if manages else 403)
    for address, expected in ((f"{WAVE}/open", 303), (f"{WAVE}/withdrawals", 422)):
        assert browser.send(f"/console/waves/{address}").status_code == (expected if manages else 403), address
    assert browser.send("/console/waves/new").status_code == (422 if manages else 403)


def answer_in(console: Flask, number: int) -> list[str]:
    """Store answers of one city; gives their ids."""
    own = site.services_of(console)

    class Ours:
        keys = own.settings.keys

        @property
        def key(self) -> bytes:
            return keys.load(own.settings.keys, WAVE)

    from surveys.ballots import keys  # noqa: PLC0415 - the name is taken by the folder above

    with own.database.writing() as session:
        for _each in range(number):
            ballot = ballots.open_ballot(keys.load(own.settings.keys, WAVE), WAVE, "aktau", "resident")
            sent = Submission(answers={}, suggestions=(), lang="kk")
            store_answer(session, Ours(), ballot, sent, today=own.clock.today())
        return list(session.scalars(select(Response.id)))


def test_withdrawals_that_wait_are_decided_by_whoever_manages_waves(console: Flask, sign_in: SignIn) -> None:
    make_wave(console)
    publisher, auditor = sign_in(Role.PUBLISHER), sign_in(Role.AUDITOR)
    ids = answer_in(console, 3)
    assert "Withdrawals that wait" not in publisher.get(f"/console/waves/{WAVE}").text
    with site.services_of(console).database.writing() as session:
        for each in ids[:2]:
            withdrawal.put_off(session, WAVE, each)
    page = publisher.get(f"/console/waves/{WAVE}").text
    assert "Fewer than ten wait." in page
    assert "Withdrawals that wait" not in auditor.get(f"/console/waves/{WAVE}").text
    assert publisher.send(f"/console/waves/{WAVE}/withdrawals", {"decision": "accept"}).status_code == 303
    with site.services_of(console).database.reading() as session:
        assert len(list(session.scalars(select(Response.id)))) == 1
    assert events(console)[-1] == ("wave.withdrawals_decided", True)


def test_a_freeze_with_withdrawals_that_wait_asks_what_becomes_of_them(console: Flask, publisher: Browser) -> None:
    make_wave(console)
    ids = answer_in(console, 1)
    with site.services_of(console).database.writing() as session:
        withdrawal.put_off(session, WAVE, ids[0])
    publisher.send(f"/console/waves/{WAVE}/close")
    assert 'name="waiting"' in publisher.get(f"/console/waves/{WAVE}/freeze").text
    answer = publisher.send(f"/console/waves/{WAVE}/freeze", {"typed": WAVE})
    assert answer.status_code == 422
    assert "Say what becomes of them" in answer.text
    answer = publisher.send(f"/console/waves/{WAVE}/freeze", {"typed": WAVE, "waiting": "refuse"})
    assert (answer.status_code, state(console)) == (303, "frozen")


def test_counts_are_shown_as_coarsely_as_in_public(console: Flask, publisher: Browser) -> None:
    make_wave(console)
    with site.services_of(console).database.writing() as session:
        for city, n in (("aktau", 9), ("oral", 47)):
            where = {"wave": WAVE, "city": city, "tier": "open", "cell": "lang=kk"}
            session.add(Tally(**where, base_weight=1000, flagged=False, n=n, counts=b""))
    page = publisher.get(f"/console/waves/{WAVE}").text
    assert "fewer than 10" in page
    assert re.search(r">40<", page)
    assert ">47<" not in page


@pytest.mark.parametrize(
    ("answers", "said", "total"),
    [
        ({"aktau": 9}, "0%", "fewer than 10 in each city"),
        ({"aktau": 58}, "100%", "50 or more"),
        ({"aktau": 61}, "more than hoped for", "60 or more"),
        ({"aktau": 58, "oral": 9}, "100%", "50 or more"),
        ({"aktau": 58, "oral": 25}, "100%", "70 or more"),
    ],
)
def test_progress_and_its_total_are_said_in_words(
    console: Flask, publisher: Browser, answers: dict[str, int], said: str, total: str
) -> None:
    make_wave(console)
    with site.services_of(console).database.writing() as session:
        for city, n in answers.items():
            where = {"wave": WAVE, "city": city, "tier": "open", "cell": "lang=kk"}
            session.add(Tally(**where, base_weight=1000, flagged=False, n=n, counts=b""))
    page = publisher.get(f"/console/waves/{WAVE}").text
    row = re.search(r"Aktau</th>.*?</meter> ([^<]*)</td>", page, re.DOTALL)
    foot = re.search(r"All cities</th><td class=\"number\"><span[^>]*>[^<]*</span>([^<]*)<", page)
    assert row
    assert foot
    assert (row[1], foot[1]) == (said, total)
    hidden = len(CITIES) - sum(n >= 10 for n in answers.values())
    is_said = f"{hidden} city with fewer than 10 answers is not in it" in page
    assert is_said is (hidden == 1)  # where all are hidden there is no sum


def test_a_sum_tells_nothing_that_the_rows_do_not_tell(console: Flask, publisher: Browser) -> None:
    """Whatever a hidden city has, the page is the same; the sum is that of the rows."""
    make_wave(console)
    pages = []
    for hidden in (0, 1, 9):
        with site.services_of(console).database.writing() as session:
            session.execute(delete(Tally))
            for city, n in (("aktau", 58), ("oral", hidden)):
                where = {"wave": WAVE, "city": city, "tier": "open", "cell": "lang=kk"}
                session.add(Tally(**where, base_weight=1000, flagged=False, n=n, counts=b""))
        pages.append(publisher.get(f"/console/waves/{WAVE}").text)
    assert len(set(pages)) == 1
    assert re.findall(r">(\d+) or more<", pages[0]) == ["50"]


def test_pages_name_a_wave_in_words_with_its_code_beside(console: Flask, publisher: Browser) -> None:
    make_wave(console, "closed", opens_on=date(2026, 11, 3), closes_on=date(2026, 12, 4))
    name = f"{RESIDENT.title.en}, November – December 2026"
    listed = publisher.get("/console/waves/").text.replace("\u2009", " ")
    assert f'">{name}</a> <code class="beside">{WAVE}</code></th>' in listed
    for address in ("", "/steps", "/freeze", "/open"):
        page = publisher.get(f"/console/waves/{WAVE}{address}").text.replace("\u2009", " ")
        headings = re.findall(r"<(?:title|h1)>(.*?)</", page, re.DOTALL)
        assert name in page, address
        assert not [each for each in headings if WAVE in each], address


def test_where_people_stop_is_a_table_in_tens(console: Flask, publisher: Browser) -> None:
    make_wave(console)
    with site.services_of(console).database.writing() as session:
        for event, n in (("reached", 40), ("passed", 30)):
            row = {"wave": WAVE, "step": "consent", "lang": "kk", "event": event}
            session.add(StepCount(**row, n=n, since="", taken=0))
    page = publisher.get(f"/console/waves/{WAVE}/steps").text
    cells = re.search(r"Consent</th>(.*?)</tr>", page, re.DOTALL)
    assert cells
    # What a column says above the rows is said in each of them, for a phone that has no room for columns.
    assert re.sub(r"<[^>]+>|\s+", " ", cells[1]).split("Stopped")[0].split() == [
        "Reached",
        "it:",
        "40",
        "Went",
        "on:",
        "30",
    ]
    assert "about 10" in page
    assert 'value="75"' in page
    russian = publisher.get(f"/console/waves/{WAVE}/steps?lang=ru").text
    assert "about 10" not in russian
    assert publisher.get(f"/console/waves/{WAVE}/steps?lang=de").status_code == 404


@pytest.mark.parametrize("address", ["", WAVE, f"{WAVE}/steps", f"{WAVE}/freeze", "new"])
def test_a_page_asks_the_database_eight_times_at_most(console: Flask, publisher: Browser, address: str) -> None:
    make_wave(console, "closed")
    publisher.get("/console/waves/")
    with statements_of(site.services_of(console).database) as statements:
        assert publisher.get(f"/console/waves/{address}").status_code == 200
    assert len(statements) <= MOST_STATEMENTS, statements


def test_a_wave_that_is_none_is_not_found(publisher: Browser) -> None:
    for address in ("none", "none/steps", "none/open", "none/freeze"):
        assert publisher.get(f"/console/waves/{address}").status_code == 404
    for address in ("none/open", "none/freeze"):
        assert publisher.send(f"/console/waves/{address}", {"typed": "none"}).status_code == 404
