"""How pages look to a reader with low vision: the settings, and what they mean for every page and every cache."""

from flask import Flask, Response, g
from flask_wtf import CSRFProtect

from app.web.look.choice import Look, back_address, current, settings_address
from app.web.look.routes import bp


def register(app: Flask, csrf: CSRFProtect, prefix: str = "") -> None:
    """Put the settings under /settings, behind the prefix of a site, and let templates ask for the look.

    The form changes a reader's own colours and nothing else, so it needs no session and carries no token.
    """
    csrf.exempt(bp)
    app.register_blueprint(bp, url_prefix=prefix or None)
    app.jinja_env.globals.update(look=current, settings_address=settings_address, back_address=back_address)
    app.after_request(_tell_caches)


def _tell_caches(response: Response) -> Response:
    """Vary a page drawn in a look by cookie; keep those of readers who chose one out of shared caches."""
    if response.headers.get("Cache-Control") != "no-store" and "look" in g:
        # Without this on every page, a browser would show its own copy made before the choice.
        response.vary.add("Cookie")
        if g.look != Look() and response.cache_control.public:
            response.cache_control.public = False
            response.cache_control.private = True
    return response
