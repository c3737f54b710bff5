"""How long the attack before a publication takes: the demo's country, 20 cities, with the publication before it.

Run from the root of the tree: PYTHONPATH=. .venv/bin/python benchmarks/disclosure.py
"""

import resource
import tempfile
import time
from pathlib import Path

from alembic import command
from sqlalchemy import select

from app.cli.context import Context
from app.cli.database import alembic_config
from app.cli.seed import seed_demo
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.publishing.disclosure.examine import examine
from app.publishing.models import Publication
from app.publishing.released import release_of
from tests.conftest import NOW

LIMIT = 60.0
"""Seconds the attack may take (issue 10)."""


def main() -> None:
    """Seed the demo, attack its second publication together with the first, and print what that took."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/demo.sqlite3"
        command.upgrade(alembic_config(url), "head")
        database = Database(url)
        settings = Settings(database_url=url, secret_key="x" * 32, instance=Path(folder), demo=True)
        seed_demo(Context(settings, database, FrozenClock(NOW)), say=print)
        with database.reading() as session:
            publications = session.scalars(select(Publication).order_by(Publication.number)).all()
            *earlier, last = [release_of(session, publication) for publication in publications]
        before, processor = time.perf_counter(), time.process_time()
        findings = examine(last, earlier)
        seconds, busy = time.perf_counter() - before, time.process_time() - processor
        database.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    what = f"{len(last.bundle.cities)} cities, {1 + len(earlier)} publications"
    print(f"{what}: {seconds:.1f} s ({busy:.1f} s of processor), limit {LIMIT:.0f}")
    print(f"findings: {len(findings)}; most memory of the process: {peak:.0f} MB")


if __name__ == "__main__":
    main()
