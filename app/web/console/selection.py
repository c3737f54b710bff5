"""Doing one thing to many rows of a list: choose, confirm with the exact number, see what came of it, take it back.

    ASSIGN = BulkAction(name="values.assign", title=_l("Assign"), permission=Permission.ASSIGN, listing=LISTING,
                        statement=cases_of, question=question, check=unfit, work=assign, undo=unassign, reasons={…})
    selection.add_routes(bp, ASSIGN)     # in routes.py, after `bp`
    BULK = (ASSIGN,)                     # in routes.py: so that pages of results know it

In the list: `{{ bulk(page, [action…]) }}` of parts.html around nothing: the ticks of the rows belong to its form.
What was chosen, by ticks or by "all that match", is frozen when the button is pressed: rows that come meanwhile do not
belong to it. Up to 200 rows are done at once; more go on in a process of their own, behind a page that shows how far it
is.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import Select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response
from wtforms import Form

from app.accounts.permissions import Permission, Person
from app.accounts.queries import get_person
from app.audit.journal import Actor
from app.clock import day_of
from app.database import Database
from app.web import site
from app.web.console import tables
from app.web.console.access import actor, me, own_address, requires
from app.web.console.layout import console
from app.web.console.services import services
from app.web.console.tables import Listing
from app.web.language import _, _l
from app.workspace import selections, tasks
from app.workspace.selections import Frozen
from app.workspace.tasks import BulkOrder, Left, Progress, Work

AT_ONCE = 200
"""Objects at most that are changed while the browser waits."""

NO_RIGHT = "no_right"
REASONS = {NO_RIGHT: _l("you may not do this any more")}
"""Words of reasons that every action has."""

Check = Callable[[Session, Person, Sequence[str]], Left]
Prepare = Callable[[Database, BulkOrder, date], Work]
"""Takes the day too."""


class ResultLink(NamedTuple):
    """What came of work and has a page of its own: words of the link, and how its address is found (empty: none)."""

    words: str
    address: Callable[[Session, Progress], str]


class Bound(NamedTuple):
    """Orders that one person may have at a time that are not over, and what they are told who have that many."""

    most: int
    words: Callable[[int], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkAction:
    """Something that is done to many rows of a list."""

    name: str
    """Of its subject and what it does, such as values.assign: in addresses and in the journal."""
    title: str
    """On its button; a lazy text."""
    permission: Permission
    listing: Listing
    statement: Callable[[Person], Select[*tuple[Any, ...]]]
    """What a person may see: nothing else can be chosen."""
    question: Callable[[int], str]
    """The sentence of the confirmation, with the exact number: "Assign 12 values?"."""
    check: Check
    """Finds among ids those that will not change, each with the word of its reason."""
    work: Work | None = None
    """None where `prepare` gives it."""
    prepare: Prepare | None = None
    """Computes what the work then only writes, while nobody waits for the database's one writer."""
    undo: Work | None = None
    """Takes it back, where that can be done; for ten minutes."""
    reasons: Mapping[str, str] = field(default_factory=dict)
    """Words of reasons → lazy texts that end a sentence: "already accepted"."""
    result: ResultLink | None = None
    bound: Bound | None = None
    """None where a person may order as much as they like."""
    page: Callable[[str], str] | None = None
    """Gives the page of one object by its id, where it has one."""
    about: Callable[[Session, Sequence[str]], object] | None = None
    """Reads what the confirmation shows of those that will change."""
    template: str = "console/confirm.html"
    """Of the confirmation, which has what `about` gave as `about`."""
    form: type[Form] | None = None
    """Fields that the confirmation asks for; what is typed reaches `work` as texts by their names."""

    def work_on(self, order: BulkOrder) -> Work:
        """Give what carries an order out."""
        if order.undoes:
            work = self.undo
        else:
            work = self.prepare(site.database(), order, site.clock().today()) if self.prepare else self.work
        if work is None:
            raise LookupError(f"{self.name} cannot be done so")
        return _while_permitted(self.permission, work)

    def reason(self, word: str) -> str:
        """Say a reason."""
        return str(self.reasons.get(word, REASONS.get(word, word)))


def _while_permitted(permission: Permission, work: Work) -> Work:
    """Do work while whoever ordered it may do so still: it may have waited while a role was taken back."""

    def do_piece(session: Session, actor: Actor, ids: Sequence[str], values: Mapping[str, str], bulk: str) -> Left:
        person = get_person(session, actor.id, day_of(actor.at)) if actor.id is not None else None
        if person is None or not person.may(permission):
            return dict.fromkeys(ids, NO_RIGHT)
        return work(session, actor, ids, values, bulk)

    return do_piece


def add_routes(bp: Blueprint, action: BulkAction) -> None:
    """Give a subject the pages of an action: /bulk/NAME below its address."""

    @requires(action.permission)
    def choose() -> Response:
        return _freeze(bp, action)

    @requires(action.permission)
    def confirm(selection: str) -> str | Response | tuple[str, int]:
        return _confirm(action, selection)

    name = action.name.replace(".", "_")
    bp.add_url_rule(f"/bulk/{action.name}", f"choose_{name}", choose, methods=["POST"])
    bp.add_url_rule(f"/bulk/{action.name}/<selection>", f"confirm_{name}", confirm, methods=["GET", "POST"])


