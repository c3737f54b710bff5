"""The file of a list of suggestions: exactly the rows of the list, with the text of those that everybody may read."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from flask import Response
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.permissions import Permission, cities_of
from app.feedback.clock import due_on
from app.feedback.listing import Sight, comments_seen
from app.feedback.models import CommentCode, Theme
from app.feedback.queries import PUBLIC_TEXT
from app.feedback.theme_counts import is_seen_by
from app.web.console import exports
from app.web.console.access import me
from app.web.console.comments.listing import LISTING, week_text
from app.web.console.tables import Column, Listing
from app.web.language import _, _l, current_language
from app.working_calendar import get_calendar
from surveys.models.comments import Comment


def exported(session: Session) -> Response:
    """Answer with the file: rows of the cities whose lists one may take away, and no ids."""
    person, name = me(), {"kk": Theme.name_kk, "ru": Theme.name_ru, "en": Theme.name_en}[current_language()]
    themes = (
        select(func.aggregate_strings(name, "; "))
        .select_from(CommentCode)
        .join(Theme, Theme.code == CommentCode.theme)
        .where(CommentCode.comment == Comment.id, is_seen_by(person.id))
        .correlate(Comment)
        .scalar_subquery()
    )
    seen = comments_seen(Sight(cities_of(person.grants, Permission.EXPORT_COMMENTS)))
    statement = seen.add_columns(themes.label("themes"), PUBLIC_TEXT.label("public"))
    return exports.exported(session, _listing(session), statement)


def _listing(session: Session) -> Listing:
    """Make the list as its file has it; of the last day of a reply no more is told than of the release: its week."""
    calendar = get_calendar(session)

    def due(row: Any) -> str:
        last = due_on(date.fromisoformat(row.week), calendar)
        return week_text((last - timedelta(days=last.weekday())).isoformat())

    own = {column.name: column for column in LISTING.columns}
    columns = (
        *(own[name] for name in ("week", "city", "area", "lang", "state")),
        Column("theme", _l("Themes"), lambda row: row.themes or ""),
        Column("due", _l("Reply due"), due),
        Column("reply", _l("Reply"), lambda row: _("answered") if row.is_answered else _("not answered")),
        Column("text", _l("Suggestion"), lambda row: row.public or ""),
    )
    return replace(LISTING, columns=columns)
