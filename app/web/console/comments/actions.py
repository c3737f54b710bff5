"""What is done to many suggestions of the list at once, and how it is taken back."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session
from wtforms import Form, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired

from app.accounts.permissions import Permission, Person, cities_of
from app.accounts.queries import get_person
from app.audit.journal import Actor
from app.clock import day_of
from app.feedback import assigning, bulk
from app.feedback.assigning import AssignmentOrder, Colleague, Unassigned, list_colleagues
from app.feedback.bulk import Unfit
from app.feedback.listing import Sight, comments_seen
from app.feedback.moderation import Decision, DecisionEvent, HidingReason
from app.web import site
from app.web.console.access import me
from app.web.console.comments.chosen import TEMPLATE, AboutChosen, about_chosen
from app.web.console.comments.listing import LISTING
from app.web.console.comments.reasons import list_reasons
from app.web.console.comments.words import FAULTS, REASONS
from app.web.console.selection import BulkAction, Check
from app.web.language import _, _l, _n
from app.workspace.tasks import Left, Work, read_any

LEFT_ALONE: Mapping[str, str] = {
    **{str(fault): words for fault, words in FAULTS.items()},
    Unfit.GONE: _l("taken back by whoever wrote it"),
    Unfit.OTHER_CITY: _l("of a city in which you may not do this"),
    Unfit.SAME: _l("stands there already"),
    Unfit.COVERED: _l("shown already, with parts blacked out"),
    Unfit.PURGED: _l("its text was erased"),
    Unfit.CHANGED: _l("somebody changed it meanwhile"),
    Unassigned.NOT_THERE: _l("the person has no role in its city"),
    Unassigned.TAKEN: _l("somebody was quicker"),
}
NOBODY = "0"
PAGE_OF = "/console/comments/of/{}".format


class ReasonForm(Form):
    """Why many are hidden."""

    reason = SelectField(
        _l("Reason"), [InputRequired(_l("Please choose a reason."))],
        choices=[SelectChoice("", "—"), *(SelectChoice(str(each), words) for each, words in REASONS.items())],
    )  # fmt: skip


class PersonForm(Form):
    """To whom suggestions are given."""

    person = SelectField(_l("Give them to"), [InputRequired(_l("Please choose a person."))], validate_choice=True)

    def __init__(self, formdata: Any = None, **more: Any) -> None:
        """Offer the people of one's own cities, oneself first."""
        super().__init__(formdata, **more)
        cities = cities_of(me().grants, Permission.ASSIGN_COMMENTS)
        with site.database().reading() as session:
            people = list_colleagues(session, cities, site.clock().today())
        own = [each for each in people if each.id == me().id]
        others = [each for each in people if each.id != me().id]
        self.person.choices = [
            SelectChoice("", "—"),
            *(SelectChoice(str(each.id), _("me (%(name)s)", name=each.name)) for each in own),
            *(SelectChoice(str(each.id), each.name) for each in others),
            SelectChoice(NOBODY, _("nobody: back to everybody")),
        ]


def _of_permission(permission: Permission) -> Callable[[Person], Any]:
    """Select what may be chosen: the suggestions of cities in which a person has a permission."""
    return lambda person: comments_seen(Sight(cities_of(person.grants, permission)))


def _cities(session: Session, actor: Actor, permission: Permission) -> frozenset[str] | None:
    person = get_person(session, actor.id or 0, day_of(actor.at))
    return cities_of(person.grants, permission) if person else frozenset()


def _check(event: DecisionEvent) -> Check:
    def check(session: Session, person: Person, ids: Sequence[str]) -> Left:
        return bulk.unfit_for(session, ids, event, cities_of(person.grants, Permission.MODERATE))

    return check


def _decide(event: DecisionEvent) -> Work:
    def work(session: Session, actor: Actor, ids: Sequence[str], values: Mapping[str, str], name: str) -> Left:
        reason = HidingReason(values["reason"]) if "reason" in values else None
        cities = _cities(session, actor, Permission.MODERATE)
        return bulk.decide_many(session, actor, ids, Decision(event, reason), cities, bulk=name)

    return work


def _undo(session: Session, actor: Actor, ids: Sequence[str], _values: Mapping[str, str], name: str) -> Left:
    return bulk.take_back_many(session, actor, ids, _undone(session, name), bulk=name)


def _undone(session: Session, name: str) -> str:
    order = read_any(session, name)
    return order.order.undoes if order else ""


def _check_assignment(session: Session, person: Person, ids: Sequence[str]) -> Left:
    return assigning.unfit_for_assignment(session, ids, cities_of(person.grants, Permission.ASSIGN_COMMENTS))


def _assign(session: Session, actor: Actor, ids: Sequence[str], values: Mapping[str, str], name: str) -> Left:
    cities = _cities(session, actor, Permission.ASSIGN_COMMENTS)
    to = _colleague(session, actor, values["person"])
    if to is None and values["person"] != NOBODY:
        return dict.fromkeys(ids, Unassigned.NOT_THERE)
    return assigning.assign(session, actor, ids, AssignmentOrder(to, cities, name))


def _colleague(session: Session, actor: Actor, number: str) -> Colleague | None:
    people = list_colleagues(session, None, day_of(actor.at))
    return next((each for each in people if str(each.id) == number), None)


def _take_assignment_back(
    session: Session, actor: Actor, ids: Sequence[str], _values: Mapping[str, str], name: str
) -> Left:
    return assigning.take_back(session, actor, ids, _undone(session, name), bulk=name)


def _about(event: DecisionEvent) -> Callable[[Session, Sequence[str]], AboutChosen]:
    def about(session: Session, ids: Sequence[str]) -> AboutChosen:
        return about_chosen(session, ids)._replace(reasons=list_reasons() if event is DecisionEvent.HIDE else [])

    return about


def _moderation(
    event: DecisionEvent, title: str, question: Callable[[int], str], form: type[Form] | None = None
) -> BulkAction:
    return BulkAction(
        name=f"comments.{event}",
        title=title,
        permission=Permission.MODERATE,
        listing=LISTING,
        statement=_of_permission(Permission.MODERATE),
        question=question,
        check=_check(event),
        work=_decide(event),
        undo=_undo,
        reasons=LEFT_ALONE,
        page=PAGE_OF,
        form=form,
        about=_about(event),
        template=TEMPLATE,
    )


SHOW = _moderation(
    DecisionEvent.SHOW, _l("Show"), lambda number: _n("Show %(num)s suggestion?", "Show %(num)s suggestions?", number)
)
HIDE = _moderation(
    DecisionEvent.HIDE,
    _l("Hide"),
    lambda number: _n("Hide %(num)s suggestion?", "Hide %(num)s suggestions?", number),
    ReasonForm,
)
SECOND_LOOK = _moderation(
    DecisionEvent.SECOND_LOOK,
    _l("Second look"),
    lambda number: _n("Give %(num)s suggestion a second look?", "Give %(num)s suggestions a second look?", number),
)
ASSIGN = BulkAction(
    name="comments.assign",
    title=_l("Give to a person"),
    permission=Permission.ASSIGN_COMMENTS,
    listing=LISTING,
    statement=_of_permission(Permission.ASSIGN_COMMENTS),
    question=lambda number: _n("Give %(num)s suggestion to a person?", "Give %(num)s suggestions to a person?", number),
    check=_check_assignment,
    work=_assign,
    undo=_take_assignment_back,
    reasons=LEFT_ALONE,
    page=PAGE_OF,
    form=PersonForm,
)
"""To one's own cities alone; whoever has a role there can be given something."""

ACTIONS = (SHOW, SECOND_LOOK, HIDE, ASSIGN)
