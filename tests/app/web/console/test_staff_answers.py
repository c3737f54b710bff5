"""Staff against residents: what the page says, to whom, and what it does not say."""

import csv
import io
import re
from collections.abc import Mapping

import pytest
from sqlalchemy import select

from app.accounts.permissions import Role
from app.audit.models import JournalRow
from app.database import Database
from app.ratings.stored import rows_of, table_bytes
from surveys.models import Wave
from tests.app.web.console import test_publications as publications
from tests.app.web.console.conftest import MOST_STATEMENTS, Browser, SignIn
from tests.app.web.console.test_cockpit import run_of
from tests.builders.staff import TODAY
from tests.builders.staff_wave import STAFF_WAVE, add_staff_answers, open_staff_wave
from tests.builders.statements import statements_of

asked, database, console = publications.asked, publications.database, publications.console

CITY, PAGE = "almaty", "/console/city/staff"
BEST_WORST = {"hlt": 5, "eco": 1}


def add_wave(database: Database, points: Mapping[str, int | None], n: int, *, state: str = "frozen") -> None:
    """Let so many of the staff of a city answer alike."""
    with database.writing() as session:
        compiled = open_staff_wave(session, TODAY)
        add_staff_answers(session, compiled, CITY, [dict(points)] * n, TODAY)
        session.get_one(Wave, STAFF_WAVE).state = state


def residents_of(database: Database, area: str) -> dict[str, str]:
    """Give what the published run says of an area in the city."""
    run, _tables = run_of(database)
    with database.reading() as session:
        estimates = list(rows_of(table_bytes(session, run.id, "output", "estimates")))
    wanted = ("resident", CITY, area)
    return next(each for each in estimates if (each["audience"], each["city"], each["area"]) == wanted)


def row(page: str, area: str) -> list[str]:
    """Give the cells of an area, without their labels."""
    found = re.search(rf'<th scope="row">{area}</th>(.*?)</tr>', page, re.DOTALL)
    assert found, area
    cells = re.findall(r"<td[^>]*>(.*?)</td>", found[1], re.DOTALL)
    plain = (re.sub(r'<span class="label">[^<]*</span>|<[^>]+>', "", cell) for cell in cells)
    return [" ".join(cell.split()) for cell in plain]


@pytest.fixture
def lead(sign_in: SignIn) -> Browser:
    return sign_in(Role.LEAD, CITY)


def test_both_means_and_the_difference_stand_there_and_are_said_in_words(database: Database, lead: Browser) -> None:
    add_wave(database, BEST_WORST, 66)
    with statements_of(database) as statements:
        answer = lead.get(PAGE)
    assert len(statements) <= MOST_STATEMENTS, statements
    residents, people, staff, n, difference, words = row(answer.text, "Health")
    own = residents_of(database, "hlt")
    mean = float(own["mean"])
    assert residents.startswith(f"{mean:.1f} (")
    assert people == str(int(own["n"]) // 10 * 10)
    assert (staff, n) == ("100.0 (100.0 – 100.0)", "60")
    assert difference.startswith(f"{100 - mean:.1f} (")
    assert re.fullmatch(r"Staff rate it higher by [\d.]+ points \(from [\d.]+ to [\d.]+\)\.", words)
    assert row(answer.text, "Ecology")[-1].startswith("Staff rate it lower by")
    assert re.findall(r"<dd>([^<]+)</dd>", answer.text)[:4] == ["1 area", "1 area", "0 areas", "10 areas"]


def test_a_difference_that_may_be_none_is_not_claimed(database: Database, lead: Browser) -> None:
    mean = float(residents_of(database, "hlt")["mean"])
    fours = round(80 * (mean - 50) / 25)  # of 75 points; the rest of 50: so both means are nearly the same
    with database.writing() as session:
        compiled = open_staff_wave(session, TODAY, illustrative=True)
        people = [{"hlt": 4}] * fours + [{"hlt": 3}] * (80 - fours)
        add_staff_answers(session, compiled, CITY, people, TODAY)
    page = lead.get(PAGE).text
    *_numbers, difference, words = row(page, "Health")
    low, high = (float(each.replace("−", "-")) for each in re.findall(r"−?[\d.]+", difference)[1:])
    assert low <= 0 <= high, "the case must be one of no difference"
    assert words == "No difference can be told."
    assert "these answers are synthetic" in page


def test_few_staff_are_not_shown_in_any_number(database: Database, lead: Browser) -> None:
    add_wave(database, BEST_WORST, 59)
    cells = row(lead.get(PAGE).text, "Health")
    assert cells[2:5] == ["–", "–", "–"]
    assert cells[5] == "Too few answers of staff, or too far apart, to be shown."
    lines = list(csv.reader(io.StringIO(lead.get(f"{PAGE}?as=csv").get_data(as_text=True))))
    assert next(line for line in lines if line[0] == "Health")[5:12] == [""] * 7


def test_the_file_says_what_the_page_says_and_is_in_the_journal(database: Database, lead: Browser) -> None:
    add_wave(database, BEST_WORST, 66)
    file = lead.get(f"{PAGE}?as=csv").get_data(as_text=True).lstrip("\ufeff")
    head, *lines = csv.reader(io.StringIO(file))
    assert len(head) == len(lines[0]) == 13
    page = lead.get(PAGE).text
    for line in lines:
        cells = row(page, line[0])
        assert cells[5] == line[12]
        assert cells[2] == ("–" if not line[5] else f"{line[5]} ({line[6]} – {line[7]})")
    with database.reading() as session:
        (entry,) = session.scalars(select(JournalRow).where(JournalRow.event == "list.exported"))
        assert entry.object_id == "staff-residents"


def test_a_wave_that_still_asks_is_not_looked_at(database: Database, lead: Browser) -> None:
    assert "No survey of akimat staff is finished" in lead.get(PAGE).text
    add_wave(database, BEST_WORST, 66, state="open")
    assert "No survey of akimat staff is finished" in lead.get(PAGE).text
    assert lead.get(f"{PAGE}?wave={STAFF_WAVE}").status_code == 200


def test_it_is_seen_by_the_city_and_the_ministry(database: Database, sign_in: SignIn) -> None:
    add_wave(database, BEST_WORST, 66)
    assert f'href="{PAGE}?' in sign_in(Role.ANALYST, CITY).get("/console/city/").text
    assert f'href="{PAGE}?' not in sign_in(Role.MODERATOR, CITY).get("/console/city/").text
    statuses = {
        "analyst": sign_in(Role.ANALYST, CITY).get(PAGE).status_code,
        "of another city": sign_in(Role.LEAD, "oral").get(f"{PAGE}?city={CITY}").status_code,
        "moderator": sign_in(Role.MODERATOR, CITY).get(PAGE).status_code,
        "auditor": sign_in(Role.AUDITOR).get(f"{PAGE}?city={CITY}").status_code,
        "admin": sign_in(Role.ADMIN).get(PAGE).status_code,
    }
    assert statuses == {"analyst": 200, "of another city": 404, "moderator": 403, "auditor": 200, "admin": 403}
    assert sign_in(Role.AUDITOR).get(f"{PAGE}?city={CITY}&wave=none").status_code == 404
