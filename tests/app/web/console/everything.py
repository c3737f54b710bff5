"""A console with something of everything to open, and what of its routes somebody has opened."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from io import BytesIO
from typing import Any, NamedTuple

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import invitations
from app.accounts.queries import get_person
from app.clock import Clock
from app.config import Settings
from app.database import Database
from app.feedback import commitments, replies
from app.feedback.frame import store_frame
from app.feedback.models import CommentAudit, CommentDecision
from app.feedback.moderation import Decision, DecisionEvent, HidingReason, decide
from app.feedback.reply_templates import TemplateTerms, add_template
from app.fieldwork import questionnaires
from app.indicators import templates
from app.indicators.assessments import OpenRevision
from app.initiatives.list_sheets import ListRow, NumberedRow
from app.initiatives.lists import stage_list
from app.printing import workbooks
from app.web import site
from app.web.console.coding import actions as coding_actions
from app.web.console.comments import actions as comment_actions
from app.web.console.replies.releasing import RELEASE
from app.web.console_site import create_console
from app.workspace import selections
from app.workspace.selections import Frozen
from app.workspace.tasks import BulkOrder, address_of, start
from surveys import workbook
from surveys.authoring.yaml_writing import as_yaml
from tests.app.publications import copy_run, draft_copy
from tests.app.web.console.conftest import Browser, browser_of
from tests.app.web.console.crawl import Opened, crawl
from tests.app.web.console.fieldwork import RESIDENT, WAVE, make_wave
from tests.builders.answering import PROMISE, WORDS, announced, begin
from tests.builders.answering import Office as ReplyPeople
from tests.builders.answering import released as answer
from tests.builders.comments import make_comment
from tests.builders.examination import ACCEPTED, KEY, RETURNED, actor, make_people, make_person, say, send_value
from tests.builders.initiatives import Planners, finish, keep_document, plan, release, submit
from tests.builders.papers import CSV
from tests.builders.sites import replace_services
from tests.builders.staff import NOW, TODAY, make_staff
from tests.builders.themes import HEATING, code
from tests.effort import by_effort

DECIDED, RETURN, SPLIT, OPEN = (KEY._replace(indicator=f"edu_{number}") for number in (1, 2, 3, 4))
OTHER_ROLES = ("publisher", "auditor", "admin", "moderator")
NOBODY = "nobody"
STARTS = (
    "/console/",
    f"/console/assess/{KEY}",
    f"/console/assess/split/{KEY}",
    f"/console/assess/next?after={KEY}",
    "/console/initiatives/aktau/1/edit",
    f"/console/values/{KEY}",
    f"/console/values/{KEY}/check?answer=value&value=1",
    f"/console/values/{KEY}/evidence",
    f"/console/values/{OPEN}/evidence",
)
FORMS_OF_LISTS = frozenset({"as=csv", "as=xlsx", "as=print"})
FILE = "city;indicator;value;status;source\naktau;hlt_4;maybe;;\n"
NOT_OPENED: Mapping[str, str] = {
    "health.readyz": "one word, whether disk and jobs are as they must be: not ready where no job ever ran",
    "static": "files of the release, the same in every console",
}
"""Routes that nobody opens here, and why."""


class Everything(NamedTuple):
    """Who is there, by a word (None is who is not signed in), and addresses of theirs that no link leads to."""

    people: dict[str, int | None]
    unlinked: dict[str, list[str]]


def console_over(database: Database, settings: Settings, clock: Clock) -> Flask:
    """Make a console; long work that is ordered there stays undone."""
    app = create_console(settings, database, clock)
    app.testing = True
    app.test_client_class = Browser
    replace_services(app, worker=lambda _name: None)
    return app


def work_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read and write workbooks without a child each: theirs is the lowest priority, and a crawl meets fifty."""

    def here(function: Callable[[Any], object], argument: object, _limits: object = None) -> object:
        return function(argument)

    for module in (workbook, workbooks, templates, questionnaires):
        monkeypatch.setattr(module, "in_child", here)


def make_everything(app: Flask) -> Everything:
    """Fill a console whose database has one published rating.

    There are values in five states, a file as evidence, one that waits, a wave with a pass, two versions of a
    questionnaire, runs to compare, a publication that is asked for, notices, long work and an open invitation.
    There are a commitment that was announced and a draft of one.
    There are initiatives in three states too, documents, and a list of the ministry's that waits.
    """
    with site.services_of(app).database.writing() as session:
        people = _make_people(session)
        unlinked = _make_work(session, people)
    _send_files(app, people, unlinked)
    return Everything({**people, NOBODY: None}, unlinked)


