"""A subject that only tests have: a list of saved views, with everything that a list of the console can do."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from flask import Blueprint, Flask, Response, render_template_string, request
from sqlalchemy import Integer, String, select
from sqlalchemy.orm import Session
from wtforms import Form, StringField
from wtforms.validators import InputRequired

from app.accounts.permissions import Permission, Person
from app.audit.journal import Actor, Entry, record
from app.web import site
from app.web.console import exports, selection, tables
from app.web.console.access import requires
from app.web.console.layout import Console
from app.web.console.selection import BulkAction
from app.web.console.tables import Column, Listing, choice, search
from app.workspace.models import SavedView
from app.workspace.tasks import Left
from tests.builders.staff import NOW

LISTING = Listing(
    name="views",
    columns=(
        Column("name", "Name", lambda row: row.name, sort=(SavedView.name,)),
        Column("address", "Address", lambda row: row.address),
        Column("day", "Day", lambda row: (NOW + timedelta(days=row.id)).date()),
        Column("number", "Number", lambda row: row.id, sort=(SavedView.shared, SavedView.id), is_number=True),
    ),
    filters=(
        choice("shared", "Shared", SavedView.shared.cast(Integer).cast(String), {"1": "with the city", "0": "own"}),
        search("text", "Search", SavedView.name),
    ),
    key=(SavedView.id,),
)
STATEMENT = select(SavedView.id, SavedView.name, SavedView.address, SavedView.shared)


def check(session: Session, _person: Person, ids: Sequence[str]) -> Left:
    """Leave what is shared already."""
    shared = session.scalars(select(SavedView.id).where(SavedView.shared))
    return {str(each): "shared" for each in shared if str(each) in set(ids)}


def share(session: Session, actor: Actor, ids: Sequence[str], values: Mapping[str, str], bulk: str) -> Left:
    """Share views, and keep the note in their address."""
    left = {}
    for each in session.scalars(select(SavedView).where(SavedView.id.in_(map(int, ids))).order_by(SavedView.id)):
        if each.shared:
            left[str(each.id)] = "shared"
        else:
            each.shared, each.address = True, f"{each.address}&note={values['note']}"
            entry = Entry(event="view.shared", object_kind="view", object_id=str(each.id), bulk=bulk)
            record(session, actor, entry)
    return left


def unshare(session: Session, actor: Actor, ids: Sequence[str], _values: Mapping[str, str], bulk: str) -> Left:
    """Take that back."""
    for each in session.scalars(select(SavedView).where(SavedView.id.in_(map(int, ids)))):
        each.shared, each.address = False, each.address.partition("&note=")[0]
        record(session, actor, Entry(event="view.own", object_kind="view", object_id=str(each.id), bulk=bulk))
    return {}


class NoteForm(Form):
    note = StringField("Note", [InputRequired("Say why")])


SHARE = BulkAction(
    name="views.share",
    title="Share",
    permission=Permission.SEE_PERIODS,
    listing=LISTING,
    statement=lambda _person: STATEMENT,
    question=lambda number: f"Share {number} views?",
    check=check,
    work=share,
    undo=unshare,
    reasons={"shared": "already shared"},
    form=NoteForm,
)
PAGE = """
{% extends "console/layout.html" %}
{% from "console/parts.html" import filters, tally, headings, tick, pager, nothing, bulk, keys with context %}
{% block title %}Views{% endblock %}
{% block page %}
  <h1>Views</h1>
  {{ filters(page) }}
  {{ tally(page) }}
  {% if page.rows %}
    <div class="wide" role="region" tabindex="0" aria-label="Views" data-list>
      <table>
        {{ headings(page, choosing=true) }}
        <tbody>
          {% for row in page.rows %}
            <tr data-row id="row-{{ row.row_id }}">
              {{ tick(row, row.name) }}
              <td><a data-open href="/console/?view={{ row.row_id }}">{{ row.name }}</a></td>
              <td>{{ row.address }}</td><td></td><td class="number">{{ row.id }}</td>
            </tr>
          {% endfor %}
        </tbody>
      </table>
    </div>
    {{ bulk(page, actions) }}
    {{ pager(page) }}
  {% else %}
    {% call nothing(page) %}<p><strong>No view is kept yet.</strong></p>{% endcall %}
  {% endif %}
  {{ keys() }}
{% endblock %}
"""


def make_views(session: Session, staff: int, number: int) -> None:
    """Store some views, every third shared."""
    for each in range(1, number + 1):
        name = f"=view {each:05} {'жол' if each % 2 else '%_'}"
        session.add(SavedView(staff=staff, city=None, name=name, address=f"/console/?x={each}", shared=each % 3 == 0))
    session.flush()


def blueprint() -> Blueprint:
    bp = Blueprint("views_of_tests", __name__, url_prefix="/console/test")

    @requires(Permission.SEE_PERIODS)
    def views() -> str | Response:
        if tables.asked_for_file():
            with site.database().reading() as session:
                return exports.exported(session, LISTING, STATEMENT)
        with site.database().reading() as session:
            page = tables.read(session, LISTING, STATEMENT, request.args)
        actions = [(selection.choose_address(SHARE, bp.name), SHARE)]
        return render_template_string(PAGE, page=page, actions=actions)

    bp.add_url_rule("/", "views", views)
    selection.add_routes(bp, SHARE)
    return bp


def add_lists(app: Flask) -> None:
    """Put the subject into a console."""
    app.register_blueprint(blueprint())
    layout_of(app).bulk.append(SHARE)


def layout_of(app: Flask) -> Console:
    console: Console = app.extensions["console"]
    return console
