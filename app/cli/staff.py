"""`python -m app staff …`: let members of staff in and out, without a browser and without a back door.

What needs two persons in the console has no command here: nobody's factors are reset by one person on the server.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import invitations, services, totp
from app.accounts.errors import AccountError
from app.accounts.grants import GrantOrder
from app.accounts.models import RoleGrant, Staff
from app.accounts.permissions import CITY_ROLES, Role
from app.accounts.queries import holding
from app.accounts.rights_page import rights_page
from app.accounts.sealing import SealError
from app.accounts.services import Invitee
from app.accounts.signing_in import fold
from app.audit.journal import Actor
from app.cli.context import Context, pass_context
from app.staffing import services as staffing
from surveys.population.places import PlaceError, load_places, store_places

ROLES = click.Choice([role.value for role in Role])
DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def staff() -> None:
    """Let members of staff in and out."""


@staff.command()
@click.argument("email")
@click.option("--name", default="", help="The person's name; what stands before the @ when not given.")
@click.option("--admin", is_flag=True, help="Make an administrator: the first of an installation, for one.")
@click.option("--role", "roles", multiple=True, type=ROLES, help="A role the person is to have.")
@click.option("--city", "cities", multiple=True, help="The city of roles that belong to one; any of its names.")
@click.option("--until", type=DAY, help="The last day of the roles; they have no end when not given.")
@click.option("--language", default="kk", show_default=True, type=click.Choice(["kk", "ru", "en"]))
@pass_context
def invite(
    context: Context,
    email: str,
    *,
    name: str,
    admin: bool,
    roles: tuple[str, ...],
    cities: tuple[str, ...],
    until: datetime | None,
    language: str,
) -> None:
    """Make an account for EMAIL and print the link that opens it, once and within 72 hours."""
    orders = _orders([*roles, *(["admin"] if admin else [])], cities, until)
    invitee = Invitee(email=email, name=name or email.partition("@")[0], language=language, orders=orders)
    with _changing(context) as session:
        store_places(session)
        _staff, token = staffing.invite(session, _actor(context), invitee, context.settings.secret_keys)
    _tell(context, token)


@staff.command()
@click.argument("email")
@pass_context
def invite_again(context: Context, email: str) -> None:
    """Print a new link for EMAIL, who has not taken up the last one."""
    with _changing(context) as session:
        keys = context.settings.secret_keys
        token = staffing.invite_again(session, _actor(context), _id(session, email), keys)
    _tell(context, token)


@staff.command(name="list")
@pass_context
def list_staff(context: Context) -> None:
    """List the accounts with their state, roles and last day of use."""
    now = context.clock.now()
    with context.database.reading() as session:
        roles: dict[int, list[str]] = {}
        for row in session.scalars(select(RoleGrant).where(holding(context.clock.today())).order_by(RoleGrant.id)):
            place = f" {row.city}" if row.city else ""
            until = f" until {row.until_day}" if row.until_day else ""
            roles.setdefault(row.staff, []).append(f"{row.role}{place}{until}")
        people = select(Staff, invitations.waits_for(Staff.id, now).correlate(Staff)).order_by(Staff.email)
        for person, is_invited in session.execute(people):
            waits = "invited" if is_invited else "open"
            state = waits if person.active else "closed"
            seen = person.last_seen_on or "never"
            click.echo(f"{person.email}\t{state}\t{', '.join(roles.get(person.id, [])) or 'no role'}\tlast in: {seen}")


@staff.command()
@click.argument("email")
@click.argument("role", type=ROLES)
@click.option("--city", "cities", multiple=True, help="The city of a role that belongs to one; any of its names.")
@click.option("--until", type=DAY, help="The last day of the role; it has no end when not given.")
@pass_context
def grant(context: Context, email: str, role: str, *, cities: tuple[str, ...], until: datetime | None) -> None:
    """Give EMAIL a ROLE."""
    with _changing(context) as session:
        store_places(session)
        for order in _orders([role], cities, until):
            staffing.grant(session, _actor(context), _id(session, email), order)
    click.echo(f"granted: {role}")


@staff.command()
@click.argument("email")
@click.argument("role", type=ROLES)
@click.option("--city", default=None, help="The city of a role that belongs to one; any of its names.")
@pass_context
def revoke(context: Context, email: str, role: str, *, city: str | None) -> None:
    """Take a ROLE back from EMAIL; their sessions end, and what they were asked to assess goes back to the queue."""
    code = _city(city) if city else None
    with _changing(context) as session:
        held = select(RoleGrant.id).where(RoleGrant.staff == _id(session, email), RoleGrant.role == role)
        found = session.scalars(held.where(RoleGrant.city.is_not_distinct_from(code))).first()
        if found is None:
            raise click.ClickException(f"{email} has no such role")
        released = staffing.revoke(session, _actor(context), found)
    click.echo(f"revoked: {role}; {released} cases back in the queue")


@staff.command()
@click.argument("email")
@pass_context
def deactivate(context: Context, email: str) -> None:
    """Close the account of EMAIL; their sessions end, and what they were asked to assess goes back to the queue."""
    with _changing(context) as session:
        released = staffing.deactivate(session, _actor(context), _id(session, email))
    click.echo(f"closed; {released} cases back in the queue")


@staff.command()
@click.argument("email")
@pass_context
def reactivate(context: Context, email: str) -> None:
    """Open the closed account of EMAIL again, with the roles it had."""
    with _changing(context) as session:
        services.reactivate(session, _actor(context), _id(session, email))
    click.echo("open again")


@staff.command()
@pass_context
def reseal(context: Context) -> None:
    """Seal the secrets of code apps anew, after SECRET_KEY was changed and before SECRET_KEY_PREVIOUS is left out."""
    try:
        with context.database.writing() as session:
            number = totp.reseal(session, context.settings.secret_keys)
    except SealError as error:
        raise click.ClickException(
            f"no key at hand opens {error}: name the key before in SECRET_KEY_PREVIOUS"
        ) from error
    click.echo(f"sealed anew: {number}")


@staff.command()
def rights() -> None:
    """Print the table of rights, for docs/rights.md."""
    click.echo(rights_page(), nl=False)


@contextmanager
def _changing(context: Context) -> Iterator[Session]:
    """Give a transaction whose refusals are errors of the command."""
    try:
        with context.database.writing() as session:
            yield session
    except AccountError as error:
        raise click.ClickException(str(error)) from error


def _orders(roles: list[str], cities: tuple[str, ...], until: datetime | None) -> tuple[GrantOrder, ...]:
    """Make an order for each role, and for each city where the role belongs to one."""
    codes = [_city(city) for city in cities]
    last: date | None = until.date() if until else None
    places = {role: codes if Role(role) in CITY_ROLES else [None] for role in roles}
    for role, where in places.items():
        if not where:
            raise click.UsageError(f"{role} is a role of a city: name it by --city")
    return tuple(
        GrantOrder(role=Role(role), city=city, until_day=last) for role, where in places.items() for city in where
    )


def _city(name: str) -> str:
    try:
        return load_places().find_city(name).code
    except PlaceError as error:
        raise click.ClickException(str(error)) from error


def _id(session: Session, email: str) -> int:
    found = session.scalars(select(Staff.id).where(Staff.email == fold(email))).one_or_none()
    if found is None:
        raise click.ClickException(f"nobody has the address {email}")
    return found


def _actor(context: Context) -> Actor:
    return Actor(None, context.clock.now())


def _tell(context: Context, token: str) -> None:
    click.echo(f"{context.settings.console_url}{staffing.WELCOME}{token}")
    click.echo("The link is good once and for 72 hours: hand it to its person and to nobody else.", err=True)
