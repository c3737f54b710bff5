"""Notices of whoever is signed in, and the mail that goes out."""

from flask import Blueprint, abort, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from app.accounts.permissions import Permission, Person
from app.audit.journal import Entry, record
from app.notices import notices as notices_of
from app.notices import outbox
from app.web import site
from app.web.console import exports, tables
from app.web.console.access import actor, me, requires, signed_in
from app.web.console.head_facts import HeadFacts
from app.web.console.menu import WaitingLine
from app.web.console.notices import views
from app.web.language import _, _n

bp = Blueprint("notices", __name__, url_prefix="/console/notices")


@bp.get("")
@signed_in
def notices() -> str:
    """Show a page of notices, newest first."""
    before = request.args.get("before", type=int)
    unread = request.args.get("unread") == "1"
    with site.database().reading() as session:
        page = views.notices_page(session, me(), unread=unread, before=before)
    return render_template("console/notices/notices.html", page=page, unread=unread, before=before)


@bp.get("/<int:notice>")
@signed_in
def follow(notice: int) -> Response:
    """Lead to what a notice is about, and mark it as read; 404 for that of somebody else."""
    person = me()
    with site.database().writing() as session:
        address = notices_of.follow(session, person.id, notice, site.clock().now())
    return redirect(address or abort(404), 303)


@bp.post("/read")
@signed_in
def read_all() -> Response:
    """Mark as read what the page showed, and what is older."""
    by, until = actor(), request.form.get("until", 0, type=int)
    with site.database().writing() as session:
        number = notices_of.mark_all_read(session, me().id, by.at, until=until)
        if number:
            entry = Entry(event="notice.read", object_kind="staff", object_id=str(by.id), detail={"number": number})
            record(session, by, entry)
    flash(_n("%(num)s notice marked as read.", "%(num)s notices marked as read.", number))
    return redirect("/console/notices", 303)


@bp.get("/mail")
@requires(Permission.MANAGE_STAFF)
def mail() -> str | Response:
    """Show the mails that wait, went out, or failed."""
    if tables.asked_for_file():
        with site.database().reading() as session:
            return exports.exported(session, views.LISTING, views.MAILS)
    with site.database().reading() as session:
        page = tables.read(session, views.LISTING, views.MAILS, request.args)
    settings = site.services().settings.mail
    return render_template("console/notices/mail.html", page=page, settings=settings, views=views)


@bp.post("/mail/<int:mail_id>/again")
@requires(Permission.MANAGE_STAFF)
def send_again(mail_id: int) -> Response:
    """Let a failed mail be tried once more."""
    with site.database().writing() as session:
        done = outbox.send_again(session, actor(), mail_id)
    flash(_("The mail will be sent again within a minute.") if done else _("This mail has not failed."))
    return redirect("/console/notices/mail?state=failed", 303)


@bp.post("/mail/<int:mail_id>/give-up")
@requires(Permission.MANAGE_STAFF)
def give_up(mail_id: int) -> Response:
    """Take a failed mail off the list of those to look after."""
    with site.database().writing() as session:
        done = outbox.give_up(session, actor(), mail_id)
    flash(_("The mail will not be sent.") if done else _("This mail has not failed."))
    return redirect("/console/notices/mail?state=failed", 303)


def alarms(standing: HeadFacts, person: Person) -> list[WaitingLine]:
    """Tell administrators on every page that mail failed."""
    if not person.may(Permission.MANAGE_STAFF):
        return []
    number = standing.failed_mails
    if not number:
        return []
    words = _n("%(num)s mail could not be delivered.", "%(num)s mails could not be delivered.", number)
    return [WaitingLine(words, "/console/notices/mail?state=failed", urgent=True)]
