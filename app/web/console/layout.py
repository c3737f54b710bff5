"""What surrounds every page of the console: who is signed in, the menu, and how many notices wait."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import ModuleType
from typing import Any, cast

from flask import Flask, current_app, g, request

from app.accounts.permissions import Person, Role
from app.web import site
from app.web.console import access, form_drafts, head_facts
from app.web.console.head_facts import HeadFacts
from app.web.console.menu import MenuEntry, Waiting, WaitingLine, entries_for
from app.web.language import _l, current_language
from app.workspace.tasks import Progress, read_progress
from surveys.population.places import load_places

_KEY = "console"

ROLES = {
    Role.ANALYST: _l("analyst"),
    Role.MODERATOR: _l("moderator"),
    Role.LEAD: _l("lead of the akimat"),
    Role.REVIEWER: _l("assessor"),
    Role.PUBLISHER: _l("publisher"),
    Role.AUDITOR: _l("auditor"),
    Role.ADMIN: _l("administrator"),
}


@dataclass(frozen=True, slots=True)
class Console:
    """What the subjects of an app put into its pages."""

    entries: list[MenuEntry]
    waiting: list[Waiting]
    bulk: list[Any]
    """Actions on many rows: BulkAction of app.web.console.selection."""
    alarms: list["Alarms"]


Alarms = Callable[["HeadFacts", Person], list[WaitingLine]]


def init_app(app: Flask, subjects: Iterable[ModuleType]) -> None:
    """Take what the subjects offer, and let templates ask for what surrounds a page."""
    modules = list(subjects)
    entries = [entry for module in modules for entry in getattr(module, "ENTRIES", ())]
    waiting = [module.waiting for module in modules if hasattr(module, "waiting")]
    bulk = [action for module in modules for action in getattr(module, "BULK", ())]
    alarms = [module.alarms for module in modules if hasattr(module, "alarms")]
    app.extensions[_KEY] = Console(entries, waiting, bulk, alarms)
    app.jinja_env.globals.update(
        person=current_person,
        menu=menu,
        roles_of=roles_of,
        notices=unread_notices,
        city_name=city_name,
        finished=finished_work,
        undoable=may_be_undone,
        alarms=raised_alarms,
        form_marks=form_drafts.marks,
    )


def console() -> Console:
    """Give what the subjects of this app put into its pages."""
    return cast(Console, current_app.extensions[_KEY])


def current_person() -> Person | None:
    """Give who is signed in; None on pages before signing in."""
    current = access.session_of_request()
    return current.person if current else None


def menu() -> list[MenuEntry]:
    """List the entries of the menu that whoever is signed in may use."""
    person = current_person()
    return entries_for(person, console().entries) if person else []


def roles_of(person: Person) -> list[tuple[str, str]]:
    """List a person's roles, each with the name of its city (empty for the country)."""
    return [(str(ROLES[grant.role]), city_name(grant.city) if grant.city else "") for grant in person.grants]


def city_name(code: str) -> str:
    """Give the name of a city in the language of the page; its code where it is not known."""
    names = {city.code: city.name for city in load_places().cities}
    return str(getattr(names[code], current_language())) if code in names else code


def unread_notices() -> int:
    """Count the notices that whoever is signed in has not read."""
    person = current_person()
    return head_facts.read(person).unread if person else 0


def finished_work() -> Progress | None:
    """Give the work whose list this is come back to (`?done=`); None where there is none."""
    person, name = current_person(), request.args.get("done", "")
    if person is None or not name:
        return None
    if "finished" not in g:
        with site.database().reading() as session:
            g.finished = read_progress(session, name, person.id)
    found: Progress | None = g.finished
    return found


def may_be_undone(work: Progress) -> bool:
    """Tell whether there is a way to take work back, and time for it."""
    has_way = any(each.name == work.order.kind and each.undo for each in console().bulk)
    return has_way and work.may_be_undone(site.clock().now())


def raised_alarms() -> list[WaitingLine]:
    """List what is out of order, for those who have to look after it; on every page."""
    person = current_person()
    return [line for ask in console().alarms for line in ask(head_facts.read(person), person)] if person else []
