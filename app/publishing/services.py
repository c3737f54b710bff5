"""Publish a run under the next number, or withdraw a publication; nothing published ever changes."""

import hashlib
from collections.abc import Sequence
from datetime import date
from importlib import import_module

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.publishing.build import Source, build_bundle
from app.publishing.bundle import Bundle
from app.publishing.derivations import derivations
from app.publishing.models import MOST_REASON, Publication, PublicationFile
from app.publishing.queries import BUNDLE, derivation_path
from app.ratings.execution import refuse_errors, repeat_with_inputs
from app.ratings.models import Run
from scoring.edition import load_edition
from surveys.languages import Text3
from surveys.models import Wave

SHOWN = 20
"""Findings that a message names."""


class PublicationError(Exception):
    """A publication cannot be made or withdrawn."""


class DisclosureError(PublicationError):
    """A publication would tell of fewer than ten people; `findings` name the groups, the tables and the cells."""

    def __init__(self, findings: Sequence[object]) -> None:
        self.findings = tuple(findings)
        more = [f"and {len(findings) - SHOWN} more"] if len(findings) > SHOWN else []
        lines = [*map(str, findings[:SHOWN]), *more]
        super().__init__("not published, for it would tell of fewer than ten people:\n" + "\n".join(lines))


def publish_run(session: Session, run_id: str, *, today: date) -> int:
    """Publish a stored run and give its number; raises RunError, or DisclosureError where an attack succeeds.

    The run is computed again first: it must come out the same, and its inputs must be free of errors.
    """
    inputs, rating = repeat_with_inputs(session, run_id)
    refuse_errors(rating)
    run = session.get_one(Run, run_id)
    waves = tuple(session.scalars(select(Wave).where(Wave.code.in_(run.waves.split())).order_by(Wave.code)))
    number = 1 + (session.execute(select(func.max(Publication.number))).scalar_one() or 0)
    source = Source(run, load_edition(run.edition), inputs, rating, waves)
    trees = derivations(source.inputs, source.edition, source.alpha)
    bundle = build_bundle(session, source, number=number, today=today, derivations=trees)
    _refuse_disclosure(session, source, bundle, trees)
    content = bundle.to_json().encode()
    digest = hashlib.sha256(content).hexdigest()
    previous = session.get(Publication, number - 1)
    session.add(
        Publication(
            number=number,
            run=run_id,
            edition=run.edition,
            state="published",
            published_on=today,
            bundle_sha256=digest,
            previous_sha256=previous.bundle_sha256 if previous else "",
        )
    )
    session.flush()
    files = {BUNDLE: content} | {derivation_path(city): tree for city, tree in trees.items()}
    session.add_all(
        PublicationFile(publication=number, path=path, sha256=hashlib.sha256(file).hexdigest(), content=file)
        for path, file in files.items()
    )
    session.flush()
    return number


def _refuse_disclosure(session: Session, source: Source, bundle: Bundle, trees: dict[str, bytes]) -> None:
    # The solver costs 60 MB: only a process that publishes should load it.
    released = import_module("app.publishing.released")
    try:
        findings = released.attack_publication(session, source.run, (source.inputs, source.edition), bundle, trees)
    except ArithmeticError as error:
        raise PublicationError(str(error)) from error
    if findings:
        raise DisclosureError(findings)


def withdraw(session: Session, number: int, reason: Text3, *, today: date) -> None:
    """Mark a publication as withdrawn, as all its pages and files then say; raises PublicationError.

    It must stand, and the reason must be said in all three languages, in MOST_REASON signs each.
    """
    publication = session.get(Publication, number)
    if publication is None or publication.state != "published":
        raise PublicationError(f"no standing publication {number}")
    texts = [text.strip() for text in (reason.kk, reason.ru, reason.en)]
    if not all(0 < len(text) <= MOST_REASON for text in texts):
        raise PublicationError(f"a reason of 1 to {MOST_REASON} signs is needed in each language")
    publication.state, publication.withdrawn_on = "withdrawn", today
    publication.reason_kk, publication.reason_ru, publication.reason_en = texts
    session.flush()


def name_successor(session: Session, number: int, successor: int) -> None:
    """Say which publication takes the place of a withdrawn one; raises PublicationError unless that one stands."""
    publication, other = session.get(Publication, number), session.get(Publication, successor)
    if publication is None or publication.state != "withdrawn":
        raise PublicationError(f"no withdrawn publication {number}")
    if other is None or other.state != "published":
        raise PublicationError(f"no standing publication {successor}")
    publication.successor = successor
    session.flush()
