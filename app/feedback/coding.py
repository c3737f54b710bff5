"""Somebody of the city says what a suggestion is about: up to three themes, and what kind of word it is.

Themes are national ones, or the city's own below them; a city's own one counts for the national one above it, so the
two are never kept together. What was said before stays as rows and comes back by undoing. Whoever was drawn as the
second coder of a suggestion uses the same forms: what they say is kept beside what the first one said.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.audit.journal import Actor, Entry, record
from app.feedback.errors import CodingError, CodingFault, StaleCommentError
from app.feedback.models import CommentCode, CommentCoding, SecondCoding, Theme
from app.feedback.moderation import hold_comment
from app.feedback.queries import LIVE
from app.feedback.second_coding import CODABLE, Said, give_second, waiting_second
from app.feedback.theme_counts import is_seen_by
from surveys.models.comments import Comment
from surveys.sql import hold_journal

KINDS = ("complaint", "suggestion", "question", "thanks")
MOST_THEMES = 3
UNDO = timedelta(minutes=10)
"""How long one's own coding can be taken back."""
_NOTHING = Said((), None)
_WORDS = {
    "coded": "comment.coded",
    "undone": "comment.coding_undone",
    "merged": "comment.theme_merged",
    "split": "comment.theme_split",
}


class _CodingChange(NamedTuple):
    """A new row of what was said of a suggestion: what happened, in which work, and what it takes back."""

    event: str = "coded"
    bulk: str | None = None
    undoes: int | None = None


def set_themes(
    session: Session, actor: Actor, comment_id: str, codes: Collection[str], kind: str | None, *, version: int | None
) -> Comment:
    """Say what a suggestion is about, in place of what was said before; the same again changes nothing.

    `version` is that of the suggestion as it was seen, None for whoever saw none. Raises UnknownCommentError,
    StaleCommentError, CodingError.
    """
    comment = hold_comment(session, comment_id)
    before = said_of(session, [comment_id])[comment_id]
    second = waiting_second(session, comment_id, actor.id)
    said = _checked(session, comment, codes, kind, () if second else before.themes)
    if second is not None:
        give_second(session, actor, comment, second, said)
        return comment
    if version not in {None, comment.version}:
        raise StaleCommentError(comment_id, version or 0, comment.version)
    if said != before:
        _keep(session, actor, comment, said, _CodingChange())
    return comment


def undo_coding(session: Session, actor: Actor, comment_id: str) -> Comment:
    """Take one's own last coding back within ten minutes: what was said before counts again.

    Raises UnknownCommentError, CodingError.
    """
    comment = hold_comment(session, comment_id)
    rows = _codings(session, [comment_id])[comment_id]
    if not rows or rows[0].event != "coded" or rows[0].coder != actor.id or actor.at - rows[0].at > UNDO:
        raise CodingError(comment_id, CodingFault.NOTHING_TO_UNDO)
    _keep(session, actor, comment, _before(rows), _CodingChange("undone", undoes=rows[0].id))
    return comment


def add_theme(
    session: Session, actor: Actor, ids: Sequence[str], theme: str, kind: str | None, *, bulk: str
) -> Mapping[str, str]:
    """Say of many suggestions that they are about a theme too; gives those left as they are, with the reason's word.

    Reasons: `gone`, `has_it`, and the words of CodingFault. Without a theme ("") only the kind is said.
    """
    comments = _hold_all(session, ids)
    before = said_of(session, ids)
    asked = _drawn_for(session, ids, actor.id)
    known = _themes(session, [theme] if theme else [])
    left: dict[str, str] = {}
    for each in ids:
        comment = comments.get(each)
        if comment is None:
            left[each] = "gone"
            continue
        had = _NOTHING if each in asked else before[each]
        said = Said((*had.themes, *([theme] if theme and theme not in had.themes else [])), kind or had.kind)
        try:
            said = _checked_with(known, comment, said, had.themes)
        except CodingError as error:
            left[each] = error.fault
            continue
        if each in asked:
            give_second(session, actor, comment, asked[each], said)
        elif said == had:
            left[each] = "has_it"
        else:
            _keep(session, actor, comment, said, _CodingChange(bulk=bulk))
    return left


def undo_bulk(session: Session, actor: Actor, ids: Sequence[str], undoes: str, bulk: str) -> Mapping[str, str]:
    """Take back what one work on many suggestions said; what was changed again meanwhile stays (`changed`)."""
    comments = _hold_all(session, ids)
    rows = _codings(session, ids)
    left: dict[str, str] = {}
    for each in ids:
        own, comment = rows[each], comments.get(each)
        if comment is None or not own or own[0].bulk != undoes:
            left[each] = "changed" if comment is not None else "gone"
            continue
        _keep(session, actor, comment, _before(own), _CodingChange("undone", bulk=bulk, undoes=own[0].id))
    return left


def said_of(session: Session, ids: Collection[str], viewer: int | None = None) -> dict[str, Said]:
    """Give what is said of suggestions, in one statement.

    For a viewer, what they are to code as the second person is not coded yet.
    """
    statement = select(Comment.id, Comment.kind, CommentCode.theme).outerjoin(
        CommentCode, CommentCode.comment == Comment.id
    )
    if viewer is not None:
        statement = statement.add_columns(is_seen_by(viewer, Comment.id).label("seen"))
    found = dict.fromkeys(ids, _NOTHING)
    for row in session.execute(statement.where(Comment.id.in_(ids)).order_by(Comment.id, CommentCode.theme)):
        if viewer is None or row.seen:
            themes = (*found[row.id].themes, *([row.theme] if row.theme else []))
            found[row.id] = Said(themes, row.kind)
    return found


