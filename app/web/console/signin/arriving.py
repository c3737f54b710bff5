"""Lets somebody in who has shown who they are."""

from flask import redirect, request, session
from werkzeug.wrappers import Response

from app.accounts import arrivals
from app.web import site
from app.web.console import access
from app.web.console.signin import pending
from app.web.console.signin.browsers import label_of
from app.web.console.signin.trying import actor_of


def let_in(staff: int, by: str, after: str) -> Response:
    """Begin a session and lead to an own page; whatever this browser held before is over."""
    response = redirect(access.own_address(after), 303)
    begin(response, staff, by)
    return response


def begin(response: Response, staff: int, by: str) -> None:
    """Begin a session, whose token the answer brings to the browser."""
    keys = site.settings().secret_keys
    browser = (label_of(request.user_agent.string), access.token_of_request())
    with site.database().writing() as rows:
        token = arrivals.begin_session(rows, actor_of(staff), browser, by, keys)
    access.keep(response, token)
    pending.forget(response)
    session.clear()  # forms are signed by another secret from now on: nobody has planted that one
