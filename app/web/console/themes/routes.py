"""Addresses of themes: the list of a city and wave, one theme, a city's own ones, and the national frame."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.permissions import Permission
from app.feedback import themes
from app.feedback.errors import GroupError
from app.feedback.groups import dissolve_group, take_out
from app.feedback.theme_listing import in_place, read_coding_progress
from app.web import site
from app.web.console import exports, tables
from app.web.console.access import actor, me, own_address, requires
from app.web.console.coding.actions import ACTIONS, CODE
from app.web.console.menu import MenuEntry
from app.web.console.replies.choosing import ReplyAction, reply_buttons, reply_to_theme
from app.web.console.selection import BulkAction, begin, choose_address, nothing_chosen
from app.web.console.themes import keeping_page
from app.web.console.themes.forms import posted_ids, posted_name, tried
from app.web.console.themes.listing import address_of, listing_of, read_themes
from app.web.console.themes.scope import areas, scope_of
from app.web.console.themes.theme_page import read_theme
from app.web.console.themes.words import GROUP_FAULTS
from app.web.language import _, _l
from app.working_calendar import get_calendar
from app.workspace.tasks import BulkOrder

bp = Blueprint("themes", __name__, url_prefix="/console/themes")
ENTRIES = [MenuEntry(26, _l("Themes"), "/console/themes/", Permission.READ_COMMENTS, ("/console/coding/",))]
Answer = str | AnyResponse | tuple[str, int]
FRAME = "/console/themes/frame"


@bp.get("/")
@requires(Permission.READ_COMMENTS)
def table() -> Answer:
    """Show the themes of a city and wave, the most said first."""
    with site.database().reading() as session:
        scope = scope_of(session, me(), request.args)
        if scope is None:
            return render_template("console/themes/none.html")
        if not tables.asked_for_file():
            page = read_themes(session, me(), scope, request.args, site.clock().today())
            return render_template("console/themes/list.html", page=page)
        progress = read_coding_progress(session, scope.city, scope.wave, me().id)
        return exports.exported(session, *listing_of(me(), scope, request.args, progress.shown, get_calendar(session)))


@bp.get("/<code>/<city>/<wave>")
@requires(Permission.READ_COMMENTS)
def theme(code: str, city: str, wave: str) -> Answer:
    """Show a theme of a city and wave with its suggestions."""
    return _theme(code, city, wave)


@bp.post("/<code>/<city>/<wave>/typical")
@requires(Permission.CODE_COMMENTS)
def typical(code: str, city: str, wave: str) -> Answer:
    """Let up to three chosen suggestions stand for the theme; none where that is what the button says."""
    ids, is_clearing = posted_ids(), "clear" in request.form
    if bool(ids) == is_clearing:
        return nothing_chosen(address_of(code, city, wave))
    fault = tried(
        lambda session: themes.pick_typical(session, actor(), code, city, wave=wave, ids=ids),
        _("None stands for the theme any more.")
        if is_clearing
        else _("They stand for the theme now: up to three, while everybody may read them."),
    )
    return _theme(code, city, wave, fault) if fault else redirect(address_of(code, city, wave), 303)


@bp.post("/<code>/<city>/<wave>/split")
@requires(Permission.CODE_COMMENTS)
def split(code: str, city: str, wave: str) -> Answer:
    """Make a theme of the city of chosen suggestions about this one."""
    name, ids = posted_name(), posted_ids()
    fault = tried(
        lambda session: themes.split_theme(session, actor(), code, city, name=name, ids=ids),
        _("The city’s own theme is made, and what you chose is about it now."),
    )
    return _theme(code, city, wave, fault) if fault else redirect(address_of(code, city, wave), 303)


@bp.post("/<code>/<city>/<wave>/add")
@requires(Permission.CODE_COMMENTS)
def add(code: str, city: str, wave: str) -> AnyResponse:
    """Say of chosen suggestions that they are about the theme too; it can be taken back as any work on many."""
    back = address_of(code, city, wave)
    with site.database().reading() as session:
        ids = in_place(session, posted_ids(), city, wave)
    if not ids:
        return nothing_chosen(back)
    return begin(CODE, BulkOrder(kind=CODE.name, ids=tuple(ids), values={"theme": code, "kind": ""}, back=back))


@bp.post("/groups/<city>/<int:group>/dissolve")
@requires(Permission.CODE_COMMENTS)
def dissolve(city: str, group: int) -> AnyResponse:
    """Let the suggestions of a group stand by themselves again."""
    return _ungrouped(lambda session: dissolve_group(session, actor(), group, city))


@bp.post("/groups/<city>/<int:group>/take-out")
@requires(Permission.CODE_COMMENTS)
def leave(city: str, group: int) -> AnyResponse:
    """Take one suggestion out of its group."""
    comment = request.form.get("comment", "")
    return _ungrouped(lambda session: take_out(session, actor(), group, city, comment))


@bp.get("/own/<city>")
@requires(Permission.READ_COMMENTS)
def own(city: str) -> Answer:
    """Show a city's own themes."""
    return _keeping(city)