def keep_moved(session: Session, actor: Actor, ids: Collection[str], event: str, *, source: str, target: str) -> int:
    """Let suggestions be about another theme than one they are about, for a theme that is merged or split.

    Gives how many were; what they are otherwise about stays.
    """
    coded = select(CommentCode.comment).where(CommentCode.theme == source, CommentCode.comment.in_(ids))
    found = sorted(session.scalars(coded))
    comments = _hold_all(session, found)
    known = {theme.code: theme for theme in session.scalars(select(Theme))}
    for each, before in said_of(session, found).items():
        themes = [target if code == source else code for code in before.themes]
        _keep(session, actor, comments[each], Said(_tidy(known, themes), before.kind), _CodingChange(event))
    return len(found)


def _checked(
    session: Session, comment: Comment, codes: Collection[str], kind: str | None, had: Collection[str]
) -> Said:
    """Check what somebody says of a suggestion; raises CodingError."""
    return _checked_with(_themes(session, [*codes, *had]), comment, Said(tuple(codes), kind), had)


def _checked_with(known: Mapping[str, Theme], comment: Comment, said: Said, had: Collection[str]) -> Said:
    if comment.state not in CODABLE:
        raise CodingError(comment.id, CodingFault.HIDDEN)
    if said.kind is not None and said.kind not in KINDS:
        raise CodingError(comment.id, CodingFault.UNKNOWN_KIND)
    for code in set(said.themes) - set(had):
        theme = known.get(code)
        if theme is None or theme.city not in {None, comment.city}:
            raise CodingError(comment.id, CodingFault.UNKNOWN_THEME)
        if theme.retired:
            raise CodingError(comment.id, CodingFault.RETIRED_THEME)
    themes = _tidy(known, said.themes)
    if len(themes) > MOST_THEMES:
        raise CodingError(comment.id, CodingFault.TOO_MANY)
    return Said(themes, said.kind)


def _tidy(known: Mapping[str, Theme], codes: Collection[str]) -> tuple[str, ...]:
    """Write themes once each and in order, without those that stand above another of them."""
    above = {known[code].parent for code in codes if code in known}
    return tuple(sorted(set(codes) - above))


def _themes(session: Session, codes: Collection[str]) -> dict[str, Theme]:
    if not codes:
        return {}
    return {theme.code: theme for theme in session.scalars(select(Theme).where(Theme.code.in_(set(codes))))}


def _hold_all(session: Session, ids: Sequence[str]) -> dict[str, Comment]:
    """Read suggestions of the desk that are going to be changed, in the order in which all lock them."""
    hold_journal(session)
    rows = select(Comment).where(Comment.id.in_(ids), Comment.state.in_(LIVE)).order_by(Comment.id).with_for_update()
    return {row.id: row for row in session.scalars(rows.execution_options(populate_existing=True))}


def _drawn_for(session: Session, ids: Sequence[str], staff: int | None) -> dict[str, SecondCoding]:
    rows = select(SecondCoding).where(
        SecondCoding.comment.in_(ids), SecondCoding.coder == staff, SecondCoding.at.is_(None)
    )
    return {row.comment: row for row in session.scalars(rows)}


def _codings(session: Session, ids: Collection[str]) -> dict[str, list[CommentCoding]]:
    """Read what was said of suggestions over time, the newest first."""
    found: dict[str, list[CommentCoding]] = {each: [] for each in ids}
    rows = select(CommentCoding).where(CommentCoding.comment.in_(ids)).order_by(CommentCoding.id.desc())
    for row in session.scalars(rows):
        found[row.comment].append(row)
    return found


def _before(rows: Sequence[CommentCoding]) -> Said:
    """Give what was said before the newest of some rows."""
    return Said(tuple(rows[1].themes.split()), rows[1].kind) if len(rows) > 1 else _NOTHING


def _keep(session: Session, actor: Actor, comment: Comment, said: Said, change: _CodingChange) -> None:
    """Keep what a suggestion is about, as a row of its history too, and record that it was said."""
    there = set(session.scalars(select(CommentCode.theme).where(CommentCode.comment == comment.id)))
    gone = there - set(said.themes)
    if gone:
        session.execute(delete(CommentCode).where(CommentCode.comment == comment.id, CommentCode.theme.in_(gone)))
    new = sorted(set(said.themes) - there)
    session.add_all(CommentCode(comment=comment.id, theme=code, coder=actor.id, at=actor.at) for code in new)
    comment.kind, comment.version = said.kind, comment.version + 1
    row = CommentCoding(
        comment=comment.id,
        coder=actor.id,
        themes=" ".join(said.themes),
        kind=said.kind,
        weighed=False,
        at=actor.at,
        **change._asdict(),
    )
    session.add(row)
    session.flush()
    # The row's number alone: the journal is read by those who are to say theirs without knowing it.
    entry = Entry(
        event=_WORDS[change.event],
        object_kind="comment",
        object_id=comment.id,
        city=comment.city,
        detail={"coding": row.id},
        bulk=change.bulk,
    )
    record(session, actor, entry)
