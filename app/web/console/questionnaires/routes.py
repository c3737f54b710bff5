"""Addresses of questionnaires: list, upload, one version, its preview, its comparison and its files."""

from contextlib import closing

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.permissions import Permission
from app.fieldwork import questionnaires
from app.fieldwork.step_counts import steps_of
from app.web import site
from app.web.console.access import actor, requires
from app.web.console.attachments import attachment, in_turn
from app.web.console.menu import MenuEntry
from app.web.console.questionnaires import views
from app.web.console.questionnaires.comparison import compare
from app.web.console.questionnaires.naming import name_versions
from app.web.console.questionnaires.preview import preview as drawn
from app.web.language import _, _l, speak
from surveys.authoring.yaml_writing import as_yaml
from surveys.population.places import PlaceError, load_places
from surveys.questionnaire.versions import VersionError
from surveys.workbook import WorkbookError

bp = Blueprint("questionnaires", __name__, url_prefix="/console/questionnaires")
ENTRIES = [MenuEntry(42, _l("Questionnaires"), "/console/questionnaires/", Permission.SEE_QUESTIONNAIRES)]


@bp.get("/")
@requires(Permission.SEE_QUESTIONNAIRES)
def table() -> str:
    """List the versions."""
    return views.list_page()


@bp.post("/upload")
@requires(Permission.MANAGE_QUESTIONNAIRES)
def upload() -> AnyResponse | tuple[str, int]:
    """Read a file, and keep the questionnaire in it, if there is one."""
    content = b""
    if given := request.files.get("file"):
        with closing(given):
            content = given.read()
    if not content:
        return views.list_page({"file": _("Choose a file")}), 422
    try:
        found = in_turn(lambda: questionnaires.read_file(content, "file"))
    except WorkbookError as error:
        return views.list_page({"file": views.workbook_words(error.cause)}), 422
    leaves_out = request.form.get("leave_out") == "yes"
    if not found.definition or (found.gaps and not leaves_out):
        return views.refused_page(found), 422
    try:
        with site.database().writing() as session:
            digest = questionnaires.propose(session, actor(), found)
    except VersionError:
        wrong = _("This version number is taken by other wording: raise the number in the file")
        return views.list_page({"file": wrong}), 422
    flash(_("The questionnaire is here. Look at what the check found and at every step."))
    return redirect(url_for(".page", digest=digest), 303)


@bp.get("/template.xlsx")
@requires(Permission.MANAGE_QUESTIONNAIRES)
def template() -> Response:
    """Give an XLSForm to begin with: every setting filled in, one question of an area and one of the respondent."""
    content = in_turn(lambda: questionnaires.as_workbook(questionnaires.template()))
    return attachment(content, "questionnaire-template.xlsx")


@bp.get("/<digest>")
@requires(Permission.SEE_QUESTIONNAIRES)
def page(digest: str) -> str:
    """Show a version: what the linter found, its steps, what to compare it with."""
    return views.version_page(digest)


@bp.post("/<digest>/remove")
@requires(Permission.MANAGE_QUESTIONNAIRES)
def remove(digest: str) -> AnyResponse:
    """Remove a questionnaire that was put forward."""
    with site.database().writing() as session:
        if not questionnaires.withdraw_proposal(session, actor(), digest):
            abort(404)
    flash(_("The questionnaire is removed."))
    return redirect(url_for(".table"), 303)


@bp.get("/<digest>/preview/<any(kk, ru, en):lang>/<place>/<step>")
@requires(Permission.SEE_QUESTIONNAIRES)
def preview(digest: str, lang: str, place: str, step: str) -> str:
    """Show a step as respondents will see it, in any of the three languages."""
    found = views.find_or_404(digest)
    try:
        city = load_places().city(place)
    except PlaceError:
        abort(404)
    if step not in steps_of(found.questionnaire):
        abort(404)
    speak(lang)
    return drawn(found.questionnaire, step, city, lang)


@bp.get("/<digest>/compare/<earlier>")
@requires(Permission.SEE_QUESTIONNAIRES)
def comparison(digest: str, earlier: str) -> str:
    """Show what a version says otherwise than another."""
    new, old = views.find_or_404(digest), views.find_or_404(earlier)
    changes = compare(old.questionnaire, new.questionnaire)
    names = name_versions([new.version, old.version])
    context = {"new": new, "changes": changes, "new_name": names[digest], "old_name": names[earlier]}
    return render_template("console/questionnaires/compare.html", **context)


@bp.get("/<digest>.<any(yaml, xlsx):kind>")
@requires(Permission.SEE_QUESTIONNAIRES)
def file(digest: str, kind: str) -> Response:
    """Give a version as the file that can be uploaded again: YAML or an XLSForm."""
    found = views.find_or_404(digest, with_allowances=True)
    is_yaml = kind == "yaml"
    asked = found.questionnaire
    content = as_yaml(asked).encode() if is_yaml else in_turn(lambda: questionnaires.as_workbook(asked))
    return attachment(content, f"{found.version.code}-{found.version.version}.{kind}")
