"""How much of a form the console reads, and of whom: nobody makes it read megabytes before they are known."""

import io

import pytest
from flask import Flask

from app.accounts import passwords
from app.accounts.errors import PasswordError, PasswordFault
from app.accounts.permissions import Role
from app.web import site
from tests.app.web.console.conftest import Browser, SignIn
from tests.builders.staff import make_staff

FORM = "application/x-www-form-urlencoded"
LONG = b"a&" * 40_000
"""More than anybody types before they have signed in, and quick to read should it be read."""


class Stream(io.BytesIO):
    """A body that tells how much of it was read."""

    taken = 0

    def read(self, size: int | None = -1) -> bytes:
        found = super().read(size)
        self.taken += len(found)
        return found

    def readinto(self, buffer: object) -> int:
        number = super().readinto(buffer)  # type: ignore[arg-type]
        self.taken += number
        return number


@pytest.mark.parametrize(
    "address",
    ["/console/sign-in", "/console/sign-in/code", "/console/sign-in/passkey", "/console/sign-out",
     "/console/welcome/x/password", "/console/welcome/x/totp", "/console/settings", "/console/drafts/keep",
     "/console/values/2026/aktau/hlt_1", "/console/import"],
)  # fmt: skip
@pytest.mark.parametrize("kind", [FORM, "multipart/form-data; boundary=x"])
def test_a_stranger_makes_it_read_little(console: Flask, address: str, kind: str) -> None:
    browser = console.test_client()
    browser.get("/console/sign-in")
    browser.set_cookie("console", "somebody's", path="/console")
    body = Stream(LONG)
    answer = browser.post(address, input_stream=body, content_length=len(LONG), content_type=kind)
    assert answer.status_code in {303, 400, 404, 413}
    assert body.taken <= 65_536


def test_a_form_of_megabytes_is_refused_from_whoever_is_signed_in(sign_in: SignIn) -> None:
    body = Stream(b"a=" + b"b" * 3_000_000)
    answer = sign_in(Role.ANALYST).post(
        "/console/drafts/keep", input_stream=body, content_length=3_000_002, content_type=FORM
    )
    assert answer.status_code == 413
    assert body.taken == 0


def test_a_long_text_is_kept_all_the_same(sign_in: SignIn) -> None:
    text = "ұ" * 150_000
    assert sign_in(Role.ANALYST).send("/console/drafts/keep", {"draft": "value|x", "note": text}).status_code == 204


def test_a_password_of_any_length_costs_nothing() -> None:
    with pytest.raises(PasswordError) as refused:
        passwords.check_new("x1y2" * 50_000 + "q", name="Асель", email="a@example.kz")
    assert refused.value.faults == (PasswordFault.TOO_LONG,)


@pytest.mark.parametrize(
    "answer", ["[" * 20_000, '{"id":' * 5_000, "\x00", '"\\ud800"', '{"id": "\\u0000"}', "9" * 5_000]
)
def test_whatever_is_sent_as_a_passkey_is_refused_in_words(console: Flask, answer: str) -> None:
    console.testing = False
    browser = console.test_client()
    assert isinstance(browser, Browser)
    assert browser.send("/console/sign-in/passkey", {"answer": answer}).status_code == 422


@pytest.mark.parametrize(
    ("email", "password"),
    [("a\x00@b.kz", "x"), ("\ud800@b.kz", "x"), ("a@b.kz", "\x00"), ("a" * 2_000, "\ufdfa" * 2_000)],
)
def test_whatever_is_typed_at_sign_in_gets_the_one_sentence(console: Flask, email: str, password: str) -> None:
    console.testing = False
    with site.services_of(console).database.writing() as session:
        make_staff(session, Role.LEAD)
    browser = console.test_client()
    assert isinstance(browser, Browser)
    typed = {"email": email.encode("utf-8", "surrogatepass"), "password": password}
    assert browser.send("/console/sign-in", typed).status_code == 422
