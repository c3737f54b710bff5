"""Papers behind the values: added to a case while it is the city's, withdrawn, never removed."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Staff
from app.audit.journal import Actor, Entry, record
from app.clock import day_of
from app.indicators.case_models import Evidence, EvidenceFile
from app.indicators.cases import get_case, hold_case
from app.indicators.evidence_errors import EvidenceCode, EvidenceError
from app.indicators.evidence_files import PaperFile, store_bytes
from app.indicators.keys import CaseKey
from app.indicators.queries import get_period
from app.indicators.states import EDITABLE
from app.indicators.virus_scan import Scan, scan

MOST_PAPERS = 10
"""Papers of one case that are not withdrawn."""

MOST_OF_A_DAY = 1_000_000_000
"""Bytes of files that one person sends within a day, those withdrawn too: they stay on the disk."""

SHORTEST_CAPTION, LONGEST_CAPTION = 3, 200
LONGEST_ADDRESS, LONGEST_REGISTER, LONGEST_EXTRACT = 800, 200, 80
SHORTEST_PRIVATE_REASON, LONGEST_PRIVATE_REASON = 10, 200
_FIRST_DAY = date(1990, 1, 1)


class PaperKind(StrEnum):
    """What a paper is."""

    FILE = "file"
    ADDRESS = "address"
    REGISTER = "register"


class Label(NamedTuple):
    """What somebody says of a paper; the reason is why it is not to be shown to everybody."""

    caption: str
    document_day: date | None = None
    is_public: bool = True
    private_reason: str = ""


class Vault(NamedTuple):
    """Where bytes are kept, and who looks at them before: the address of a clamd, or ""."""

    folder: Path
    scanner: str = ""


class KeptFile(NamedTuple):
    """A file whose bytes are on the disk, and what the scanner said of it."""

    file: PaperFile
    scan: Scan


class Address(NamedTuple):
    """A page that everybody can open."""

    url: str


class Extract(NamedTuple):
    """An extract of a register: the register's name, and the number of the extract where it has one."""

    register: str
    number: str = ""


class Paper(NamedTuple):
    """A piece of evidence as it is shown; the texts of the other kinds are empty, and `scan` of what is no file."""

    id: int
    key: CaseKey
    kind: PaperKind
    sha256: str | None
    file_name: str
    media_type: str
    size: int
    scan: str
    address: str
    register: str
    extract: str
    caption: str
    document_day: date | None
    is_public: bool
    private_reason: str
    added_by: str
    added_at: datetime
    withdrawn_by: str
    withdrawn_at: datetime | None


def check_room(session: Session, key: CaseKey, digest: str | None = None) -> None:
    """See whether a case takes one more paper, and not one it has; raise EvidenceError, UnknownCaseError."""
    case = get_case(session, key)
    period = get_period(session, key.period)
    if case.state not in EDITABLE or period is None or period.state == "planned":
        raise EvidenceError(EvidenceCode.NOT_EDITABLE)
    there = session.scalars(select(Evidence).where(*_of(key), Evidence.withdrawn_at.is_(None))).all()
    same = next((row for row in there if digest and row.sha256 == digest), None)
    if same:
        raise EvidenceError(EvidenceCode.DUPLICATE, found=same.caption)
    if len(there) >= MOST_PAPERS:
        raise EvidenceError(EvidenceCode.TOO_MANY, found=str(MOST_PAPERS))


