"""What the pages of requests and publications say: barriers, changes and checks in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy.orm import Session

from app.accounts.permissions import Permission, Person
from app.indicators.catalogue import indicators_of
from app.publishing.approvals import NEEDED
from app.publishing.differences import CityChange, CityStanding, Differences, ValueChange
from app.publishing.errors import Barrier
from app.publishing.overview import RequestView, count_waiting
from app.ratings.models import Run
from app.web.console.layout import city_name
from app.web.console.menu import WaitingLine
from app.web.console.values.words import number_text
from app.web.language import _, _l, _n, alphabetical, day, listed, number, percent, pick
from scoring.edition import Indicator, load_edition
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
    Barrier.NOT_CHECKED: _l("Its preview is not computed yet, and what the checks find is not known."),
    Barrier.APPROVALS_MISSING: _l("Two others have to approve it first."),
    Barrier.OUT_OF_DATE: _l("Its inputs have changed since. Say in three languages why it is published all the same."),
    Barrier.NOT_OUT_OF_DATE: _l("Its inputs have not changed: there is nothing to give a reason for."),
    Barrier.CHANGED_MEANWHILE: _l("Something changed meanwhile. Look at the page again."),
    Barrier.LANGUAGES_MISSING: _l("Texts of this rating are missing in Kazakh, Russian or English."),
    Barrier.REASON: _l("A reason of at most 400 characters is needed in each language."),
    Barrier.NOT_STANDING: _l("There is no publication of that number that was not withdrawn."),
    Barrier.OWN_WITHDRAWAL: _l("You asked for this withdrawal: somebody else confirms it."),
    Barrier.NOT_WITHDRAWN: _l("Only a withdrawn publication can be replaced by another one."),
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
    """A line of the checklist; None where it is not known yet, or `waits` for somebody."""

    words: str
    is_met: bool | None
    waits: bool = False


def city_lines(found: Differences, run: Run) -> list[CityLine]:
    """Say of each city what became of its place and total, and which of its values did it."""
    editions = [before for field, before, _after in found.choices if field == "edition"]
    indicators = {code: each for edition in (*editions, run.edition) for code, each in indicators_of(edition).items()}
    in_order = sorted(found.cities, key=lambda each: (each.after.order, alphabetical(city_name(each.city))))
    return [_city_line(each, indicators) for each in in_order]


def _city_line(change: CityChange, indicators: Mapping[str, Indicator]) -> CityLine:
    return CityLine(
        name=city_name(change.city),
        places=_arrow(place_text(change.before), place_text(change.after)),
        totals=_arrow(_total(change.before), _total(change.after)),
        causes=_causes(change.values, indicators),
        moved=change.moved,
    )


MOST_CAUSES = 3
"""Values of a city that a line names; the others are counted."""


def _causes(values: Sequence[ValueChange], indicators: Mapping[str, Indicator]) -> str:
    named = [_cause(each, indicators.get(each.indicator)) for each in values[:MOST_CAUSES]]
    if len(values) > MOST_CAUSES:
        named.append(_n("and %(num)s value more", "and %(num)s values more", len(values) - MOST_CAUSES))
    return "; ".join(named)


def _cause(change: ValueChange, indicator: Indicator | None) -> str:
    name = pick(Text3(*indicator.name)) if indicator else change.indicator
    return f"{name}: {_changed(change, indicator)}"


EXAMINED = {
    "not_accepted": _l("given, not accepted"),
    "unreviewed": _l("not examined"),
    "late": _l("late"),
}
"""What may be told of a value beside its number."""


def _changed(change: ValueChange, indicator: Indicator | None) -> str:
    """Say what became of a value, and when it was accepted: "72 → 79, accepted on 2 Nov"."""
    before = _with_marks(_value(change.before, indicator), change.examined_before)
    after = _with_marks(_value(change.after, indicator), change.examined_after)
    accepted = change.accepted_on
    words = _arrow(before, after)
    return words if accepted is None else _("%(change)s, accepted on %(day)s", change=words, day=day(accepted))


def _with_marks(value: str, marks: Sequence[str]) -> str:
    return f"{value} ({', '.join(str(EXAMINED[mark]) for mark in marks)})" if marks else value


def _value(text: str, indicator: Indicator | None) -> str:
    """Write a value with the decimals and the unit that it has elsewhere."""
    if text in STATUSES:
        return str(STATUSES[text])
    return number_text(indicator, Fraction(text)) if indicator else text


def _arrow(before: str, after: str) -> str:
    return after if before == after else f"{before} → {after}"


def place_text(standing: CityStanding) -> str:
    """Write a place, or those that a city shares, as the portal does: "2–5"; a dash where it is not rated."""
    if standing.place is None:
        return "–"
    return f"{standing.shared[0]}–{standing.shared[1]}" if standing.shared else str(standing.place)


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
    causes += [
        f"{words[field]}: {_choice(field, before)} → {_choice(field, after)}" for field, before, after in found.choices
    ]
    if found.other_code:
        causes.append(_("It was computed by another release of the program."))
    return causes


def compared_with(view: RequestView) -> str:
    """Say which publication a request is compared with, or that it is the first of its edition."""
    title = pick(Text3(*load_edition(view.run.edition).title))
    if view.before is None or view.before_number is None:
        return _(
            "No publication of its edition, “%(title)s”, is in force: there is nothing to compare it with.",
            title=title,
        )
    if view.before.period == view.run.period:
        return _("Compared with publication %(number)s of the same period.", number=view.before_number)
    return _(
        "Compared with publication %(number)s of the same edition, whose period is %(period)s.",
        number=view.before_number,
        period=view.before.period,
    )


def _choice(field: str, value: str) -> str:
    """Write a choice of the method: an edition by its title, a share as it is read."""
    if field == "edition":
        return pick(Text3(*load_edition(value).title))
    return percent(float(100 * Fraction(value))) if field == "alpha" else value


def checks(view: RequestView) -> Iterator[Check]:
    """List what must be so before it is published, and whether it is."""
    request = view.request
    is_published = request.state == "published"
    yield Check(_("The run is official, and the checks of its inputs found no error"), True)
    yield Check(_("Its waves take no more answers, or their answers are illustrative"), True)
    yield Check(_("Its inputs are what they were"), not (view.changed or request.changed_kk))
    known = is_published or view.is_checked
    safe = (is_published or request.few_people == 0) if known else None
    yield Check(_("Nobody can be recognised: the attack on the draft found no group of fewer than ten people"), safe)
    yield Check(_("Every text is there in Kazakh, Russian and English"), True if known else None)
    approved = _("Two others approved it (%(given)s of %(needed)s)", given=view.given, needed=NEEDED)
    yield Check(approved, view.is_approved, waits=view.is_open)


def state_words(view: RequestView) -> tuple[str, str]:
    """Give the kind of badge and the words for where a request is."""
    if view.request.state == "published":
        return "good", _("published as publication %(number)s", number=view.request.publication)
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
