"""Who may enter the console: the holder of a link that an operator made on the server.

Staff accounts with roles come with the administration's side of the product; until then the right to run
commands on the server is the right to look into the console. Everything here is default-deny.
"""

from flask import Blueprint, Response, redirect, session, url_for
from itsdangerous import BadSignature, URLSafeTimedSerializer

LINK_LIFE = 600
"""Seconds a link can be used."""
_SALT = "console-link"
_MARK = "operator"


def make_link(secret_key: str, public_url: str) -> str:
    """Make an address that lets one person in during the next ten minutes."""
    token = URLSafeTimedSerializer(secret_key, salt=_SALT).dumps(_MARK)
    # Behind "#" the token reaches no server log; the page's form carries it on.
    return f"{public_url}/console/enter?token={token}"


def is_valid(secret_key: str, token: str) -> bool:
    """Check a link's token: signed by this installation and younger than its life."""
    try:
        return bool(URLSafeTimedSerializer(secret_key, salt=_SALT).loads(token, max_age=LINK_LIFE) == _MARK)
    except BadSignature:
        return False


def let_in() -> None:
    """Mark this browser session as the operator's."""
    session.clear()
    session[_MARK] = True


def guard(blueprint: Blueprint) -> None:
    """Send everybody who has not entered to the entrance, whatever the route."""

    @blueprint.before_request
    def refuse() -> Response | None:
        if session.get(_MARK):
            return None
        return redirect(url_for("entrance.show"), 303)  # type: ignore[return-value]  # Werkzeug's Response is Flask's here
