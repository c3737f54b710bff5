"""Hands waiting mail to the mail server, minute by minute."""

import os
from contextlib import closing
from pathlib import Path

from app import mail_settings
from app.clock import Clock
from app.config import Settings
from app.database import Database
from app.notices import outbox
from app.notices.delivery import Round
from app.notices.mail import Post, Postal


def send_mail(database: Database, clock: Clock, keys: Path) -> str:  # noqa: ARG001 - every job has this shape
    """Send what is due; without a mail server nothing waits for one."""
    # The one job that talks to others: what it needs for that is in the environment of its process.
    if not mail_settings.from_env(os.environ).is_on:
        with database.writing() as session:
            return f"no mail server is set; dropped {outbox.drop_waiting(session)} mails"
    settings = Settings.from_env(os.environ)
    postal = Postal(settings.mail.sender, settings.console_url, settings.secret_keys)
    with closing(Post(settings.mail.relay)) as post:
        return Round(database, clock, postal).deliver(post)
