"""Long work, each in a child process: what it loads leaves memory with it, and a child that ends early fails alone."""

import logging
import subprocess
import sys
from queue import SimpleQueue
from threading import Thread

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.clock import Clock
from app.database import Database
from app.faults import describe
from app.notices.notices import Message, notify
from app.workspace import tasks

SIGN_OF_LIFE = 20
"""Seconds after which it is noted that a child is still at work: within the minute of tasks.SILENT."""

logger = logging.getLogger(__name__)


class Worker:
    """Does ordered work one after the other. It waits for nothing when the process ends: the children end with it."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self._ordered: SimpleQueue[str] = SimpleQueue()
        self._thread = Thread(target=self._serve, name="work", daemon=True)

    def order(self, task: str) -> None:
        """Begin work as soon as what was ordered before is over; gives no sign but the row of the task."""
        if not self._thread.ident:
            self._thread.start()
        self._ordered.put(task)

    def _serve(self) -> None:
        while True:
            task = self._ordered.get()
            try:
                self._do(task)
            except (OSError, SQLAlchemyError) as error:  # no child, or no database: in a minute it is taken over
                logger.error("long work is not looked after", extra={"fault": describe(error)})

    def _do(self, task: str) -> None:
        # An end of the pipe stays open here as long as this process lives; the child ends when it is closed.
        with subprocess.Popen(command(task), stdin=subprocess.PIPE) as child:  # noqa: S603 - our own command
            while (status := self._wait(child)) is None:
                self._note_life(task)
        if status:
            logger.error("the process of long work failed", extra={"status": status})
            with self._database.writing() as session:
                self._fail(session, task)

    def _fail(self, session: Session, task: str) -> None:
        """Note that work broke off, and tell who ordered it: they may have left its page."""
        now = self._clock.now()
        staff = tasks.fail(session, task, now)
        if staff is not None:
            notify(session, [staff], Message("work.failed", f"work.failed:{task}", tasks.address_of(task)), now)

    def _wait(self, child: subprocess.Popen[bytes]) -> int | None:
        try:
            return child.wait(SIGN_OF_LIFE)
        except subprocess.TimeoutExpired:
            return None

    def _note_life(self, task: str) -> None:
        try:
            with self._database.writing() as session:
                tasks.touch(session, task, self._clock.now())
        except SQLAlchemyError:  # the child holds the one writer of SQLite
            logger.info("the database was busy beside long work")


def command(task: str) -> list[str]:
    """Give the command of the child, with this process's own flags: only modules of these may be compiled."""
    flags = ["-" + "O" * sys.flags.optimize] if sys.flags.optimize else []
    return [sys.executable, *flags, "-m", "app", "work", task]
