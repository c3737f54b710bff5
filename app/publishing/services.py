"""Make a publication of a request that two others approved, under the next number; nothing published ever changes.

`prepare` computes, for half a minute, and writes nothing; `publish` looks at everything once more behind one lock and
writes what was prepared.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.permissions import Permission
from app.audit.journal import Actor, Entry, last_row, record
from app.clock import day_of
from app.notices.notices import notify
from app.publishing.approvals import NEEDED, approvals_in_force
from app.publishing.build import Imprint, Source, build_bundle
from app.publishing.bundle import Bundle, PublishedCorrection, PublishedHead
from app.publishing.derivations import derivations
from app.publishing.errors import Barrier, BarrierError, DisclosureError, PublicationError
from app.publishing.fingerprints import fingerprint_of_inputs
from app.publishing.models import Approval, DraftFile, Publication, PublicationFile, PublicationRequest
from app.publishing.persons import checked_reason, step_begins
from app.publishing.queries import BUNDLE, derivation_path
from app.publishing.requests import address_of, is_standing, open_request
from app.publishing.telling import message, nothing_waits
from app.ratings.execution import refuse_errors, repeat_with_inputs, stored_examination
from app.ratings.freshness import digests_now, is_changed
from app.ratings.models import Run
from scoring.edition import load_edition
from surveys.languages import LANGUAGES, Text3
from surveys.models import Wave


@dataclass(frozen=True, slots=True)
class Prepared:
    """A publication that is not made yet: its files, and what must still be so when it is made."""

    request: int
    number: int
    previous_sha256: str
    files: Mapping[str, bytes]
    seen: str
    """Fingerprint of what its run's order would have frozen when it was prepared."""
    reason: Text3 | None


@dataclass(frozen=True, slots=True)
class PublicationDraft:
    """A publication as it would be now, and how many groups of fewer than ten people it would tell of."""

    files: Mapping[str, bytes]
    few_people: int


def prepare(session: Session, request_id: int, *, today: date, reason: Text3 | None = None) -> Prepared:
    """Compute the files of a publication; raises BarrierError, RunError, or DisclosureError where an attack succeeds.

    The run is computed again first: it must come out the same, and its inputs must be free of errors. Where they have
    changed since, `reason` is printed; where they have not, there is none.
    """
    request = open_request(session, request_id)
    _check_ready(session, request, today)
    run = session.get_one(Run, request.run)
    seen = fingerprint_of_inputs(session, run)
    if is_changed(session, run, digests_now(session, run)) != (reason is not None):
        raise BarrierError(Barrier.NOT_OUT_OF_DATE if reason else Barrier.OUT_OF_DATE)
    printed = checked_reason(reason) if reason else None
    number, previous = _next(session)
    files, findings = _computed(
        session, run, Imprint(number, today, _journal_head(session), _correction(request), printed)
    )
    if findings:
        raise DisclosureError(findings)
    return Prepared(request_id, number, previous, files, seen, printed)


def publish(session: Session, prepared: Prepared, actor: Actor, publisher: int | None = None) -> int:
    """Publish what was prepared and give its number; raises BarrierError unless every rule is kept at this moment.

    The command line does not know who types: it names the `publisher`.
    """
    person = step_begins(session, actor, Permission.PUBLISH, publisher)
    request = open_request(session, prepared.request)
    if person.id == request.requested_by:
        raise BarrierError(Barrier.OWN_REQUEST)
    approvals = _check_ready(session, request, day_of(actor.at))
    run = session.get_one(Run, request.run)
    is_next = (prepared.number, prepared.previous_sha256) == _next(session)
    if not is_next or fingerprint_of_inputs(session, run) != prepared.seen:
        raise BarrierError(Barrier.CHANGED_MEANWHILE)
    digest = _store(session, prepared, run, day_of(actor.at))
    request.state, request.publication, request.published_by = "published", prepared.number, person.id
    if prepared.reason:
        request.changed_kk, request.changed_ru, request.changed_en = prepared.reason
    session.flush()
    nothing_waits(session, actor, "approval.asked", request.id)
    involved = {request.requested_by, *(each.staff for each in approvals)}
    published = message("publication.published", address_of(request.id), number=prepared.number)
    notify(session, involved, published, actor.at)
    detail: dict[str, str | int | bool | None] = {
        "request": request.id,
        "run": run.id,
        "bundle_sha256": digest,
        "publisher": person.id,
        "approvals": " ".join(str(each.staff) for each in approvals),
        "inputs_changed": prepared.reason is not None,
        "corrects": request.corrects,
    }
    entry = Entry(
        event="publication.published", object_kind="publication", object_id=str(prepared.number), detail=detail
    )
    record(session, actor, entry)
    return prepared.number


