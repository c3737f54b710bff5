"""Lets somebody in who has shown who they are."""

from flask import redirect, request, session
from sqlalchemy.orm import Session
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
    with site.database().writing() as rows:
        token = open_session(rows, staff, by)
    bring(response, token)


def open_session(rows: Session, staff: int, by: str) -> str:
    """Begin a session of this browser, in the transaction that used up what opened it; gives its token."""
    browser = (label_of(request.user_agent.string), access.token_of_request())
    return arrivals.begin_session(rows, actor_of(staff), browser, by, site.settings().secret_keys)


def bring(response: Response, token: str) -> None:
    """Bring the token of a session that has begun to the browser."""
    access.keep(response, token)
    pending.forget(response)
    session.clear()  # forms are signed by another secret from now on: nobody has planted that one
