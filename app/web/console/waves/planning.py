"""Planning a wave: its questionnaire is one that was frozen before, or one that was put forward without errors."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs

from app.fieldwork import questionnaires, services
from app.web import site
from app.web.console.access import actor
from app.web.console.layout import city_name
from app.web.console.questionnaires.naming import name_versions
from app.web.console.waves import words
from app.web.console.waves.forms import Errors, PlanForm, explain, open_gates, read_plan
from app.web.language import _, alphabetical
from surveys.ballots.keys import KeyFileError
from surveys.fieldwork.waves import PlanError
from surveys.questionnaire.versions import VersionError


def plan_page(form: PlanForm, targets: Mapping[str, str], errors: Errors) -> str:
    """Ask for a plan, or show a posted one with what is wrong."""
    with site.database().reading() as session:
        offered = questionnaires.list_usable(session)
    named = (SelectChoice(digest, name) for digest, name in name_versions(offered).items())
    form.questionnaire.choices = [SelectChoice("", _("Choose a questionnaire")), *named]
    ways = [(gate, str(words.GATES[gate])) for gate in open_gates(site.settings())]
    for name, sentence in errors.items():
        if name in form:
            form[name].errors = [sentence]
    cities = sorted(
        ((code, city_name(code), target) for code, target in targets.items()), key=lambda row: alphabetical(row[1])
    )
    return render_template("console/waves/new.html", form=form, ways=ways, cities=cities, errors=errors)


def plan_posted(form: PlanForm) -> Response | tuple[str, int]:
    """Plan the wave that was posted; 422 with the form as it was where it cannot be."""
    reading = read_plan(form, request.form, open_gates(site.settings()))
    if reading.plan is None:
        return plan_page(form, reading.targets, reading.errors), 422
    try:
        with site.database().writing() as session:
            questionnaire = questionnaires.find_usable(session, form.questionnaire.data or "")
            services.plan_wave(session, actor(), reading.plan, questionnaire, site.settings().keys)
    except PlanError as error:
        return plan_page(form, reading.targets, explain(error.fault)), 422
    except VersionError:
        wrong = {"questionnaire": _("This version number is taken by other wording: raise the number in the file")}
        return plan_page(form, reading.targets, wrong), 422
    except KeyFileError:
        return plan_page(form, reading.targets, {"code": _("There is a wave with this code already")}), 422
    if reading.plan.opens_on <= site.clock().today():
        flash(_("The wave is planned. It opens by itself within an hour; you can also open it now."))
    else:
        flash(_("The wave is planned. It opens by itself on its first day."))
    return redirect(url_for("waves.page", wave=reading.plan.code), 303)