def make_draft(session: Session, request_id: int, *, today: date) -> PublicationDraft:
    """Compute a publication as it would be made today, for those who approve; raises BarrierError, RunError."""
    request = open_request(session, request_id)
    number, _previous = _next(session)
    imprint = Imprint(number, today, _journal_head(session), _correction(request))
    files, findings = _computed(session, session.get_one(Run, request.run), imprint)
    return PublicationDraft(files, len(findings))


def store_draft(session: Session, request_id: int, draft: PublicationDraft, actor: Actor) -> None:
    """Keep a draft beside its request; raises BarrierError."""
    request = open_request(session, request_id)
    request.few_people = draft.few_people
    for path, content in draft.files.items():
        session.merge(DraftFile(request=request_id, path=path, sha256=_sha256(content), content=content))
    session.flush()
    record(
        session,
        actor,
        Entry(event="publication.drafted", object_kind="publication_request", object_id=str(request_id)),
    )


def _check_ready(session: Session, request: PublicationRequest, day: date) -> tuple[Approval, ...]:
    """Give the approvals of a request; raises BarrierError while one is missing, or what it corrects is withdrawn."""
    approvals = approvals_in_force(session, request, day)
    if len(approvals) < NEEDED:
        raise BarrierError(Barrier.APPROVALS_MISSING, f"{len(approvals)}/{NEEDED}")
    if request.corrects is not None and not is_standing(session, request.corrects):
        raise BarrierError(Barrier.NOT_STANDING, str(request.corrects))
    return approvals


def _computed(session: Session, run: Run, imprint: Imprint) -> tuple[dict[str, bytes], list[object]]:
    """Give the files of a publication, and what they would tell of fewer than ten people."""
    inputs, rating, result = repeat_with_inputs(session, run.id)
    refuse_errors(rating)
    waves = tuple(session.scalars(select(Wave).where(Wave.code.in_(run.waves.split())).order_by(Wave.code)))
    source = Source(run, load_edition(run.edition), inputs, rating, result, waves, stored_examination(session, run.id))
    trees = derivations(result)
    bundle = build_bundle(session, source, imprint, trees)
    if missing := list(_texts_missing(bundle)):
        raise BarrierError(Barrier.LANGUAGES_MISSING, ", ".join(missing[:5]))
    findings = _attacked(session, source, bundle, trees)
    files = {BUNDLE: bundle.to_json().encode()} | {derivation_path(city): tree for city, tree in trees.items()}
    return files, findings


def _attacked(session: Session, source: Source, bundle: Bundle, trees: dict[str, bytes]) -> list[object]:
    # The solver costs 60 MB: only a process that publishes should load it.
    released = import_module("app.publishing.released")
    try:
        return list(released.attack_publication(session, source.run, (source.inputs, source.edition), bundle, trees))
    except ArithmeticError as error:
        raise PublicationError(str(error)) from error


def _texts_missing(bundle: Bundle) -> set[str]:
    """Name the texts that are not said in one of the languages."""
    missing: set[str] = set()

    def look(value: Any, where: str) -> None:
        if isinstance(value, Text3):
            missing.update(f"{where}.{code}" for code, text in zip(LANGUAGES, value, strict=True) if not text.strip())
        elif isinstance(value, tuple):
            for each in value:
                look(each, where)
        elif hasattr(value, "__slots__") and hasattr(value, "__dataclass_fields__"):
            for name in value.__dataclass_fields__:
                look(getattr(value, name), f"{where}.{name}" if where else name)

    look(bundle, "")
    return missing


def _correction(request: PublicationRequest) -> PublishedCorrection | None:
    if request.corrects is None:
        return None
    reason = Text3(request.correction_kk, request.correction_ru, request.correction_en)
    return PublishedCorrection(number=request.corrects, reason=reason)


def _journal_head(session: Session) -> PublishedHead | None:
    last = last_row(session)
    return PublishedHead(seq=last.seq, hash=last.hash) if last else None


def _next(session: Session) -> tuple[int, str]:
    """Give the next number, and the digest of the publication before it; empty for the first."""
    last = session.execute(select(func.max(Publication.number))).scalar_one() or 0
    previous = session.get(Publication, last)
    return last + 1, previous.bundle_sha256 if previous else ""


def _store(session: Session, prepared: Prepared, run: Run, today: date) -> str:
    digest = _sha256(prepared.files[BUNDLE])
    publication = Publication(
        number=prepared.number,
        run=run.id,
        edition=run.edition,
        state="published",
        published_on=today,
        bundle_sha256=digest,
        previous_sha256=prepared.previous_sha256,
    )
    session.add(publication)
    session.flush()
    session.add_all(
        PublicationFile(publication=prepared.number, path=path, sha256=_sha256(file), content=file)
        for path, file in prepared.files.items()
    )
    session.flush()
    return digest


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
