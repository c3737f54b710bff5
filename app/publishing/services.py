"""Publish a run under the next number, or withdraw a publication; nothing published ever changes."""

import hashlib
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.publishing.build import Source, build_bundle
from app.publishing.derivations import derivations
from app.publishing.models import Publication, PublicationFile
from app.publishing.queries import BUNDLE, derivation_path
from app.ratings.execution import refuse_errors, repeat_with_inputs
from app.ratings.models import Run
from scoring.edition import load_edition
from surveys.models import Wave


class PublicationError(Exception):
    """A publication cannot be made or withdrawn."""


def publish_run(session: Session, run_id: str, *, today: date) -> int:
    """Publish a stored run and give its number; raises RunError.

    The run is computed again first: it must come out the same, and its inputs must be free of errors.
    """
    inputs, rating = repeat_with_inputs(session, run_id)
    refuse_errors(rating)
    run = session.get_one(Run, run_id)
    waves = tuple(session.scalars(select(Wave).where(Wave.code.in_(run.waves.split())).order_by(Wave.code)))
    number = 1 + (session.execute(select(func.max(Publication.number))).scalar_one() or 0)
    source = Source(run, load_edition(run.edition), inputs, rating, waves)
    trees = derivations(source.inputs, source.edition, source.alpha)
    content = build_bundle(session, source, number=number, today=today, derivations=trees).to_json().encode()
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


def withdraw(session: Session, number: int) -> None:
    """Mark a publication as withdrawn, as its page then says; raises PublicationError for one missing or withdrawn."""
    publication = session.get(Publication, number)
    if publication is None or publication.state != "published":
        raise PublicationError(f"no standing publication {number}")
    publication.state = "withdrawn"
    session.flush()
