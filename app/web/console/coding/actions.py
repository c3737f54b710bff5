"""What is said of many suggestions of a list at once, and how it is taken back."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import Form, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired, Length, ValidationError

from app.accounts.permissions import Permission, Person, cities_of
from app.accounts.queries import get_person
from app.audit.journal import Actor
from app.clock import day_of
from app.feedback import groups
from app.feedback.coding import add_theme, undo_bulk
from app.feedback.errors import GroupFault
from app.feedback.listing import Sight, comments_seen
from app.feedback.models import Theme
from app.feedback.second_coding import CODABLE
from app.web import site
from app.web.console.access import me
from app.web.console.comments.chosen import TEMPLATE, about_chosen
from app.web.console.comments.listing import LISTING
from app.web.console.layout import city_name
from app.web.console.selection import BulkAction
from app.web.console.themes.scope import areas, called
from app.web.console.themes.words import GROUP_FAULTS, KINDS, LEFT
from app.web.language import _, _l, _n
from app.workspace.tasks import Left, read_any
from surveys.models.comments import Comment


class ThemeForm(Form):
    """A theme, a kind, or both, for many."""

    theme = SelectField(_l("Theme"), validate_choice=True)
    kind = SelectField(_l("Kind"), validate_choice=True)

    def __init__(self, formdata: Any = None, **more: Any) -> None:
        """Offer the national themes and those of one's own cities, by area."""
        super().__init__(formdata, **more)
        with site.database().reading() as session:
            themes = _offered(session, me())
        names = areas()
        own = [(names.get(each.area, each.area), each) for each in themes]
        self.theme.choices = [
            SelectChoice("", "—"),
            *(SelectChoice(each.code, _own_name(each), None, area) for area, each in own),
        ]
        self.kind.choices = [SelectChoice("", "—"), *(SelectChoice(kind, str(words)) for kind, words in KINDS.items())]

    def validate_theme(self, field: SelectField) -> None:
        """Ask for one of the two at least."""
        if not field.data and not self.kind.data:
            raise ValidationError(_("Choose a theme or a kind."))


class TitleForm(Form):
    """What a group is called."""

    title = StringField(
        _l("Title of the group, for colleagues"),
        [InputRequired(GROUP_FAULTS[GroupFault.NO_TITLE]), Length(max=groups.LONGEST_TITLE)],
    )


def _offered(session: Session, person: Person) -> list[Theme]:
    cities = cities_of(person.grants, Permission.CODE_COMMENTS) or frozenset()
    visible = Theme.city.is_(None) | Theme.city.in_(sorted(cities))
    order = {area: number for number, area in enumerate(areas())}
    found = session.scalars(select(Theme).where(visible, Theme.retired.is_(False)))
    return sorted(found, key=lambda each: (order.get(each.area, len(order)), each.parent or each.code, each.code))


def _own_name(theme: Theme) -> str:
    return f"{called(theme)} ({city_name(theme.city)})" if theme.city else called(theme)


def codable_of(person: Person) -> Any:
    """Select what a person may code."""
    cities = cities_of(person.grants, Permission.CODE_COMMENTS)
    return comments_seen(Sight(cities))


def _unfit(session: Session, person: Person, ids: Sequence[str]) -> Left:
    """Find what cannot be coded: what is not there any more, of a city that is not theirs, or hidden."""
    cities = cities_of(person.grants, Permission.CODE_COMMENTS) or frozenset()
    there = {
        row.id: row
        for row in session.execute(select(Comment.id, Comment.city, Comment.state).where(Comment.id.in_(ids)))
    }
    left = {}
    for each in ids:
        row = there.get(each)
        if row is None or row.city not in cities or row.state in {"pending", "taken_back"}:
            left[each] = "gone"
        elif row.state not in CODABLE:
            left[each] = "hidden"
    return left


def _while_own(session: Session, actor: Actor, ids: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Keep the ids of cities in which whoever ordered it may code still; gives those left too."""
    from_others = select(Comment.id, Comment.city).where(Comment.id.in_(ids))
    cities = _cities(session, actor)
    own = {row.id for row in session.execute(from_others) if row.city in cities}
    return [each for each in ids if each in own], {each: "gone" for each in ids if each not in own}


def _cities(session: Session, actor: Actor) -> frozenset[str]:
    person = get_person(session, actor.id or 0, day_of(actor.at))
    return (cities_of(person.grants, Permission.CODE_COMMENTS) or frozenset()) if person else frozenset()


def _code(session: Session, actor: Actor, ids: Sequence[str], values: Mapping[str, str], name: str) -> Left:
    own, left = _while_own(session, actor, ids)
    done = add_theme(session, actor, own, values.get("theme", ""), values.get("kind") or None, bulk=name)
    return {**left, **done}


def _take_back(session: Session, actor: Actor, ids: Sequence[str], _values: Mapping[str, str], name: str) -> Left:
    own, left = _while_own(session, actor, ids)
    return {**left, **undo_bulk(session, actor, own, _undone(session, name), name)}


def _group(session: Session, actor: Actor, ids: Sequence[str], values: Mapping[str, str], name: str) -> Left:
    own, left = _while_own(session, actor, ids)
    return {**left, **groups.put_together(session, actor, own, values["title"], name)}


def _dissolve(session: Session, actor: Actor, ids: Sequence[str], _values: Mapping[str, str], name: str) -> Left:
    own, left = _while_own(session, actor, ids)
    if own and not groups.dissolve_made_by(session, actor, _undone(session, name)):
        return dict.fromkeys(ids, "changed")
    return left


def _undone(session: Session, name: str) -> str:
    order = read_any(session, name)
    return order.order.undoes if order else ""


CODE = BulkAction(
    name="comments.code",
    title=_l("Add a theme"),
    permission=Permission.CODE_COMMENTS,
    listing=LISTING,
    statement=codable_of,
    question=lambda number: _n("Add a theme to %(num)s suggestion?", "Add a theme to %(num)s suggestions?", number),
    check=_unfit,
    work=_code,
    undo=_take_back,
    reasons=LEFT,
    form=ThemeForm,
    about=about_chosen,
    template=TEMPLATE,
)
GROUP = BulkAction(
    name="comments.group",
    title=_l("Put together"),
    permission=Permission.CODE_COMMENTS,
    listing=LISTING,
    statement=codable_of,
    question=lambda number: _n("Put %(num)s suggestion together?", "Put %(num)s suggestions together?", number),
    check=_unfit,
    work=_group,
    undo=_dissolve,
    reasons=LEFT,
    form=TitleForm,
)
ACTIONS = (CODE, GROUP)
