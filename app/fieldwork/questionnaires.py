"""Questionnaires that organisers put forward: read in a process of its own, linted, kept until a wave freezes one."""

import json
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from shutil import copyfile
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.audit.journal import Actor, Entry, canonical, record
from app.clock import KAZAKHSTAN
from app.fieldwork.models import ProposedQuestionnaire
from surveys.authoring.findings import Location, QuestionnaireFinding, Severity, of_defect
from surveys.authoring.linter import lint
from surveys.authoring.yaml_source import MAX_BYTES, SCALES, Reading, load, read, shipped
from surveys.authoring.yaml_writing import as_yaml
from surveys.fieldwork.waves import PlanError, PlanFault
from surveys.languages import Text3
from surveys.models.questionnaires import QuestionnaireVersion
from surveys.questionnaire.definition import Questionnaire
from surveys.questionnaire.versions import VersionError, get_compiled
from surveys.workbook import check_archive, in_child
from surveys.xlsform.exchange import LARGEST_FILE, XlsformError, from_sheets
from surveys.xlsform.sheets import Misfit, read_here

WORKBOOK = b"PK"
"""What every workbook begins with."""

_YAML = "questionnaire.yaml"

FORM = "form"
"""What findings call the file where it was an XLSForm."""


class Upload(NamedTuple):
    """What a file gave; without `source` it gave no questionnaire that can be used."""

    definition: str
    source: str
    """Its YAML."""
    findings: tuple[QuestionnaireFinding, ...]
    gaps: tuple[Misfit, ...]
    """What of an XLSForm a questionnaire cannot hold."""


class Version(NamedTuple):
    """A questionnaire as lists name it."""

    digest: str
    code: str
    title: Text3
    version: int
    audience: str
    day: date
    frozen: bool
    errors: int
    warnings: int


def read_file(content: bytes, name: str) -> Upload:
    """Read a YAML file or an XLSForm that anybody may have made; raises WorkbookError.

    A process of its own reads it, with limits of time and memory.
    """
    is_workbook = content.startswith(WORKBOOK)
    if len(content) > (LARGEST_FILE if is_workbook else MAX_BYTES):
        too_large = QuestionnaireFinding(Severity.ERROR, "too_large", Location(name), "")
        return Upload("", "", (too_large,), ())
    reader: Callable[[str, bytes], Upload] = _read_form_here if is_workbook else _read_yaml_here
    if is_workbook:
        check_archive(content)
    return in_child(partial(reader, name), content)


def as_workbook(questionnaire: Questionnaire) -> bytes:
    """Write a questionnaire as an XLSForm, in a child: the writer's 28 MB go with it."""
    return in_child(_write_form_here, questionnaire)


def _write_form_here(questionnaire: Questionnaire) -> bytes:
    from surveys.xlsform.writing import write_xlsform  # noqa: PLC0415 - see as_workbook

    return write_xlsform(questionnaire)


def propose(session: Session, actor: Actor, upload: Upload) -> str:
    """Keep a questionnaire that was read; gives its digest. The same wording again replaces what was said of it.

    Raises VersionError when its code and version number are frozen with other wording.
    """
    questionnaire = Questionnaire.from_json(upload.definition)
    digest = questionnaire.digest()
    taken = select(QuestionnaireVersion.digest).where(
        QuestionnaireVersion.code == questionnaire.code, QuestionnaireVersion.version == questionnaire.version
    )
    if session.scalars(taken).first() not in {None, digest}:
        raise VersionError(f"{questionnaire.code} version {questionnaire.version} is frozen with other wording")
    row = ProposedQuestionnaire(
        digest=digest,
        code=questionnaire.code,
        version=questionnaire.version,
        audience=str(questionnaire.audience),
        definition=upload.definition,
        source=upload.source,
        findings=_written(upload.findings),
        left_out=canonical({"gaps": [list(gap) for gap in upload.gaps]}),
        uploaded_by=actor.id,
        uploaded_on=actor.at.astimezone(KAZAKHSTAN).date(),
    )
    session.merge(row)
    entry = _entry("questionnaire.proposed", digest, code=questionnaire.code, version=questionnaire.version)
    record(session, actor, entry)
    return digest


def withdraw_proposal(session: Session, actor: Actor, digest: str) -> bool:
    """Remove a questionnaire that was put forward; False when it is not there. A frozen version stays for ever."""
    gone = session.execute(delete(ProposedQuestionnaire).where(ProposedQuestionnaire.digest == digest))
    if not gone.rowcount:  # type: ignore[attr-defined]  # a DELETE has one
        return False
    record(session, actor, _entry("questionnaire.removed", digest))
    return True


def list_versions(session: Session) -> list[Version]:
    """List all versions, those put forward first, each once."""
    frozen_rows = session.scalars(select(QuestionnaireVersion)).all()
    frozen = {row.digest: _frozen(row) for row in frozen_rows}
    proposed = [_proposed(row) for row in session.scalars(select(ProposedQuestionnaire)) if row.digest not in frozen]
    return sorted((*proposed, *frozen.values()), key=lambda each: (each.frozen, each.code, -each.version, each.digest))


