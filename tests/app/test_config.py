from collections.abc import Callable
from dataclasses import replace

import pytest

from app.clock import SystemClock
from app.config import Settings, SettingsError
from app.database import Database
from app.monitoring.counters import Counters
from app.monitoring.readiness import Readiness
from app.web import site

GOOD = {"SECRET_KEY": "a-secret-of-the-tests-with-more-than-32-characters"}


def test_settings_have_quiet_defaults() -> None:
    settings = Settings.from_env(GOOD)
    assert settings.is_sqlite
    assert settings.host == "127.0.0.1"
    assert not settings.secure_cookies
    assert settings.trusted_proxies == 0


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing"),
        ({"SECRET_KEY": "changeme"}, "SECRET_KEY is a default"),
        ({"SECRET_KEY": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}, "SECRET_KEY is a default or a pattern"),
        ({"SECRET_KEY": "abcdefghijk"}, "SECRET_KEY has 11 characters"),
        ({"SECRET_KEY_PREVIOUS": GOOD["SECRET_KEY"]}, "SECRET_KEY_PREVIOUS is SECRET_KEY itself"),
        ({"SECRET_KEY_PREVIOUS": "abcdefghijk"}, "SECRET_KEY_PREVIOUS has 11 characters"),
        ({"SECRET_KEY_PREVIOUS": "a" * 40}, "SECRET_KEY_PREVIOUS is a default or a pattern"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL begins with 'mysql'"),
        ({"PORT": "eighty"}, "PORT is 'eighty'"),
        ({"PUBLIC_URL": "example.kz"}, "PUBLIC_URL is 'example.kz'"),
        ({"CONSOLE_URL": "example.kz"}, "CONSOLE_URL is 'example.kz'"),
        ({"CONSOLE_URL": "https://example.kz"}, "must both be https:// or both http://"),
        ({"CONSOLE_PORT": "0"}, "CONSOLE_PORT is '0'"),
        ({"PORT": "9000", "CONSOLE_PORT": "9000"}, "CONSOLE_PORT is 9000, which is PORT"),
        ({"TRUSTED_PROXIES": "all"}, "TRUSTED_PROXIES is 'all'"),
        ({"TRUSTED_PROXIES": "-1"}, "TRUSTED_PROXIES is '-1'"),
        ({"DEMO": "1", "HOST": "192.0.2.1"}, "DEMO=1 serves 127.0.0.1 only"),
    ],
)
def test_a_bad_setting_is_refused_by_name(changes: dict[str, str], fault: str) -> None:
    with pytest.raises(SettingsError, match=fault):
        Settings.from_env(GOOD | changes)


def test_all_faults_are_named_at_once() -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_env({"PORT": "0", "DATABASE_URL": "oracle://x"})
    assert len(refused.value.faults) == 3


def test_postgresql_gets_its_driver_and_https_makes_cookies_secure() -> None:
    settings = Settings.from_env(GOOD | {"DATABASE_URL": "postgresql://db/x", "PUBLIC_URL": "https://example.kz"})
    assert settings.database_url == "postgresql+psycopg://db/x"
    assert settings.secure_cookies


def test_the_key_before_is_read_after_the_key_of_today() -> None:
    assert Settings.from_env(GOOD).secret_keys == (GOOD["SECRET_KEY"],)
    assert Settings.from_env(GOOD | {"SECRET_KEY_PREVIOUS": ""}).secret_keys == (GOOD["SECRET_KEY"],)
    before = "the-secret-before-it-which-has-more-than-32-characters"
    assert Settings.from_env(GOOD | {"SECRET_KEY_PREVIOUS": before}).secret_keys == (GOOD["SECRET_KEY"], before)


SECRETS = {
    "SECRET_KEY": "planted-secret-key-0123456789-abcdefghijkl",
    "DATABASE_URL": "postgresql://qala:planted-password@db/qala",
    "SMS_GATEWAY": "https://sms.example/send?key=planted-gateway",
    "SMS_TOKEN": "planted-token",
    "SMS_BODY": '{"to": "{phone}", "text": "{text}", "key": "planted-body"}',
    "OIDC_ISSUER": "https://id.example",
    "OIDC_CLIENT_ID": "client",
    "OIDC_CLIENT_SECRET": "planted-oidc",
}


@pytest.mark.parametrize("written", [repr, str, "{!r}".format, "{!s}".format])
def test_no_secret_stands_in_the_settings_as_they_are_written(written: Callable[[object], str]) -> None:
    settings = Settings.from_env(SECRETS)
    redis = replace(settings.identity, tries_storage="redis://:planted-redis@cache/0")
    database, clock = Database(settings.database_url), SystemClock()
    looking = {"counters": Counters(), "readiness": Readiness(database, clock, settings.keys)}
    services = site.Services(settings=settings, database=database, clock=clock, **looking)
    for value in (settings, replace(settings, identity=redis), redis, services, services.database.engine):
        assert "planted" not in written(value)
    assert "https://id.example" in written(settings), "what is no secret is still shown"


@pytest.mark.parametrize(
    "changes",
    [
        {"DATABASE_URL": "planted:secret@db/x"},
        {"DATABASE_URL": "postgresql://qala:planted/secret@db/x"},
        {"DATABASE_URL": "postgresql://qala:secret#planted@[db/x"},
        {"PUBLIC_URL": "https://qala:planted@example.kz"},
        {"PUBLIC_URL": "qala:planted@example.kz"},
        {"TRIES_STORAGE": "redis:planted@cache"},
        {"SECRET_KEY": "planted"},
        {"SMS_GATEWAY": "ftp://planted@sms"},
        {"SMS_BODY": "planted"},
        {"OIDC_ISSUER": "planted"},
    ],
)
def test_a_refused_setting_shows_no_secret(changes: dict[str, str]) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_env(GOOD | changes)
    assert "planted" not in str(refused.value)
    assert next(iter(changes)) in str(refused.value)


@pytest.mark.parametrize(
    ("environ", "port", "address"),
    [
        ({}, 8001, "http://127.0.0.1:8001"),
        ({"PORT": "9000"}, 9001, "http://127.0.0.1:9001"),
        ({"CONSOLE_PORT": "9100"}, 9100, "http://127.0.0.1:9100"),
        ({"PUBLIC_URL": "https://qala.example"}, 8001, "https://qala.example"),
        (
            {"PUBLIC_URL": "https://qala.example", "CONSOLE_URL": "https://desk.example/"},
            8001,
            "https://desk.example",
        ),
    ],
)
def test_the_console_is_beside_the_public_site_unless_it_is_said_where(
    environ: dict[str, str], port: int, address: str
) -> None:
    settings = Settings.from_env(GOOD | environ)
    assert (settings.console_port, settings.console_url) == (port, address)
    assert address.split("/")[2].partition(":")[0] in settings.hosts
