"""What is made for the field in the console: a city's lead makes it there, a publisher anywhere; nothing is kept."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import LoginSession
from app.accounts.permissions import Role
from app.audit.models import JournalRow
from app.clock import FrozenClock
from app.printing import posters
from app.printing.typeset import qr_svg
from app.web import site
from surveys.ballots import keys
from surveys.fieldwork.passes import find_operator
from surveys.models import AccessCode, PassRecord
from surveys.models.paper import FormSeries
from tests.app.web.console.conftest import MOST_STATEMENTS, Browser, SignIn
from tests.app.web.console.fieldwork import STAFF, WAVE, make_wave
from tests.builders.sites import replace_services
from tests.builders.statements import statements_of
from tests.conftest import NOW

HERE = f"/console/materials/{WAVE}/aktau"
PASS = {"operator": "Әсел Нұрғалиева", "channel": "link", "until": "2026-12-01", "per_day": "80"}


@pytest.fixture
def lead(console: Flask, sign_in: SignIn) -> Browser:
    make_wave(console, gates=frozenset({"open", "code"}))
    return sign_in(Role.LEAD, "aktau")


def events(console: Flask) -> list[tuple[str, str | None, str]]:
    with site.services_of(console).database.reading() as session:
        rows = session.scalars(select(JournalRow).where(JournalRow.actor.is_not(None)).order_by(JournalRow.seq))
        return [(row.event, row.city, row.detail) for row in rows]


def count(console: Flask, table: type) -> int:
    with site.services_of(console).database.reading() as session:
        return session.execute(select(func.count()).select_from(table)).scalar_one()


def test_a_lead_sees_links_and_downloads_a_poster(lead: Browser) -> None:
    page = lead.get(HERE)
    assert f"/s/{WAVE}?city=aktau" in page.text
    poster = lead.get(f"{HERE}/poster.pdf?channel=link")
    assert poster.data.startswith(b"%PDF")
    assert poster.headers["Content-Disposition"] == f'attachment; filename="poster-{WAVE}-aktau.pdf"'
    assert poster.headers["Cache-Control"] == "no-store"
    assert lead.get(f"{HERE}/poster.pdf?channel=none").status_code == 404


def test_a_channel_is_declared_once(console: Flask, lead: Browser) -> None:
    for _twice in range(2):
        assert lead.send(f"{HERE}/channels", {"channel": "tsentr"}).status_code == 303
    assert events(console) == [("channel.declared", None, '{"is":"tsentr"}')]
    assert f"/s/{WAVE}?city=aktau&amp;via=tsentr" in lead.get(HERE).text
    poster = lead.get(f"{HERE}/poster.pdf?channel=tsentr")
    assert poster.headers["Content-Disposition"] == f'attachment; filename="poster-{WAVE}-aktau-tsentr.pdf"'
    answer = lead.send(f"{HERE}/channels", {"channel": "Центр!"})
    assert answer.status_code == 422
    assert "A channel is named by small Latin letters" in answer.text


def test_the_address_printed_on_a_poster_is_that_of_its_code(lead: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever types it comes to the city and by the channel of the poster, as whoever points a telephone at it."""
    lead.send(f"{HERE}/channels", {"channel": "tsentr"})
    drawn: list[str] = []
    printed: list[str] = []

    def draw(text: str) -> str:
        drawn.append(text)
        return qr_svg(text)

    def set_poster(_template: str, data: dict[str, str]) -> bytes:
        printed.append(data["address"])
        return b"%PDF"

    monkeypatch.setattr(posters, "qr_svg", draw)
    monkeypatch.setattr(posters, "pdf", set_poster)
    for channel in ("link", "tsentr"):
        assert lead.get(f"{HERE}/poster.pdf?channel={channel}").status_code == 200
    assert printed == [address.partition("://")[2] for address in drawn]
    assert [address.partition("?")[2] for address in printed] == ["city=aktau", "city=aktau&via=tsentr"]


def test_the_plain_channel_is_said_in_words(lead: Browser) -> None:
    assert re.search(r'<option[^>]* value="link">without a channel</option>', lead.get(f"{HERE}/passes").text)
    lead.send(f"{HERE}/passes", PASS)
    table = lead.get(HERE).text.partition('id="passes"')[2]
    assert "without a channel</td>" in table
    assert ">link<" not in table
    assert "</span>link<" not in table


def test_paper_forms_are_numbered_once(console: Flask, lead: Browser) -> None:
    for total in (2, 4):
        answer = lead.send(f"{HERE}/forms", {"count": "2", "lang": "kk"})
        assert answer.data.startswith(b"%PDF")
        with site.services_of(console).database.reading() as session:
            assert session.get_one(FormSeries, WAVE).printed == total
    assert events(console) == [("forms.numbered", "aktau", '{"count":2}')] * 2


