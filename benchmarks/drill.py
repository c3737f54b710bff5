"""Loses a database and restores it from its copies: `make drill`; make drill ANSWERS=2000 for a short one.

Fills a database with answers, counts, a publication and a list of receipts, keeps copies of it by `python -m app backup
run`, takes answers meanwhile, and kills everything. Then it restores into an empty place and compares. It fails when
an answer that was acknowledged before the last shipped change is missing, anything is doubled, counts, published
digests, the list or a file of evidence differ, or the limit of time is passed.
"""

import argparse
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import text

from app.backup.postgresql_archive import NEWEST as BASE
from app.backup.postgresql_archive import SLOT
from app.backup.sqlite_copies import NEWEST
from app.backup.summary import Summary, summarize
from app.database import Database
from benchmarks.drill_country import PAPERS, Sender, add_papers, fill, mark_of
from benchmarks.processes import Store, postgresql, store
from surveys.ballots import envelope_keys

LIMIT = 900
"""Seconds that bringing back 1,000,000 answers may take."""

SHIPPED, LATE = 200, 50
"""Answers taken while copies are kept: before the last change that is shipped, and after it."""

LATE_TABLES = {"response", "spent_ballot", "envelope"}
"""Those to which an answer adds rows, so that the late ones are there or not."""

PATIENCE = 600


class DrillError(RuntimeError):
    """Something was lost, doubled or changed."""


def wait_for(what: str, is_there: Callable[[], bool], process: "subprocess.Popen[bytes]") -> None:
    """Wait until something is there; raises DrillError when it does not come or the process ends before."""
    end = time.monotonic() + PATIENCE
    while not is_there():
        if time.monotonic() > end or process.poll() is not None:
            raise DrillError(f"{what} does not come")
        time.sleep(0.02)


