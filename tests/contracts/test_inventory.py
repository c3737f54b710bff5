"""The inventory of data, keys, cryptography, connections and logs says what the code does, and all of it."""

import re
from collections.abc import Iterable
from pathlib import Path

from app.models import metadata
from app.web.resident import limits
from app.web.resident.limits import Rule

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/security/inventory.md").read_text()
IDENTITY = (ROOT / "docs/identity.md").read_text()
CODE = [file for room in ("app", "surveys", "scoring") for file in sorted((ROOT / room).rglob("*.py"))]

CRYPTOGRAPHY = re.compile(
    r"^\s*(?:import|from)\s+(?:hashlib|hmac|secrets|argon2|cryptography|itsdangerous|ssl|jwt|joserfc|nacl)\b",
    re.MULTILINE,
)
CONNECTIONS = re.compile(
    r"^\s*(?:import|from)\s+(?:requests|authlib\.integrations|urllib\.request|http\.client|smtplib|ftplib|aiohttp|httpx)\b"
    r"|Limiter\(lambda|^from prometheus_client import .*start_http_server|create_engine\(|^from uvicorn import Server"
    r"|socket\.create_connection\(",
    re.MULTILINE,
)
LOGS = re.compile(r"logging\.getLogger\(|self\.logger\.|current_app\.logger")
NOT_A_SECRET = {"app/web/sessions.py"}
"""Reads what itsdangerous signs; it is named there with Flask-WTF."""


def section(title: str) -> str:
    """Give a section of the page."""
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, title
    return found[1]


def modules(title: str) -> set[str]:
    """Give the modules that a section names."""
    return set(re.findall(r"`((?:app|surveys|scoring)/[\w/]+\.py)`", section(title)))


def matching(pattern: re.Pattern[str], files: Iterable[Path]) -> set[str]:
    return {str(file.relative_to(ROOT)) for file in files if pattern.search(file.read_text())}


def test_every_table_has_its_level_of_protection() -> None:
    rows = re.findall(r"^\| (person|voice|office|public) \| ((?:`\w+` ?)+)\|", section("Data"), re.MULTILINE)
    named = [table for _level, tables in rows for table in re.findall(r"`(\w+)`", tables)]
    assert sorted(named) == sorted(metadata.tables)


def test_every_use_of_cryptography_is_named() -> None:
    assert modules("Cryptography") == matching(CRYPTOGRAPHY, CODE) - NOT_A_SECRET


def test_everybody_who_is_talked_to_is_named() -> None:
    assert modules("Connections") == matching(CONNECTIONS, CODE)


def test_everything_that_is_logged_is_named() -> None:
    assert modules("Logs") == matching(LOGS, CODE)


def test_the_limits_on_attempts_are_those_of_the_code() -> None:
    periods = {60: "a minute", 600: "ten minutes", 3600: "an hour", 86400: "a day"}
    rules = [rule for rule in vars(limits).values() if isinstance(rule, Rule)]
    assert len(rules) > 6
    written = [f"{rule.limit.amount} in {periods[rule.limit.get_expiry()]}" for rule in rules]
    assert [each for each in set(written) if IDENTITY.count(f"| {each}") < written.count(each)] == []


def test_what_is_written_of_sessions_is_what_is_done() -> None:
    from app.accounts import invitations, sessions  # noqa: PLC0415 - with what is compared
    from app.web.console.signin import pending as between  # noqa: PLC0415 - with what is compared
    from app.web.resident import drafts  # noqa: PLC0415 - with what is compared
    from app.web.resident.entry import pending  # noqa: PLC0415 - with what is compared
    from app.web.resident.paper import signed_in  # noqa: PLC0415 - with what is compared

    recognised = section("Who is recognised, and for how long")
    quiet, longest = (int(each.total_seconds()) // 3600 for each in (signed_in.QUIET, signed_in.LONGEST))
    written = (
        f"{drafts.LIFE // 86400} days, the wave",
        f"{drafts.DONE_LIFE // 60} minutes, {drafts.DONE_LIFE // 60} minutes",
        f"{pending.LIFE // 60} minutes, {pending.LIFE // 60} minutes",
        f"{quiet} hours, {longest} hours",
        f"{sessions.IDLE.seconds // 60} minutes, {sessions.LONGEST.seconds // 3600} hours",
        *(
            f"{entrance.life // 60} minutes, {entrance.life // 60} minutes"
            for entrance in (between.SIGN_IN, between.LINK)
        ),
        f"{invitations.LIFE.days * 24} hours or {invitations.RECOVERY_LIFE.seconds // 60} minutes, the same",
    )
    assert [each for each in written if f"| {each} |" not in recognised] == []


def test_the_checks_can_fail() -> None:
    assert CRYPTOGRAPHY.search("    from cryptography.hazmat import x")
    assert CONNECTIONS.search("import requests")
    assert LOGS.search("x = logging.getLogger(__name__)")
    assert not CRYPTOGRAPHY.search("secrets = 1")