@pytest.mark.parametrize("count", ["", "0", "501", "many"])
def test_a_number_of_forms_that_cannot_be_is_refused(console: Flask, lead: Browser, count: str) -> None:
    answer = lead.send(f"{HERE}/forms", {"count": count, "lang": "kk"})
    assert answer.status_code == 422
    assert "Write a number from 1 to 500" in answer.text
    assert events(console) == []


@pytest.mark.parametrize("kind", ["pdf", "csv"])
def test_letters_are_sent_and_kept_nowhere(console: Flask, lead: Browser, kind: str) -> None:
    answer = lead.send(f"{HERE}/letters", {"count": "3", "as": kind})
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert count(console, AccessCode) == 3
    assert events(console) == [("letters.made", "aktau", '{"count":3}')]
    if kind == "csv":
        codes = re.findall(rb"\d{4} \d{4} \d{4} \d{4}", answer.data)
        assert len(codes) == 3
        stored = _everything(console)
        assert [code for code in codes if code.replace(b" ", b"") in stored or code in stored] == []
    else:
        assert answer.data.startswith(b"%PDF")


def _everything(console: Flask) -> bytes:
    """Give all that is stored: the database and the folder of the instance."""
    own = site.services_of(console)
    with own.database.reading() as session:
        tables = [dict(row._mapping) for row in session.execute(select(AccessCode.__table__))]
        journal = [row.detail for row in session.scalars(select(JournalRow))]
    files = [file.read_bytes() for file in own.settings.instance.rglob("*") if file.is_file()]
    return repr((tables, journal)).encode() + b"".join(files)


def test_letters_to_residents_ask_for_no_bin(lead: Browser) -> None:
    page = lead.get(f"{HERE}/letters").text
    assert "name_column" in page
    assert "bin_column" not in page


def test_a_list_of_addressees_is_read_and_named_in_no_table(console: Flask, lead: Browser) -> None:
    listed = "name,bin\n=Нурлан,123456789012\nАйгүл,210987654321\n".encode()
    data = {"as": "csv", "file": (BytesIO(listed), "a.csv"), "name_column": "name", "bin_column": "bin"}
    answer = lead.send(f"{HERE}/letters", data, content_type="multipart/form-data")
    assert "'=Нурлан" in answer.data.decode("utf-8-sig")
    stored = _everything(console)
    assert "Айгүл".encode() not in stored
    assert b"210987654321" not in stored


@pytest.mark.parametrize(
    ("content", "columns", "sentence"),
    [
        (b"name\nA\n", {"name_column": "who"}, "The file has no column “who”"),
        (b"bin\n12\n", {"bin_column": "bin"}, "Line 2: a BIN has 12 digits"),
        (b"bin\n123456789012\n123456789012\n", {"bin_column": "bin"}, "An enterprise stands there twice"),
        (b"\xff\xfe\x00", {}, "This is no CSV file in UTF-8"),
        (b"name\n", {}, "Nobody stands in this file"),
        (b"name\n" + b"A\n" * 301, {}, "Send 300 addressees at most at a time"),
    ],
)
def test_a_list_that_cannot_be_is_refused_with_its_reason(
    console: Flask, lead: Browser, content: bytes, columns: dict[str, str], sentence: str
) -> None:
    data = {"as": "csv", "file": (BytesIO(content), "a.csv")} | columns
    answer = lead.send(f"{HERE}/letters", data, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert sentence in answer.text
    assert count(console, AccessCode) == 0


def test_a_pass_is_shown_once_and_can_be_revoked(console: Flask, lead: Browser) -> None:
    answer = lead.send(f"{HERE}/passes", PASS)
    text = re.search(r'<code class="once" id="pass">(2-[A-Z2-7-]+)</code>', answer.text)
    by_script = re.search(r'<p class="actions by-script" hidden>(.*?)</p>', answer.text, re.DOTALL)
    assert by_script
    assert re.findall(r"data-(?:copy|print)", by_script[1]) == ["data-copy", "data-print"]
    assert answer.status_code == 200
    assert text
    own = site.services_of(console)
    key = keys.load(own.settings.keys, WAVE)
    with own.database.reading() as session:
        operator = find_operator(session, key, WAVE, text[1], today=own.clock.today())
    assert (operator.name, operator.city, operator.per_day) == ("Әсел Нұрғалиева", "aktau", 80)
    page = lead.get(HERE).text
    assert "Әсел Нұрғалиева" in page
    assert text[1] not in page
    address = f"{HERE}/passes/{operator.code}/revoke"
    assert f'href="{address}"' in page
    asked = lead.get(address).text
    assert "Әсел Нұрғалиева" in asked
    assert "Revoke the pass?" in asked
    for _twice in range(2):
        assert lead.send(address).status_code == 303
    page = lead.get(HERE).text
    assert f"The pass of Әсел Нұрғалиева ({operator.code}) is revoked" in page
    assert ">revoked<" in page
    assert "This pass is revoked already." in lead.get(address).text
    given, revoked = events(console)
    assert (given[:2], revoked) == (("pass.given", "aktau"), ("pass.revoked", "aktau", f'{{"name":"{operator.code}"}}'))
    assert "Әсел" not in given[2]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"operator": "  "}, "operator"),
        ({"operator": "x" * 81}, "operator"),
        ({"until": "2026-11-23"}, "until"),
        ({"until": "soon"}, "until"),
        ({"per_day": "0"}, "per_day"),
        ({"channel": "none"}, "channel"),
    ],
)
def test_a_pass_that_cannot_be_given_is_asked_for_again(
    console: Flask, lead: Browser, changes: dict[str, str], field: str
) -> None:
    answer = lead.send(f"{HERE}/passes", PASS | changes)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert count(console, PassRecord) == 0