@contextmanager
def copying(source: Store, *words: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Keep copies by a command of ours; on leaving the process is killed as by a failing machine."""
    words = (sys.executable, "-m", "app", "backup", *words)
    process = subprocess.Popen(words, env=environment(source), start_new_session=True)
    try:
        yield process
    finally:
        os.killpg(process.pid, 9)  # with the program that fetches the log
        process.wait()


def environment(source: Store) -> dict[str, str]:
    """Make the environment of our commands on a database, with PostgreSQL's programs on PATH."""
    programs = f"{source.server.bin_path}:" if source.server else ""
    return os.environ | source.environment | {"PATH": f"{programs}{os.environ['PATH']}"}


def command(source: Store, *words: str) -> str:
    """Run one of our commands; raises DrillError with what it says when it fails."""
    run = subprocess.run(
        [sys.executable, "-m", "app", *words], env=environment(source), capture_output=True, text=True, check=False
    )
    if run.returncode:
        raise DrillError(f"{' '.join(words)}: {run.stdout}{run.stderr}")
    return run.stdout


def has_base(source: Store, folder: Path) -> bool:
    """Tell whether a first copy of the whole is there."""
    return (folder / f"{BASE}.hour").exists() if source.server else (folder / NEWEST).exists()


def is_shipped(source: Store, database: Database, folder: Path) -> Callable[[], bool]:
    """Make a question of whether everything that is committed by now is in the copies."""
    if not source.server:
        return lambda: _holds(folder / NEWEST, mark_of(SHIPPED - 1))
    with database.engine.connect() as connection:
        now = connection.exec_driver_sql("SELECT pg_current_wal_flush_lsn()").scalar_one()
    fetched = text(
        "SELECT count(*) FROM pg_stat_replication r JOIN pg_replication_slots s ON s.active_pid = r.pid"
        " WHERE s.slot_name = :slot AND r.flush_lsn >= CAST(:now AS pg_lsn)"
    )

    def ask() -> bool:
        with database.engine.connect() as connection:
            return bool(connection.execute(fetched, {"slot": SLOT, "now": now}).scalar_one())

    return ask


def _holds(copy: Path, mark: str) -> bool:
    with closing(sqlite3.connect(f"file:{copy}?mode=ro&immutable=1", uri=True)) as connection:
        found = connection.execute("SELECT count(*) FROM spent_ballot WHERE ballot_hash = ?", (mark,))
        return bool(found.fetchone()[0])


def lose(source: Store, database: Database) -> None:
    """Kill the database and remove everything of it."""
    database.close()
    if source.server:
        source.kill()
        shutil.rmtree(source.folder / "pg")
    for path in source.folder.glob("bench.sqlite3*"):
        path.unlink()
    shutil.rmtree(source.settings.evidence)


@contextmanager
def restored(source: Store, copies: Path, folder: Path) -> Iterator[Store]:
    """Restore copies into an empty folder by our commands, keys too, and run what came of them."""
    folder.mkdir()
    place = folder / "pg"
    if not source.server:
        yield Store(source.name, f"sqlite:///{folder / 'bench.sqlite3'}", folder)
        return
    # Its files of evidence come back where the new installation has its own.
    command(
        Store(source.name, source.url, folder, source.server), "restore", "database", str(copies), "--into", str(place)
    )
    give_to_server(source, place, copies)
    with postgresql(place) as (url, server):
        yield Store(source.name, url, folder, server)


def give_to_server(source: Store, *places: Path) -> None:
    """Let the user whom the wheel's server runs as own its data and read the copies, where this script is root."""
    user = source.server.system_user
    for place in places if user else ():
        for path in (place, *place.rglob("*")):
            shutil.chown(path, user, user)


def summary_of(database: Database) -> Summary:
    """Summarize a database."""
    with database.reading() as session:
        return summarize(session)


def drill(source: Store, root: Path, answers: int, every: float) -> float:
    """Lose and restore one database; gives the seconds that the restoring took."""
    database, copies, keys = Database(source.url), root / "copies", root / "keys"
    begun = time.monotonic()
    country = fill(database, source.settings.keys, answers)
    print(f"{source.name}: {answers:,} answers filled in within {time.monotonic() - begun:.0f} s", flush=True)
    sender = Sender(country)
    begun = time.monotonic()
    following = copying(source, "run", str(copies), "--every", str(every))
    with following as process, copying(source, "keys", str(keys), "--every", str(min(every, 1))) as key_process:
        wait_for("a first copy", lambda: has_base(source, copies), process)
        print(f"  first copy, and PostgreSQL's log followed, within {time.monotonic() - begun:.1f} s", flush=True)
        add_papers(database, source.settings.evidence)
        sender.send(SHIPPED)
        wait_for("the last change", is_shipped(source, database, copies), process)
        wait_for("the files of evidence", lambda: len(list(copies.glob("evidence/??/*"))) == PAPERS, process)
        wait_for("the key of its words", lambda: envelope_keys.all_of(keys), key_process)
        before = summary_of(database)
        sender.send(LATE)
    size = sum(path.stat().st_size for path in copies.rglob("*") if path.is_file())
    print(f"  {size / 1e6:,.0f} MB of copies", flush=True)
    lose(source, database)
    begun = time.monotonic()
    with restored(source, copies, root / "restored") as target:
        if not source.server:
            command(target, "restore", "database", str(copies))
        command(target, "restore", "keys", str(keys))
        check = command(target, "restore", "check")
        seconds = time.monotonic() - begun
        print(f"  restored and checked in {seconds:.1f} s", flush=True)
        if "no key opens" in check:
            raise DrillError(check)
        country = country._replace(database=Database(target.url), keys=target.settings.keys)
        compare(before, Database(target.url), Sender(country))
    return seconds


def compare(before: Summary, database: Database, sender: Sender) -> None:
    """Compare what was restored with what was; then send every answer again, as phones would."""
    after = summary_of(database)
    lost = [number for number in range(SHIPPED + LATE) if not sender.is_stored(number)]
    if missing := [number for number in lost if number < SHIPPED]:
        raise DrillError(f"{len(missing)} answers acknowledged before the last shipped change are lost")
    for name in ("folded", "counts", "listed", "receipts", "state"):
        were, are = ([getattr(wave, name) for wave in summary.waves] for summary in (before, after))
        if were != are:
            raise DrillError(f"{name} differ: {were} {are}")
    if before.publications != after.publications or not after.publications:
        raise DrillError("publications differ")
    were, are = ([row for row in summary.tables if row[0] not in LATE_TABLES] for summary in (before, after))
    if were != are:
        raise DrillError(f"tables differ: {set(were) ^ set(are)}")
    total = sum(wave.answers for wave in before.waves)
    if (held := sum(wave.answers for wave in after.waves)) != total + LATE - len(lost):
        raise DrillError(f"{held} answers stored, {total} expected and {LATE - len(lost)} of the late ones")
    new = sender.send(SHIPPED + LATE, again=True)
    if new != len(lost):
        raise DrillError(f"{new} answers were new to the restored database, {len(lost)} of those sent again were lost")
    database.close()
    print(f"  counts, published digests, the list of counted receipts and {PAPERS} files of evidence are the same")
    print(f"  acknowledged before the last shipped change: {SHIPPED}, lost 0")
    print(f"  acknowledged after it: {LATE}, lost {len(lost)}; sent again, each was stored once, the others refused")


def main() -> int:
    """Drill both databases; gives 1 when something is lost or takes too long."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=1_000_000)
    parser.add_argument("--only", choices=("SQLite", "PostgreSQL"))
    parser.add_argument("--every", type=float, default=60, help="seconds between two copies of SQLite")
    options = parser.parse_args()
    for name in [options.only] if options.only else ["SQLite", "PostgreSQL"]:
        with tempfile.TemporaryDirectory(prefix="drill", ignore_cleanup_errors=True) as folder:
            (Path(folder) / "source").mkdir()
            with store(name, Path(folder) / "source") as source:
                seconds = drill(source, Path(folder), options.answers, options.every)
        if seconds > LIMIT:
            print(f"  MISSED: {LIMIT} s")
            return 1
    print("OK")
    return 0


if __name__ == "__main__":
    sys.exit(main())
