"""Addresses of one value."""

from collections.abc import Callable, Mapping

from flask import Blueprint, abort, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from app.accounts.permissions import Permission
from app.indicators import cases
from app.indicators.drafts import save_value
from app.indicators.errors import (
    AlreadyAssessedError,
    ImportRefusedError,
    MayNotAssessError,
    ReasonTooShortError,
    StaleCaseError,
    UnknownCaseError,
    WrongStateError,
)
from app.indicators.keys import CaseKey
from app.web import site
from app.web.console import conflicts, form_drafts
from app.web.console.access import actor, me, requires
from app.web.console.cases import saying, views, walking
from app.web.console.cases.forms import typed_value
from app.web.console.cases.pages import case_page, find_case
from app.web.console.evidence.adding import PREFIXES, TakenPapers, take_papers
from app.web.console.values.words import fault_text
from app.web.language import _

bp = Blueprint("cases", __name__, url_prefix="/console/values/<period>/<city>/<indicator>")

_FORM = "value"
_EVENTS: Mapping[str, Callable[..., object]] = {
    "recall": cases.recall,
    "ask": cases.ask_to_reopen,
    "reopen": cases.reopen,
}


@bp.get("")
@requires(Permission.SEE_VALUES)
def show(period: str, city: str, indicator: str) -> str:
    """Show a value, and what was typed for it and not saved yet."""
    key = CaseKey(period, city, indicator)
    draft = form_drafts.restored(_FORM, str(key)) if me().may(Permission.ENTER_VALUES, city) else None
    return case_page(key, draft.fields.to_dict() if draft else {}, draft=draft)


@bp.post("")
@requires(Permission.ENTER_VALUES)
def save(period: str, city: str, indicator: str) -> Response | tuple[str, int]:
    """Keep what was typed as the draft, and go on to the next value when asked."""
    key, typed = CaseKey(period, city, indicator), request.form.to_dict()
    papers = _papers(key)
    try:
        with site.database().writing() as session:
            found = find_case(session, key)
            following = walking.following(session, me(), found, typed)
            saved = save_value(session, key, typed_value(found.indicator, typed), _version(typed), actor())
            form_drafts.drop(session, _FORM, str(key))
    except ImportRefusedError as error:
        faults = {views.field_of(fault.column): fault_text(fault) for fault in error.faults}
        return case_page(key, typed, faults=faults, papers=papers.refused), 422
    except StaleCaseError:
        return _both(key, typed)
    except WrongStateError:
        return _too_late(key, typed), 409
    outcome = saying.outcome_of(found, saved, typed, with_papers=bool(papers.added))
    for words, kind in outcome.said:
        flash(words, kind)
    if papers.refused:
        return case_page(key, {}, papers=papers.refused), 422
    goes_on = "next" in typed and following is not None and not outcome.wants_a_look
    return redirect(f"/console/values/{following if goes_on else key}{walking.list_query(typed)}", 303)


def _papers(key: CaseKey) -> TakenPapers:
    """Take the papers that were begun beside the value, whatever becomes of it, and say what became of them."""
    try:
        papers = take_papers(key, request, actor())
    except UnknownCaseError:
        abort(404)
    for title in papers.added:
        flash(_("%(code)s: the document “%(title)s” was added.", code=key.indicator, title=title))
    if papers.refused:
        flash(_("%(code)s: the document was not added. See what is wrong with it.", code=key.indicator), "warning")
    return papers


@bp.get("/check")
@requires(Permission.ENTER_VALUES)
def check(period: str, city: str, indicator: str) -> dict[str, object]:
    """Say what is wrong with what is being typed, and what the linter finds, for the script."""
    key = CaseKey(period, city, indicator)
    with site.database().reading() as session:
        return views.check(find_case(session, key), request.args.to_dict())


@bp.post("/recall")
@requires(Permission.SEND_RETURN)
def recall(period: str, city: str, indicator: str) -> Response | tuple[str, int]:
    """Take a value back that nobody has examined yet."""
    return _changed(CaseKey(period, city, indicator), "recall", _("Recalled. It is a draft again."))


@bp.post("/ask")
@requires(Permission.SEND_RETURN)
def ask(period: str, city: str, indicator: str) -> Response | tuple[str, int]:
    """Ask the ministry to open a decided value again."""
    return _changed(CaseKey(period, city, indicator), "ask", _("The ministry is asked to open it again."))


@bp.post("/reopen")
@requires(Permission.REOPEN_VALUE)
def reopen(period: str, city: str, indicator: str) -> Response | tuple[str, int]:
    """Let the city change a decided value."""
    return _changed(CaseKey(period, city, indicator), "reopen", _("Opened again: the city can correct it now."))


def _changed(key: CaseKey, word: str, done: str) -> Response | tuple[str, int]:
    typed = request.form.to_dict()
    reason = () if word == "recall" else (typed.get("reason", ""),)
    try:
        with site.database().writing() as session:
            version = _version(typed) if "version" in typed or word != "recall" else None
            _EVENTS[word](session, key, version, *reason, actor())
    except UnknownCaseError:
        abort(404)
    except MayNotAssessError:
        abort(403)
    except ReasonTooShortError as error:
        short = _("Please give a reason of %(number)s characters or more.", number=error.shortest)
        return case_page(key, typed, faults={"reason": short}), 422
    except AlreadyAssessedError:
        return case_page(
            key, {}, faults={"recall": _("Somebody has examined it already, so it cannot be recalled.")}
        ), 422
    except (StaleCaseError, WrongStateError):
        meanwhile = _("Somebody has changed this value meanwhile. This is how it is now.")
        return case_page(key, typed, faults={"reason" if reason else word: meanwhile}), 409
    flash(done)
    return redirect(f"/console/values/{key}", 303)


def _both(key: CaseKey, typed: Mapping[str, str]) -> tuple[str, int]:
    """Show what somebody else has stored meanwhile beside what was typed."""
    with site.database().reading() as session:
        found = find_case(session, key)
        sides, other = views.sides_of(session, found, typed)
    page = f"/console/values/{key}{walking.list_query(typed)}"
    return conflicts.both(sides, other, version=found.case.version, page=page, without=PREFIXES)


def _too_late(key: CaseKey, typed: Mapping[str, str]) -> str:
    """Show what was typed for a value that may no longer be changed: it is not lost."""
    with site.database().reading() as session:
        found = find_case(session, key)
        page = views.read_page(session, found, me(), site.clock().today())
    return render_template("console/cases/too_late.html", page=page, words=views.typed_words(found, typed))


def _version(typed: Mapping[str, str]) -> int:
    text = typed.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0
