"""A subject that only tests have: a list of saved views, with everything that a list of the console can do."""

from datetime import timedelta

from flask import Blueprint, Response, render_template_string, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.permissions import Permission
from app.web import site
from app.web.console import exports, tables
from app.web.console.access import requires
from app.web.console.tables import Column, Listing, choice, search
from app.workspace.models import SavedView
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
        choice("shared", "Shared", SavedView.shared.cast(SavedView.id.type), {"1": "with the city", "0": "own"}),
        search("text", "Search", SavedView.name),
    ),
    key=(SavedView.id,),
)
STATEMENT = select(SavedView.id, SavedView.name, SavedView.address, SavedView.shared)
PAGE = """
{% extends "console/layout.html" %}
{% from "console/parts.html" import filters, tally, headings, tick, pager, nothing, keys with context %}
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
            with site.database().writing() as session:
                return exports.exported(session, LISTING, STATEMENT)
        with site.database().reading() as session:
            page = tables.read(session, LISTING, STATEMENT, request.args)
        return render_template_string(PAGE, page=page)

    bp.add_url_rule("/", "views", views)
    return bp
