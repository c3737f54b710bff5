"""Looks at every request to the console before anything else does: who it is, and whether they may ask for it."""

from urllib.parse import urlencode

from flask import Flask, abort, current_app, flash, g, redirect, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from app.accounts import permissions, sessions
from app.accounts.permissions import Access, Person
from app.accounts.sessions import SignedIn
from app.web import errors, site
from app.web.console import access, body_limits, form_drafts, presses
from app.web.console.access import AccessRule
from app.web.language import LANGUAGES, _, speak


def init_app(app: Flask) -> None:
    """Look at every request before its form is looked at, and keep its answer out of caches."""
    app.before_request(_guard)
    app.after_request(_keep_out_of_caches)
    app.after_request(_remember_language)
    app.register_error_handler(CSRFError, _keep_form)
    app.register_error_handler(MethodNotAllowed, _to_a_page)


def _guard() -> Response | tuple[str, int] | None:
    endpoint = request.endpoint
    body_limits.allow_little()
    if endpoint in access.OPEN_ELSEWHERE:
        return None
    g.signed_in = _read()
    if access.session_of_request() is not None:
        body_limits.allow_form()
    speak(access.language_of(request))
    rule = access.rule_of(current_app, endpoint) if endpoint else None
    if rule is None or endpoint is None or rule.open:
        return None
    current = access.session_of_request()
    if current is None:
        return _to_sign_in()
    _check_permission(current.person, rule)
    if access.needs_step_up(current_app, endpoint) and not current.is_stepped_up(site.clock().now()):
        return _to_step_up()
    return None


def _to_step_up() -> Response:
    """Ask for the second step; a press that was met by it is kept, and stands on the page that comes next."""
    again = presses.keep() if request.method == "POST" else None
    if again:
        return redirect(f"{access.STEP_UP}?{urlencode({'next': again})}", 303)
    return redirect(_with_way_back(access.STEP_UP), 303)


def _to_sign_in() -> Response | tuple[str, int]:
    """Lead to signing in; a form that was sent is kept, or stays in the browser."""
    address = _with_way_back(access.SIGN_IN)
    is_lost = request.method == "POST" and not form_drafts.keep_of_ended_session()
    unsent = form_drafts.unsent(address, access.own_address(form_drafts.page_of_form())) if is_lost else None
    return unsent or redirect(address, 303)


def _read() -> SignedIn | None:
    token = access.token_of_request()
    if not token:
        return None
    now = site.clock().now()
    with site.database().reading() as session:
        found = sessions.read_session(session, token, now)
    if found and now - found.seen_at >= sessions.SEEN_EVERY:
        with site.database().writing() as session:
            sessions.note_use(session, found.public_id, now)
    return found


def _check_permission(person: Person, rule: AccessRule) -> None:
    if rule.permission is None:
        return
    city = (request.view_args or {}).get("city")
    answer = permissions.access(person.grants, rule.permission, city)
    if answer is not Access.ALLOWED:
        abort(answer.value)


def _with_way_back(address: str) -> str:
    """Add to an address the page to come back to: what was asked for, or the page whose form was sent."""
    asked = request.full_path.rstrip("?") if request.method == "GET" else form_drafts.page_of_form()
    return f"{address}?{urlencode({'next': access.own_address(asked)})}"


def _keep_form(error: CSRFError) -> Response | tuple[str, int]:
    """Keep a form whose token is of a session before this one, and show it again with a token of this session."""
    is_ours = form_drafts.is_of_own_page() and form_drafts.place_of_request() is not None
    if not is_ours or access.session_of_request() is None or not form_drafts.is_of_own_person():
        return errors.refuse_form(error)
    with site.database().writing() as session:
        form_drafts.keep_posted(session, access.actor())
    flash(_("You signed in again meanwhile. What you typed stands in the form: press the button once more."), "warning")
    return redirect(access.own_address(form_drafts.page_of_form()), 303)


def _to_a_page(error: MethodNotAllowed) -> Response | MethodNotAllowed:
    """Lead whoever asks for the address of a button, by its link or by another language, to the page around it."""
    adapter, address = current_app.create_url_adapter(request), request.path
    if request.method not in {"GET", "HEAD"} or adapter is None:
        return error
    while address.startswith(f"{access.PATH}/"):
        address = address.rpartition("/")[0]
        for each in (address, f"{address}/"):
            try:
                adapter.match(each, method="GET")
            except (NotFound, MethodNotAllowed, RequestRedirect):
                continue
            query = request.query_string.decode()
            return redirect(access.own_address(f"{each}?{query}" if query else each), 303)
    return error


def _remember_language(response: Response) -> Response:
    """Let a browser in which nobody is signed in go on in the language that was chosen there."""
    wish = request.args.get("lang", "")
    if wish in LANGUAGES and access.session_of_request() is None:
        site.set_cookie(response, "lang", wish, path=access.PATH)
    return response


def _keep_out_of_caches(response: Response) -> Response:
    """Let no cache keep a page of the console, however it came about."""
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response
