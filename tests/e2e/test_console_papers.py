"""Papers and imports of the console in a real browser: nothing stored ever runs, and every state can be seen by all."""

import threading
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page
from sqlalchemy import update
from werkzeug.serving import make_server

from app.accounts.permissions import Role
from app.accounts.sessions import open_session
from app.clock import SystemClock
from app.config import Settings
from app.database import Database
from app.indicators.case_models import Evidence, EvidenceFile
from app.indicators.evidence_files import MediaType, store_content
from app.web.console_site import create_console
from tests.builders.cases import RATE, YES_NO, add_paper, open_small_period, type_in
from tests.builders.papers import HTML, make_pdf
from tests.builders.staff import make_staff
from tests.conftest import SECRET
from tests.e2e.looking import LOOKED_AT_IN, Windows
from tests.ports import free_port

pytestmark = pytest.mark.e2e
PAPERS = f"/console/values/{YES_NO}/evidence"
HEADER = "city;indicator;value;status;source\n"


class Console:
    """A console that listens on this machine."""

    def __init__(self, base: str, database: Database, settings: Settings) -> None:
        """Keep its address and what lies behind it."""
        self.base, self.database, self.settings = base, database, settings

    def sign_in(self, context: BrowserContext, language: str = "en") -> None:
        """Let a browser be that of an analyst of Aktau."""
        with self.database.writing() as session:
            person = make_staff(session, Role.ANALYST, "aktau", name="Айгерім Сапарова", language=language)
            token = open_session(session, person.id, SystemClock().now(), "Test")
        context.add_cookies([{"name": "console", "value": token, "url": f"{self.base}/console"}])


@pytest.fixture
def console(sqlite: Database, tmp_path: Path) -> Iterator[Console]:
    with sqlite.writing() as session:
        open_small_period(session)
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    settings = Settings.from_env({"SECRET_KEY": SECRET, "INSTANCE": str(tmp_path / "instance"), "CONSOLE_URL": base})
    server = make_server("127.0.0.1", port, create_console(settings, sqlite, SystemClock()), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Console(base, sqlite, settings)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "қаулы.pdf").write_bytes(make_pdf())
    (folder / "page.pdf").write_bytes(HTML)
    (folder / "bad.csv").write_text(f"{HEADER}aktau;ctm_1;maybe;;\nalmaty;ctm_5;5;;\n")
    (folder / "good.csv").write_text(f"{HEADER}aktau;ctm_1;;;\naktau;ctm_5;61,5;;Stat\naktau;ctm_2;yes;;Stat\n")
    return folder


def fill_in(page: Page, file: Path, caption: str = "Әкімдіктің қаулысы") -> None:
    page.set_input_files("#file-file", file)
    page.fill("#file-caption", caption)
    page.locator("#evidence details[open] button.primary").click()


def test_what_is_stored_is_saved_and_never_shown(console: Console, scriptless: BrowserContext) -> None:
    """Even bytes that no check would let in: put beside the checks, they are saved as a file and run nothing."""
    digest = sha256(HTML).hexdigest()
    store_content(console.settings.evidence, digest, HTML)
    with console.database.writing() as session:
        session.add(EvidenceFile(sha256=digest, size=len(HTML), media_type=MediaType.PDF, scan="unscanned"))
        session.flush()
        number = add_paper(session, YES_NO)
        as_file = {"kind": "file", "sha256": digest, "file_name": "page.html", "address": ""}
        session.execute(update(Evidence).where(Evidence.id == number).values(as_file))
    context = scriptless.browser.new_context()  # type: ignore[union-attr]
    console.sign_in(context)
    page, dialogs = context.new_page(), []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(f"{console.base}{PAPERS}")
    with page.expect_download() as saved:
        page.get_by_role("link", name="page.html").click()
    assert Path(saved.value.path()).read_bytes() == HTML
    with page.expect_download() as again:
        page.evaluate("address => { location.href = address }", f"{PAPERS}/1/file")
    assert Path(again.value.path()).read_bytes() == HTML
    assert dialogs == []
    assert page.url.endswith(PAPERS)
    context.close()


def test_a_file_is_sent_with_progress_and_what_was_typed_elsewhere_stays(
    console: Console, scriptless: BrowserContext, files: Path
) -> None:
    context = scriptless.browser.new_context(viewport={"width": 360, "height": 740})  # type: ignore[union-attr]
    console.sign_in(context)
    page = context.new_page()
    page.goto(f"{console.base}/console/values/{YES_NO}")
    page.fill("[name=source]", "typed and not saved")
    fill_in(page, files / "page.pdf")
    page.wait_for_selector(".errors")
    fill_in(page, files / "қаулы.pdf")
    page.wait_for_selector(".papers")
    assert page.input_value("[name=source]") == "typed and not saved"
    assert page.locator(".papers .card").count() == 1
    page.locator(".papers button.grave").click()
    page.wait_for_selector("#evidence del", state="attached")
    assert page.input_value("[name=source]") == "typed and not saved"
    context.close()


def test_papers_and_imports_work_without_script(console: Console, scriptless: BrowserContext, files: Path) -> None:
    console.sign_in(scriptless)
    page = scriptless.new_page()
    page.goto(f"{console.base}{PAPERS}")
    fill_in(page, files / "қаулы.pdf")
    assert page.locator(".papers .card").count() == 1
    page.goto(f"{console.base}/console/import")
    page.set_input_files("#file", files / "good.csv")
    page.locator("main button.primary").click()
    page.locator("main button.primary").click()
    assert page.locator(".done").count() == 1
    page.locator(".done button").click()
    assert page.locator(".said").count() == 1


@pytest.mark.parametrize("language", LOOKED_AT_IN)
def test_every_state_can_be_seen_by_everybody(console: Console, windows: Windows, files: Path, language: str) -> None:
    with windows.looking(language, long_words=False) as looker:
        page, see = looker.page, looker.look
        console.sign_in(page.context, language)
        page.goto(f"{console.base}{PAPERS}")
        see("console-papers-none")
        fill_in(page, files / "page.pdf")
        page.wait_for_selector(".errors")
        see("console-papers-refused")
        fill_in(page, files / "қаулы.pdf")
        page.wait_for_selector(".papers")
        see("console-papers")
        page.goto(f"{console.base}/console/import")
        see("console-import")
        page.set_input_files("#file", files / "bad.csv")
        page.locator("main button.primary").click()
        page.wait_for_selector(".faults")
        see("console-import-faults")
        with console.database.writing() as session:
            type_in(session, YES_NO, value="yes", source="Stat")
            type_in(session, RATE, value="60", source="Stat, 2025")
        page.goto(f"{console.base}/console/import")
        page.set_input_files("#file", files / "good.csv")
        page.locator("main button.primary").click()
        page.wait_for_selector(".card.withdrawn")
        see("console-import-preview")
        page.fill("#withdrawn", "7")
        page.locator("main button.primary").click()
        page.wait_for_selector(".errors")
        see("console-import-number")
        page.fill("#withdrawn", "1")
        page.locator("main button.primary").click()
        page.wait_for_selector(".done")
        see("console-import-stored")