def list_usable(session: Session) -> list[Version]:
    """List what a wave can be planned with: frozen versions, and what was put forward without errors."""
    return [each for each in list_versions(session) if each.frozen or not each.errors]


def find(session: Session, digest: str) -> tuple[Questionnaire, Version] | None:
    """Find a questionnaire of either kind; None when there is none."""
    frozen = session.get(QuestionnaireVersion, digest)
    if frozen is not None:
        return get_compiled(session, digest).questionnaire, _frozen(frozen)
    row = session.get(ProposedQuestionnaire, digest)
    return (Questionnaire.from_json(row.definition), _proposed(row)) if row else None


def find_usable(session: Session, digest: str) -> Questionnaire:
    """Find a questionnaire to plan a wave with; raises PlanError where there is none, or it has errors."""
    found = find(session, digest)
    if found is None or (found[1].errors and not found[1].frozen):
        raise PlanError(PlanFault.NO_VERSION, f"no questionnaire {digest[:12]} without errors")
    return found[0]


def findings_of(session: Session, digest: str) -> tuple[tuple[QuestionnaireFinding, ...], tuple[Misfit, ...]]:
    """Give what the linter said of a questionnaire that was put forward, and what of its XLSForm was left out."""
    row = session.get(ProposedQuestionnaire, digest)
    if row is None:
        return (), ()
    return _read(row.findings), tuple(Misfit(*gap) for gap in json.loads(row.left_out)["gaps"])


def with_allowances(session: Session, questionnaire: Questionnaire) -> Questionnaire:
    """Give a questionnaire with what reviewers let stand in it, which is no part of a version and not frozen with it.

    It is taken from the file that was put forward, or from the one that comes with the product.
    """
    digest = questionnaire.digest()
    row = session.get(ProposedQuestionnaire, digest)
    own = [_read_yaml(row.source.encode()).questionnaire] if row else []
    known = next((each for each in (*own, *map(load, shipped())) if each and each.digest() == digest), questionnaire)
    return replace(questionnaire, reviewed=known.reviewed)


def template() -> Questionnaire:
    """Give a short questionnaire to write one's own after: a page of an area and one of the respondent."""
    whole = load(shipped()[0])
    pages = (next(page for page in whole.pages if page.area), next(page for page in whole.pages if not page.area))
    short = tuple(replace(page, questions=page.questions[:1]) for page in pages)
    brief = replace(whole, code="my-questionnaire", version=1, areas_per_respondent=1, pages=short)
    idle = {each.where.part for each in lint(brief, FORM) if each.rule == "unused_allowance"}
    kept = tuple(each for n, each in enumerate(brief.reviewed, 1) if f"reviewed #{n}" not in idle)
    return replace(brief, reviewed=kept)


def _read_yaml_here(name: str, content: bytes) -> Upload:
    """Read a YAML file in this process; a named scale is one that comes with the product."""
    del name
    reading = _read_yaml(content)
    if reading.questionnaire is None or reading.defects:
        return Upload("", "", tuple(of_defect(defect, reading.lines) for defect in reading.defects), ())
    return _upload(reading.questionnaire, lint(reading.questionnaire, _YAML, reading.lines), ())


def _read_yaml(content: bytes) -> Reading:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / _YAML
        file.write_bytes(content)
        copyfile(shipped()[0].with_name(SCALES), file.with_name(SCALES))
        return read(file)


def _read_form_here(name: str, content: bytes) -> Upload:
    """Read a checked workbook in this process; what cannot be carried is left out and named."""
    del name
    try:
        imported = from_sheets(read_here(content), FORM, leave_out=True)
    except XlsformError as error:
        return Upload("", "", error.findings, error.misfits)
    return _upload(imported.questionnaire, lint(imported.questionnaire, FORM), imported.left_out)


def _upload(
    questionnaire: Questionnaire, findings: tuple[QuestionnaireFinding, ...], gaps: tuple[Misfit, ...]
) -> Upload:
    return Upload(questionnaire.to_json(), as_yaml(questionnaire), findings, gaps)


def _frozen(row: QuestionnaireVersion) -> Version:
    return Version(row.digest, row.code, _title(row.definition), row.version, row.audience, row.frozen_on, True, 0, 0)


def _proposed(row: ProposedQuestionnaire) -> Version:
    severities = [finding.severity for finding in _read(row.findings)]
    counts = (severities.count(Severity.ERROR), severities.count(Severity.WARNING))
    title = _title(row.definition)
    return Version(row.digest, row.code, title, row.version, row.audience, row.uploaded_on, False, *counts)


def _title(definition: str) -> Text3:
    return Text3(*json.loads(definition)["title"])


def _written(findings: tuple[QuestionnaireFinding, ...]) -> str:
    rows = [[each.severity, each.rule, list(each.where), each.words] for each in findings]
    return canonical({"findings": rows})


def _read(text: str) -> tuple[QuestionnaireFinding, ...]:
    rows = json.loads(text)["findings"]
    return tuple(
        QuestionnaireFinding(Severity(severity), rule, Location(*where), words) for severity, rule, where, words in rows
    )


def _entry(event: str, digest: str, **detail: str | int) -> Entry:
    return Entry(event=event, object_kind="questionnaire", object_id=digest, detail=detail)
