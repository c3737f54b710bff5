"""Keeping and forgetting forms that are half typed; everybody's own."""

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response

from app.web import site
from app.web.console import form_drafts
from app.web.console.access import actor, me, own_address, signed_in
from app.workspace import drafts

bp = Blueprint("drafts", __name__, url_prefix="/console/drafts")


@bp.post("/keep")
@signed_in
def keep() -> Response | tuple[str, int]:
    """Keep a form: for a script (204), or to go on editing it on its page (`page`)."""
    with site.database().writing() as session:
        if not form_drafts.keep_posted(session, actor()):
            abort(413)
    page = request.args.get("page")
    return redirect(own_address(page), 303) if page else ("", 204)


@bp.post("/forget")
@signed_in
def forget() -> Response:
    """Forget a form, and show its page as it was before."""
    place = form_drafts.place_of_request()
    if place is None:
        abort(422)
    with site.database().writing() as session:
        drafts.drop(session, me().id, place)
    return redirect(own_address(request.form.get("page", "")), 303)
