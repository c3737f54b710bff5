"""Forms of papers: a file, an address, an extract of a register."""

from collections.abc import Iterable, Mapping

from wtforms import BooleanField, DateField, FileField, Form, StringField, URLField

from app.indicators.evidence import (
    LONGEST_ADDRESS,
    LONGEST_CAPTION,
    LONGEST_EXTRACT,
    LONGEST_PRIVATE_REASON,
    LONGEST_REGISTER,
    SHORTEST_PRIVATE_REASON,
    Label,
    PaperKind,
)
from app.indicators.evidence_errors import EvidenceCode, EvidenceError
from app.indicators.evidence_files import KINDS
from app.web.language import _l

_ACCEPT = ",".join(f".{ending}" for ending in KINDS)


class PaperForm(Form):
    """What is said of every paper."""

    caption = StringField(_l("Title of the document"), render_kw={"maxlength": LONGEST_CAPTION, "required": True})
    document_day = DateField(_l("Day of the document"), render_kw={"autocomplete": "off"})
    is_public = BooleanField(_l("It may be shown to everybody"), default=True)
    private_reason = StringField(_l("Why it may not, if so"), render_kw={"maxlength": LONGEST_PRIVATE_REASON})

    def label(self) -> Label:
        """Give what was typed; raise EvidenceError for a day that is none."""
        if self.document_day.raw_data and any(self.document_day.raw_data) and not self.validate():
            raise EvidenceError(EvidenceCode.DAY, "document_day")
        return Label(
            caption=self.caption.data or "",
            document_day=self.document_day.data,
            is_public=bool(self.is_public.data),
            private_reason=self.private_reason.data or "",
        )


class FileForm(PaperForm):
    """A file."""

    file = FileField(_l("File"), render_kw={"accept": _ACCEPT, "required": True})


class AddressForm(PaperForm):
    """A page of another site."""

    address = URLField(
        _l("Address"), render_kw={"maxlength": LONGEST_ADDRESS, "required": True, "placeholder": "https://"}
    )


class ExtractForm(PaperForm):
    """An extract of a register."""

    register = StringField(_l("Name of the register"), render_kw={"maxlength": LONGEST_REGISTER, "required": True})
    number = StringField(_l("Number of the extract"), render_kw={"maxlength": LONGEST_EXTRACT})


FORMS: Mapping[PaperKind, type[PaperForm]] = {
    PaperKind.FILE: FileForm,
    PaperKind.ADDRESS: AddressForm,
    PaperKind.REGISTER: ExtractForm,
}


def show_faults(form: PaperForm, faults: Iterable[EvidenceError]) -> None:
    """Put the sentences of faults beside the fields of a form."""
    for error in faults:
        getattr(form, error.field, form.caption).errors = [sentence_of(error)]


def sentence_of(error: EvidenceError) -> str:
    """Say why a paper is not taken, and what to do."""
    return str(_SENTENCES[error.code]) % {"found": error.found, "n": SHORTEST_PRIVATE_REASON}


_SENTENCES: Mapping[EvidenceCode, str] = {
    EvidenceCode.NO_FILE: _l("Please choose a file."),
    EvidenceCode.EMPTY_FILE: _l("The file is empty. Please choose another one."),
    EvidenceCode.TOO_BIG: _l("The file is larger than %(found)s MB. Please make it smaller, or split it."),
    EvidenceCode.NAME: _l(
        "The name of the file has slashes or invisible characters. Please rename it in plain letters and digits."
    ),
    EvidenceCode.UNKNOWN_KIND: _l(
        "“%(found)s” is not a PDF, PNG, JPEG, XLSX or CSV inside, whatever its name is. Please save it as one of these."
    ),
    EvidenceCode.OTHER_KIND: _l(
        "“%(found)s” is another kind of file inside than its name says. Please give it its own ending."
    ),
    EvidenceCode.TWO_KINDS: _l(
        "This is two kinds of file in one, which is how harmful ones are hidden. Please save the document anew."
    ),
    EvidenceCode.BROKEN_FILE: _l("The file is damaged or was cut short. Please save it anew."),
    EvidenceCode.ENCRYPTED: _l("The file has a password or is of an old kind. Please save it anew without a password."),
    EvidenceCode.SUSPICIOUS_ARCHIVE: _l("The workbook would unpack to far more than it should. It was not opened."),
    EvidenceCode.TOO_MANY_POINTS: _l(
        "The picture has more than %(found)s million points. Please save it smaller, or as a PDF."
    ),
    EvidenceCode.INFECTED: _l("A virus was found in the file. It was not stored. Please tell your security staff."),
    EvidenceCode.NOT_SCANNED: _l("The check for viruses does not answer. Please try again in a few minutes."),
    EvidenceCode.TOO_MANY: _l("A value has %(found)s documents at most. Please withdraw one that is not needed."),
    EvidenceCode.TOO_MUCH: _l("You have sent %(found)s MB of files since yesterday. Please go on tomorrow."),
    EvidenceCode.DUPLICATE: _l("This very file is here already: “%(found)s”."),
    EvidenceCode.CAPTION: _l("Please write the title of the document: 3 to 200 characters."),
    EvidenceCode.DAY: _l("Please write the day of the document; it cannot lie in the future."),
    EvidenceCode.ADDRESS: _l("Please write a whole address that begins with https://"),
    EvidenceCode.REGISTER: _l("Please write the name of the register."),
    EvidenceCode.PRIVATE_REASON: _l("Please say why it may not be shown: %(n)s characters or more."),
    EvidenceCode.NOT_EDITABLE: _l("The value is being examined or is decided. Its documents cannot be changed now."),
    EvidenceCode.UNKNOWN: _l("There is no such document."),
    EvidenceCode.WITHDRAWN: _l("The document was withdrawn already."),
    EvidenceCode.DAMAGED: _l("The stored file is damaged. Please tell whoever runs this site."),
}
