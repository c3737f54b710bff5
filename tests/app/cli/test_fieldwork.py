from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import delete

from app.cli.commands import cli
from app.cli.context import Context
from app.clock import FrozenClock
from app.config import Settings
from app.printing.forms import PaperOrder
from surveys.ballots import keys
from surveys.fieldwork import passes
from surveys.models import WaveCity
from tests.builders.country import RESIDENTS, Country


@pytest.fixture
def context(country: Country, settings: Settings, clock: FrozenClock) -> Context:
    return Context(settings, country.database, clock)


def run(context: Context, *words: str) -> Result:
    return CliRunner().invoke(cli, ["fieldwork", *words], obj=context)


def test_a_link_names_city_and_channel_and_a_poster_leads_to_it(context: Context, tmp_path: Path) -> None:
    assert run(context, "channel", RESIDENTS, "tsentr").output == "link tsentr\n"
    where = (RESIDENTS, "--city", "Орал", "--channel", "tsentr")
    address = f"http://127.0.0.1:8000/s/{RESIDENTS}?city=oral&via=tsentr"
    assert run(context, "link", *where).output == f"{address}\n"
    out = tmp_path / "poster.pdf"
    assert run(context, "poster", *where, "--out", str(out)).output == f"{out}: {address}\n"
    assert out.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("lang", ["kk", "ru"])
def test_paper_forms_are_printed(context: Context, tmp_path: Path, lang: str) -> None:
    out = tmp_path / "forms.pdf"
    result = run(context, "forms", RESIDENTS, "--city", "Астана", "--lang", lang, "--count", "3", "--out", str(out))
    assert result.output == f"{out}: 3 forms\n"
    assert out.read_bytes().startswith(b"%PDF")


def test_no_number_is_printed_twice_in_a_wave(
    context: Context, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    printed: list[str] = []

    def printing(_questionnaire: object, order: PaperOrder) -> bytes:
        printed.extend(order.numbers)
        return b"%PDF"

    monkeypatch.setattr("app.fieldwork.materials.forms_pdf", printing)
    for city in ("oral", "almaty") * 10:
        run(context, "forms", RESIDENTS, "--city", city, "--count", "500", "--out", str(tmp_path / "forms.pdf"))
    assert len(printed) == 10_000
    assert len(printed) - len(set(printed)) == 0


PASS = ("pass", RESIDENTS, "--city", "almaty", "--until", "2026-12-31", "--operator", "Әсел Н.")


def test_an_operators_pass_opens_the_page_it_was_made_for(context: Context, clock: FrozenClock) -> None:
    address, typed, code = run(context, *PASS, "--per-day", "7").output.split()
    assert address == f"http://127.0.0.1:8000/s/{RESIDENTS}/paper"
    key = keys.load(context.settings.keys, RESIDENTS)
    with context.database.reading() as session:
        operator = passes.find_operator(session, key, RESIDENTS, typed, today=clock.today())
    assert operator == passes.Operator(code, "Әсел Н.", RESIDENTS, "almaty", "link", 7)


def test_passes_are_listed_with_what_came_under_them_and_revoked(context: Context, clock: FrozenClock) -> None:
    _address, typed, code = run(context, *PASS).output.split()
    key = keys.load(context.settings.keys, RESIDENTS)
    with context.database.writing() as session:
        operator = passes.find_operator(session, key, RESIDENTS, typed, today=clock.today())
        passes.take_form(session, operator, clock.today())
    line = f"{code}\tӘсел Н.\talmaty\tlink\t2026-12-31\t100\t1\t"
    assert run(context, "passes", RESIDENTS).output == f"{line}good\n"
    assert run(context, "revoke", RESIDENTS, code).output == f"revoked: {code} of Әсел Н.\n"
    listed = run(context, "passes", RESIDENTS, "--days").output
    assert listed == f"{line}revoked 2026-11-24\n{code}\t2026-11-24\t1\n"
    assert typed not in listed
    assert run(context, "revoke", RESIDENTS, "nobody").exit_code == 1
    assert run(context, "revoke", RESIDENTS, "a.b.c.d.e").exit_code == 1


def test_a_pass_is_for_a_person_and_a_city_of_the_wave(context: Context) -> None:
    assert "--operator" in run(context, *PASS[:-2]).output
    assert "a name" in run(context, *PASS[:-1], " ").output
    with context.database.writing() as session:
        session.execute(delete(WaveCity).where(WaveCity.wave == RESIDENTS, WaveCity.city == "almaty"))
    assert "does not ask in almaty" in run(context, *PASS).output


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("channel", RESIDENTS, "Афиша"), "is no channel"),
        (("channel", "none", "tsentr"), "no wave none"),
        (("link", "none", "--city", "oral"), "no wave none"),
        (("link", RESIDENTS, "--city", "Париж"), "no city 'Париж'"),
        (("link", RESIDENTS, "--city", "oral", "--channel", "tsentr"), "declared: link"),
    ],
)
def test_what_cannot_be_done_is_said(context: Context, words: tuple[str, ...], message: str) -> None:
    result = run(context, *words)
    assert result.exit_code == 1
    assert message in result.output
    assert "Traceback" not in result.output


def test_a_wave_whose_key_is_gone_prints_no_forms(context: Context, tmp_path: Path) -> None:
    keys.destroy(context.settings.keys, RESIDENTS)
    result = run(context, "forms", RESIDENTS, "--city", "oral", "--out", str(tmp_path / "f.pdf"))
    assert result.exit_code == 1
    assert "no readable key" in result.output
