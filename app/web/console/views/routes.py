"""Keeping and removing views of lists."""

from flask import Blueprint, abort, flash, redirect, request
from werkzeug.wrappers import Response

from app.web import site
from app.web.console.access import actor, me, own_address, signed_in
from app.web.language import _
from app.workspace import views
from app.workspace.views import TooManyViewsError

bp = Blueprint("views", __name__, url_prefix="/console/views")


@bp.post("")
@signed_in
def keep() -> Response:
    """Keep the list that the form stood on, for oneself or with the city."""
    address, name = own_address(request.form.get("address", "")), " ".join(request.form.get("name", "").split())
    if not name:
        flash(_("A view needs a name."), "warning")
        return redirect(address, 303)
    city = request.form.get("city") or None
    if city is not None and city not in {grant.city for grant in me().grants}:
        abort(404)
    try:
        with site.database().writing() as session:
            views.keep_view(session, actor(), name[:80], address[:800], city=city)
    except TooManyViewsError:
        flash(_("You have %(n)s views, as many as there may be. Remove one first.", n=views.MOST), "warning")
        return redirect(address, 303)
    flash(_("The view “%(name)s” is kept.", name=name[:80]))
    return redirect(address, 303)


@bp.post("/<int:number>/remove")
@signed_in
def remove(number: int) -> Response:
    """Remove one's own view."""
    with site.database().writing() as session:
        if not views.remove_view(session, actor(), number):
            abort(404)
    return redirect(own_address(request.form.get("next", "")), 303)
