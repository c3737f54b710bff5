"""What is typed into any form of the console is never lost: found by walking every page that has a field for words."""

import functools
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from flask import Flask, abort, redirect
from sqlalchemy import delete
from werkzeug.exceptions import HTTPException

from app.accounts.models import LoginSession
from app.accounts.permissions import Person
from app.accounts.queries import get_person
from app.clock import FrozenClock
from app.database import StorageError
from app.feedback import commitments
from app.indicators.keys import CaseKey
from app.web import site
from app.web.console.form_drafts import is_secret
from app.web.console.refilling import DrawnPage
from app.workspace.models import FormDraft
from tests.app.web.console.conftest import MOST_STATEMENTS, Browser, browser_of
from tests.app.web.console.fieldwork import WAVE, make_wave
from tests.app.web.console.typed_office import choose_for_a_group, make_initiatives, make_replies, make_suggestions
from tests.builders.answering import PROMISE, announced, by
from tests.builders.examination import ACCEPTED, KEY, give_role, make_people, make_person, say, send_value
from tests.builders.sites import replace_services
from tests.builders.staff import NOW, TODAY
from tests.builders.statements import statements_of

TEXT = (
    'Қарағандыда кезек ұзақ, «Үміт» – <b>өңір</b> & "бақша". ' * 4 + "В садах длинная очередь; ёлка на месте. " * 4
)[:300]
LATER = NOW + timedelta(minutes=31)
WORDS = frozenset({"text", "textarea", "url", "email", "search"})

WITHOUT_WORDS = {
    "look.settings": "a reader's colours",
    "home.choose_language": "a button",
    "drafts": "what is kept here are forms",
    "notices": "buttons",
    "tasks": "buttons",
    "demo": "persons to choose",
    "signin": "passwords and codes",
    "stepup": "codes",
    "welcome": "passwords and codes",
    "me": "passwords, codes, buttons, and the name of a passkey, which its script sends",
    "assess.assign": "ticks",
    "cases.recall": "a button",
    "commitments.remove": "a button",
    "coding.confirm_comments_code": "a choice",
    "coding.save": "ticks",
    "coding.undo": "a button",
    "replies.add": "a button",
    "replies.choose_replies_release": "ticks",
    "replies.confirm_replies_release": "a button",
    "replies.give_up": "a button",
    "replies.leave_out": "a button",
    "replies.ready": "a button",
    "replies.release": "a button",
    "templates.remove": "a button",
    "comments.confirm": "buttons",
    "comments.choose_comments_assign": "ticks",
    "comments.confirm_comments_assign": "a choice",
    "comments.choose_comments_hide": "ticks",
    "comments.confirm_comments_hide": "a choice",
    "comments.choose_comments_second_look": "ticks",
    "comments.confirm_comments_second_look": "a choice",
    "comments.choose_comments_show": "ticks",
    "comments.confirm_comments_show": "a choice",
    "comments.find": "buttons",
    "comments.mine": "a button",
    "comments.take": "a button",
    "comments.undo": "a button",
    "comments.undo_confirming": "a button",
    "comments.urgent": "a button",
    "documents.release": "a button",
    "documents.remove": "a button",
    "evidence.withdraw": "a button",
    "imports.send": "a file",
    "initiative_list.send": "a file",
    "initiatives.evaluate": "choices",
    "imports.undo": "a button",
    "materials.forms": "a number",
    "materials.revoke": "a button",
    "publications.draft": "a button",
    "publications.end_withdrawal": "a button",
    "publications.succeed": "a choice",
    "questionnaires.remove": "a button",
    "questionnaires.upload": "a file",
    "runs.new": "a choice",
    "staff.cancel_reset": "a button",
    "staff.confirm_reset": "a button",
    "staff.deactivate": "a button",
    "staff.grant": "choices and days",
    "staff.invite_again": "a button",
    "staff.open_reset": "a button",
    "staff.reactivate": "a button",
    "staff.revoke": "a button",
    "themes.add": "ticks",
    "themes.dissolve": "a button",
    "themes.leave": "a button",
    "views.remove": "a button",
    "waves.withdrawals": "a choice",
}
"""Subjects, or single routes, of whose forms none has a field for words."""

NOT_WALKED = {
    "replies.create": "the form of replies.save, for suggestions that the address names in its query",
    "assess.settle": "the form of assess.give, for two assessors who differ",
    "imports.confirm_import": "the number that is typed to confirm; test_imports has it",
    "initiative_list.confirm": "the number that is typed to confirm",
    "materials.letters": "the names of a file's columns; it needs an open wave",
    "publications.approve": "a note; it needs a request, whose run takes a country",
    "publications.ask_withdrawal": "a reason; it needs a publication",
    "publications.publish": "a reason; test_publications has it",
    "publications.stop": "a reason; it needs a request",
    "views.keep": "the name of a view; no list offers it yet",
    "waves.step": "the code of the wave, typed to confirm; it needs a survey with its keys",
}
"""Routes with words that need more than there is here; they are kept by the same lines."""


