"""The page of one case, and what a press on one of its buttons does."""

from datetime import date
from typing import NamedTuple
from urllib.parse import urlencode

from flask import abort, flash, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app.indicators.assessments import OpenRevision, adjudicate, assess, verdicts_on
from app.indicators.errors import (
    MayNotAssessError,
    NothingToAssessError,
    RulingError,
    StaleCaseError,
    UnknownCaseError,
)
from app.indicators.keys import CaseKey
from app.indicators.queries import get_period
from app.indicators.queue import place_of
from app.indicators.verdicts import CaseVerdict
from app.web import site
from app.web.console.access import actor, me
from app.web.console.assess import queue_page, views
from app.web.console.assess.forms import RulingForm, faults_of, read_form, read_verdict
from app.web.console.assess.words import GIVEN, HINDRANCES, REASONS, TICKS
from app.web.language import _

NO_BUTTON = "none"
"""What comes instead of a verdict where Enter was pressed in a tick."""

Answer = AnyResponse | tuple[str, int]


def show_case(key: CaseKey, form: RulingForm) -> str | AnyResponse:
    """Show a case at its own address: that of a split where the two differ."""
    try:
        with site.database().reading() as session:
            page = views.read_case(session, key, me(), site.clock().today(), form)
    except UnknownCaseError:
        abort(404)
    words = queue_page.words_of(request.args)
    own = f"{queue_page.PATH}{'split/' if page.is_split else ''}{key}"
    if request.path != own and request.method == "GET":
        return redirect(f"{own}?{words}" if words else own, 303)
    return render_template(
        "console/assess/case.html", page=page, ticks=TICKS, reasons=REASONS, words=words, following=_next_after(key)
    )


def rule(key: CaseKey, *, settles: bool) -> Answer:
    """Take a verdict, and lead to the next case; who cannot judge is asked once more first."""
    form, verdict = read_form(request.form), read_verdict(request.form)
    numbers = [request.form.get(name, "") for name in ("revision", "version")]
    if request.form.get("verdict") == NO_BUTTON:
        return _shown_again(
            key, form.with_faults((("verdicts", _("The Enter key gives no verdict: press a button.")),)), 422
        )
    if verdict is None or not all(number.isdecimal() and len(number) < 10 for number in numbers):
        abort(422)
    if verdict is CaseVerdict.UNABLE and not form.is_sure:
        return _shown_again(key, form.asking(), 200)
    target = OpenRevision(key, *map(int, numbers))
    case = _before(key)
    try:
        with site.database().writing() as session:
            (adjudicate if settles else assess)(session, target, form.ruling(verdict), actor())
    except UnknownCaseError:
        abort(404)
    except RulingError as error:
        return _shown_again(key, form.with_faults(faults_of(error.codes)), 422)
    except (MayNotAssessError, NothingToAssessError, StaleCaseError) as error:
        _say_not_taken(case, target.revision, verdict, error)
    else:
        _say_taken(case, verdict)
    return redirect(_next_after(key, case.due), 303)


def _shown_again(key: CaseKey, form: RulingForm, status: int) -> Answer:
    page = show_case(key, form)
    return (page, status) if isinstance(page, str) else page


def _next_after(key: CaseKey, due: date | None = None) -> str:
    """Write the address that leads on from a case; `due` is its day before it was judged, by which it stood there."""
    place = {"after": str(key)} | ({"due": due.isoformat()} if due else {})
    return f"{queue_page.PATH}next?{urlencode(place)}&{queue_page.words_of(request.args)}".rstrip("&")


class _CaseBefore(NamedTuple):
    """A case as it stood before it was judged: the indicator in words, and the day in its queue."""

    key: CaseKey
    name: str
    due: date


def _before(key: CaseKey) -> _CaseBefore:
    with site.database().reading() as session:
        period, place = get_period(session, key.period), place_of(session, key)
    if period is None or place is None:
        abort(404)
    return _CaseBefore(key, queue_page.name_of(period.edition, key.indicator), place[1])


def _say_taken(case: _CaseBefore, verdict: CaseVerdict) -> None:
    city = queue_page.city_names().get(case.key.city, case.key.city)
    flash(str(GIVEN[verdict]) % {"name": case.name, "city": city})


def _say_not_taken(case: _CaseBefore, revision: int, verdict: CaseVerdict, error: Exception) -> None:
    """Say why a verdict was not taken; of the same one sent twice, that it is stored."""
    with site.database().reading() as session:
        own = [each for each in verdicts_on(session, case.key, revision) if each.assessor == me().id]
    if any(each.verdict is verdict for each in own):
        _say_taken(case, verdict)
    elif isinstance(error, MayNotAssessError):
        flash(str(HINDRANCES[error.hindrance]), "warning")
    elif own:
        flash(
            _("Your verdict on this value was in already, and it stays as you gave it; this one was not taken."),
            "warning",
        )
    else:
        flash(_("This value was decided or changed meanwhile; your verdict was not taken."), "warning")
