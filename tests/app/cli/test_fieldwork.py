from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli.commands import cli
from app.cli.context import Context
from app.clock import FrozenClock
from app.config import Settings
from surveys.ballots import keys
from surveys.fieldwork.paper import OperatorPass, verify_pass
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


def test_an_operators_pass_opens_the_page_it_was_made_for(context: Context, clock: FrozenClock) -> None:
    result = run(context, "pass", RESIDENTS, "--city", "almaty", "--until", "2026-12-31")
    address, text = result.output.split()
    assert address == f"http://127.0.0.1:8000/s/{RESIDENTS}/paper"
    key = keys.load(context.settings.keys, RESIDENTS)
    assert (
        verify_pass(key, text, today=clock.today())[:3] == OperatorPass(RESIDENTS, "almaty", "link", clock.today())[:3]
    )


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
