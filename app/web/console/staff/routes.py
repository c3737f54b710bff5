"""Members of staff: the list, a person, invitations, roles, closing, and resets by two persons."""

from flask import Blueprint, flash, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.accounts import resets, services
from app.accounts.errors import StaffError
from app.accounts.permissions import Permission, Person, Role
from app.accounts.services import Invitee
from app.accounts.staff_queries import staff_rows
from app.staffing import services as staffing
from app.web import site
from app.web.console import exports, tables
from app.web.console.access import actor, requires, stepped_up
from app.web.console.menu import MenuEntry, WaitingLine
from app.web.console.staff import views
from app.web.console.staff.forms import GrantForm, InviteForm
from app.web.console.staff.views import (
    confirm_page,
    invite_page,
    link_or_word,
    list_page,
    listing,
    person_page,
    refused,
)
from app.web.language import _, _l

bp = Blueprint("staff", __name__, url_prefix="/console/staff")

ENTRIES = (MenuEntry(60, _l("Staff"), "/console/staff/", Permission.SEE_STAFF),)


def waiting(session: Session, person: Person) -> list[WaitingLine]:
    """Say which resets wait for a second person, and from when on nobody will be an administrator."""
    warnings = views.warning_lines(session) if person.roles() & {Role.ADMIN, Role.AUDITOR} else []
    resets_asked = views.reset_lines(session, person) if person.may(Permission.CONFIRM_RESET) else []
    return [*resets_asked, *warnings]


@bp.get("/")
@requires(Permission.SEE_STAFF)
def people() -> str | Response:
    """List the members of staff, or give the list as a file."""
    rows = staff_rows(site.clock().today())
    if tables.asked_for_file():
        with site.database().reading() as session:
            return exports.exported(session, listing(), rows)
    with site.database().reading() as session:
        return list_page(tables.read(session, listing(), rows, request.args))


@bp.route("/invite", methods=["GET", "POST"])
@requires(Permission.MANAGE_STAFF)
@stepped_up
def invite() -> tuple[str, int] | str | Response:
    """Invite a person with a role."""
    form = InviteForm(request.form).offer(site.clock().today())
    if request.method == "GET" or not form.validate():
        return invite_page(form), 200 if request.method == "GET" else 422
    typed = {"email": form.email.data or "", "name": form.name.data or "", "language": form.language.data}
    try:
        with site.database().writing() as session:
            invitee = Invitee(**typed, orders=(form.order(),))
            staff, token = staffing.invite(session, actor(), invitee, site.settings().secret_keys)
    except StaffError as error:
        return invite_page(form, error.fault), 422
    return link_or_word(staff, token, _("The invitation is on its way."))


@bp.get("/<int:staff_id>")
@requires(Permission.SEE_STAFF)
def person(staff_id: int) -> str:
    """Show a person."""
    return person_page(staff_id)


@bp.post("/<int:staff_id>/grant")
@requires(Permission.MANAGE_STAFF)
@stepped_up
def grant(staff_id: int) -> tuple[str, int] | Response:
    """Give a person a role."""
    form = GrantForm(request.form).offer(site.clock().today())
    if not form.validate():
        return person_page(staff_id, form), 422
    try:
        with site.database().writing() as session:
            staffing.grant(session, actor(), staff_id, form.order())
    except StaffError as error:
        return person_page(staff_id, form, error.fault), 422
    return _done(staff_id, _("The role is given."))


@bp.get("/<int:staff_id>/revoke/<int:grant_id>")
@requires(Permission.MANAGE_STAFF)
def ask_to_revoke(staff_id: int, grant_id: int) -> str:
    """Show what ends with a role before it is taken back."""
    return confirm_page(staff_id, grant_id)


@bp.post("/<int:staff_id>/revoke/<int:grant_id>")
@requires(Permission.MANAGE_STAFF)
@stepped_up
def revoke(staff_id: int, grant_id: int) -> tuple[str, int] | Response:
    """Take a role back."""
    try:
        with site.database().writing() as session:
            staffing.revoke(session, actor(), grant_id)
    except StaffError as error:
        return refused(staff_id, error)
    return _done(staff_id, _("The role is taken back, and the person's sessions have ended."))


@bp.get("/<int:staff_id>/deactivate")
@requires(Permission.MANAGE_STAFF)
def ask_to_deactivate(staff_id: int) -> str:
    """Show what ends with an account before it is closed."""
    return confirm_page(staff_id, None)


@bp.post("/<int:staff_id>/deactivate")
@requires(Permission.MANAGE_STAFF)
@stepped_up
def deactivate(staff_id: int) -> tuple[str, int] | Response:
    """Close an account."""
    try:
        with site.database().writing() as session:
            staffing.deactivate(session, actor(), staff_id)
    except StaffError as error:
        return refused(staff_id, error)
    return _done(staff_id, _("The account is closed, and its sessions have ended."))


@bp.post("/<int:staff_id>/reactivate")
@requires(Permission.MANAGE_STAFF)
@stepped_up
def reactivate(staff_id: int) -> tuple[str, int] | Response:
    """Open a closed account again."""
    try:
        with site.database().writing() as session:
            services.reactivate(session, actor(), staff_id)
    except StaffError as error:
        return refused(staff_id, error)
    return _done(staff_id, _("The account is open again."))


@bp.post("/<int:staff_id>/invite-again")
@requires(Permission.MANAGE_STAFF)
@stepped_up
def invite_again(staff_id: int) -> tuple[str, int] | str | Response:
    """Give a new link to somebody who has not taken up the last one."""
    try:
        with site.database().writing() as session:
            token = staffing.invite_again(session, actor(), staff_id, site.settings().secret_keys)
    except StaffError as error:
        return refused(staff_id, error)
    return link_or_word(staff_id, token, _("The invitation is on its way."))


@bp.post("/<int:staff_id>/reset-factors")
@requires(Permission.MANAGE_STAFF)
@stepped_up
def open_reset(staff_id: int) -> tuple[str, int] | Response:
    """Ask for a reset, which a second person confirms."""
    try:
        with site.database().writing() as session:
            staffing.open_reset(session, actor(), staff_id)
    except StaffError as error:
        return refused(staff_id, error)
    return _done(staff_id, _("The reset waits for a second person: another administrator or an auditor."))


@bp.post("/<int:staff_id>/confirm-reset")
@requires(Permission.CONFIRM_RESET)
@stepped_up
def confirm_reset(staff_id: int) -> tuple[str, int] | str | Response:
    """Confirm the reset that somebody else opened."""
    try:
        with site.database().writing() as session:
            reset = request.form.get("reset", type=int) or 0
            whose, token = staffing.confirm_reset(session, actor(), reset, site.settings().secret_keys)
    except StaffError as error:
        return refused(staff_id, error)
    words = _("The account is reset, and its owner gets a mail with a link.")
    said = _("The reset is confirmed: password, second step and recovery codes are gone, and all sessions have ended.")
    return link_or_word(whose, token, words, said)


@bp.post("/<int:staff_id>/cancel-reset")
@requires(Permission.MANAGE_STAFF)
@stepped_up
def cancel_reset(staff_id: int) -> tuple[str, int] | Response:
    """Let a reset fall that waits for its second person."""
    try:
        with site.database().writing() as session:
            resets.cancel_reset(session, actor(), request.form.get("reset", type=int) or 0)
    except StaffError as error:
        return refused(staff_id, error)
    return _done(staff_id, _("The reset is cancelled."))


def _done(staff: int, words: str) -> Response:
    """Lead back to a person, and say there what was done."""
    flash(words)
    return redirect(url_for(".person", staff_id=staff), 303)
