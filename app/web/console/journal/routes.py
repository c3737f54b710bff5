"""The journal of the console."""

from dataclasses import replace
from datetime import timedelta

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from app.accounts.permissions import Permission, Person, Role
from app.clock import day_of
from app.web import site
from app.web.console import exports, tables
from app.web.console.access import me, requires
from app.web.console.head_facts import HeadFacts
from app.web.console.journal import details, views
from app.web.console.menu import MenuEntry, WaitingLine
from app.web.language import _, _l

bp = Blueprint("journal", __name__, url_prefix="/console/journal")
ENTRIES = [MenuEntry(70, _l("Journal"), "/console/journal/", Permission.READ_JOURNAL)]


@bp.get("/")
@requires(Permission.READ_JOURNAL)
def journal() -> str | Response:
    """Show the rows that match the address, and whether the chain is whole."""
    listing, statement = views.listing_of(me()), views.visible_to(me())
    if tables.asked_for_file():
        with site.database().reading() as session:
            words = details.columns_in_words(details.read_all_names(session), sees_split=views.reads_all(me()))
            return exports.exported(session, replace(listing, columns=listing.columns + words), statement)
    with site.database().reading() as session:
        page = tables.read(session, listing, statement, request.args)
        chain = views.chain_of(session)
        names = details.read_names(session, page.rows)
    context = {"sees_split": views.reads_all(me()), "names": names, "details": details}
    return render_template("console/journal/journal.html", page=page, chain=chain, views=views, **context)


def alarms(standing: HeadFacts, person: Person) -> list[WaitingLine]:
    """Tell auditors and administrators on every page that the journal does not hold, or is verified no more."""
    if standing.checked_at is None or not person.roles() & {Role.AUDITOR, Role.ADMIN}:
        return []
    if standing.broken_seq is not None:
        words = _("The journal was changed: row %(row)s fails the check.", row=standing.broken_seq)
    elif day_of(site.clock().now()) - day_of(standing.checked_at) > timedelta(days=1):
        words = _("The journal has not been verified since %(day)s.", day=f"{day_of(standing.checked_at):%d.%m.%Y}")
    else:
        return []
    return [WaitingLine(words, "/console/journal/", urgent=True)]
