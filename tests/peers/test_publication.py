"""Complaints of peers' users about approvals and publication, each a trap that this product does not fall into.

Sources: DESK §21; the numbers are those of the issues in the peers' own trackers.
"""

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from app.accounts.models import Staff
from app.accounts.permissions import Role
from app.audit.journal import Actor
from app.cli.commands import cli
from app.cli.context import Context
from app.cli.seed import OPEN_FIGURES
from app.clock import FrozenClock
from app.config import Settings
from app.indicators.files import SpreadsheetFile
from app.indicators.imports import Target
from app.notices.models import Notice
from app.publishing.approvals import Seen, approve
from app.publishing.errors import Barrier, BarrierError
from app.publishing.models import Publication
from app.publishing.requests import Proposal, object_to, request_publication
from app.ratings.execution import RunOrder, execute_run
from app.ratings.models import Run
from tests.app.publications import Three, checked_request, make_three, noon, see
from tests.builders.country import Country
from tests.builders.indicators import import_accepted, nobody_on
from tests.builders.staff import make_staff

ORDER = RunOrder(period="2024", waves=(), kind="official")


@pytest.fixture
def runs(country: Country) -> tuple[str, str, Three]:
    """Two official runs, between which a value changed, and three persons."""
    figures = SpreadsheetFile(OPEN_FIGURES.name, OPEN_FIGURES.read_bytes())
    changed = [
        "oral,life_expectancy,79,,,reported,test" if line.startswith("oral,life_expectancy,") else line
        for line in OPEN_FIGURES.read_text().splitlines()
    ]
    with country.database.writing() as session:
        import_accepted(session, figures, Target("2024", "open_figures_2024"), today=country.today)
        first = execute_run(session, ORDER, nobody_on(country.today))
        later = SpreadsheetFile("later.csv", "\n".join(changed).encode())
        import_accepted(session, later, Target("2024", None), today=country.today)
        return first, execute_run(session, ORDER, nobody_on(country.today)), make_three(session)


def test_gitea_8439_an_approval_does_not_stay_when_the_content_changes(
    country: Country, runs: tuple[str, str, Three]
) -> None:
    """An approval is of the digests that were seen: those of another run are refused, and it counts for one run."""
    first, second, three = runs
    at = noon(country.today)
    with country.database.writing() as session:
        digests = session.scalars(select(Run.output_digest).where(Run.id.in_((first, second)))).all()
        assert len(set(digests)) == 2
        asked = checked_request(session, Proposal(run=second), Actor(three.requester, at))
        with pytest.raises(BarrierError) as refused:
            approve(session, asked, see(session, first), "", Actor(three.approver, at))
    assert refused.value.why is Barrier.OTHER_BYTES


def test_gitea_5997_new_content_begins_without_approvals(
    country: Country, settings: Settings, runs: tuple[str, str, Three]
) -> None:
    """A new run is a new request: what was given to the one before it does not move along."""
    first, second, three = runs
    at = noon(country.today)
    with country.database.writing() as session:
        asked = checked_request(session, Proposal(run=first), Actor(three.requester, at))
        for staff in (three.approver, three.publisher):
            approve(session, asked, see(session, first), "", Actor(staff, at))
        object_to(session, asked, "a value changed", Actor(three.approver, at))
        request_publication(session, Proposal(run=second), Actor(three.requester, at))
        email = session.get_one(Staff, three.publisher).email
    context = Context(settings, country.database, FrozenClock(at))
    for run in (first, second):
        done = CliRunner().invoke(cli, ["rating", "publish", run, "--by", email], obj=context)
        assert done.exit_code == 1
    with country.database.reading() as session:
        assert session.scalars(select(Publication.number)).all() == []


def test_dhis2_9052_only_who_may_approve_can_stop_an_approval(country: Country, runs: tuple[str, str, Three]) -> None:
    first, _second, three = runs
    at = noon(country.today)
    with country.database.writing() as session:
        asked = checked_request(session, Proposal(run=first), Actor(three.requester, at))
        auditor = make_staff(session, Role.AUDITOR).id
        with pytest.raises(BarrierError) as refused:
            object_to(session, asked, "I should not be able to", Actor(auditor, at))
    assert refused.value.why is Barrier.NO_RIGHT


def test_decidim_3041_nobody_is_told_of_what_was_not_asked_for(country: Country, runs: tuple[str, str, Three]) -> None:
    """Notices are written in the transaction of their cause: what is taken back tells nobody."""
    first, _second, three = runs
    at = noon(country.today)
    with country.database.writing() as session:
        step = session.begin_nested()
        request_publication(session, Proposal(run=first), Actor(three.requester, at))
        step.rollback()
    with country.database.writing() as session:
        assert session.scalars(select(Notice.id)).all() == []
        request_publication(session, Proposal(run=first), Actor(three.requester, at))
        told = set(session.scalars(select(Notice.staff)))
    assert told == {three.approver, three.publisher}
    assert Seen._fields == ("output_digest", "edition_digest")