@pytest.mark.parametrize("address", ["letters", "passes"])
def test_what_opens_the_survey_wants_a_second_factor_once_more(console: Flask, lead: Browser, address: str) -> None:
    with site.services_of(console).database.writing() as session:
        for row in session.scalars(select(LoginSession)):
            row.seen_at = NOW + timedelta(minutes=11)
    replace_services(console, clock=FrozenClock(NOW + timedelta(minutes=11)))
    for answer in (lead.get(f"{HERE}/{address}"), lead.send(f"{HERE}/{address}", {"count": "1"} | PASS)):
        assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/console/step-up")
    assert count(console, AccessCode) == count(console, PassRecord) == 0


GETS = ("", "/poster.pdf", "/letters", "/passes")
POSTS = ("/channels", "/forms", "/letters", "/passes", "/passes/00000000/revoke")


@pytest.mark.parametrize("role", [role.value for role in Role])
@pytest.mark.parametrize("city", ["aktau", "oral"])
def test_who_may_make_what_where(console: Flask, sign_in: SignIn, role: str, city: str) -> None:
    make_wave(console, gates=frozenset({"open", "code"}))
    browser = sign_in(role, city)
    may = {"publisher": 200, "lead": 200 if city == "aktau" else 404}.get(role, 403)
    for address in GETS:
        assert browser.get(HERE + address).status_code == may, address
    for address in POSTS:
        status = browser.send(HERE + address).status_code
        assert (status in {404, 422} and may == 200) or status == may, address


@pytest.mark.parametrize("state", ["closed", "frozen"])
def test_for_a_wave_that_is_over_nothing_is_made_and_passes_can_still_be_seen(
    console: Flask, sign_in: SignIn, state: str
) -> None:
    make_wave(console, state, gates=frozenset({"open", "code"}))
    lead = sign_in(Role.LEAD, "aktau")
    page = lead.get(HERE)
    assert page.status_code == 200
    assert "nothing more is made for it" in page.text
    for address in ("letters", "passes"):
        assert lead.get(f"{HERE}/{address}").status_code == 409
    assert lead.send(f"{HERE}/forms", {"count": "2", "lang": "kk"}).status_code == 409
    assert lead.send(f"{HERE}/letters", {"count": "2"}).status_code == 409


def test_a_city_where_the_wave_does_not_ask_has_no_page(sign_in: SignIn, console: Flask) -> None:
    make_wave(console)
    publisher = sign_in(Role.PUBLISHER)
    assert publisher.get(f"/console/materials/{WAVE}/astana").status_code == 404
    assert publisher.get("/console/materials/none/aktau").status_code == 404


def test_the_page_asks_the_database_eight_times_at_most(console: Flask, lead: Browser) -> None:
    for number in range(12):
        lead.send(f"{HERE}/passes", PASS | {"operator": f"Operator {number}"})
    with statements_of(site.services_of(console).database) as statements:
        page = lead.get(HERE)
    assert page.text.count("data-row") == 12
    assert len(statements) <= MOST_STATEMENTS, statements


def test_letters_to_staff_are_made_for_the_country_alone_and_nothing_else_is(console: Flask, sign_in: SignIn) -> None:
    """Whoever holds the codes of colleagues could answer in their names; a poster would let anybody in."""
    make_wave(console, asked=STAFF, gates=frozenset({"code"}))
    lead, publisher = sign_in(Role.LEAD, "aktau"), sign_in(Role.PUBLISHER)
    assert "/console/materials/" not in lead.get(f"/console/waves/{WAVE}").text
    assert {lead.get(address).status_code for address in (HERE, f"{HERE}/letters")} == {404}
    page = publisher.get(HERE).text
    assert "no link, poster or paper form is made" in page
    assert all(words not in page for words in ("Paper forms", "Links and posters", "Operators", f"/s/{WAVE}"))
    assert {publisher.get(f"{HERE}/{part}").status_code for part in ("poster.pdf", "passes")} == {404}
    assert publisher.send(f"{HERE}/forms", {"count": "3", "lang": "kk"}).status_code == 404
    letters = publisher.send(f"{HERE}/letters", {"count": "3", "as": "pdf"})
    assert letters.data.startswith(b"%PDF")
    assert (count(console, AccessCode), count(console, FormSeries)) == (3, 0)
