"""Publications together with the counts they came from, for the attack that runs before every publication."""

import json
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.publishing.bundle import Bundle
from app.publishing.disclosure.examine import Release, examine
from app.publishing.disclosure.modes import shown_cities
from app.publishing.disclosure.worlds import Finding
from app.publishing.models import Publication
from app.publishing.queries import get_bundle, get_derivation
from app.ratings.execution import stored_inputs
from app.ratings.models import Run
from scoring.edition import Edition, load_edition
from scoring.frames import Inputs
from surveys.fieldwork.modes import folded_by_mode
from surveys.models import Wave


def attack_publication(
    session: Session, run: Run, of: tuple[Inputs, Edition], bundle: Bundle, trees: dict[str, bytes]
) -> list[Finding]:
    """Give what a publication of a run would tell of fewer than ten people, with all that was published before it."""
    inputs, edition = of
    parsed = {city: json.loads(tree) for city, tree in trees.items()}
    modes = _modes(session, run, bundle)
    release = Release(number=0, bundle=bundle, trees=parsed, inputs=inputs, edition=edition, modes=modes)
    return examine(release, tuple(_earlier(session, run)))


def _modes(session: Session, run: Run, bundle: Bundle) -> dict[str, dict[str, int]]:
    """Count how each audience of the publication's cities answered: audience → mode → answers."""
    waves = session.scalars(select(Wave).where(Wave.code.in_(run.waves.split())).order_by(Wave.code)).all()
    codes: dict[str, list[str]] = {}
    for wave in waves:
        codes.setdefault(wave.audience, []).append(wave.code)
    return {audience: folded_by_mode(session, own, shown_cities(bundle, audience)) for audience, own in codes.items()}


def _earlier(session: Session, run: Run) -> Iterator[Release]:
    """Give every publication that counts answers of a wave of this run, withdrawn ones too: they were read."""
    for publication in session.scalars(select(Publication).order_by(Publication.number)):
        other = session.get_one(Run, publication.run)
        if set(other.waves.split()) & set(run.waves.split()):
            yield release_of(session, publication)


def release_of(session: Session, publication: Publication) -> Release:
    """Give a publication with the counts it came from."""
    run = session.get_one(Run, publication.run)
    bundle = get_bundle(session, publication.number)
    assert bundle is not None, "a publication has its bundle"  # noqa: S101 - services writes both at once
    trees = {city: get_derivation(session, publication.number, city) for city in bundle.derivations}
    return Release(
        number=publication.number,
        bundle=bundle,
        trees={city: json.loads(tree) for city, tree in trees.items() if tree is not None},
        inputs=stored_inputs(session, run.id),
        edition=load_edition(run.edition),
        modes=_modes(session, run, bundle),
    )
