"""What a new reply is going to answer: a theme in a city and wave, a group, or suggestions that were ticked."""

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from flask import abort, redirect, request
from sqlalchemy import Select, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.accounts.permissions import Permission, Person, cities_of
from app.feedback import reply_targets
from app.feedback.listing import Sight, comments_seen
from app.feedback.models import CommentGroup, Theme
from app.feedback.reply_targets import TargetChoice
from app.feedback.reply_texts import EMPTY
from app.feedback.themes import name_of
from app.web import site
from app.web.console.access import actor, me
from app.web.console.comments.listing import LISTING
from app.web.console.replies.listing import PATH
from app.web.console.selection import nothing_chosen, read_chosen
from app.web.console.themes.scope import called
from app.web.language import _, _l, _n
from app.workspace import selections
from app.workspace.selections import Frozen
from surveys.languages import Text3
from surveys.models.comments import Comment

NEW = f"{PATH}new"
KIND = "replies.new"
"""The kind of a selection that a reply is written to."""


class ReplyAction(NamedTuple):
    """What lists of suggestions offer beside what is done to many at once."""

    title: str
    permission: Permission


REPLY = ReplyAction(_l("Reply to these"), Permission.WRITE_REPLIES)


class ReplyOrder(NamedTuple):
    """What a new reply is to answer, as its address says."""

    city: str
    title: str
    theme: str | None
    theme_name: Text3
    choice: TargetChoice
    query: str
    """Of its address, without the question mark."""
    place: str
    """Of what is typed and not sent yet."""
    back: str
    with_answered: bool
    other_query: str
    """The same with those that were answered already, or without them."""


def reply_buttons(person: Person, city: str | None = None) -> list[tuple[str, ReplyAction]]:
    """Give the button of a list of suggestions, as it lists what is done to many, where somebody may write replies."""
    return [(f"{PATH}choose", REPLY)] if person.may(REPLY.permission, city) else []


def reply_to_theme(person: Person, city: str, code: str, wave: str) -> str:
    """Give the page on which a reply to a theme is written; "" for whoever may not."""
    return (
        f"{NEW}?{urlencode({'theme': code, 'city': city, 'wave': wave})}" if person.may(REPLY.permission, city) else ""
    )


def choose() -> Response:
    """Keep what was ticked, or all that match, and lead to where a reply to it is written."""
    cities = cities_of(me().grants, Permission.WRITE_REPLIES)
    with site.database().reading() as session:
        ids, back = read_chosen(session, LISTING, comments_seen(Sight(cities)))
        city = session.scalars(select(Comment.city).where(Comment.id.in_(ids[:1]))).first()
    if city is None:
        return nothing_chosen(back)
    with site.database().writing() as session:
        name = selections.freeze(session, actor(), Frozen(KIND, ids, back))
    return redirect(f"{NEW}?{urlencode({'selection': name, 'city': city})}", 303)


def read_order(session: Session, person: Person) -> ReplyOrder | None:
    """Read what the address asks for; None where it is gone. 404 for another city's, or where nothing is asked for."""
    args = request.args
    city = args.get("city", "")
    if not person.may(Permission.WRITE_REPLIES, city or None) or not city:
        abort(404)
    if args.get("theme"):
        return _of_theme(session, city, args["theme"], args.get("wave", ""))
    if args.get("group", "").isdecimal():
        return _of_group(session, city, int(args["group"][:9]))
    return _of_selection(session, person, city, args.get("selection", ""))


def _of_theme(session: Session, city: str, code: str, wave: str) -> ReplyOrder:
    theme = session.get(Theme, code)
    if theme is None or theme.city not in {None, city}:
        abort(404)
    chosen = reply_targets.of_theme(city, wave, code)
    back = f"/console/themes/{code}/{city}/{wave}"
    words = {"theme": code, "city": city, "wave": wave}
    of = (code, back, name_of(theme))
    return _order(session, _("the theme “%(name)s”", name=called(theme)), chosen, words, of)


def _of_group(session: Session, city: str, number: int) -> ReplyOrder:
    group = session.get(CommentGroup, number)
    if group is None or group.city != city:
        abort(404)
    chosen = reply_targets.of_group(city, number)
    title = _("the group “%(name)s”", name=group.title)
    return _order(session, title, chosen, {"group": str(number), "city": city}, (None, "/console/themes/", EMPTY))


def _of_selection(session: Session, person: Person, city: str, name: str) -> ReplyOrder | None:
    if not name:
        abort(404)
    frozen = selections.read_selection(session, name, person.id, site.clock().now(), selections.KEPT)
    if frozen is None or frozen.kind != KIND:
        return None
    title = _n("%(num)s suggestion that you chose", "%(num)s suggestions that you chose", len(frozen.ids))
    return _order(session, title, frozen.ids, {"selection": name, "city": city}, (None, frozen.back, EMPTY))


def _order(
    session: Session,
    title: str,
    chosen: Select[str] | Sequence[str],
    words: dict[str, str],
    of: tuple[str | None, str, Text3],
) -> ReplyOrder:
    """Make the order; `of` is the theme it is about, the page it was asked for on, and the theme's name."""
    with_answered = request.args.get("answered") == "1"
    theme, back, name = of
    query, more = urlencode(words), urlencode(words | {"answered": "1"})
    return ReplyOrder(
        city=words["city"],
        title=title,
        theme=theme,
        theme_name=name,
        choice=reply_targets.choose(session, words["city"], chosen, with_answered=with_answered),
        query=more if with_answered else query,
        place=f"{words['city']}/new?{query}",
        back=back,
        with_answered=with_answered,
        other_query=query if with_answered else more,
    )
