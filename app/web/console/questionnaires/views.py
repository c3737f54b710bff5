"""What the pages of questionnaires show."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import abort, render_template

from app.accounts.permissions import Permission
from app.fieldwork import questionnaires
from app.fieldwork.questionnaires import Upload, Version
from app.fieldwork.step_counts import steps_of
from app.web import site
from app.web.console.access import me
from app.web.console.questionnaires import wording, words
from app.web.console.questionnaires.naming import name_versions
from app.web.console.waves.words import AUDIENCES, OWN_STEPS
from app.web.language import LANGUAGES, _, pick
from surveys.authoring.findings import QuestionnaireFinding, Severity
from surveys.questionnaire.definition import Questionnaire
from surveys.workbook import Cause
from surveys.xlsform.sheets import Misfit


@dataclass(frozen=True, slots=True)
class FoundVersion:
    """A questionnaire and how lists name it."""

    questionnaire: Questionnaire
    version: Version


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One thing the linter found, in words."""

    is_error: bool
    where: str
    words: str
    rule: str


@dataclass(frozen=True, slots=True)
class GapLine:
    """Something of an XLSForm that a questionnaire cannot hold."""

    where: str
    words: str


def find_or_404(digest: str, *, with_allowances: bool = False) -> FoundVersion:
    """Find a questionnaire, for a file with what reviewers let stand in it; 404 when there is none."""
    with site.database().reading() as session:
        found = questionnaires.find(session, digest)
        if found is None:
            abort(404)
        questionnaire, version = found
        if with_allowances:
            questionnaire = questionnaires.with_allowances(session, questionnaire)
        return FoundVersion(questionnaire, version)


def list_page(errors: dict[str, str] | None = None) -> str:
    """List the versions, with what was wrong with a file."""
    with site.database().reading() as session:
        versions = questionnaires.list_versions(session)
    may_manage = me().may(Permission.MANAGE_QUESTIONNAIRES)
    context = {"versions": versions, "errors": errors or {}, "audiences": AUDIENCES, "may_manage": may_manage}
    return render_template("console/questionnaires/list.html", **context)


def refused_page(found: Upload) -> str:
    """Say why a file is not taken, or what of it would be left out."""
    return render_template(
        "console/questionnaires/refused.html",
        is_usable=bool(found.definition),
        findings=_findings(found.findings),
        gaps=[_gap(each) for each in found.gaps],
    )


def version_page(digest: str) -> str:
    """Show one version."""
    with site.database().reading() as session:
        found = questionnaires.find(session, digest)
        if found is None:
            abort(404)
        findings, left_out = questionnaires.findings_of(session, digest)
        others = [each for each in questionnaires.list_versions(session) if each.digest != digest]
    questionnaire, version = found
    person = me()
    titles = {page.code: _without_city(pick(page.title)) for page in questionnaire.pages}
    steps = [(step, titles.get(step) or str(OWN_STEPS[step])) for step in steps_of(questionnaire)]
    return render_template(
        "console/questionnaires/version.html",
        version=version,
        questionnaire=questionnaire,
        findings=_findings(findings),
        left_out=[_gap(each) for each in left_out],
        steps=steps,
        others=[each for each in others if each.audience == version.audience],
        names=name_versions(others),
        all_languages=LANGUAGES,
        audience=AUDIENCES[version.audience],
        may_manage=person.may(Permission.MANAGE_QUESTIONNAIRES),
        may_plan=person.may(Permission.MANAGE_WAVES),
    )


def workbook_words(cause: Cause) -> str:
    """Say why a workbook was not read."""
    return str(words.CAUSES[cause])


def _findings(found: Iterable[QuestionnaireFinding]) -> list[FindingLine]:
    return [
        FindingLine(each.severity is Severity.ERROR, words.where(each.where), words.said(each), each.rule)
        for each in found
        if not (each.rule == "bad_code" and each.words.endswith(": ''"))  # its key is missing: that is said already
    ]


def _gap(misfit: Misfit) -> GapLine:
    row = _("row %(number)s", number=misfit.row) if misfit.row else ""
    sheet = _("sheet %(name)s", name=misfit.sheet) if misfit.sheet else ""
    return GapLine(", ".join(filter(None, (sheet, row, misfit.column))), wording.gap(misfit.reason))


def _without_city(title: str) -> str:
    return title.format(city="…", city_in="…", city_of="…")
