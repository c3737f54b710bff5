"""Settings of the ways in: each that cannot be used names itself."""

import importlib.util
import json

import pytest

from app.config import Settings, SettingsError
from app.identity.settings import IdentitySettings

SECRET = {"SECRET_KEY": "a-secret-of-the-tests-with-more-than-32-characters"}
GATEWAY = {"SMS_GATEWAY": "https://sms.example.kz/send"}
PROVIDER = {"OIDC_ISSUER": "https://idp.example.kz", "OIDC_CLIENT_ID": "city"}

FAULTS = {
    "console for all": ({"SMS_GATEWAY": "console", "PUBLIC_URL": "https://pikir.example.kz"}, "SMS_GATEWAY=console"),
    "gateway in clear": ({"SMS_GATEWAY": "http://sms.example.kz"}, "SMS_GATEWAY must be `console` or an https://"),
    "gateway without host": ({"SMS_GATEWAY": "https://"}, "SMS_GATEWAY must be"),
    "gateway no address": ({"SMS_GATEWAY": "sms.example.kz"}, "SMS_GATEWAY must be"),
    "body no JSON": (GATEWAY | {"SMS_BODY": "{phone} {text}"}, "SMS_BODY must be a JSON object"),
    "body no object": (GATEWAY | {"SMS_BODY": '["{phone}", "{text}"]'}, "SMS_BODY must be a JSON object"),
    "body without number": (GATEWAY | {"SMS_BODY": '{"text": "{text}"}'}, "in which {phone} and {text} stand"),
    "body without text": (GATEWAY | {"SMS_BODY": '{"to": "{phone}"}'}, "in which {phone} and {text} stand"),
    "issuer in clear": (PROVIDER | {"OIDC_ISSUER": "http://idp.example.kz"}, "OIDC_ISSUER must be an https://"),
    "no client": ({"OIDC_ISSUER": "https://idp.example.kz"}, "OIDC_CLIENT_ID is missing"),
    "blank client": (PROVIDER | {"OIDC_CLIENT_ID": "  "}, "OIDC_CLIENT_ID is missing"),
    "scope": (PROVIDER | {"OIDC_SCOPE": "profile email"}, "OIDC_SCOPE must contain openid"),
    "storage": ({"TRIES_STORAGE": "memcached://127.0.0.1"}, "TRIES_STORAGE is 'memcached'"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_setting_that_cannot_be_used_names_itself(name: str) -> None:
    changes, fault = FAULTS[name]
    with pytest.raises(SettingsError) as refused:
        Settings.from_env(SECRET | changes)
    (only,) = refused.value.faults
    assert fault in only


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"SMS_GATEWAY": "console"},
        {"SMS_GATEWAY": "http://localhost:9000/send"},
        GATEWAY | {"SMS_TOKEN": "x", "SMS_BODY": '{"n": ["{phone}"], "t": "{text}"}'},
        PROVIDER | {"OIDC_SCOPE": "openid profile"},
        {"TRIES_STORAGE": "memory://"},
    ],
)
def test_settings_that_can_be_used_are_taken(changes: dict[str, str]) -> None:
    assert Settings.from_env(SECRET | changes).identity


def test_redis_is_taken_where_its_package_is_and_refused_where_it_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    redis = SECRET | {"TRIES_STORAGE": "redis://127.0.0.1"}
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(SettingsError, match="package `redis` is not installed"):
        Settings.from_env(redis)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: json.__spec__)
    assert Settings.from_env(redis).identity.tries_storage == "redis://127.0.0.1"


def test_secrets_stand_in_no_text_of_the_settings() -> None:
    printed = repr(IdentitySettings(sms_token="token-of-ours", oidc_secret="secret-of-ours"))
    assert not [text for text in ("token-of-ours", "secret-of-ours") if text in printed]


@pytest.mark.parametrize(
    ("gate", "lacking"), [("open", ""), ("code", ""), ("sms", "SMS_GATEWAY"), ("oidc", "OIDC_ISSUER")]
)
def test_a_way_in_says_which_setting_it_lacks(gate: str, lacking: str) -> None:
    assert IdentitySettings().lacking(gate) == lacking
    full = IdentitySettings(sms_gateway="console", oidc_issuer="https://idp.example.kz")
    assert full.lacking(gate) == ""
