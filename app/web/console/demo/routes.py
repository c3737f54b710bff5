"""The page of the demo on which one presses a person. Elsewhere it does not exist: see `is_offered`."""

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from app.accounts import arrivals, preferences
from app.accounts.queries import get_persons
from app.audit.journal import Actor
from app.config import Settings
from app.demo.persons import PERSONS, demo_ids
from app.web import site
from app.web.console import access
from app.web.console.access import actor, open_to_all, own_address, signed_in, token_of_request
from app.web.console.signin.arriving import let_in
from app.web.hosts import LOOPBACK
from app.web.language import current_language

_PASSED_ON = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via")
"""What proxies add to a request."""

bp = Blueprint("demo", __name__, url_prefix="/console/demo")


def is_offered(settings: Settings) -> bool:
    """Offer these pages in a demo that this machine alone can reach, and nowhere else."""
    is_own = settings.host == "127.0.0.1" and settings.trusted_proxies == 0 and settings.hosts <= LOOPBACK
    return settings.demo and is_own


@bp.before_request
def refuse_passed_on() -> None:
    """Be nowhere for what a proxy passes on, whether or not the settings know of it."""
    if any(name in request.headers for name in _PASSED_ON):
        abort(404)


@bp.get("")
@open_to_all
def choose() -> str:
    """List the persons of the demo."""
    today = site.clock().today()
    with site.database().reading() as session:
        persons = get_persons(session, demo_ids(session).values(), today)
    in_order = [person.email for person in PERSONS]
    persons.sort(key=lambda person: in_order.index(person.email))
    return render_template("console/demo/choose.html", persons=persons)


@bp.post("")
@open_to_all
def become() -> Response:
    """Sign in as a person of the demo, whose account has no password and no factor; the language stays the page's."""
    wanted = request.form.get("person", "")
    with site.database().reading() as session:
        ids = demo_ids(session)
    staff = next((each for each in ids.values() if str(each) == wanted), None)
    if staff is None:
        abort(404)
    with site.database().writing() as session:
        preferences.speak(session, Actor(staff, site.clock().now()), current_language())
    return let_in(staff, "demo", request.form.get("next", ""))


@bp.post("/step-up")
@signed_in
def confirm() -> Response:
    """Take a press for the second factor of a person of the demo."""
    with site.database().writing() as session:
        if actor().id not in demo_ids(session).values():
            abort(404)
        token = arrivals.step_up(session, actor(), token_of_request(), "demo")
    response = redirect(own_address(request.form.get("next", "")), 303)
    access.keep(response, token)
    return response