class Form(NamedTuple):
    """A form of a page, and who sees it."""

    staff: int
    page: str
    address: str
    endpoint: str
    data: dict[str, list[str]]
    words: tuple[str, ...]


class Office(NamedTuple):
    """The console with something of everything, and whoever sees some of it."""

    app: Flask
    staff: list[int]

    def person(self, staff: int) -> Person:
        with site.services_of(self.app).database.reading() as session:
            person = get_person(session, staff, TODAY)
        assert person
        return person

    def browser(self, staff: int) -> Browser:
        return browser_of(self.app, self.person(staff))

    def at(self, moment: object) -> None:
        replace_services(self.app, clock=FrozenClock(moment))  # type: ignore[arg-type]

    def empty(self) -> None:
        self.at(NOW)
        with site.services_of(self.app).database.writing() as session:
            session.execute(delete(FormDraft))
            session.execute(delete(LoginSession))


@pytest.fixture
def office(console: Flask) -> Office:
    make_wave(console, "planned")
    with site.services_of(console).database.writing() as session:
        people = make_people(session)
        give_role(session, people.lead, "analyst", "aktau")
        say(session, KEY, people.one, ACCEPTED)
        say(session, KEY, people.two, ACCEPTED)
        send_value(session, CaseKey("2026", "oral", "hlt_1"), (people.analyst, people.lead))
        announced(session, people.analyst, people.lead)
        commitments.draft(session, by(people.analyst), commitments.CommitmentPlace("aktau", "hcs"), PROMISE)
        others = [make_person(session, role, role) for role in ("publisher", "admin", "auditor")]
        others.append(make_person(session, "moderator", "moderator", "aktau"))
        make_suggestions(session, people.analyst)
        choose_for_a_group(session, people.lead)
        make_initiatives(session, people)
        make_replies(session, people)
    return Office(console, [people.lead, people.one, *others])


def pages_of(office: Office, staff: int) -> Iterator[tuple[str, str]]:
    """Walk what a person can open: every link once, without its query, and every address with what there is."""
    browser, seen = office.browser(staff), set()
    waiting = ["/console/", "/console/assess/2026/oral/hlt_1"] + [
        re.sub(r"<[^>]*>", lambda found: _filled(found[0]), rule.rule)
        for rule in office.app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.rule.startswith("/console")
    ]
    while waiting:
        address = waiting.pop()
        if address in seen or not address.startswith("/console/") or "static" in address:
            continue
        seen.add(address)
        answer = browser.get(address)
        if urlsplit(answer.location or "").path == address:  # a list that opens with filters
            answer = browser.get(str(answer.location))
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        yield address, answer.text
        waiting += [urlsplit(unescape(link)).path for link in re.findall(r'href="([^"]+)"', answer.text)]


def _filled(argument: str) -> str:
    name = argument.strip("<>").rpartition(":")[2]
    if argument.startswith("<any("):
        return argument[5:].partition(",")[0]
    return {"period": KEY.period, "code": KEY.period, "city": "aktau", "indicator": "hlt_1", "wave": WAVE}.get(
        name, "1"
    )


_FOUND: dict[str, Form] = {}


def forms_of(office: Office) -> dict[str, Form]:
    """Find one form for every route that takes words; walked once, since every office holds the same."""
    if _FOUND:
        return _FOUND
    found = _FOUND
    for staff in office.staff:
        for address, text in pages_of(office, staff):
            for form in DrawnPage(text, address).forms:
                for target in form.addresses:
                    endpoint = endpoint_of(office.app, target)
                    words = tuple(each.name for each in form.controls if each.kind in WORDS and each.name)
                    has_code = any(each.attributes.get("autocomplete") == "one-time-code" for each in form.controls)
                    if endpoint and words and not is_secret(target) and not has_code and endpoint not in found:
                        found[endpoint] = Form(staff, address, target, endpoint, sent(form, words), words)
    return found


def endpoint_of(app: Flask, address: str) -> str | None:
    try:
        return str(app.url_map.bind("127.0.0.1").match(address, method="POST")[0])
    except HTTPException:  # a form that asks (GET)
        return None


def sent(form: object, words: tuple[str, ...]) -> dict[str, list[str]]:
    data: dict[str, list[str]] = {}
    for each in form.controls:  # type: ignore[attr-defined]
        is_on = each.kind not in {"checkbox", "radio", "option"} or {"checked", "selected"} & each.attributes.keys()
        if each.name and is_on and each.kind not in {"file", "submit", "button", "password"}:
            data.setdefault(each.name, []).append(f"{each.name}: {TEXT}" if each.name in words else each.value)
    return data


def shown(form: Form, page: str) -> list[str]:
    """List the fields for words that do not show what was typed."""
    plain = page.replace("\r\n", "\n")
    lost = []
    for name in form.words:
        fields = re.findall(rf'<input[^>]* name="{name}"[^>]*>|<textarea[^>]* name="{name}"[^>]*>[^<]*', plain)
        if not any(f"{name}: {TEXT}" in unescape(each) for each in fields):
            lost.append(f"{form.endpoint} {name}")
    return lost