def choose_address(action: BulkAction, blueprint: str) -> str:
    """Give the address that a list posts its ticks to."""
    return url_for(f"{blueprint}.choose_{action.name.replace('.', '_')}")


def action_of(kind: str) -> BulkAction | None:
    """Find an action of this console by its name."""
    return next((each for each in console().bulk if each.name == kind), None)


def begin(action: BulkAction, order: BulkOrder) -> Response:
    """Order work and do it: at once if it is little, else behind a page that shows how far it is."""
    if len(order.ids) > AT_ONCE:
        return redirect(url_for("tasks.progress", task=begin_long(order)), 303)
    with site.database().writing() as session:
        name = tasks.start(session, actor(), order)
    tasks.carry_out(site.database(), site.clock(), name, action.work_on(order))
    return redirect(with_done(order.back, name), 303)


def begin_long(order: BulkOrder) -> str:
    """Order work that is done beside the requests; gives its id. Raises TooMuchError where its action has a bound."""
    action = action_of(order.kind)
    with site.database().writing() as session:
        name = tasks.start(session, actor(), order, action.bound.most if action and action.bound else None)
    services().worker(name)
    return name


def do(name: str) -> None:
    """Do ordered work to its end in this process; work that is over is left alone."""
    with site.database().reading() as session:
        found = tasks.read_any(session, name)
    action = action_of(found.order.kind) if found else None
    if found and action and not found.is_over:
        tasks.carry_out(site.database(), site.clock(), name, action.work_on(found.order))


def with_done(back: str, name: str) -> str:
    """Give the list to come back to, which says what was done; filters, page and order are as they were."""
    path, _mark, query = own_address(back).partition("?")
    kept = [pair for pair in query.split("&") if pair and not pair.startswith("done=")]
    return f"{path}?{'&'.join([*kept, f'done={name}'])}"


def read_chosen(session: Session, listing: Listing, statement: Select[*tuple[Any, ...]]) -> tuple[tuple[str, ...], str]:
    """Read what was chosen in a list, ticked or all that match, and the list's address; 422 for too many of all."""
    back = own_address(request.form.get("back", ""))
    is_all = request.form.get("scope") == "all"
    query = MultiDict(parse_qsl(back.partition("?")[2])) if is_all else MultiDict()
    found = tables.ids(session, listing, statement, query)
    if is_all and len(found) > selections.MOST:
        abort(422)
    ticked = set(request.form.getlist("ids"))
    return tuple(each for each in found if is_all or each in ticked), back


def nothing_chosen(back: str) -> Response:
    """Lead back to a list in which nothing was ticked, and say so."""
    flash(_("Nothing is ticked. Tick the rows first, or choose all that match."), "warning")
    return redirect(back, 303)


def _freeze(bp: Blueprint, action: BulkAction) -> Response:
    """Keep what was chosen, and lead to the confirmation."""
    with site.database().reading() as session:
        ids, back = read_chosen(session, action.listing, action.statement(me()))
    if not ids:
        return nothing_chosen(back)
    with site.database().writing() as session:
        name = selections.freeze(session, actor(), Frozen(action.name, ids, back))
    return redirect(url_for(f"{bp.name}.confirm_{action.name.replace('.', '_')}", selection=name), 303)


def _confirm(action: BulkAction, selection: str) -> str | Response | tuple[str, int]:
    """Show what will be done to how many, and what will not be and why; do it when the button is pressed."""
    with site.database().reading() as session:
        frozen = selections.read_selection(session, selection, me().id, site.clock().now())
        if frozen is None or frozen.kind != action.name:
            return render_template("console/selection_over.html"), 410
        left = action.check(session, me(), frozen.ids)
        changing = [each for each in frozen.ids if each not in left]
        about = action.about(session, changing) if action.about else None
    form = action.form(request.form if request.method == "POST" else None) if action.form else None
    if request.method == "POST" and (form is None or form.validate()):
        values = {field.name: field.raw_data[0] if field.raw_data else "" for field in form} if form else {}
        return begin(action, BulkOrder(kind=action.name, ids=frozen.ids, values=values, back=frozen.back))
    page = render_template(
        action.template,
        about=about,
        question=action.question(len(frozen.ids) - len(left)),
        title=action.title,
        total=len(frozen.ids),
        number=len(frozen.ids) - len(left),
        left=grouped(action, left),
        back=frozen.back,
        form=form,
    )
    return (page, 422) if request.method == "POST" else page


def grouped(action: BulkAction, left: Left) -> list[tuple[str, int, list[str]]]:
    """Put ids that were left as they are together by their reasons: the reason, how many, and which."""
    words = dict.fromkeys(left.values())
    groups = [(action.reason(word), [each for each, own in left.items() if own == word]) for word in words]
    return [(reason, len(ids), ids) for reason, ids in groups]
