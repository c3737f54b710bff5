"""The current period of the demo: every state is there, by the demo's persons alone, and nothing of it is rated."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.accounts.models import Staff
from app.audit.models import JournalRow
from app.audit.verify import verify
from app.clock import FrozenClock, day_of
from app.database import Database
from app.demo.current_period import PERIOD, seed_current_period
from app.demo.papers import LABELS, make_paper
from app.demo.persons import PERSONS
from app.indicators.case_models import Assessment, Assignment, Evidence, ValueCase
from app.indicators.evidence import Vault
from app.indicators.evidence_files import read_bytes
from app.indicators.keys import CaseKey
from app.indicators.models import IndicatorValue
from app.indicators.states import State
from app.notices.models import Notice
from app.publishing.models import Publication
from app.ratings.models import Run


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "evidence")


@pytest.fixture
def seeded(database: Database, vault: Vault, clock: FrozenClock) -> Database:
    with database.writing() as session:
        seed_current_period(session, vault, clock.now())
    return database


def test_every_state_but_that_of_a_closed_period_is_there(database: Database, vault: Vault, clock: FrozenClock) -> None:
    with database.writing() as session:
        states = seed_current_period(session, vault, clock.now())
    assert set(states) == set(State) - {State.LOCKED}
    assert sum(states.values()) == 3 * 101


def test_what_waits_was_assessed_by_nobody_or_by_one_and_something_is_late(seeded: Database) -> None:
    given = (
        select(func.count())
        .select_from(Assessment)
        .where(
            Assessment.period == ValueCase.period,
            Assessment.city == ValueCase.city,
            Assessment.indicator == ValueCase.indicator,
            Assessment.revision == ValueCase.revision,
        )
        .scalar_subquery()
    )
    with seeded.reading() as session:
        assert set(session.scalars(select(given).where(ValueCase.state == State.SENT))) == {0, 1}
        assert session.scalars(select(ValueCase).where(ValueCase.late, ValueCase.state == State.SENT)).first()
        notes = set(session.scalars(select(Assessment.note).where(Assessment.verdict == "return")))
    assert notes
    assert all("Үлгі дерек" in note for note in notes), notes


def test_all_of_it_is_done_by_persons_of_the_demo_and_the_nightly_job(seeded: Database, clock: FrozenClock) -> None:
    with seeded.reading() as session:
        names = dict(session.execute(select(Staff.id, Staff.email)).all())
        assert set(names.values()) == {person.email for person in PERSONS}
        rows = session.scalars(select(JournalRow).order_by(JournalRow.seq)).all()
        by_nobody = {row.event for row in rows if row.actor is None}
        assert by_nobody == {"staff.invited", "grant.given", "value.refused", "return.reminded"}
        assert [row.at for row in rows] == sorted(row.at for row in rows), "the journal goes forward"
        assert max(row.at for row in rows) < clock.now().isoformat()
        assert verify(session).is_whole


def test_assignments_and_notices_follow(seeded: Database) -> None:
    with seeded.reading() as session:
        assert session.scalars(select(Assignment)).first()
        kinds = set(session.scalars(select(Notice.kind)))
    assert {"value.returned", "value.split"} <= kinds


def test_every_value_and_paper_says_that_it_is_illustrative(seeded: Database, vault: Vault) -> None:
    with seeded.reading() as session:
        values = session.scalars(select(IndicatorValue).where(IndicatorValue.period == PERIOD)).all()
        papers = session.scalars(select(Evidence).where(Evidence.period == PERIOD)).all()
    said = ("Үлгі дерек, жарияланған", "Иллюстративные данные, не", "Illustrative, not a published figure")
    assert all(words in value.source for value in values for words in said)
    assert all(label in paper.caption for paper in papers for label in LABELS)
    assert len({paper.sha256 for paper in papers}) == len(papers) > 0
    for paper in papers:
        assert read_bytes(vault.folder, paper.sha256 or "").startswith(b"%PDF-")


def test_nothing_of_another_period_is_touched_and_nothing_is_rated(seeded: Database) -> None:
    with seeded.reading() as session:
        assert set(session.scalars(select(IndicatorValue.period))) == {PERIOD}
        assert set(session.scalars(select(ValueCase.period))) == {PERIOD}
        assert [session.scalars(select(func.count()).select_from(table)).one() for table in (Run, Publication)] == [
            0,
            0,
        ]


def test_a_paper_is_the_same_to_the_byte_each_time() -> None:
    key = CaseKey(PERIOD, "aktau", "ctm_1")
    assert make_paper(key, "yes") == make_paper(key, "yes")
    assert make_paper(key, "yes").sha256 != make_paper(key, "no").sha256


def test_what_was_refused_had_its_days_and_what_is_open_still_has_some(seeded: Database, clock: FrozenClock) -> None:
    with seeded.reading() as session:
        refused = session.scalars(select(ValueCase.due_on).where(ValueCase.state == State.REFUSED)).all()
        open_ = select(ValueCase.due_on).where(ValueCase.state == State.OPEN, ValueCase.city == "aktau")
        waiting = set(session.scalars(open_))
    today = day_of(clock.now())
    assert refused
    assert all(day and day < today for day in refused)
    assert all(day and day > today for day in waiting)
