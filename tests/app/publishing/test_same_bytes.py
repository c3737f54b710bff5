"""SCORING §8, row 24: the same inputs and method version give the same bytes in every published file."""

import hashlib
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from app.cli.seed import OPEN_FIGURES
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.demo.responses import SyntheticWave, synthetic_rows
from app.indicators.files import SpreadsheetFile
from app.indicators.imports import Target
from app.publishing.models import PublicationFile
from app.publishing.queries import get_bundle
from app.ratings.execution import RunOrder
from app.web.portal.data import TABLES
from app.web.public import create_public
from surveys.models import Response
from surveys.tallies import folding
from tests.app.publications import publish_order
from tests.app.publishing.close_totals import publish_close_totals
from tests.builders.country import RESIDENTS, make_country
from tests.builders.indicators import import_accepted
from tests.conftest import NOW

RUN = "00000000-0000-4000-8000-000000000024"
ANSWERS = 2500


def publish(database: Database, keys: Path, order: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Publish one and the same country, its answers having come in an order of their own."""
    monkeypatch.setattr("app.ratings.execution.uuid.uuid4", lambda: RUN)
    country = make_country(database, keys, today=NOW.date())
    wave = SyntheticWave(
        RESIDENTS, country.residents.questionnaire.digest(), country.residents, ANSWERS, NOW.date(), 10
    )
    rows: list[dict[str, Any]] = list(islice(synthetic_rows(wave, seed=24), ANSWERS))
    random.Random(order).shuffle(rows)
    figures = SpreadsheetFile(OPEN_FIGURES.name, OPEN_FIGURES.read_bytes())
    with database.writing() as session:
        import_accepted(session, figures, Target("2024", "open_figures_2024"), today=NOW.date())
        session.execute(insert(Response), rows)
        folding.fold(session, minimum=1)
        publish_order(session, RunOrder(period="2024", waves=(RESIDENTS,), kind="official"), NOW.date())


def sums(database: Database, settings: Settings) -> dict[str, str]:
    """Give the SHA-256 of everything that was published: files as they are stored, and as the portal sends them."""
    with database.reading() as session:
        files = session.execute(select(PublicationFile.path, PublicationFile.content)).all()
    stored = {row.path: row.content for row in files}
    client = create_public(settings, database, FrozenClock(NOW)).test_client()
    for name in TABLES:
        for kind in ("json", "csv"):
            answer = client.get(f"/data/1/{name}.{kind}")
            assert answer.status_code == 200
            stored[f"{name}.{kind}"] = answer.get_data()
    return {path: hashlib.sha256(content).hexdigest() for path, content in sorted(stored.items())}


@pytest.mark.postgres
def test_row_24_every_published_file_is_the_same_on_both_databases_in_any_order(
    sqlite: Database, postgres: Database, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(sqlite, tmp_path / "s", "one order", monkeypatch)
    publish(postgres, tmp_path / "p", "another", monkeypatch)
    sums_of_sqlite = sums(sqlite, settings)
    assert sums_of_sqlite == sums(postgres, settings)
    assert len(sums_of_sqlite) > 20 + 2 * len(TABLES), "the bundle, a derivation of every city, and every table twice"


BUILD = """
import json
import sys
from pathlib import Path
import pytest
from app.config import Settings
from app.database import Database
from tests.app.publishing.test_same_bytes import PUBLISH, sums
from tests.conftest import SECRET
country, folder = sys.argv[1], Path(sys.argv[2])
database = Database(f"sqlite:///{folder / 'own.sqlite3'}")
with pytest.MonkeyPatch.context() as patch:
    PUBLISH[country](database, folder / "keys", patch)
settings = Settings.from_env({"SECRET_KEY": SECRET, "INSTANCE": str(folder)})
print(json.dumps(sums(database, settings)))
"""


def publish_close(database: Database, keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Publish the country whose ranks hang on the simulation; every city must have an interval of ranks."""
    monkeypatch.setattr("app.ratings.execution.uuid.uuid4", lambda: RUN)
    publish_close_totals(database, keys)
    with database.reading() as session:
        bundle = get_bundle(session, 1)
    assert bundle is not None
    uncertain = [row.place_low < row.place_high for row in bundle.city_results if row.place_low and row.place_high]
    assert uncertain == [True] * len(bundle.cities)


PUBLISH: dict[str, Callable[[Database, Path, pytest.MonkeyPatch], None]] = {
    "drawn": lambda database, keys, monkeypatch: publish(database, keys, "any", monkeypatch),
    "close totals": publish_close,
}


@pytest.mark.parametrize("country", PUBLISH)
def test_row_24_two_processes_with_other_hashes_publish_the_same(
    country: str, sqlite_template: Path, tmp_path: Path
) -> None:
    processes = []
    for seed in ("1", "2"):
        folder = tmp_path / seed
        folder.mkdir()
        (folder / "own.sqlite3").write_bytes(sqlite_template.read_bytes())
        command = [sys.executable, "-c", BUILD, country, str(folder)]
        environment = os.environ | {"PYTHONHASHSEED": seed}
        processes.append(subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True))
    written = [process.communicate()[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    one, other = map(json.loads, written)
    assert one == other
    assert len(one) > 20 + 2 * len(TABLES)
