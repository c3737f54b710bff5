"""The survey kept on a phone: the same pages without a network, what lies on the phone and for how long."""

import re

import pytest
from playwright.sync_api import Page

from app.web.resident.phone import offline
from surveys.languages import LANGUAGES
from tests.builders.country import BUSINESSES, RESIDENTS
from tests.builders.words import filed_texts
from tests.e2e.airplane import Island
from tests.e2e.looking import LOOKED_AT_IN
from tests.e2e.phone import Phone, step
from tests.effort import by_effort

pytestmark = pytest.mark.e2e
DAY = 24 * 3600 * 1000
NOTHING = {"drafts": 0, "queue": 0, "sent": 0}

KEPT = """async wave => {
  // The worker's reply comes when it has kept the questionnaire once more: nothing of what it keeps is still under way.
  const {active} = await navigator.serviceWorker.ready;
  const {port1, port2} = new MessageChannel();
  await new Promise(resolve => {
    port1.onmessage = resolve;
    active.postMessage({wave, lang: 'kk', look: ''}, [port2]);
  });
  const names = await caches.keys();
  const kept = await Promise.all(names.map(async name => (await caches.open(name)).keys()));
  return kept.flat().map(({url}) => new URL(url).pathname);
}"""

OUTLINE = """() => {
  const lines = [];
  const walk = (element, depth) => {
    if (element.matches('input[type=hidden], .count, label:has(#shared), noscript, #words, [aria-hidden]')) return;
    const kept = ['class', 'id', 'name', 'value', 'type', 'role', 'for', 'rows', 'rel', 'target', 'aria-describedby'];
    const own = kept.filter(name => element.hasAttribute(name)).map(name => `${name}=${element.getAttribute(name)}`);
    const state = element.checked || element.selected && element.value ? ' *' : '';
    const texts = [...element.childNodes].filter(node => node.nodeType === 3).map(node => node.data.trim()).join('');
    lines.push(`${' '.repeat(depth)}${element.tagName} ${own.join(' ')}${state} ${texts}`.trimEnd());
    for (const child of element.children) walk(child, depth + 1);
  };
  for (const child of document.querySelector('main').children) walk(child, 0);
  return [document.title, ...lines];
}"""


def outline(page: Page) -> list[str]:
    """Give what a page draws, once it has drawn it."""
    page.wait_for_load_state()
    page.wait_for_selector("main > *", state="attached")
    outline_lines: list[str] = page.evaluate(OUTLINE)
    return outline_lines


@pytest.mark.parametrize("language", LOOKED_AT_IN)
def test_the_phone_draws_every_step_as_the_server_does(phone: Phone, isle: Island, language: str) -> None:
    page = phone.page
    page.goto(f"{isle.base}/s/{RESIDENTS}?lang={language}&city=almaty")
    outlines = {"city": outline(page)}
    while not page.url.endswith("/check"):
        page.click("main button.primary")
        if page.url.endswith("/consent"):
            page.check("#agreed")
            outlines["consent"] = outline(page)
            continue
        for radio in page.locator("main fieldset input[type=radio]:first-of-type").all()[:1]:
            radio.check()
        outlines[page.url.rpartition("/")[2]] = outline(page)
    phone.open(RESIDENTS, language, at="check&take=1")
    for name, expected in outlines.items():
        phone.open(RESIDENTS, language, at=name)
        outline_lines = outline(page)
        assert [line for line in outline_lines if "class=back" not in line] == [
            line for line in expected if "class=back" not in line
        ]


@pytest.mark.parametrize("language", by_effort(("ru",), LANGUAGES))
def test_an_answer_given_in_airplane_mode_arrives_when_the_network_is_back(
    phone: Phone, isle: Island, language: str
) -> None:
    phone.keep(language="kk")
    isle.go_offline()
    page = phone.page
    page.goto(f"{isle.base}/s/{RESIDENTS}")  # the worker leads an address of the form to the survey on the phone
    page.wait_for_selector('input[value="almaty"]')
    phone.agree()
    page.locator("main input[type=radio]").first.check()
    if language != "kk":
        page.click(f'header button[value="{language}"]')
    page.wait_for_selector(f'html[lang="{language}"]', state="attached")
    assert page.locator("main input:checked").count() == 1
    while step(page) != "suggestions":
        phone.press()
    page.fill("#text0", "Ж" * 501)
    assert "501" in page.inner_text("#text0-count")
    page.click("main button.primary")
    page.wait_for_selector(".errors")
    assert page.evaluate("() => document.activeElement.className") == "errors"
    assert page.title().split(" ")[0].endswith(":")
    page.fill("#text0", "Жол")
    page.select_option("#area0", "its")
    phone.press()
    page.locator("a.change").first.click()
    page.wait_for_selector("main fieldset")
    page.go_back()
    page.wait_for_selector("main .answers")
    phone.press()
    assert isle.answers() == []
    isle.go_online()
    phone.hear_the_network()
    page.wait_for_selector(".done strong")
    (answer,) = isle.answers()
    assert (answer.lang, answer.city, answer.wave) == (language, "almaty", RESIDENTS)
    assert filed_texts(isle.country.database, isle.country.keys) == ["Жол"]
    assert phone.stored() | {"marks": 0} == {**NOTHING, "marks": 0, "sent": 1}