def check_day(session: Session, actor: Actor, file: PaperFile) -> None:
    """See whether somebody may send one more file today; raise EvidenceError."""
    sizes = select(func.sum(EvidenceFile.size)).join(Evidence, Evidence.sha256 == EvidenceFile.sha256)
    today = sizes.where(Evidence.added_by == actor.id, Evidence.added_at > actor.at - timedelta(days=1))
    sent = session.scalars(today).one() or 0
    if sent + len(file.content) > MOST_OF_A_DAY:
        raise EvidenceError(EvidenceCode.TOO_MUCH, found=str(sent // 1_000_000))


def keep_file(vault: Vault, file: PaperFile) -> KeptFile:
    """Have a file looked at and its bytes on the disk; raise EvidenceError. Takes seconds: not in a transaction."""
    found = scan(vault.scanner, file.content)
    store_bytes(vault.folder, file)
    return KeptFile(file, found)


def add_evidence(session: Session, key: CaseKey, label: Label, item: KeptFile | Address | Extract, actor: Actor) -> int:
    """Put a paper behind a case and give its number; raise EvidenceError, UnknownCaseError."""
    hold_case(session, key)
    said = check_label(label, day_of(actor.at))
    digest = item.file.sha256 if isinstance(item, KeptFile) else None
    check_room(session, key, digest)
    if isinstance(item, KeptFile):
        check_day(session, actor, item.file)
        _register_file(session, item)
    row = Evidence(**key._asdict(), **said._asdict(), **_columns(item), added_by=actor.id, added_at=actor.at)
    session.add(row)
    session.flush()
    detail: dict[str, str | int | bool | None] = {"case": str(key), "kind": row.kind, "sha256": digest}
    record(session, actor, _entry("evidence.added", row, detail))
    return row.id


def withdraw_evidence(session: Session, key: CaseKey, number: int, actor: Actor) -> None:
    """Take a paper of a case back; it stays for the auditor. Raises EvidenceError, UnknownCaseError."""
    case = hold_case(session, key)
    row = session.scalars(select(Evidence).where(*_of(key), Evidence.id == number)).first()
    if row is None:
        raise EvidenceError(EvidenceCode.UNKNOWN)
    if row.withdrawn_at is not None:
        raise EvidenceError(EvidenceCode.WITHDRAWN)
    if case.state not in EDITABLE:
        raise EvidenceError(EvidenceCode.NOT_EDITABLE)
    row.withdrawn_by, row.withdrawn_at = actor.id, actor.at
    session.flush()
    record(session, actor, _entry("evidence.withdrawn", row, {"case": str(key), "sha256": row.sha256}))


def papers_of(session: Session, key: CaseKey) -> tuple[Paper, ...]:
    """List the papers of a case in the order they came, those withdrawn too."""
    return _papers(session, *_of(key))


def get_paper(session: Session, key: CaseKey, number: int) -> Paper | None:
    """Find a paper of a case."""
    return next(iter(_papers(session, *_of(key), Evidence.id == number)), None)


def other_uses(
    session: Session, key: CaseKey, cities: Iterable[str] | None = None
) -> Mapping[str, tuple[CaseKey, ...]]:
    """Tell by digest where else the files of a case stand: other cities, indicators, periods; in some cities or all."""
    mine = select(Evidence.sha256).where(*_of(key), Evidence.sha256.is_not(None), Evidence.withdrawn_at.is_(None))
    others = select(Evidence.sha256, Evidence.period, Evidence.city, Evidence.indicator).where(
        Evidence.sha256.in_(mine), Evidence.withdrawn_at.is_(None)
    )
    if cities is not None:
        others = others.where(Evidence.city.in_(sorted(cities)))
    found: dict[str, set[CaseKey]] = defaultdict(set)
    for digest, *where in session.execute(others):
        if digest and (other := CaseKey(*where)) != key:
            found[digest].add(other)
    return {digest: tuple(sorted(keys)) for digest, keys in found.items()}


def check_label(label: Label, today: date) -> Label:
    """Tidy what is said of a paper; raise EvidenceError."""
    caption = _text(label.caption, LONGEST_CAPTION)
    if caption is None or len(caption) < SHORTEST_CAPTION:
        raise EvidenceError(EvidenceCode.CAPTION, "caption")
    if label.document_day and not _FIRST_DAY <= label.document_day <= today:
        raise EvidenceError(EvidenceCode.DAY, "document_day")
    reason = "" if label.is_public else _text(label.private_reason, LONGEST_PRIVATE_REASON)
    if reason is None or (not label.is_public and len(reason) < SHORTEST_PRIVATE_REASON):
        raise EvidenceError(EvidenceCode.PRIVATE_REASON, "private_reason")
    return Label(caption, label.document_day, label.is_public, reason)


def check_address(address: str) -> Address:
    """Tidy an address, which nothing here will ever open; raise EvidenceError for all but https of a named host."""
    tidy = _text(address, LONGEST_ADDRESS)
    try:
        parts = urlsplit(tidy or "")
        sound = parts.scheme == "https" and "." in (parts.hostname or "") and "@" not in parts.netloc
        sound = sound and (parts.port is None or parts.port > 0)
    except ValueError:
        sound = False
    if tidy is None or not sound or " " in tidy:
        raise EvidenceError(EvidenceCode.ADDRESS, "address")
    return Address(tidy)


def check_extract(register: str, number: str) -> Extract:
    """Tidy the name of a register and the number of an extract; raise EvidenceError."""
    name, tidy = _text(register, LONGEST_REGISTER), _text(number, LONGEST_EXTRACT)
    if not name or tidy is None:
        raise EvidenceError(EvidenceCode.REGISTER, "register")
    return Extract(name, tidy)


def _text(text: str, longest: int) -> str | None:
    """Tidy a text; None when it is too long or holds signs that are not seen."""
    visible = "".join(char for char in unicodedata.normalize("NFC", text) if unicodedata.category(char) != "Cf")
    tidy = " ".join(visible.split())
    return tidy if len(tidy) <= longest and tidy.isprintable() else None


def _columns(item: KeptFile | Address | Extract) -> dict[str, str | None]:
    empty: dict[str, str | None] = {"sha256": None, "file_name": "", "address": "", "register": "", "extract": ""}
    if isinstance(item, KeptFile):
        return empty | {"kind": PaperKind.FILE, "sha256": item.file.sha256, "file_name": item.file.name}
    if isinstance(item, Address):
        return empty | {"kind": PaperKind.ADDRESS, "address": item.url}
    return empty | {"kind": PaperKind.REGISTER, "register": item.register, "extract": item.number}


def _register_file(session: Session, kept: KeptFile) -> None:
    """Note a file once; one that was kept unseen and is now seen to be clean is clean."""
    file, row = kept.file, session.get(EvidenceFile, kept.file.sha256)
    if row is None:
        size = len(file.content)
        session.add(EvidenceFile(sha256=file.sha256, size=size, media_type=file.media_type, scan=kept.scan))
        session.flush()
    elif kept.scan is Scan.CLEAN:
        row.scan = Scan.CLEAN


def _papers(session: Session, *where: Any) -> tuple[Paper, ...]:
    withdrawer = aliased(Staff)
    rows = session.execute(
        select(Evidence, EvidenceFile, Staff.name, withdrawer.name)
        .join(EvidenceFile, EvidenceFile.sha256 == Evidence.sha256, isouter=True)
        .join(Staff, Staff.id == Evidence.added_by)
        .join(withdrawer, withdrawer.id == Evidence.withdrawn_by, isouter=True)
        .where(*where)
        .order_by(Evidence.id)
    )
    return tuple(_paper(row, file, name, withdrawn_by or "") for row, file, name, withdrawn_by in rows)


def _paper(row: Evidence, file: EvidenceFile | None, name: str, withdrawn_by: str) -> Paper:
    texts = ("file_name", "address", "register", "extract", "caption", "private_reason")
    same = (*texts, "id", "sha256", "document_day", "is_public", "added_at", "withdrawn_at")
    return Paper(
        key=CaseKey(row.period, row.city, row.indicator),
        kind=PaperKind(row.kind),
        media_type=file.media_type if file else "",
        size=file.size if file else 0,
        scan=file.scan if file else "",
        added_by=name,
        withdrawn_by=withdrawn_by,
        **{column: getattr(row, column) for column in same},
    )


def _entry(event: str, row: Evidence, detail: dict[str, str | int | bool | None]) -> Entry:
    return Entry(event=event, object_kind="evidence", object_id=str(row.id), city=row.city, detail=detail)


def _of(key: CaseKey) -> tuple[Any, ...]:
    return (Evidence.period == key.period, Evidence.city == key.city, Evidence.indicator == key.indicator)
