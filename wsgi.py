"""The WSGI callables: `application` is the public site, `console` the console; each is made when it is asked for.

A process serves one of them, and holds nothing of the other.
"""

import os
from importlib import import_module

from flask import Flask

from app.config import Settings
from app.database import Database
from app.faults import keep_words_out
from app.monitoring.counters import share
from app.monitoring.logs import init_logs
from app.web.memory import give_back_early, settle

_SITES = {"application": ("app.web.public", "create_public"), "console": ("app.web.console_site", "create_console")}

keep_words_out()
give_back_early()
init_logs()
_SETTINGS = Settings.from_env(os.environ)
share(_SETTINGS.metrics)


def __getattr__(name: str) -> Flask:
    """Make a site the first time that it is asked for."""
    if name not in _SITES:
        raise AttributeError(name)
    module, function = _SITES[name]
    database = Database(_SETTINGS.database_url)
    database.assert_durable()
    app: Flask = getattr(import_module(module), function)(_SETTINGS, database)
    globals()[name] = app
    settle()
    return app
