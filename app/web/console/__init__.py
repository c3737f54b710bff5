"""The console, at which administrations and the ministry work. A subject is a folder with routes, forms and views.

`routes.py` of a subject holds its blueprint `bp` and may hold

- `ENTRIES`, its entries of the menu (app.web.console.menu.MenuEntry),
- `BULK`, what can be done to many rows of its lists (app.web.console.selection.BulkAction),
- `alarms`, a function (standing, person) → list of WaitingLine: what is out of order, for those who look after it, on
  every page; `standing` (app.web.console.head_facts.HeadFacts) is read in one statement for all of them,
- `waiting`, a function (session, person) → list of app.web.console.menu.WaitingLine: what the home page says waits;
- `is_offered`, a function of the settings: whether an installation has the subject at all.

A folder with a `routes.py` is in the console: nothing else names it, so that two people who add subjects do not meet.
"""

from importlib import import_module
from pathlib import Path
from types import ModuleType

from flask import Flask

from app.config import Settings
from app.web import site
from app.web.console import access, layout

SUBJECTS = tuple(sorted(file.parent.name for file in Path(__file__).parent.glob("*/routes.py")))


def register(app: Flask) -> None:
    """Put every subject under /console; raises UnguardedError for a route of which nobody said who may use it."""
    settings = site.services_of(app).settings
    modules = [_routes(name) for name in SUBJECTS]
    routes = [module for module in modules if getattr(module, "is_offered", _always)(settings)]
    layout.init_app(app, routes)
    for module in routes:
        app.register_blueprint(module.bp)
    access.check(app)


def _always(_settings: Settings) -> bool:
    return True


def _routes(subject: str) -> ModuleType:
    return import_module(f"{__name__}.{subject}.routes")