@bp.post("/own/<city>/new")
@requires(Permission.CODE_COMMENTS)
def make_own(city: str) -> Answer:
    """Make a theme of the city below a national one."""
    parent, name = request.form.get("parent", ""), posted_name()
    return _kept(
        city, lambda session: themes.make_city_theme(session, actor(), city, parent, name), _("The theme is made.")
    )


@bp.post("/own/<city>/<code>/<any(rename, merge, retire, restore):what>")
@requires(Permission.CODE_COMMENTS)
def change_own(city: str, code: str, what: str) -> Answer:
    """Change a theme of the city."""
    with site.database().reading() as session:
        keeping_page.check_owner(session, code, city)
    return _changed(city, code, what)


@bp.get("/frame")
@requires(Permission.READ_COMMENTS)
def frame() -> Answer:
    """Show the national themes."""
    return _keeping("")


@bp.post("/frame/new")
@requires(Permission.MANAGE_THEMES)
def make_national() -> Answer:
    """Make a theme of all cities."""
    code, name = request.form.get("code", "").strip(), posted_name()
    return _kept(
        "",
        lambda session: themes.make_national_theme(session, actor(), code, list(areas()), name),
        _("The theme is made: all cities can code with it."),
    )


@bp.post("/frame/<code>/<any(rename, merge, retire, restore):what>")
@requires(Permission.MANAGE_THEMES)
def change_national(code: str, what: str) -> Answer:
    """Change a theme of all cities."""
    with site.database().reading() as session:
        keeping_page.check_owner(session, code, "")
    return _changed("", code, what)


def _changed(city: str, code: str, what: str) -> Answer:
    target, name = request.form.get("into", ""), posted_name()
    changes: dict[str, Callable[[Session], object]] = {
        "rename": lambda session: themes.rename_theme(session, actor(), code, name),
        "merge": lambda session: themes.merge_themes(session, actor(), code, target),
        "retire": lambda session: themes.retire_theme(session, actor(), code),
        "restore": lambda session: themes.restore_theme(session, actor(), code),
    }
    return _kept(city, changes[what], _("Done."), code)


def _kept(city: str, change: Callable[[Session], object], done: str, code: str = "") -> Answer:
    fault = tried(change, done)
    address = f"/console/themes/own/{city}" if city else FRAME
    return _keeping(city, fault) if fault else redirect(f"{address}#{code}" if code else address, 303)


def _keeping(city: str, fault: str = "") -> Answer:
    with site.database().reading() as session:
        page = keeping_page.read_keeping(session, me(), city)
    shown = render_template("console/themes/keeping.html", page=page, fault=fault)
    return (shown, 422) if fault else shown


def _theme(code: str, city: str, wave: str, fault: str = "") -> Answer:
    with site.database().reading() as session:
        day = (site.clock().today(), get_calendar(session))
        page = read_theme(session, me(), (code, city, wave), request.args, day)
    if page is None:
        abort(404)
    buttons: list[tuple[str, BulkAction | ReplyAction]] = []
    buttons += [(choose_address(each, "coding"), each) for each in ACTIONS] if page.can_code else []
    buttons += reply_buttons(me(), city)
    shown = render_template(
        "console/themes/theme.html",
        page=page,
        actions=buttons,
        fault=fault,
        reply_address=reply_to_theme(me(), city, code, wave),
    )
    return (shown, 422) if fault else shown


def _ungrouped(change: Callable[[Session], object]) -> AnyResponse:
    back = own_address(request.form.get("back", ""))
    try:
        with site.database().writing() as session:
            change(session)
    except GroupError as error:
        flash(str(GROUP_FAULTS[error.fault]), "warning")
    else:
        flash(_("Done."))
    return redirect(back, 303)
