"""The auditor's sample: what was drawn, one decision with its text, and what the auditor says of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import abort, flash, redirect, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.feedback.audit_draws import AuditFigures, AuditFinding, audit_figures, drawn_decisions, find
from app.feedback.errors import UnknownCommentError
from app.feedback.models import CommentAudit, CommentDecision
from app.feedback.moderation import DecisionEvent, HidingReason
from app.feedback.queries import HidingFigures, hiding_figures
from app.feedback.spans import read_spans
from app.web import site
from app.web.console import tables
from app.web.console.access import actor
from app.web.console.comments import views
from app.web.console.comments.listing import areas, language_name, week_text
from app.web.console.comments.marking import TextPart, blacked_parts
from app.web.console.comments.original import note_reading
from app.web.console.comments.words import DECIDED, FINDINGS, PURGED, REASONS
from app.web.console.layout import city_name
from app.web.console.tables import Column, Filter, Listing, choice
from app.web.console.values.listing import visible_cities
from app.web.language import _, _l
from surveys.models.comments import Comment

PATH = "/console/comments/audit"


def decided_words(row: Any) -> str:
    """Say what was decided, and why."""
    words = PURGED if row.event == "purge" else DECIDED[DecisionEvent(row.event)]
    reason = REASONS[HidingReason(row.reason)] if row.reason else ""
    return ": ".join(str(each) for each in (words, reason) if each)


def _found(word: str) -> Any:
    return CommentAudit.finding.is_(None) if word == "none" else CommentAudit.finding == word


LISTING = Listing(
    name="drawn_decisions",
    columns=(
        Column("month", _l("Month"), lambda row: row.month, (CommentAudit.month,)),
        Column("city", _l("City"), lambda row: city_name(row.city)),
        Column("decided", _l("Decision"), decided_words),
        Column("name", _l("By whom"), lambda row: row.name or ""),
        Column("finding", _l("Finding"), lambda row: str(FINDINGS.get(row.finding or "", ""))),
    ),
    filters=(
        Filter("city", _l("City"), lambda value: Comment.city == value, lambda: visible_cities(None)),
        Filter("month", _l("Month"), lambda value: CommentAudit.month == value),
        Filter("finding", _l("Finding"), _found, lambda: {"none": _("not looked at"), **FINDINGS}),
        choice("reason", _l("Reason"), CommentDecision.reason, {str(each): words for each, words in REASONS.items()}),
    ),
    key=(CommentAudit.decision,),
    path=PATH,
    sort="-month",
)


@dataclass(frozen=True, slots=True)
class DrawnDecision:
    """One decision that was drawn, with what was written."""

    number: int
    place: str
    text_parts: list[TextPart]
    lang: str
    decided: str
    name: str
    at: datetime
    finding: str
    address: str


def read_figures() -> tuple[list[AuditFigures], list[HidingFigures]]:
    """Read what auditors found, and what is hidden and overturned, by city."""
    with site.database().reading() as session:
        return audit_figures(session), hiding_figures(session)


def show(number: int) -> str:
    """Show one decision; what is read of an original stands in the journal."""
    with site.database().reading() as session:
        row = session.execute(drawn_decisions().where(CommentAudit.decision == number)).first()
        if row is None:
            abort(404)
        page = _page(session, row)
    if row.stands != "shown":
        with site.database().writing() as session:
            note_reading(session, row.city, row.comment)
    return render_template("console/comments/drawn.html", page=page)


def _page(session: Session, row: Any) -> DrawnDecision:
    text = session.scalars(select(Comment.text).where(Comment.id == row.comment)).one()
    is_purged = session.scalars(
        select(CommentDecision.id).where(CommentDecision.comment == row.comment, CommentDecision.event == "purge")
    ).first()
    parts = (city_name(row.city), areas().get(row.area, row.area), language_name(row.lang), week_text(row.week))
    return DrawnDecision(
        number=row.decision,
        place=" · ".join(parts),
        text_parts=blacked_parts(text, () if is_purged else read_spans(row.spans)),
        lang=row.lang,
        decided=decided_words(row),
        name=row.name or "",
        at=row.at,
        finding=str(FINDINGS.get(row.finding or "", "")),
        address=views.address_of(row.city, row.comment),
    )


def take(number: int) -> Response:
    """Keep what the auditor says, and go on to the next that nobody looked at."""
    finding = request.form.get("finding", "")
    if finding not in FINDINGS:
        abort(422)
    try:
        with site.database().writing() as session:
            find(session, actor(), number, AuditFinding(finding))
            following = session.scalars(
                drawn_decisions()
                .with_only_columns(CommentAudit.decision)
                .where(CommentAudit.finding.is_(None))
                .order_by(CommentAudit.decision)
                .limit(1)
            ).first()
    except UnknownCommentError:
        abort(404)
    flash(_("Kept."))
    return redirect(f"{PATH}/{following}" if following else PATH, 303)


def read_list(session: Session) -> tables.TablePage:
    """Read what was drawn."""
    return tables.read(session, LISTING, drawn_decisions(), request.args)
