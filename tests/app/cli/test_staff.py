import re

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from app.accounts import invitations, passwords
from app.accounts.models import FactorReset, Staff
from app.audit.models import JournalRow
from app.cli.commands import cli
from app.cli.context import Context
from app.cli.staff import staff
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database

ADMIN = "first@example.kz"


@pytest.fixture
def context(database: Database, settings: Settings, clock: FrozenClock) -> Context:
    return Context(settings, database, clock)


def run(context: Context, *words: str) -> Result:
    return CliRunner().invoke(cli, ["staff", *words], obj=context)


def test_the_first_admin_is_invited_by_a_link_that_is_printed(context: Context) -> None:
    result = run(context, "invite", "--admin", ADMIN)
    assert result.exit_code == 0
    link = re.match(r"http://127\.0\.0\.1:8001/console/welcome/([\w-]{43})\n", result.output)
    assert link, result.output
    with context.database.reading() as session:
        assert invitations.find(session, link[1], context.clock.now()).email == ADMIN
        events = session.scalars(select(JournalRow.event).order_by(JournalRow.seq)).all()
        assert [event for event in events if event.startswith(("staff", "grant"))] == ["staff.invited", "grant.given"]
        assert link[1] not in str(session.execute(select(JournalRow.__table__)).all())
    assert run(context, "list").output == f"{ADMIN}\tinvited\tadmin\tlast in: never\n"
    again = run(context, "invite-again", ADMIN)
    assert again.exit_code == 0
    assert link[1] not in again.output


def test_roles_come_and_go_in_cities_by_any_of_their_names(context: Context) -> None:
    run(context, "invite", "--admin", ADMIN)
    made = run(context, "invite", "a@example.kz", "--role", "analyst", "--city", "Ақтау", "--until", "2027-01-31")
    assert made.exit_code == 0
    assert "a@example.kz\tinvited\tanalyst aktau until 2027-01-31\t" in run(context, "list").output
    assert run(context, "grant", "a@example.kz", "lead", "--city", "Актау").output == "granted: lead\n"
    assert run(context, "revoke", "a@example.kz", "analyst", "--city", "aktau").exit_code == 0
    assert "a@example.kz\tinvited\tlead aktau\t" in run(context, "list").output
    assert run(context, "deactivate", "a@example.kz").exit_code == 0
    assert "a@example.kz\tclosed\t" in run(context, "list").output
    assert run(context, "reactivate", "a@example.kz").exit_code == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("invite", "nonsense"), "email"),
        (("invite", ADMIN), "email_taken"),
        (("invite", "b@example.kz", "--role", "lead"), "name it by --city"),
        (("invite", "b@example.kz", "--role", "lead", "--city", "Atlantis"), "Atlantis"),
        (("invite", "b@example.kz", "--admin", "--role", "auditor"), "admin_alone"),
        (("grant", ADMIN, "auditor"), "admin_alone"),
        (("grant", "nobody@example.kz", "auditor"), "nobody has the address"),
        (("revoke", ADMIN, "auditor"), "no such role"),
        (("revoke", ADMIN, "admin"), "last_admin"),
        (("deactivate", ADMIN), "last_admin"),
        (("reactivate", ADMIN), "already"),
    ],
)
def test_the_rules_of_the_console_hold_on_the_command_line(
    context: Context, words: tuple[str, ...], message: str
) -> None:
    run(context, "invite", "--admin", ADMIN)
    with context.database.writing() as session:
        before = session.scalars(select(Staff)).one()
        before.password_hash = passwords.hashed("any password at all")
    refused = run(context, *words)
    assert refused.exit_code != 0
    assert message in refused.output
    with context.database.reading() as session:
        assert len(session.scalars(select(Staff)).all()) == 1


def test_what_needs_two_persons_has_no_command() -> None:
    """A reset is opened by one and confirmed by another: one person on the server is one person."""
    names = {"invite", "invite-again", "list", "grant", "revoke", "deactivate", "reactivate", "reseal", "rights"}
    assert set(staff.commands) == names
    columns = FactorReset.__table__.columns
    assert not columns["opened_by"].nullable


def test_secrets_are_sealed_anew(context: Context) -> None:
    assert run(context, "reseal").output == "sealed anew: 0\n"
