"""The first page of the console."""

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from app.accounts import preferences
from app.web import site
from app.web.console.access import actor, me, own_address, signed_in
from app.web.console.home.views import waiting_for
from app.web.language import LANGUAGES

bp = Blueprint("home", __name__, url_prefix="/console")


@bp.get("/")
@signed_in
def home() -> str:
    """Show what waits."""
    with site.database().reading() as session:
        lines = waiting_for(session, me())
    return render_template("console/home/home.html", lines=lines)


@bp.post("/language")
@signed_in
def choose_language() -> Response:
    """Speak another language from now on, and come back to the page where it was chosen."""
    language = request.form.get("language", "")
    if language not in LANGUAGES:
        abort(422)
    with site.database().writing() as session:
        preferences.choose(session, actor(), language=language)
    return redirect(own_address(request.form.get("next", "")), 303)
