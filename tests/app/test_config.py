import pytest

from app.config import Settings, SettingsError

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
