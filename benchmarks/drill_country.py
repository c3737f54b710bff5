"""What `make drill` loses: a country with answers, their counts, a publication and a list of counted receipts."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import insert, select, update

from app.database import Database
from app.demo.responses import SyntheticWave, synthetic_rows
from app.indicators.case_models import EvidenceFile
from app.indicators.evidence_files import check_file, store_bytes
from benchmarks.loading import load
from surveys.ballots.ballots import Ballot, mint, spent_mark
from surveys.models import Response, SpentBallot, Wave
from surveys.questionnaire.compiled import Compiled
from surveys.responses import counted_receipts, withdrawal
from surveys.responses.intake import Submission, Suggestion
from surveys.tallies import folding
from tests.app.published import publish
from tests.builders.answers import store_answer
from tests.builders.country import RESIDENTS, make_country
from tests.builders.papers import make_pdf

TODAY = date(2026, 11, 24)
CITY = "oral"
WORDS = "A crossing by the school, number"
WITHDRAWN = 3
"""Answers that were taken back before: they must not be there again."""
PAPERS = 20
"""Files of evidence added while copies are kept: `restore check` compares each with its digest."""


class Filled(NamedTuple):
    """A country of the drill."""

    database: Database
    compiled: Compiled
    keys: Path
    """The folder of all keys."""
    key: bytes
    """Of the wave of residents."""


def fill(database: Database, directory: Path, answers: int) -> Filled:
    """Fill an empty database with answers, each with its spent ballot; count, list and publish them."""
    country = make_country(database, directory, today=TODAY)
    with database.writing() as session:
        publish(session, country)
        # What is published is closed before; here answers go on coming.
        session.execute(update(Wave).values(state="open"))
    filled = Filled(database, country.residents, directory, country.key)
    wave = SyntheticWave(RESIDENTS, filled.compiled.questionnaire.digest(), filled.compiled, answers, TODAY, 20)
    with database.writing() as session:
        driver = session.connection().connection.driver_connection
        load(
            driver,
            Response.__tablename__,
            _ready(synthetic_rows(wave, seed=3)),
            is_sqlite=database.is_sqlite,
        )
        spent = ({"ballot_hash": f"{number:064x}", "payload_mac": f"{number:064x}"} for number in range(answers))
        load(driver, SpentBallot.__tablename__, spent, is_sqlite=database.is_sqlite)
    with database.writing() as session:
        folding.fold(session)
        for response in session.scalars(select(Response.id).where(Response.wave == RESIDENTS).limit(WITHDRAWN)).all():
            withdrawal.withdraw(session, RESIDENTS, response, today=TODAY)
    with database.writing() as session:
        counted_receipts.write_list(session, filled.key, RESIDENTS)
    return filled


def add_papers(database: Database, folder: Path) -> None:
    """Put files of evidence into a folder, and their digests into a database, in that order."""
    files = [check_file(f"{number}.pdf", make_pdf(f"No {number}")) for number in range(PAPERS)]
    for file in files:
        store_bytes(folder, file)
    rows = [{"sha256": file.sha256, "size": len(file.content), "media_type": file.media_type} for file in files]
    with database.writing() as session:
        session.execute(insert(EvidenceFile).values(scan="unscanned"), rows)


def _ready(rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    return (row | {"day": row["day"].isoformat(), "links": ""} for row in rows)


class Sender:
    """Sends numbered answers, the same each time, as a phone does that got no reply."""

    def __init__(self, country: Filled) -> None:
        self._country, self._sent = country, 0

    def send(self, count: int, *, again: bool = False) -> int:
        """Send the next answers, or all from the first one again; gives how many of them were new."""
        first = 0 if again else self._sent
        self._sent = max(self._sent, first + count)
        return sum(self._send(number) for number in range(first, first + count))

    def _send(self, number: int) -> bool:
        country = self._country
        ballot = mint(country.key, _ballot(number))
        submission = Submission(answers={}, suggestions=(Suggestion("its", f"{WORDS} {number}"),), lang="kk")
        with country.database.writing() as session:
            receipt = store_answer(session, country, ballot, submission, today=TODAY)
        return not receipt.repeated

    def is_stored(self, number: int) -> bool:
        """Tell whether an answer is in the database."""
        with self._country.database.reading() as session:
            return session.get(SpentBallot, spent_mark(_ballot(number))) is not None


def mark_of(number: int) -> str:
    """Give the mark that a numbered answer leaves among the spent ballots."""
    return spent_mark(_ballot(number))


def _ballot(number: int) -> Ballot:
    return Ballot(RESIDENTS, CITY, "resident", "open", (1 << 100 | number).to_bytes(16))
