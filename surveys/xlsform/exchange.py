"""Questionnaires to and from XLSForm, the workbook that KoboToolbox, ODK and Enketo ask from."""

from collections.abc import Iterable
from typing import NamedTuple

from surveys.authoring.document import read_questionnaire
from surveys.authoring.findings import QuestionnaireFinding, of_defect
from surveys.authoring.validation import find_defects
from surveys.errors import Defect, SurveyError
from surveys.questionnaire.definition import Questionnaire
from surveys.xlsform.reading import read_form
from surveys.xlsform.sheets import Misfit, Sheets, read_sheets

LARGEST_FILE = 5_000_000
"""Bytes."""


class XlsformError(SurveyError):
    """A form that cannot be carried whole, or would make no usable questionnaire: every reason is named."""

    def __init__(self, misfits: Iterable[Misfit], findings: Iterable[QuestionnaireFinding] = ()) -> None:
        self.misfits = tuple(misfits)
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, (*self.misfits, *self.findings))))


class Imported(NamedTuple):
    """A questionnaire read from a form, and what of the form it does not hold."""

    questionnaire: Questionnaire
    left_out: tuple[Misfit, ...]


def import_xlsform(content: bytes, source: str, *, leave_out: bool = False) -> Imported:
    """Read a form, strangers' ones too; raises WorkbookError or XlsformError.

    What a questionnaire cannot hold is refused by row, column and reason, or left out with `leave_out`.
    """
    return from_sheets(read_sheets(content), source, leave_out=leave_out)


def from_sheets(sheets: Sheets, source: str, *, leave_out: bool = False) -> Imported:
    """Make a questionnaire of the sheets of a form; raises XlsformError."""
    form = read_form(sheets, source)
    if form.misfits and not leave_out:
        raise XlsformError(form.misfits)
    defects: list[Defect] = []
    questionnaire = read_questionnaire(form.document, source, {}, defects)
    defects += find_defects(questionnaire, source)
    if defects:
        raise XlsformError(form.misfits, [of_defect(defect, form.lines) for defect in dict.fromkeys(defects)])
    return Imported(questionnaire, form.misfits)
