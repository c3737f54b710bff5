from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli.commands import cli
from app.cli.context import Context
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.identity.settings import IdentitySettings
from surveys.authoring.yaml_source import shipped
from surveys.models import Wave

RESIDENT, BUSINESS = (next(str(path) for path in shipped() if path.stem == name) for name in ("resident", "business"))
DAYS = ("--opens", "2026-11-20", "--closes", "2026-12-20")


@pytest.fixture
def context(database: Database, settings: Settings, clock: FrozenClock) -> Context:
    return Context(settings, database, clock)


def run(context: Context, *words: str) -> Result:
    return CliRunner().invoke(cli, ["wave", *words], obj=context)


def test_a_wave_goes_from_plan_to_freeze_and_its_key_goes_with_it(context: Context) -> None:
    assert run(context, "plan", "spring", RESIDENT, *DAYS, "--city", "Орал", "--city", "Караганда").exit_code == 0
    key = context.settings.keys / "spring.key"
    assert key.stat().st_mode & 0o777 == 0o600
    for words, state in ((("open",), "open"), (("close",), "closed"), (("freeze", "--yes"), "frozen")):
        assert run(context, words[0], "spring", *words[1:]).output == f"{state}: spring\n"
    assert not key.exists()
    assert run(context, "list").output == "spring\tresident\tfrozen\t2026-11-20 to 2026-12-20\t0 answers\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ("plan", "spring", RESIDENT, "--opens", "2026-12-20", "--closes", "2026-11-20"),
            "would close before it opens",
        ),
        (("plan", "spring", RESIDENT, *DAYS, "--city", "Париж"), "no city 'Париж'"),
        (("plan", "Spring!", RESIDENT, *DAYS), "is not the code of a wave"),
        (("open", "none"), "no wave none"),
    ],
)
def test_what_cannot_be_done_is_said(context: Context, words: tuple[str, ...], message: str) -> None:
    result = run(context, *words)
    assert result.exit_code == 1
    assert message in result.output


OPENABLE = {
    "default": ((), {}, "open"),
    "letters": (("code",), {}, "code"),
    "two ways": (("open", "code"), {}, "code open"),
    "named twice": (("code", "code"), {}, "code"),
    "messages": (("sms",), {"sms_gateway": "console"}, "sms"),
    "all": (
        ("open", "code", "sms", "oidc"),
        {"sms_gateway": "console", "oidc_issuer": "https://idp.example.kz", "oidc_client": "city"},
        "code oidc open sms",
    ),
}


def gates(names: tuple[str, ...]) -> list[str]:
    return [word for name in names for word in ("--gate", name)]


def with_identity(context: Context, identity: dict[str, str]) -> Context:
    return replace(context, settings=replace(context.settings, identity=IdentitySettings(**identity)))


@pytest.mark.parametrize("name", OPENABLE)
def test_a_wave_is_planned_with_its_ways_in(context: Context, name: str) -> None:
    ways, identity, expected = OPENABLE[name]
    result = run(with_identity(context, identity), "plan", "spring", RESIDENT, *DAYS, *gates(ways))
    assert result.exit_code == 0, result.output
    with context.database.reading() as session:
        assert " ".join(sorted(session.get_one(Wave, "spring").gates)) == expected


@pytest.mark.parametrize(
    ("ways", "code", "message"),
    [
        (("sms",), 1, "--gate sms needs the setting SMS_GATEWAY"),
        (("code", "oidc"), 1, "--gate oidc needs the setting OIDC_ISSUER"),
        (("egov",), 2, "'egov' is not one of 'open', 'code', 'sms', 'oidc'"),
        (("",), 2, "is not one of"),
    ],
)
def test_a_way_in_that_cannot_be_served_is_refused_before_anything_is_made(
    context: Context, ways: tuple[str, ...], code: int, message: str
) -> None:
    result = run(context, "plan", "spring", RESIDENT, *DAYS, *gates(ways))
    assert result.exit_code == code
    assert message in result.output
    assert run(context, "list").output == ""
    assert not (context.settings.keys / "spring.key").exists()


def test_an_enterprise_is_not_asked_by_telephone(context: Context) -> None:
    able = with_identity(context, {"sms_gateway": "console"})
    result = run(able, "plan", "spring", BUSINESS, *DAYS, "--gate", "sms")
    assert result.exit_code == 1
    assert "a telephone is not an enterprise" in result.output


def test_a_refused_plan_leaves_nothing_behind(context: Context) -> None:
    run(context, "plan", "Spring!", RESIDENT, *DAYS)
    assert run(context, "list").output == ""


def test_a_code_is_used_once(context: Context) -> None:
    run(context, "plan", "spring", RESIDENT, *DAYS)
    assert "there is a wave spring already" in run(context, "plan", "spring", RESIDENT, *DAYS).output


def test_a_broken_questionnaire_is_refused_with_its_defects(context: Context, tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("code: x\n")
    result = run(context, "plan", "spring", str(broken), *DAYS)
    assert result.exit_code == 1
    assert "missing" in result.output
