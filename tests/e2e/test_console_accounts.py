"""From the link of an invitation to signing in with a passkey, in a real browser with a virtual authenticator."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server

from app.accounts.grants import GrantOrder
from app.accounts.permissions import Role
from app.accounts.services import Invitee
from app.audit.journal import Actor
from app.clock import SystemClock
from app.config import Settings
from app.database import Database
from app.staffing import services as staffing
from app.web.console_site import create_console
from tests.conftest import SECRET
from tests.e2e.looking import LOOKED_AT_IN, Windows
from tests.ports import free_port

pytestmark = pytest.mark.e2e
PASSWORD = "жаңбырдан кейінгі дала"


@dataclass(frozen=True)
class Console:
    """A console that listens on this machine, and the database behind it."""

    base: str
    database: Database
    settings: Settings

    def invite(self, name: str = "Айгерім Сапарова", role: Role = Role.AUDITOR, language: str = "en") -> str:
        """Invite somebody; gives the link."""
        with self.database.writing() as session:
            invitee = Invitee(
                email=f"{role.value}@example.kz", name=name, language=language, orders=(GrantOrder(role=role),)
            )
            actor = Actor(None, SystemClock().now())
            _staff, token = staffing.invite(session, actor, invitee, self.settings.secret_keys)
        return f"{self.base}/console/welcome/{token}"


@pytest.fixture
def console(sqlite: Database, tmp_path: Path) -> Iterator[Console]:
    port = free_port()
    own = {"SECRET_KEY": SECRET, "INSTANCE": str(tmp_path), "CONSOLE_URL": f"http://localhost:{port}"}
    settings = Settings.from_env(own)
    server = make_server("127.0.0.1", port, create_console(settings, sqlite, SystemClock()), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Console(f"http://localhost:{port}", sqlite, settings)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def window(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="en")
    yield context
    context.close()


def put_in_authenticator(page: Page, *, verifies: bool = True) -> None:
    """Give a page a device that makes passkeys and recognises its owner, or does not."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": verifies,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def choose_password(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()


def test_an_invited_person_makes_a_passkey_and_signs_in_with_it_alone(console: Console, window: BrowserContext) -> None:
    page = window.new_page()
    put_in_authenticator(page)
    link = console.invite()
    choose_password(page, link)
    page.get_by_label("Name of the device").fill("Telephone")
    page.get_by_role("button", name="Make a passkey").click()
    page.wait_for_url("**/console/me/new-codes")
    assert page.locator(".codes li").count() == 10
    page.get_by_role("link", name="I have them").click()
    page.wait_for_url("**/console/")
    page.get_by_role("button", name="Sign out").click()

    page.goto(f"{console.base}/console/me")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/console/me")
    assert page.get_by_role("heading", name="Passkey: Telephone").is_visible()

    page.goto(link)
    assert page.get_by_role("heading", name="This link opens nothing").is_visible()


def test_a_passkey_whose_owner_was_not_recognised_is_said_to_be_refused(
    console: Console, window: BrowserContext
) -> None:
    page = window.new_page()
    put_in_authenticator(page, verifies=False)
    choose_password(page, console.invite())
    page.get_by_role("button", name="Make a passkey").click()
    page.locator(".passkey [role=alert]").wait_for()
    assert "/console/welcome/" in page.url


def test_old_browsers_write_their_answers_by_hand(console: Console, window: BrowserContext) -> None:
    page = window.new_page()
    page.add_init_script(
        "delete PublicKeyCredential.parseCreationOptionsFromJSON;"
        "delete PublicKeyCredential.parseRequestOptionsFromJSON;"
        "delete PublicKeyCredential.prototype.toJSON"
    )
    put_in_authenticator(page)
    choose_password(page, console.invite())
    page.get_by_role("button", name="Make a passkey").click()
    page.wait_for_url("**/console/me/new-codes")
    page.goto(f"{console.base}/console/")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/console/")


def test_without_script_an_app_of_codes_does_all_of_it(console: Console, chromium: Browser) -> None:
    window = chromium.new_context(viewport={"width": 360, "height": 740}, locale="en", java_script_enabled=False)
    page = window.new_page()
    choose_password(page, console.invite())
    assert not page.get_by_role("button", name="Make a passkey").is_visible()
    page.get_by_text("I cannot scan").click()
    secret = page.locator(".secret").inner_text().replace(" ", "")
    page.get_by_label("Code that the app shows").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Keep this app").click()
    recovery = page.locator(".codes li").first.inner_text()
    page.get_by_role("link", name="I have them").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("E-mail").fill("auditor@example.kz")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Code").fill(recovery)
    page.get_by_role("button", name="Sign in").click()
    assert page.get_by_role("heading", name="A second step").is_visible()
    window.close()


def join_by_app(page: Page, link: str) -> None:
    """Take up a link by an authenticator app, in whatever language: by the names of fields alone."""
    page.goto(link)
    for name in ("password", "again"):
        page.locator(f"[name={name}]").fill(PASSWORD)
    page.locator("main form button").click()
    page.locator("summary").click()
    secret = page.locator(".secret").inner_text().replace(" ", "")
    page.locator("[name=code]").fill(pyotp.TOTP(secret).now())
    page.locator(".totp button").click()
    page.locator(".codes").wait_for()


@pytest.mark.parametrize("language", LOOKED_AT_IN)
def test_every_page_of_accounts_is_for_everybody(console: Console, windows: Windows, language: str) -> None:
    link = console.invite("Айгерім Сапарова", Role.ADMIN, language)
    other = console.invite("Сергей Лим", Role.REVIEWER, language)
    with windows.looking(language) as looker:
        page = looker.page

        def see(name: str, path: str = "") -> None:
            if path:
                page.goto(f"{console.base}{path}")
            looker.look(f"console-{name}")

        see("sign-in", f"/console/sign-in?lang={language}")
        page.locator("[name=email]").fill("nobody@example.kz")
        page.locator("main form button").last.click()
        see("sign-in-wrong")
        see("link-used", f"/console/welcome/nothing?lang={language}")
        see("welcome", f"{link.removeprefix(console.base)}?lang={language}")
        page.locator("main form button").click()
        see("welcome-wrong")
        join_by_app(page, f"{link}?lang={language}")
        see("codes")
        see("me", "/console/me")
        see("me-password", "/console/me/password")
        see("me-totp", "/console/me/totp")
        see("me-passkey", "/console/me/passkeys/new")
        see("step-up", "/console/step-up")
        see("staff", "/console/staff/")
        see("staff-invite", "/console/staff/invite")
        page.locator("main form button").click()
        see("staff-invite-wrong")
        see("staff-person", "/console/staff/2")
        page.goto(f"{console.base}/console/staff/2")
        page.locator("summary").first.click()
        see("staff-person-role")
        see("staff-deactivate", "/console/staff/2/deactivate")
        page.goto(f"{console.base}/console/staff/2")
        page.locator("form[action$=invite-again] button").click()
        see("staff-link")
        assert other
        assert "; ".join(looker.faults) == ""