def _make_people(session: Session) -> dict[str, int]:
    """Send five values of a city, of which one waits for its first verdict; gives who is there."""
    people = make_people(session)
    others = {role: make_person(session, role, role, "aktau" if role == "moderator" else None) for role in OTHER_ROLES}
    for key, words in {DECIDED: (ACCEPTED,) * 2, RETURN: (RETURNED,) * 2, SPLIT: (ACCEPTED, RETURNED)}.items():
        send_value(session, key, people[:2])
        for assessor, word in zip((people.one, people.two), words, strict=True):
            say(session, key, assessor, word)
    own = {"analyst": people.analyst, "lead": people.lead}
    return own | {"first": people.one, "second": people.two, "third": people.three, "fourth": people.four} | others


def _make_work(session: Session, people: Mapping[str, int]) -> dict[str, list[str]]:
    """Ask for a publication, make another run, order long work, invite somebody; gives what no link leads to."""
    number = draft_copy(session, copy_run(session, "asked"), actor(people["first"]))
    run, other = copy_run(session, "official").id, copy_run(session, "trial", kind="trial").id
    order = BulkOrder(kind="runs.make", ids=("2024",), back="/console/")
    changes = f"/console/runs/{run}/changes?before={other}"
    work = address_of(start(session, actor(people["publisher"]), order))
    token = invitations.make(session, make_staff(session, None).id, NOW)
    chosen = _make_suggestions(session, people)
    stage = _make_initiatives(session, people)
    drafts = _make_commitments(session, people)
    return chosen | {
        "analyst": [*chosen.get("analyst", ()), *drafts],
        "publisher": [f"/console/publications/{number}/publish", changes, work, f"/console/initiatives/list/{stage}"],
        "second": [f"/console/publications/ask/{run}"],
        "auditor": [
            changes,
            f"/console/publications/{number}/preview/kk/ratings/1/",
            "/console/comments/audit/1",
            *(f"/console/comments/export?{form}" for form in FORMS_OF_LISTS),
        ],
        "admin": [f"/console/staff/{people['analyst']}"],
        NOBODY: [f"/console/welcome/{token}"],
    }


def _make_initiatives(session: Session, people: Mapping[str, int]) -> str:
    """Make a planned initiative, one to examine and a finished one, documents, and a list that waits; gives its id."""
    own = ("analyst", "lead", "first", "second", "third", "fourth")
    planners = Planners(*(people[word] for word in own))
    plan(session, planners)
    submit(session, planners, cost=1)
    finish(session, planners, cost=2)
    draft, released = (keep_document(session, "aktau", planners.analyst, decision=word) for word in ("1", "2"))
    release(session, "aktau", released, actor(planners.lead))
    assert draft != released
    rows = [NumberedRow(2, ListRow("I-1", "its", "Бір", "Один", "One"))]
    return stage_list(session, "standard_2019", ("list.csv", "0" * 64), rows, actor(people["publisher"]))


def _make_commitments(session: Session, people: Mapping[str, int]) -> list[str]:
    """Make a commitment that everybody reads, and a draft; gives the pages on which that one is changed and removed."""
    announced(session, people["analyst"], people["lead"])
    place = commitments.CommitmentPlace("aktau", "hcs", HEATING)
    number = commitments.draft(session, actor(people["analyst"]), place, PROMISE).id
    return [f"/console/commitments/aktau/{number}/{step}" for step in ("edit", "remove")]


def _make_suggestions(session: Session, people: Mapping[str, int]) -> dict[str, list[str]]:
    """Store suggestions of a city, about a theme and about none, hidden too; gives what no link leads to."""
    store_frame(session)
    states = ("shown", "shown", "released", "hidden_provisional")
    ids = [make_comment(session, f"Су жоқ {number}", number=number, state=state) for number, state in enumerate(states)]
    code(session, people["analyst"], ids[0], HEATING)
    insult = Decision(DecisionEvent.HIDE, HidingReason.INSULT)
    decide(session, actor(people["moderator"]), ids[2], insult, 1)
    number = session.scalars(select(CommentDecision.id)).one()
    session.add(CommentAudit(decision=number, month="2026-11", finding=None, auditor=None, at=None))
    left: dict[str, list[str]] = {
        "moderator": [f"/console/comments/of/{ids[0]}", f"/console/comments/aktau/{ids[3]}/original"],
        "analyst": [],
    }
    for who, subject, actions in (
        ("moderator", "comments", comment_actions.ACTIONS),
        ("analyst", "coding", coding_actions.ACTIONS),
    ):
        for action in actions:
            chosen = selections.freeze(session, actor(people[who]), Frozen(action.name, tuple(ids), "/console/"))
            left[who].append(f"/console/{subject}/bulk/{action.name}/{chosen}")
    return left | {"lead": [_make_replies(session, people, ids)]}


def _make_replies(session: Session, people: Mapping[str, int], comments: list[str]) -> str:
    """Make a draft, a reply that waits and a released one, and a template; gives what releases many of them."""
    city = ReplyPeople(people["analyst"], people["lead"], people["lead"])
    answer(session, city, comments)
    begin(session, city, comments)
    waits = begin(session, city, comments)
    replies.finish(session, actor(people["analyst"]), waits.id, "aktau", version=None)
    add_template(session, actor(people["lead"]), "aktau", TemplateTerms("done", None, "Done", WORDS))
    frozen = Frozen(RELEASE.name, (f"aktau/{waits.id}/{waits.version}",), "/console/replies/")
    chosen = selections.freeze(session, actor(people["lead"]), frozen)
    return f"/console/replies/bulk/{RELEASE.name}/{chosen}"


