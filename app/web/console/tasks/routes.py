"""Pages of long work: everybody sees their own."""

from dataclasses import replace

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.web import site
from app.web.console import selection
from app.web.console.access import me, signed_in
from app.web.console.selection import BulkAction
from app.web.console.services import services
from app.workspace import tasks
from app.workspace.tasks import BulkOrder, Progress, TooMuchError

bp = Blueprint("tasks", __name__, url_prefix="/console/tasks")


@bp.get("/<task>")
@signed_in
def progress(task: str) -> Response:
    """Show how far work is; until it is over the page comes anew by itself, unless it is to stand still."""
    found, action = _own(task)
    if not found.is_over:
        _see_to_it(found)
    is_still = "still" in request.args
    page = render_template(
        "console/tasks/progress.html",
        is_still=is_still,
        work=found,
        title=action.title,
        page_of=action.page,
        left=selection.grouped(action, found.left),
        result=_result(found, action),
        may_be_undone=bool(action.undo) and found.may_be_undone(site.clock().now()),
        may_be_repeated=found.state == "failed" and me().may(action.permission),
    )
    response = make_response(page)
    if not (found.is_over or is_still):
        response.headers["Refresh"] = "5"
    return response


@bp.post("/<task>/undo")
@signed_in
def undo(task: str) -> AnyResponse:
    """Take back what was done, within ten minutes; what was changed again meanwhile stays."""
    found, action = _own(task)
    if not me().may(action.permission):
        abort(403)
    if action.undo is None or not found.may_be_undone(site.clock().now()):
        return redirect(selection.with_done(found.order.back, task), 303)
    return selection.begin(
        action, BulkOrder(kind=action.name, ids=found.changed, back=found.order.back, undoes=found.id)
    )


@bp.post("/<task>/again")
@signed_in
def again(task: str) -> AnyResponse:
    """Order anew what was not done when work broke off."""
    found, action = _own(task)
    if not me().may(action.permission):
        abort(403)
    if found.state != "failed":
        return redirect(url_for(".progress", task=task), 303)
    try:
        name = selection.begin_long(replace(found.order, ids=found.order.ids[found.done :]))
    except TooMuchError as error:
        flash(action.bound.words(len(error.open)) if action.bound else "", "warning")
        return redirect(url_for(".progress", task=task), 303)
    return redirect(url_for(".progress", task=name), 303)


def _own(task: str) -> tuple[Progress, BulkAction]:
    with site.database().reading() as session:
        found = tasks.read_progress(session, task, me().id)
    action = selection.action_of(found.order.kind) if found else None
    if found is None or action is None:
        abort(404)
    return found, action


def _result(found: Progress, action: BulkAction) -> tuple[str, str] | None:
    """Give words and address of the page of what came of work; None while there is none."""
    if action.result is None or found.state != "done":
        return None
    with site.database().reading() as session:
        address = action.result.address(session, found)
    return (action.result.words, address) if address else None


def _see_to_it(found: Progress) -> None:
    """Go on with work whose process ended."""
    now = site.clock().now()
    if now - found.touched_at <= tasks.SILENT:
        return
    with site.database().writing() as session:
        is_ours = tasks.take_over(session, found.id, now)
    if is_ours:
        services().worker(found.id)