def test_what_was_begun_on_the_form_goes_on_with_the_same_right_to_answer_once(phone: Phone, isle: Island) -> None:
    page = phone.page
    phone.keep()
    page.check('input[value="almaty"]')
    page.click("main button.primary")
    page.check("#agreed")
    page.click("main button.primary")
    page.wait_for_selector("#go-offline:not([hidden])")
    page.locator("main input[type=radio]").nth(1).check()
    heading = page.inner_text("h1")
    page.click("#go-offline a")
    page.wait_for_selector("main input:checked")
    assert page.inner_text("h1") == heading
    phone.open(at="check")
    phone.press()
    page.wait_for_selector(".done strong")
    page.goto(f"{isle.base}/s/{RESIDENTS}/check")
    page.click("main button.primary")
    assert len(isle.answers()) == 1


def test_nothing_stays_on_a_device_that_is_not_the_respondents_own(phone: Phone, isle: Island) -> None:
    phone.keep()
    isle.go_offline()
    page = phone.open()
    phone.agree(shared=True)
    page.locator("main input[type=radio]").first.check()
    page.click('header button[value="ru"]')
    page.wait_for_selector("html[lang=ru]", state="attached")
    assert page.locator("main input:checked").count() == 1
    assert phone.stored() | {"marks": 0} == {**NOTHING, "marks": 0}
    page.reload()
    page.wait_for_selector('input[value="almaty"]')
    assert page.locator("main input:checked").count() == 0


def test_a_phone_that_is_full_keeps_the_answers_in_the_tab_and_says_so(phone: Phone, isle: Island) -> None:
    phone.keep()
    page = phone.open(language="en")
    page.evaluate("() => { IDBObjectStore.prototype.put = () => { throw new DOMException('', 'QuotaExceededError') } }")
    phone.agree()
    page.wait_for_selector("text=leave this tab open")
    while step(page) != "check":
        phone.press()
    phone.press()
    page.wait_for_selector(".done strong")
    assert len(isle.answers()) == 1


def test_a_draft_is_erased_after_seven_days(phone: Phone) -> None:
    phone.keep()
    phone.open()
    phone.agree()
    assert phone.stored()["drafts"] == 1
    phone.page.add_init_script(f"const then = Date.now; Date.now = () => then() + {7 * DAY - 60_000}")
    phone.device()
    assert phone.stored()["drafts"] == 1
    phone.page.add_init_script(f"const now = Date.now; Date.now = () => now() + {120_000}")
    phone.device()
    assert phone.stored()["drafts"] == 0


def test_what_lies_on_the_phone_is_sealed_with_a_key_that_cannot_be_read_out(phone: Phone) -> None:
    phone.keep()
    phone.open()
    phone.agree()
    outline_lines = phone.page.evaluate(
        """() => new Promise(resolve => {
          indexedDB.open('survey').onsuccess = ({target: {result: db}}) => {
            const work = db.transaction(['drafts', 'marks']);
            const draft = work.objectStore('drafts').getAll(), key = work.objectStore('marks').get('key');
            work.oncomplete = () => resolve([key.result.extractable, Object.keys(draft.result[0]),
              new TextDecoder('latin1').decode(draft.result[0].box)]);
          };
        })"""
    )
    assert outline_lines[0] is False
    assert sorted(outline_lines[1]) == ["box", "iv", "until"]
    assert "almaty" not in outline_lines[2]


def test_two_waves_in_two_tabs_do_not_mix(phone: Phone, isle: Island) -> None:
    phone.keep(RESIDENTS)
    phone.keep(BUSINESSES)
    isle.go_offline()
    phone.open(RESIDENTS)
    other = phone.context.new_page()
    other.goto(f"{isle.base}/s/{BUSINESSES}/offline?lang=en")
    other.wait_for_selector("main h1")
    phone.agree()
    phone.agree(page=other)
    for page in (phone.page, other):
        while step(page) != "check":
            phone.press(page)
        phone.press(page)
    isle.go_online()
    phone.device()
    phone.send_now()
    phone.page.wait_for_function("() => document.querySelectorAll('.card strong').length === 4", polling=50)
    assert sorted((answer.wave, answer.lang) for answer in isle.answers()) == [(BUSINESSES, "en"), (RESIDENTS, "kk")]


