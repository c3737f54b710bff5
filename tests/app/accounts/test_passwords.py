import unicodedata

import pytest

from app.accounts import passwords
from app.accounts.errors import PasswordError, PasswordFault

NAME, EMAIL = "Айгерім Seitova", "a.seitova@aktau.gov.kz"


def faults(password: str) -> set[PasswordFault]:
    try:
        passwords.check_new(password, name=NAME, email=EMAIL)
    except PasswordError as error:
        return set(error.faults)
    return set()


@pytest.mark.parametrize(
    "password",
    ["жаңбырдан кейінгі дала", "correct horse battery", "aaaa bbbb cccc dddd ee", "k7#Vq!m2Zr&x9T", "қара түн, ақ қар"],
)
def test_any_characters_make_a_password_if_there_are_fourteen(password: str) -> None:
    assert faults(password) == set()


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("k7#Vq!m2Zr&x9", PasswordFault.TOO_SHORT),
        ("я" * 100 + "й" * 101, PasswordFault.TOO_LONG),
        ("passwordpassword", PasswordFault.COMMON),
        ("Football-Password", PasswordFault.COMMON),
        ("1234567890123456", PasswordFault.COMMON),
        ("абвабвабвабвабв", PasswordFault.COMMON),
        ("айгерім жақсы адам", PasswordFault.HOLDS_NAME),
        ("SEITOVA және дала", PasswordFault.HOLDS_NAME),
        ("a.seitova@aktau.gov.kz", PasswordFault.HOLDS_EMAIL),
        ("бұл Қала пікірі ғой", PasswordFault.HOLDS_PRODUCT),
        ("my Qala-Pikiri login", PasswordFault.HOLDS_PRODUCT),
    ],
)
def test_what_would_be_guessed_is_refused_by_its_reason(password: str, fault: PasswordFault) -> None:
    assert fault in faults(password)


def test_the_list_holds_the_ten_thousand_commonest() -> None:
    assert len(passwords._common()) == 10_000
    assert {"password", "123456", "qwerty", "eyphed"} <= passwords._common()


def test_a_password_is_recognised_however_its_letters_are_composed() -> None:
    kept = passwords.hashed(unicodedata.normalize("NFC", "йод және ёлка бар"))
    assert passwords.is_right(kept, unicodedata.normalize("NFD", "йод және ёлка бар"))
    assert not passwords.is_right(kept, "йод және ёлка жоқ")


def test_nobody_has_a_password_and_as_much_work_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    class Counting:
        calls = 0

        def hash(self, _password: str) -> str:
            return "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$" + "A" * 43

        def verify(self, kept: str, _typed: str) -> bool:
            assert kept.startswith("$argon2id$"), "what is no hash is refused at once, and that can be measured"
            Counting.calls += 1
            return True

    monkeypatch.setattr(passwords, "HASHER", Counting())
    assert not passwords.is_right(None, "nobody has this password")
    assert Counting.calls == 1
