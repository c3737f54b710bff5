"""Addresses of the list of values."""

from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.permissions import Permission
from app.web import site
from app.web.console import exports, tables
from app.web.console.access import me, requires
from app.web.console.menu import MenuEntry
from app.web.console.values import views
from app.web.console.values.waiting import waiting
from app.web.language import _l

bp = Blueprint("values", __name__, url_prefix="/console/values")
ENTRIES = [MenuEntry(10, _l("Values"), "/console/values/", Permission.SEE_VALUES)]

__all__ = ["ENTRIES", "bp", "waiting"]


@bp.get("/")
@requires(Permission.SEE_VALUES)
def table() -> str | AnyResponse:
    """Show the values of a period; who enters them begins with what is not done."""
    person = me()
    with site.database().reading() as session:
        scope = views.scope_of(session, person, request.args)
        if scope is None:
            return render_template("console/values/none.html")
        if not request.args and person.may(Permission.ENTER_VALUES):
            return redirect(request.path + views.first_address(person, scope), 303)
        if not tables.asked_for_file():
            page = views.read_page(session, person, scope, request.args, site.clock().today())
            return render_template("console/values/list.html", page=page, list_query=_own_query(page.page.here))
    return _file(scope)


def _own_query(here: str) -> str:
    """Give the words by which the page of a value knows the list it was opened from."""
    query = here.partition("?")[2]
    return f"?{urlencode({'list': query})}" if query else ""


def _file(scope: views.ListScope) -> Response:
    with site.database().reading() as session:
        listing = scope.listing_with(views.beside_of(session, scope))
        return exports.exported(session, listing, scope.statement)
