"""What the pages about members of staff show."""

from collections.abc import Mapping

from flask import abort, flash, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.accounts import grants, resets
from app.accounts.errors import StaffError, StaffFault
from app.accounts.models import Staff
from app.accounts.permissions import Permission, Person, Role
from app.accounts.staff_queries import STATE, StaffPage, get_staff_page, has_role, is_of_city
from app.feedback import assigning
from app.indicators import assignments
from app.staffing.services import ADMINS_END_SOON, WELCOME
from app.web import site
from app.web.console import tables
from app.web.console.access import me
from app.web.console.layout import ROLES, city_name
from app.web.console.menu import WaitingLine
from app.web.console.staff.forms import GrantForm, InviteForm, area_names
from app.web.console.tables import Column, Filter, Listing, search
from app.web.language import _, _l, _lc, _n, pick
from surveys.population.places import load_places

STATES = {"open": _l("can sign in"), "invited": _l("invited, not in yet"), "closed": _lc("account", "closed")}

FAULTS: Mapping[StaffFault, str] = {
    StaffFault.UNKNOWN: _l("There is no such person or reset any more."),
    StaffFault.ONESELF: _l("Nobody changes their own roles or account here: ask another administrator."),
    StaffFault.LAST_ADMIN: _l("This is the last administrator who can sign in: invite another one first."),
    StaffFault.ADMIN_ALONE: _l("An administrator holds no other role, so that nobody lets themselves in anywhere."),
    StaffFault.CITY: _l("This role belongs to a city: choose one."),
    StaffFault.DAYS: _l("The last day is over already."),
    StaffFault.EMAIL: _l("This is not an e-mail address."),
    StaffFault.NAME: _l("The name is missing."),
    StaffFault.EMAIL_TAKEN: _l("Somebody has this e-mail address already."),
    StaffFault.ALREADY: _l("This was done already, or is not possible any more."),
    StaffFault.SAME_PERSON: _l("A second person confirms a reset: you have opened it yourself."),
}

FIELD = {
    StaffFault.CITY: "city",
    StaffFault.DAYS: "until",
    StaffFault.EMAIL: "email",
    StaffFault.EMAIL_TAKEN: "email",
    StaffFault.NAME: "name",
}
"""The field that a fault is shown at; the role's, where none is named."""


def warning_lines(session: Session) -> list[WaitingLine]:
    """Say from which day on nobody would be an administrator, two weeks before."""
    today = site.clock().today()
    last = grants.admins_end(session, today)
    if last is None or last - today > ADMINS_END_SOON:
        return []
    words = _(
        "After %(day)s nobody is an administrator any more: give somebody this role for good.", day=f"{last:%d.%m.%Y}"
    )
    return [WaitingLine(words, "/console/staff/", urgent=True)]


def reset_lines(session: Session, person: Person) -> list[WaitingLine]:
    """Say how many resets a person may confirm; one of them leads to whose it is."""
    whose = resets.waiting_for(session, person.id, site.clock().now())
    if not whose:
        return []
    words = _n("%(num)s reset waits for a second person", "%(num)s resets wait for a second person", len(whose))
    address = "/console/staff/" + (str(whose[0]) if len(whose) == 1 else "")
    return [WaitingLine(words, address, urgent=True)]


def listing() -> Listing:
    """Give the list of staff, with the roles of today."""
    today = site.clock().today()
    cities = {city.code: city_name(city.code) for city in load_places().cities}
    return Listing(
        name="staff",
        columns=(
            Column("name", _l("Name"), lambda row: row.name, sort=(Staff.name,)),
            Column("email", _l("E-mail"), lambda row: row.email, sort=(Staff.email,)),
            Column("roles", _l("Roles"), lambda row: "; ".join(role_words(row.roles)) if row.state != "closed" else ""),
            Column("state", _l("State"), lambda row: str(STATES[row.state]), sort=(STATE,)),
            Column("seen", _l("Last day of use"), lambda row: row.last_seen_on),
        ),
        filters=(
            search("q", _l("Name or e-mail"), Staff.name, Staff.email),
            Filter(
                "role",
                _l("Role"),
                lambda role: has_role(today, role),
                lambda: {r.value: str(w) for r, w in ROLES.items()},
            ),
            Filter("city", _l("City"), lambda city: is_of_city(today, city), lambda: cities),
            Filter("state", _l("State"), lambda state: STATE.in_([state]), lambda: STATES),
        ),
        key=(Staff.id,),
        sort="name",
    )