def test_a_new_release_breaks_no_draft_and_leaves_no_old_copies(
    phone: Phone, isle: Island, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone.keep()
    phone.open()
    phone.agree()
    here, before = step(phone.page), phone.page.evaluate("() => caches.keys()")
    monkeypatch.setattr(offline, "release", lambda: "0123456789ab")
    phone.page.evaluate("async () => { await (await navigator.serviceWorker.ready).update() }")
    phone.page.wait_for_function("async () => (await caches.keys()).includes('survey-shell-0123456789ab')", polling=100)
    phone.page.wait_for_function("async () => (await caches.keys()).length === 2", polling=100)
    assert "survey-shell-0123456789ab" not in before
    phone.page.locator("main input[type=radio]").first.check()
    phone.press()
    isle.go_offline()
    phone.open(at=str(here))
    assert re.findall(r"/s/js/(\w+)/app\.js", phone.page.content()) == ["0123456789ab"]
    assert phone.page.locator("main input:checked").count() == 1


def test_the_worker_keeps_no_page_that_knows_its_reader(phone: Phone) -> None:
    phone.keep()
    page = phone.page
    page.check('input[value="almaty"]')
    page.click("main button.primary")
    page.check("#agreed")
    page.click("main button.primary")
    while not page.url.endswith("/thanks"):
        with page.expect_navigation():
            page.click("main button.primary")
    storage = page.evaluate(KEPT, RESIDENTS)
    assert storage
    assert {path for path in storage if not path.startswith(("/static/", "/s/js/"))} == {
        "/s/offline",
        f"/s/{RESIDENTS}/offline.json",
    }


def test_a_page_of_the_form_that_meets_no_network_is_not_lost(phone: Phone, isle: Island) -> None:
    phone.keep(language="en")
    page = phone.page
    page.check('input[value="almaty"]')
    isle.go_offline()
    page.click("main button.primary")
    page.wait_for_selector("text=There is no internet now")
    isle.go_online()
    page.click("main button.primary")
    page.wait_for_selector("#agreed")
    assert page.url.endswith("/consent")


def test_without_a_network_the_front_page_lists_what_works_here(phone: Phone, isle: Island) -> None:
    phone.keep(language="ru")
    isle.go_offline()
    phone.page.goto(f"{isle.base}/s/")
    phone.page.wait_for_selector("text=Опросы, которые здесь работают без интернета")


def test_what_was_begun_is_named_by_its_survey_and_city(phone: Phone) -> None:
    phone.keep()
    phone.open()
    phone.agree()
    cards = phone.device("en").locator("main .card h3").all_inner_texts()
    assert cards == ["Residents’ survey, Almaty", "Residents’ survey"]


def test_a_tick_made_while_the_language_changes_is_kept(phone: Phone) -> None:
    phone.keep()
    phone.open()
    phone.agree()
    phone.page.evaluate(
        """async () => {
          document.querySelector('header button[value=ru]').click();
          while (document.documentElement.lang !== 'ru') await new Promise(resolve => setTimeout(resolve));
          document.querySelectorAll('main input[type=radio]')[1].click();
        }"""
    )
    phone.page.wait_for_timeout(500)
    assert phone.page.locator("main input[type=radio]").nth(1).is_checked()


def test_the_language_can_be_changed_where_the_answers_wait_or_nothing_is_kept(phone: Phone, isle: Island) -> None:
    phone.keep()
    isle.go_offline()
    phone.send()
    phone.page.reload()
    for address in (phone.page.url, f"{isle.base}/s/none/offline?lang=kk"):
        phone.page.goto(address)
        phone.page.wait_for_selector("main h1")
        phone.page.click('header button[value="en"]')
        phone.page.wait_for_selector("html[lang=en] main h1")
        assert "lang=en" in phone.page.url


SLOW_LIST_OF_RECEIPTS = """
  const ask = IDBObjectStore.prototype.getAllKeys;
  IDBObjectStore.prototype.getAllKeys = function () {
    const asked = ask.call(this);
    if (this.name !== 'sent') return asked;
    const late = {};
    asked.onsuccess = () => setTimeout(() => { late.result = asked.result; late.onsuccess(); }, 400);
    return late;
  };
"""


def test_an_answer_that_arrives_while_its_screen_is_drawn_is_not_missed(phone: Phone, isle: Island) -> None:
    phone.keep()
    phone.page.add_init_script(SLOW_LIST_OF_RECEIPTS)
    phone.send()
    phone.page.wait_for_selector(".done strong")
    assert step(phone.page) == "sent"
    assert len(isle.answers()) == 1
