"""Copies of a PostgreSQL server: a base each hour, and its log of changes (WAL) since, as it is written.

The log names the moment of each change. So it reaches back to the newest base only: older segments are removed once
that base is verified. The programs are PostgreSQL's own and must be on PATH.
"""

import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL

from app.backup.folder import BackupError, close_to_others, is_night, read_hour, remove, write_hour
from surveys.ballots.keys import sync

SLOT = "city_backup"
"""Replication slot: the server keeps what was not fetched yet."""

NEWEST, LAST_NIGHT, DRAFT, OLD = "base", "base-night", "base-draft", "base-old"
_SEGMENT = re.compile(r"[0-9A-F]{24}(\.partial)?")
_LABEL = re.compile(r"^START WAL LOCATION: .* \(file ([0-9A-F]{24})\)$", re.MULTILINE)

_LOCKS = shutil.ignore_patterns(".s.PGSQL.*.lock")
"""Locks of sockets in the data folder: each names a process of the server that was lost, and that number may live."""


class Archive:
    """The archive of one server in one folder."""

    def __init__(self, url: URL, folder: Path) -> None:
        """Take the server's address; a password in it is handed on in the environment, which others cannot see."""
        self._folder, self._wal = folder, folder / "wal"
        self._wal.mkdir(mode=0o700, exist_ok=True)
        address = URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
        self._server = ("--no-password", "--dbname", address.render_as_string(hide_password=False))
        self._environment = os.environ | ({"PGPASSWORD": str(url.password)} if url.password else {})

    def follow(self) -> subprocess.Popen[bytes]:
        """Start fetching the log as it is written, from where it was left; the caller ends the process."""
        program = (find_program("pg_receivewal"), *self._server, "--slot", SLOT)
        self._run(*program, "--create-slot", "--if-not-exists")
        words = (*program, "--directory", str(self._wal), "--synchronous", "--no-loop")
        return subprocess.Popen(words, env=self._environment)  # noqa: S603 - our own words and settings

    def is_due(self, hour: datetime) -> bool:
        """Tell whether the base of an hour is still to be taken."""
        taken = read_hour(self._folder, NEWEST)
        return taken is None or taken < hour or not (self._folder / NEWEST).exists()

    def take_base(self, hour: datetime) -> None:
        """Take a base and verify it; then forget the one before and the log that only that one needed."""
        draft, newest, old = (self._folder / name for name in (DRAFT, NEWEST, OLD))
        remove(draft)
        words = ("--format=plain", "--wal-method=stream", "--checkpoint=fast", "--manifest-checksums=SHA256")
        self._run(find_program("pg_basebackup"), *self._server, "--pgdata", str(draft), *words)
        verify(draft)
        close_to_others(draft)
        remove(old)
        if newest.exists():
            newest.rename(old)
        draft.rename(newest)
        sync(self._folder)
        write_hour(self._folder, NEWEST, hour)
        remove(old)
        self._forget_log(first_segment(newest))
        if is_night(hour):
            self._keep()

    def _keep(self) -> None:
        draft = self._folder / f"{LAST_NIGHT}-draft"
        remove(draft)
        shutil.copytree(self._folder / NEWEST, draft, copy_function=os.link)
        remove(self._folder / LAST_NIGHT)
        draft.rename(self._folder / LAST_NIGHT)

    def _forget_log(self, first: str) -> None:
        for path in self._wal.iterdir():
            # The first eight signs are the timeline.
            if _SEGMENT.fullmatch(path.name) and path.name[8:24] < first[8:]:
                path.unlink()

    def _run(self, *words: str) -> None:
        # What the program says of its failure goes to standard error.
        if subprocess.run(words, env=self._environment, check=False).returncode:  # noqa: S603 - our own words and settings
            raise BackupError(f"{Path(words[0]).name} failed")


def verify(base: Path) -> None:
    """Compare every file of a base with its digest in the server's manifest; raises BackupError at the first fault."""
    listed = json.loads((base / "backup_manifest").read_text())["Files"]
    for entry in listed:
        with suppress(FileNotFoundError), (base / entry["Path"]).open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() == entry["Checksum"]:
                continue
        raise BackupError(f"{entry['Path']} of the base is damaged")
    if not listed:
        raise BackupError("the base is empty")


def first_segment(base: Path) -> str:
    """Give the first segment of the log that a base needs."""
    found = _LABEL.search((base / "backup_label").read_text())
    if found is None:
        raise BackupError(f"{base} has no label of PostgreSQL's")
    return found[1]


def restore(folder: Path, target: Path, *, night: bool) -> None:
    """Make a server's data folder of a base and the log since; the server replays it when it is started.

    Raises BackupError when the folder is not empty or the base is damaged. `night` takes the last night's base alone.
    """
    base = folder / (LAST_NIGHT if night else NEWEST)
    if not (base / "backup_label").exists():
        raise BackupError(f"{base} is not there")
    if target.exists() and any(target.iterdir()):
        raise BackupError(f"{target} is not empty: a database is restored into an empty place only")
    verify(base)
    shutil.copytree(base, target, symlinks=True, dirs_exist_ok=True, ignore=_LOCKS)
    close_to_others(target)
    if not night:
        (target / "recovery.signal").touch(mode=0o600)
        with (target / "postgresql.auto.conf").open("a") as settings:
            settings.write(f"restore_command = '{restore_command(folder / 'wal')}'\n")
            settings.write("recovery_target_timeline = 'latest'\n")


def restore_command(log: Path) -> str:
    """Write the command by which the server fetches a segment, the unfinished last one included, as a quoted value."""
    place = shlex.quote(str(log)).replace("%", "%%")
    command = f'cp {place}/"%f" "%p" || cp {place}/"%f.partial" "%p"'
    return command.replace("'", "''")


def find_program(name: str) -> str:
    """Find a program of PostgreSQL's on PATH."""
    found = shutil.which(name)
    if found is None:
        raise BackupError(f"{name} is not on PATH: install PostgreSQL's client programs of the server's version")
    return found
