"""What the pages of requests and publications say: barriers, changes and checks in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.accounts.permissions import Permission, Person
from app.publishing.approvals import NEEDED
from app.publishing.differences import CityChange, CityStanding, Differences, ValueChange
from app.publishing.errors import Barrier
from app.publishing.overview import RequestView, count_waiting
from app.ratings.models import Run
from app.web.console.layout import city_name
from app.web.console.menu import WaitingLine
from app.web.language import _, _l, _n, listed, number, pick
from scoring.edition import load_edition
from surveys.languages import Text3

BARRIERS = {
    Barrier.NO_RIGHT: _l("You may not do this any more."),
    Barrier.UNKNOWN: _l("There is no such request."),
    Barrier.NOT_OFFICIAL: _l("Only an official run without errors can be published."),
    Barrier.WAVES_OPEN: _l("Waves of this run still take answers. Close them, then make a new run."),
    Barrier.ASKED_BEFORE: _l("This was asked for before."),
    Barrier.STOPPED: _l("Somebody objected to this request meanwhile."),
    Barrier.PUBLISHED: _l("This request is published already."),
    Barrier.OWN_REQUEST: _l("You asked for this publication: others approve and publish it."),
    Barrier.TWICE: _l("You approved it already."),
    Barrier.OTHER_BYTES: _l("The run is not the one you looked at. Look at the page again."),
    Barrier.APPROVALS_MISSING: _l("Two others have to approve it first."),
    Barrier.OUT_OF_DATE: _l("Its inputs have changed since. Say in three languages why it is published all the same."),
    Barrier.NOT_OUT_OF_DATE: _l("Its inputs have not changed: there is nothing to give a reason for."),
    Barrier.CHANGED_MEANWHILE: _l("Something changed meanwhile. Look at the page again."),
    Barrier.LANGUAGES_MISSING: _l("Texts of this rating are missing in Kazakh, Russian or English."),
    Barrier.REASON: _l("A reason of at most 400 characters is needed in each language."),
    Barrier.NOT_STANDING: _l("There is no publication of that number that was not withdrawn."),
    Barrier.OWN_WITHDRAWAL: _l("You asked for this withdrawal: somebody else confirms it."),
}
OTHER_ENDS = {
    "disclosure": _l("It would tell of fewer than ten people. Nothing was published."),
    "run": _l("The run cannot be repeated to the byte with this release. Nothing was published."),
}
"""Ends of publishing that are no barrier between persons."""

STATUSES = {"missing": _l("missing"), "not_applicable": _l("not applicable"), "": _l("nothing")}


@dataclass(frozen=True, slots=True)
class CityLine:
    """A city before and after, and why, in words."""

    name: str
    places: str
    totals: str
    causes: str
    moved: bool


@dataclass(frozen=True, slots=True)
class Check:
    """A line of the checklist; None where it is not known yet."""

    words: str
    is_met: bool | None


def city_lines(found: Differences, run: Run) -> list[CityLine]:
    """Say of each city what became of its place and total, and which of its values did it."""
    names = {each.code: pick(Text3(*each.name)) for each in load_edition(run.edition).indicators}
    return [_city_line(each, names) for each in found.cities]


def _city_line(change: CityChange, names: dict[str, str]) -> CityLine:
    return CityLine(
        name=city_name(change.city),
        places=_arrow(_place(change.before), _place(change.after)),
        totals=_arrow(_total(change.before), _total(change.after)),
        causes=_causes(change.values, names),
        moved=change.moved,
    )


MOST_CAUSES = 3
"""Values of a city that a line names; the others are counted."""


def _causes(values: Sequence[ValueChange], names: dict[str, str]) -> str:
    named = [
        f"{names.get(each.indicator, each.indicator)}: {_value(each.before)} → {_value(each.after)}"
        for each in values[:MOST_CAUSES]
    ]
    if len(values) > MOST_CAUSES:
        named.append(_n("and %(num)s value more", "and %(num)s values more", len(values) - MOST_CAUSES))
    return "; ".join(named)


def _value(text: str) -> str:
    if text in STATUSES:
        return str(STATUSES[text])
    numerator, _slash, denominator = text.partition("/")
    share = int(numerator) / int(denominator)
    return number(share, 0 if share == int(share) else 3)


def _arrow(before: str, after: str) -> str:
    return after if before == after else f"{before} → {after}"


def _place(standing: CityStanding) -> str:
    return "–" if standing.place is None else str(standing.place)


def _total(standing: CityStanding) -> str:
    return "–" if standing.total is None else number(standing.total, 1)


def general_causes(found: Differences) -> list[str]:
    """Say what changed for all cities at once."""
    causes = []
    if found.waves_added:
        causes.append(_("Waves added: %(waves)s", waves=listed(found.waves_added)))
    if found.waves_removed:
        causes.append(_("Waves left out: %(waves)s", waves=listed(found.waves_removed)))
    words = {"edition": _("Edition"), "period": _("Period"), "alpha": _("Share of opinion")}
    causes += [f"{words[field]}: {before} → {after}" for field, before, after in found.choices]
    if found.other_code:
        causes.append(_("It was computed by another release of the program."))
    return causes


def checks(view: RequestView) -> Iterator[Check]:
    """List what must be so before it is published, and whether it is."""
    request = view.request
    yield Check(_("The run is official, and the checks of its inputs found no error"), True)
    yield Check(_("Its waves take no more answers, or their answers are illustrative"), True)
    yield Check(_("Its inputs are what they were"), not view.changed)
    safe = None if request.few_people is None else request.few_people == 0
    yield Check(_("It tells of nobody: the attack on the draft found no group of fewer than ten people"), safe)
    complete = None if request.few_people is None else True
    yield Check(_("Every text is there in Kazakh, Russian and English"), complete)
    yield Check(
        _("Two others approved it (%(given)s of %(needed)s)", given=view.given, needed=NEEDED), view.is_approved
    )


def state_words(view: RequestView) -> tuple[str, str]:
    """Give the kind of badge and the words for where a request is."""
    if view.request.state == "published":
        return "good", _("published as number %(number)s", number=view.request.publication)
    if view.request.state == "stopped":
        return "bad", _("stopped by an objection")
    if view.is_approved:
        return "good", _("approved, %(given)s of %(needed)s", given=view.given, needed=NEEDED)
    return "new", _("waits for approvals, %(given)s of %(needed)s", given=view.given, needed=NEEDED)


def waiting_lines(session: Session, person: Person) -> list[WaitingLine]:
    """Say how many requests of others lack a person's approval, may be published by them, or are to be withdrawn."""
    waits = count_waiting(session, person.id)
    missing, asked = waits.unapproved, waits.withdrawals
    ready = waits.approved if person.may(Permission.PUBLISH) else 0
    address = "/console/publications/"
    lines = []
    if missing:
        words = _n("%(num)s rating waits for your approval", "%(num)s ratings wait for your approval", missing)
        lines.append(WaitingLine(words, address))
    if ready:
        words = _n("%(num)s approved rating can be published", "%(num)s approved ratings can be published", ready)
        lines.append(WaitingLine(words, address))
    if asked:
        words = _n(
            "%(num)s withdrawal waits for a second person", "%(num)s withdrawals wait for a second person", asked
        )
        lines.append(WaitingLine(words, address, urgent=True))
    return lines
