"""From a form that was sent to a paper behind a value; a file is looked at and kept before any transaction."""

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from flask import Request

from app.audit.journal import Actor
from app.indicators.evidence import (
    Address,
    Extract,
    KeptFile,
    PaperKind,
    Vault,
    add_evidence,
    check_address,
    check_day,
    check_extract,
    check_label,
    check_room,
    keep_file,
)
from app.indicators.evidence_errors import EvidenceCode, EvidenceError
from app.indicators.evidence_files import LARGEST_FILE, PaperFile, check_file
from app.indicators.keys import CaseKey
from app.web import site
from app.web.console.evidence.forms import FORMS, AddressForm, ExtractForm, PaperForm, show_faults

Checked = TypeVar("Checked")

PREFIXES = tuple(f"{kind}-" for kind in PaperKind)
"""What the names of fields of papers begin with, on the page of a value."""


class PaperRefusedError(Exception):
    """A form with faults; `faults` are all of them."""

    def __init__(self, faults: list[EvidenceError]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


def form_of(sent: Request) -> PaperForm | None:
    """Read the form that a request brings; None for one that is none of ours."""
    kind = sent.form.get("kind", "")
    return FORMS[PaperKind(kind)](sent.form, prefix=kind) if kind in set(PaperKind) else None


class TakenPapers(NamedTuple):
    """What became of the papers that came with a value: the titles of those added, and the forms with faults."""

    added: tuple[str, ...]
    refused: tuple[PaperForm, ...]


def take_papers(key: CaseKey, sent: Request, actor: Actor) -> TakenPapers:
    """Put behind a case the papers that somebody began on its page, each by itself; raise UnknownCaseError."""
    added, refused = [], []
    for form in (form(sent.form, prefix=kind) for kind, form in FORMS.items() if _is_begun(kind, sent)):
        try:
            add_paper(key, form, sent, actor)
        except PaperRefusedError as error:
            show_faults(form, error.faults)
            refused.append(form)
        else:
            added.append(form.caption.data or "")
    return TakenPapers(tuple(added), tuple(refused))


def _is_begun(kind: PaperKind, sent: Request) -> bool:
    upload = sent.files.get(f"{kind}-file")
    texts = ("caption", "document_day", "private_reason", "address", "register", "number")
    return bool(upload and upload.filename) or any(sent.form.get(f"{kind}-{name}", "").strip() for name in texts)


def add_paper(key: CaseKey, form: PaperForm, sent: Request, actor: Actor) -> int:
    """Check what was sent and put it behind a case; raise PaperRefusedError, UnknownCaseError."""
    faults: list[EvidenceError] = []
    item = _gathered(faults, lambda: _item(form, sent))
    label = _gathered(faults, lambda: check_label(form.label(), site.clock().today()))
    if item is None or label is None:
        raise PaperRefusedError(faults)
    try:
        kept = _kept(key, item, actor) if isinstance(item, PaperFile) else item
        with site.database().writing() as session:
            return add_evidence(session, key, label, kept, actor)
    except EvidenceError as error:
        raise PaperRefusedError([error]) from error


def _gathered(faults: list[EvidenceError], check: Callable[[], Checked]) -> Checked | None:
    try:
        return check()
    except EvidenceError as error:
        faults.append(error)
        return None


def _item(form: PaperForm, sent: Request) -> PaperFile | Address | Extract:
    if isinstance(form, AddressForm):
        return check_address(form.address.data or "")
    if isinstance(form, ExtractForm):
        return check_extract(form.register.data or "", form.number.data or "")
    upload = sent.files.get(f"{PaperKind.FILE}-file")
    if upload is None or not upload.filename:
        raise EvidenceError(EvidenceCode.NO_FILE)
    return check_file(upload.filename, upload.read(LARGEST_FILE + 1))


def _kept(key: CaseKey, file: PaperFile, actor: Actor) -> KeptFile:
    """Keep a file, once it is clear that the case takes it."""
    with site.database().reading() as session:
        check_room(session, key, file.sha256)
        check_day(session, actor, file)
    settings = site.settings()
    return keep_file(Vault(settings.evidence, settings.clamav), file)
