"""Pages of examiners: what waits, one initiative with the form of an opinion, figures from before and after."""

from flask import Response, abort, flash, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app.clock import day_of
from app.indicators.assessors import get_assessor
from app.initiatives import evaluating, examining
from app.initiatives.contents import default_edition
from app.initiatives.errors import (
    ContentError,
    MayNotExamineError,
    NothingToExamineError,
    OpinionError,
    StaleInitiativeError,
    UnknownInitiativeError,
    WrongStepError,
)
from app.initiatives.evaluating import PublicationPair
from app.initiatives.examining import OpenText
from app.initiatives.models import CityInitiative
from app.initiatives.opinions import Opinion
from app.initiatives.queries import queue_statement
from app.initiatives.standing import InitiativeKey
from app.web import site
from app.web.console import exports, form_drafts, tables
from app.web.console.access import actor, me
from app.web.console.conflicts import version_of
from app.web.console.initiatives import listing
from app.web.console.initiatives.forms import OpinionForm, PairForm, make_opinion_form, make_pair_form
from app.web.console.initiatives.views import read_page
from app.web.console.initiatives.words import POINTS, WHY_NOT
from app.web.console.values.listing import visible_cities
from app.web.initiatives.words import areas_of, figure_line
from app.web.language import _

DRAFT = "opinion"


def queue() -> str | Response:
    """Show what waits for examiners, in cities that the viewer has nothing to do with."""
    with site.database().reading() as session:
        examiner = get_assessor(session, me().id, day_of(site.clock().now()))
        barred = examiner.barred if examiner else frozenset()
        cities = {code: name for code, name in visible_cities(None).items() if code not in barred}
        wanted = queue_statement(me().id).where(CityInitiative.city.in_(sorted(cities)))
        own = listing.make_queue(cities)
        if tables.asked_for_file():
            return exports.exported(session, own, wanted)
        page = tables.read(session, own, wanted, request.args)
    return render_template(
        "console/initiatives/queue.html",
        page=page,
        cities=cities,
        areas=areas_of(default_edition()),
        listing=listing,
        barred=barred,
    )


def show_examination(key: InitiativeKey, form: OpinionForm | None = None) -> str:
    """Show an initiative with the form of an opinion, where the viewer may give one."""
    draft = form_drafts.restored(DRAFT, f"{key.city}/{key.id}")
    if form is None:
        form = make_opinion_form(draft.fields if draft else None)
    with site.database().reading() as session:
        page = read_page(session, key, me(), actor())
    return render_template("console/initiatives/examine.html", page=page, form=form, points=POINTS, draft=draft)


def take_opinion(key: InitiativeKey) -> AnyResponse | tuple[str, int]:
    """Store an opinion; what it came to is said once it decides."""
    form, word = make_opinion_form(request.form), request.form.get("opinion", "")
    if word not in set(Opinion):
        return show_examination(key, form), 422
    target = OpenText(key, _number("revision"), version_of(request.form))
    try:
        with site.database().writing() as session:
            examining.examine(session, target, form.word(Opinion(word)), actor())
            form_drafts.drop(session, DRAFT, f"{key.city}/{key.id}")
    except UnknownInitiativeError:
        abort(404)
    except OpinionError as error:
        form.refuse(error.faults)
        return show_examination(key, form), 422
    except MayNotExamineError as error:
        flash(str(WHY_NOT[error.why]), "warning")
        return redirect(f"/console/initiatives/{key.city}/{key.id}/examine", 303)
    except (NothingToExamineError, StaleInitiativeError):
        flash(_("It was changed or decided meanwhile. This is how it is now; your text stands in the form."), "warning")
        return redirect(f"/console/initiatives/{key.city}/{key.id}/examine", 303)
    flash(_("Your opinion is stored. Nobody else sees it before the second is in."))
    return redirect("/console/initiatives/examination", 303)


def show_evaluation(key: InitiativeKey) -> str:
    """Show what two publications say from before and after, before it is stored."""
    with site.database().reading() as session:
        page = read_page(session, key, me(), actor())
        if "evaluate" not in page.can:
            abort(403)
        choices = evaluating.publications_of(session)
        typed = {"before": str(choices[0].number), "after": str(choices[-1].number)} if choices else {}
        form = make_pair_form(choices, typed | request.args.to_dict())
        lines = []
        if request.args and choices:
            try:
                figures = evaluating.figures_of(session, page.standing, _pair(form))
                lines = [figure_line(figure, page.standing.edition) for figure in figures]
            except ContentError as error:
                form.show(error.faults)
    return render_template("console/initiatives/evaluate.html", page=page, form=form, lines=lines, choices=choices)


def take_evaluation(key: InitiativeKey) -> AnyResponse | tuple[str, int]:
    """Let everybody read the figures that were seen."""
    form = PairForm(request.form)
    try:
        with site.database().writing() as session:
            evaluating.evaluate(session, key, version_of(request.form), _pair(form), actor())
    except UnknownInitiativeError:
        abort(404)
    except ContentError:
        flash(_("Please choose two publications, the later one for after."), "warning")
        return redirect(f"/console/initiatives/{key.city}/{key.id}/evaluate", 303)
    except MayNotExamineError as error:
        flash(str(WHY_NOT[error.why]), "warning")
        return redirect(f"/console/initiatives/{key.city}/{key.id}", 303)
    except (StaleInitiativeError, WrongStepError):
        flash(_("Somebody has changed this initiative meanwhile. This is how it is now."), "warning")
        return redirect(f"/console/initiatives/{key.city}/{key.id}", 303)
    flash(_("The figures are public now."))
    return redirect(f"/console/initiatives/{key.city}/{key.id}", 303)


def _pair(form: PairForm) -> PublicationPair:
    numbers = [str(field.data or "") for field in (form.before, form.after)]
    return PublicationPair(
        *(int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0 for text in numbers)
    )


def _number(name: str) -> int:
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0