def test_every_form_with_words_is_found(office: Office) -> None:
    """A route that takes a form is walked by the tests below, or somebody said that it takes no words."""
    routes = {rule.endpoint for rule in office.app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    found = forms_of(office)
    wordless = {each for each in routes if {each, each.partition(".")[0]} & WITHOUT_WORDS.keys()}
    unknown = {each: address for each, address in found.items() if each in wordless or each in NOT_WALKED}
    assert unknown == {}
    left = sorted(routes - found.keys() - wordless - NOT_WALKED.keys())
    assert not left, " ".join(left)


def test_what_met_a_session_that_was_over_stands_in_every_form_again(office: Office) -> None:
    lost: list[str] = []
    for form in forms_of(office).values():
        office.empty()
        browser, stranger = office.browser(form.staff), make_twin(office, form.staff)
        form.data["csrf_token"] = [browser.token()]
        office.at(LATER)
        answer = browser.post(form.address, data=form.data)
        assert (answer.location or "").startswith("/console/sign-in"), (form.endpoint, answer.status)
        assert TEXT[:20] not in office.browser(stranger).get(form.page).text
        lost += shown(form, office.browser(form.staff).get(form.page).text)
    assert lost == []


def test_what_met_a_session_that_is_gone_stands_in_every_form_again(office: Office) -> None:
    lost: list[str] = []
    own = {"Sec-Fetch-Site": "same-origin"}
    for form in forms_of(office).values():
        office.empty()
        browser, stranger = office.browser(form.staff), make_twin(office, form.staff)
        form.data["csrf_token"] = [browser.token()]
        with site.services_of(office.app).database.writing() as session:
            session.execute(delete(LoginSession))
        page = browser.post(form.address, data=form.data, headers=own)
        assert page.status_code == 401, form.endpoint
        held: dict[str, list[str]] = {}
        for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.text):
            held.setdefault(name, []).append(unescape(value))
        other = office.browser(stranger)
        assert other.post(form.address, data=held, headers=own).status_code == 400
        assert TEXT[:20] not in other.get(form.page).text
        again = office.browser(form.staff)
        answer = again.post(form.address, data=held, headers=own)
        assert urlsplit(answer.location or "").path == form.page, form.endpoint
        lost += shown(form, again.get(form.page).text)
    assert lost == []


@pytest.mark.parametrize("refusal", [409, 422, 503])
def test_what_was_refused_stands_in_every_form_again_until_it_is_taken(office: Office, refusal: int) -> None:
    lost: list[str] = []
    for form in forms_of(office).values():
        office.empty()
        browser, stranger = office.browser(form.staff), make_twin(office, form.staff)
        form.data["csrf_token"] = [browser.token()]
        view = office.app.view_functions[form.endpoint]

        office.app.view_functions[form.endpoint] = functools.wraps(view)(functools.partial(refuse, refusal))
        answer = browser.post(form.address, data=form.data)
        office.app.view_functions[form.endpoint] = view
        assert answer.status_code in {refusal, 303}, form.endpoint
        lost += shown(form, browser.get(form.page).text)
        assert TEXT[:20] not in office.browser(stranger).get(form.page).text
        if answer.status_code == refusal and "draft" not in form.data:
            office.app.view_functions[form.endpoint] = functools.wraps(view)(take)
            browser.post(form.address, data=form.data)
            office.app.view_functions[form.endpoint] = view
            assert TEXT[:20] not in browser.get(form.page).text, form.endpoint
    assert lost == []


def test_a_page_all_of_whose_forms_are_kept_shows_them_and_asks_the_database_no_more_than_others(
    office: Office,
) -> None:
    """Every form of everybody is kept, and those of addresses that no page names."""
    found, faults = forms_of(office), []
    for staff in office.staff:
        browser = office.browser(staff)
        own = [form for form in found.values() if form.staff == staff]
        for form in own:
            form.data["csrf_token"] = [browser.token()]
            place = {"draft": form.data.get("draft", [f"at|{form.address}"])}
            assert browser.send("/console/drafts/keep", form.data | place).status_code == 204
        for number in range(20):
            browser.send("/console/drafts/keep", {"draft": f"at|/console/nowhere/{number}", "name": TEXT})
        for page in sorted({form.page for form in own}):
            with statements_of(site.services_of(office.app).database) as statements:
                text = browser.get(page).text
            if len(statements) > MOST_STATEMENTS:
                faults.append(f"{page}: {len(statements)} statements")
            faults += [each for form in own if form.page == page for each in shown(form, text)]
    assert faults == []


def refuse(status: int, **_arguments: object) -> None:
    if status == 503:
        raise StorageError
    abort(status)


def take(**_arguments: object) -> object:
    return redirect("/console/")


def make_twin(office: Office, staff: int) -> int:
    """Make another person with the same roles."""
    person = office.person(staff)
    with site.services_of(office.app).database.writing() as session:
        first, *more = person.grants
        twin = make_person(session, "twin", first.role, first.city)
        for grant in more:
            give_role(session, twin, grant.role, grant.city)
    return twin
