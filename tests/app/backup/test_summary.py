"""What a restored database is compared by, and that each part of it notices a change."""

from pathlib import Path

import pytest
from sqlalchemy import text

from app.backup.summary import faults, summarize
from app.database import Database
from surveys.ballots.ballots import Ballot, mint
from surveys.models import CountedReceipt
from surveys.responses.intake import Submission
from surveys.tallies import folding
from tests.builders.answers import store_answer
from tests.builders.country import RESIDENTS, Country


@pytest.fixture
def folded(country: Country) -> Database:
    """Twelve answers, counted, two receipts listed."""
    with country.database.writing() as session:
        for number in range(12):
            ballot = mint(country.key, Ballot(RESIDENTS, "oral", "resident", "open", number.to_bytes(16)))
            store_answer(session, country, ballot, Submission(answers={}, lang="kk"), today=country.today)
        folding.fold(session)
        session.add_all(CountedReceipt(wave=RESIDENTS, receipt=f"4F7K-90QX-2MB{sign}") for sign in "AB")
    return country.database


CHANGES = {
    "a count": "UPDATE tally SET n = n + 1",
    "a receipt": "UPDATE counted_receipt SET receipt = '4F7K-90QX-2MBC' WHERE receipt = '4F7K-90QX-2MBA'",
    "an answer": "DELETE FROM response WHERE id = (SELECT min(id) FROM response)",
    "a state": "UPDATE wave SET state = 'closed'",
    "a row of any other table": "INSERT INTO withdrawal_count SELECT min(code), '2026-11-24', 1 FROM wave",
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_summary_notices_each_change(folded: Database, what: str) -> None:
    with folded.reading() as session:
        before = summarize(session)
        assert before == summarize(session)
    with folded.writing() as session:
        session.execute(text(CHANGES[what]))
    with folded.reading() as session:
        assert summarize(session) != before


def test_counts_that_differ_from_the_answers_are_a_fault(folded: Database) -> None:
    with folded.reading() as session:
        assert list(faults(session)) == []
        assert "12 answers, 12 folded" in str(summarize(session))
    with folded.writing() as session:
        session.execute(text(CHANGES["an answer"]))
    with folded.reading() as session:
        assert list(faults(session)) == [f"the counts of wave {RESIDENTS} differ from its answers"]


def test_a_file_of_a_publication_that_changed_is_a_fault(published: tuple[Database, object], tmp_path: Path) -> None:
    copy = Database(f"sqlite:///{tmp_path / 'copy.sqlite3'}")
    with published[0].engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("VACUUM INTO ?", (str(copy.file),))
        connection.exec_driver_sql("BEGIN")
    with copy.reading() as session:
        assert list(faults(session)) == []
    with copy.writing() as session:
        triggers = session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
        for name in triggers:
            session.execute(text(f'DROP TRIGGER "{name}"'))
        session.execute(text("UPDATE publication_file SET content = x'00' WHERE path = 'bundle.json'"))
        session.execute(text("UPDATE publication SET previous_sha256 = 'x'"))
    with copy.reading() as session:
        found = list(faults(session))
    assert found[0].startswith("bundle.json of publication 1 is not what was published")
    assert found[-1] == "publication 1 does not follow the one before it"
    copy.close()
