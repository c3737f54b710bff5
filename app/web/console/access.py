"""Who may ask for what in the console: every view says it by a decorator, and one guard keeps it.

    @bp.get("/<city>")
    @requires(Permission.SEE_VALUES)
    def table(city: str) -> str: ...

A view without one of these decorators fails the start. Roles are read from the database at every request.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import unquote

from flask import Flask, Request, abort, g, request
from werkzeug.wrappers import Response

from app.accounts.permissions import Permission, Person
from app.accounts.sessions import SignedIn
from app.audit.journal import Actor
from app.web import site
from app.web.errors import STAFF_SENTENCES, ErrorPages
from app.web.language import choose
from app.web.look.choice import own_path

PATH = "/console"
COOKIE = "console"
SIGN_IN = f"{PATH}/sign-in"
STEP_UP = f"{PATH}/step-up"

View = TypeVar("View", bound=Callable[..., object])


class UnguardedError(RuntimeError):
    """A route of the console says nothing about who may use it."""


@dataclass(frozen=True, slots=True)
class AccessRule:
    """Who may use a route."""

    open: bool = False
    """Everybody, signed in or not."""
    permission: Permission | None = None
    """Who has it; None for everybody who is signed in."""


_RULE, _STEPPED_UP = "console_rule", "console_stepped_up"

OPEN_ELSEWHERE = frozenset({"static", "health.healthz", "health.readyz", "look.settings"})
"""Views that the public site has too: everybody may use them, and they know nobody."""


def requires(permission: Permission) -> Callable[[View], View]:
    """Let those use a view who have a permission; in the city of the view's argument `city`, where it has one.

    For somebody without the permission the answer is 403, for another city's object 404.
    """
    return _marked(AccessRule(permission=permission))


def signed_in(view: View) -> View:
    """Let everybody use a view who is signed in: pages about oneself."""
    return _marked(AccessRule())(view)


def open_to_all(view: View) -> View:
    """Let everybody use a view: the ways to sign in."""
    return _marked(AccessRule(open=True))(view)


def stepped_up(view: View) -> View:
    """Ask for a second factor once more, unless one was given within ten minutes; beside one of the others."""
    setattr(view, _STEPPED_UP, True)
    return view


def _marked(rule: AccessRule) -> Callable[[View], View]:
    def mark(view: View) -> View:
        setattr(view, _RULE, rule)
        return view

    return mark


def me() -> Person:
    """Give who sends this request; 404 for nobody, which the guard has kept out before."""
    current = session_of_request()
    if current is None:
        abort(404)
    return current.person


def actor() -> Actor:
    """Give who sends this request, and when, for the functions that change something."""
    return Actor(me().id, site.clock().now())


def session_of_request() -> SignedIn | None:
    """Give the session of this request; None for nobody."""
    found: SignedIn | None = g.get("signed_in")
    return found


def token_of_request() -> str:
    """Give the token that came with this request; empty when none did."""
    return str(request.cookies.get(COOKIE, ""))


def keep(response: Response, token: str) -> None:
    """Let the browser keep the token of a session, until it is closed."""
    site.set_cookie(response, COOKIE, token, path=PATH)


def forget(response: Response) -> None:
    """Take the token from the browser."""
    site.delete_cookie(response, COOKIE, path=PATH)


def own_address(address: str) -> str:
    """Give an address back when it is a path of the console, else the home page: nobody is led elsewhere."""
    own = own_path(address).rstrip("?")
    is_below = own.startswith(f"{PATH}/") and ".." not in unquote(own.partition("?")[0]).split("/")
    return own if is_below else f"{PATH}/"


def check(app: Flask) -> None:
    """Refuse to go on with an app that has a route of which nobody said who may use it; raises UnguardedError."""
    free = [rule.rule for rule in app.url_map.iter_rules() if rule_of(app, rule.endpoint) is None]
    if free:
        raise UnguardedError(f"nobody said who may use {', '.join(sorted(free))}")


def rule_of(app: Flask, endpoint: str) -> AccessRule | None:
    """Give the rule of an endpoint; None when it has none."""
    if endpoint in OPEN_ELSEWHERE:
        return AccessRule(open=True)
    found: AccessRule | None = getattr(app.view_functions[endpoint], _RULE, None)
    return found


def needs_step_up(app: Flask, endpoint: str) -> bool:
    """Tell whether an endpoint asks for a second factor once more."""
    return bool(getattr(app.view_functions[endpoint], _STEPPED_UP, False))


def language_of(asked: Request) -> str:
    """Choose the language of a page: the person's own; that of a button or ?lang= on pages before signing in."""
    current = session_of_request()
    return current.person.language if current else choose(asked)


def error_pages(address: str) -> ErrorPages:
    """Say how errors are shown in the console."""
    return ErrorPages("console/error.html", language_of, address, STAFF_SENTENCES)
