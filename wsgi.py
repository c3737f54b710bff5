"""The WSGI callable of the public site: the portal and the survey."""

import gc
import os

from app.config import Settings
from app.database import Database
from app.faults import keep_words_out
from app.monitoring.counters import share
from app.monitoring.logs import init_logs
from app.web.memory import give_back_early
from app.web.public import create_public

keep_words_out()
give_back_early()
init_logs()
settings = Settings.from_env(os.environ)
share(settings.metrics)
database = Database(settings.database_url)
database.assert_durable()
application = create_public(settings, database)

# What is made by now lives as long as the process: the collector need not look through it again and again.
gc.collect()
gc.freeze()
gc.set_threshold(10_000)