def _send_files(app: Flask, people: Mapping[str, int], unlinked: dict[str, list[str]]) -> None:
    """Send what is sent by forms: papers, values, a questionnaire, an operator's pass."""
    make_wave(app, gates=frozenset({"open", "code"}))
    analyst, lead, publisher = (browser_of_staff(app, people[word]) for word in ("analyst", "lead", "publisher"))
    paper = {"kind": "file", "file-caption": "Кесте", "file-is_public": "y"}
    values = {"period": KEY.period, "city": KEY.city, "file": (BytesIO(FILE.encode()), "values.csv")}
    newer = as_yaml(replace(RESIDENT, version=RESIDENT.version + 1, minutes=RESIDENT.minutes + 1)).encode()
    operator = {"operator": "Әсел", "channel": "link", "until": "2026-12-01", "per_day": "50"}
    stage = analyst.send("/console/import", values)
    sent = {
        "paper": analyst.send(f"/console/values/{OPEN}/evidence", paper | {"file-file": (BytesIO(CSV), "кесте.csv")}),
        "values": stage,
        "questionnaire": publisher.send("/console/questionnaires/upload", {"file": (BytesIO(newer), "newer.yaml")}),
        "pass": lead.send(f"/console/materials/{WAVE}/aktau/passes", operator),
    }
    wrong = {name: answer.status for name, answer in sent.items() if answer.status_code not in {200, 303}}
    assert wrong == {}
    unlinked["analyst"].append(str(stage.location))


def browser_of_staff(app: Flask, staff: int | None) -> Browser:
    """Give a browser that is signed in as somebody; as nobody for None."""
    if staff is None:
        browser = app.test_client()
        assert isinstance(browser, Browser)
        return browser
    with site.services_of(app).database.reading() as session:
        person = get_person(session, staff, TODAY)
    assert person is not None
    return browser_of(app, person)


def open_all(app: Flask, staff: int | None, unlinked: Iterable[str] = ()) -> dict[str, Opened]:
    """Open what somebody comes to by links, and what they might type; gives what each address and its status said."""
    shown = (rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()))
    typed = sorted(rule.rule for rule in shown if not rule.arguments and rule.endpoint not in NOT_OPENED)
    found = crawl(app, browser_of_staff(app, staff), [*STARTS, *typed, *unlinked], few=by_effort(1, 2))
    return {f"{one.address} {one.status}": one for one in found}


def send_all(app: Flask, staff: int | None, seen: OpenRevision) -> dict[str, Opened]:
    """Send forms about a value that are refused, wherever one can be sent; gives what came of each.

    One has nothing in it, and one is a verdict without its reason on what was `seen` of the value.
    """
    unfilled = ({}, {"verdict": "return", "revision": str(seen.revision), "version": str(seen.version)})
    adapter, browser = app.url_map.bind("localhost"), browser_of_staff(app, staff)
    known: dict[str, object] = {**seen.key._asdict(), "number": 1}
    found = {}
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if "POST" not in (rule.methods or ()) or "city" not in rule.arguments or rule.arguments - known.keys():
            continue
        address = adapter.build(rule.endpoint, {name: known[name] for name in rule.arguments}, method="POST")
        for form in unfilled:
            answer = browser.send(address, form, follow_redirects=True)
            one = Opened(
                address, rule.endpoint, rule.endpoint, answer.status_code, str(answer.mimetype), answer.data, 0
            )
            found[f"POST {address} {len(form)} {one.status}"] = one
    return found


def unopened(app: Flask, opened: Iterable[Opened]) -> dict[str, list[str]]:
    """Name the routes that nobody opened, those said not to be that were, and lists without one of their forms."""
    kinds = {one.kind for one in opened if one.status < 400}
    seen = {kind.split()[0] for kind in kinds}
    routes = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    lists = {kind.split()[0] for kind in kinds if FORMS_OF_LISTS & set(kind.split())}
    whole = {each for each in lists if all(any(has(kind, each, form) for kind in kinds) for form in FORMS_OF_LISTS)}
    found = {
        "not opened": routes - seen - NOT_OPENED.keys(),
        "said not to be opened, and opened or gone": NOT_OPENED.keys() & seen | NOT_OPENED.keys() - routes,
        "not opened as csv, xlsx and print": lists - whole,
    }
    return {words: sorted(names) for words, names in found.items() if names}


def has(kind: str, endpoint: str, form: str) -> bool:
    """Tell whether a kind of address is a list in a form."""
    first, *names = kind.split()
    return first == endpoint and form in names
