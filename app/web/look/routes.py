"""The page where a reader with low vision chooses size, spacing and colours; works without script and stores nothing.

A survey page posts its whole form here, so what is ticked or typed travels through and comes back with the reader.
"""

from flask import Blueprint, Response, abort, make_response, render_template, request

from app.web.language import choose, speak
from app.web.look import choice
from app.web.look.choice import Look

bp = Blueprint("look", __name__)


@bp.before_request
def choose_language() -> None:
    """Speak the language of the button, else of the address, else of the browser."""
    speak(choose(request))


@bp.route("/settings", methods=["GET", "POST"])
def settings() -> Response:
    """Show the choices; Save and Reset take effect on this very page."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site" and request.method == "POST":
        abort(400)
    ticked = choice.chosen(request.form) if "look-text" in request.form else choice.current()
    saved = _taken(ticked)
    if saved:
        ticked = saved
        choice.use(saved)
    response = make_response(render_template("look/settings.html", ticked=ticked, saved=saved, carried=_carried()))
    response.headers["Cache-Control"] = "no-store"
    if saved:
        choice.remember(response, saved)
    return response


def _taken(ticked: Look) -> Look | None:
    """Tell the look to keep from now on; None when neither Save nor Reset was pressed."""
    if "look-reset" in request.form:
        return Look()
    return ticked if "look-save" in request.form else None


def _carried() -> list[tuple[str, str]]:
    """List the fields of the page the reader came from, to be posted back to it."""
    fields = request.form.items(multi=True)
    return [(name, value) for name, value in fields if name != "switch" and not name.startswith("look-")]