def role_words(roles: str | None) -> list[str]:
    """Say roles such as "analyst aktau,auditor " in words."""
    held = (each.split(" ") for each in (roles or "").split(",") if each)
    return sorted(role_in_words(role, city) for role, city in held)


def role_in_words(role: str, city: str | None) -> str:
    """Say a role in words, with its city."""
    words = str(ROLES[Role(role)])
    return f"{words}, {city_name(city)}" if city else words


def list_page(page: tables.TablePage) -> str:
    """Show the list."""
    return render_template(
        "console/staff/list.html",
        page=page,
        states=STATES,
        role_words=role_words,
        may_manage=me().may(Permission.MANAGE_STAFF),
        has_mail=site.settings().mail.is_on,
    )


def person_page(staff: int, form: GrantForm | None = None, fault: StaffFault | None = None) -> str:
    """Show one person; with the form of a role as it was sent, and what is wrong with it."""
    page = read(staff)
    return render_template(
        "console/staff/person.html",
        page=page,
        form=form or GrantForm().offer(site.clock().today()),
        lines=[(FIELD.get(fault, "role") if form else "top", str(FAULTS[fault]))] if fault else [],
        states=STATES,
        role_in_words=role_in_words,
        areas={code: pick(name) for code, name in area_names()},
        may_manage=me().may(Permission.MANAGE_STAFF) and me().id != staff,
        may_confirm=may_confirm(page),
    )


def may_confirm(page: StaffPage) -> bool:
    """Tell whether whoever looks at the page may confirm the reset that waits."""
    waits = page.reset is not None and page.reset.opened_by != me().id and page.id != me().id
    return waits and me().may(Permission.CONFIRM_RESET)


def invite_page(form: InviteForm, fault: StaffFault | None = None) -> str:
    """Show the form of an invitation."""
    lines = [(FIELD.get(fault, "role"), str(FAULTS[fault]))] if fault else []
    return render_template("console/staff/invite.html", form=form, lines=lines)


def confirm_page(staff: int, grant_id: int | None) -> str:
    """Ask before a role is taken back (or the account closed): what ends, and what goes back to the queue."""
    page = read(staff)
    grant = next((each for each in page.grants if each.id == grant_id and each.is_held), None)
    if grant_id is not None and grant is None:
        abort(404)
    with site.database().reading() as session:
        waiting = assignments.waiting_of(session, staff) if grant is None or grant.role == Role.REVIEWER else []
        others = {each.city for each in page.grants if each.is_held and grant is not None and each.id != grant.id}
        goes = grant is None or (grant.city and grant.city not in others)
        suggestions = assigning.count_of(session, staff, grant.city if grant else None) if goes else 0
    role = role_in_words(grant.role, grant.city) if grant else ""
    return render_template(
        "console/staff/confirm.html", page=page, grant=grant, role=role, waiting=waiting, suggestions=suggestions
    )


def read(staff: int) -> StaffPage:
    """Read a person; 404 where there is none."""
    with site.database().reading() as session:
        page = get_staff_page(session, staff, site.clock().now(), site.clock().today())
    if page is None:
        abort(404)
    return page


def link_or_word(staff: int, token: str, words: str, said: str = "") -> str | Response:
    """Say that a link was mailed; without mail show it, this once, and say before it what was done (`said`)."""
    if site.settings().mail.is_on:
        flash(words)
        return redirect(url_for("staff.person", staff_id=staff), 303)
    link = f"{site.settings().console_url}{WELCOME}{token}"
    return render_template("console/staff/link.html", link=link, page=read(staff), said=said)


def refused(staff: int, error: StaffError) -> tuple[str, int]:
    """Say on a person's page why something was not done."""
    return person_page(staff, fault=error.fault), 422
