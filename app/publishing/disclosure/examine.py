"""Attacks a publication together with everything that was published of the same answers before."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from app.publishing.bundle import Bundle
from app.publishing.disclosure.attack import attack
from app.publishing.disclosure.claims import area_systems
from app.publishing.disclosure.differences import (
    CountSet,
    dominated,
    moved,
    same_people,
    with_few_unverified,
    without_few,
)
from app.publishing.disclosure.known import Known, Tree, read
from app.publishing.disclosure.modes import mode_systems, shown_cities
from app.publishing.disclosure.questions import question_systems
from app.publishing.disclosure.sealed import SealedAudience
from app.publishing.disclosure.worlds import Finding, Worlds
from scoring.edition import Edition
from scoring.frames import Inputs
from scoring.opinion.estimates import audience_views
from scoring.opinion.samples import Counts, of_employees

AUDIENCES = ("resident", "business")


@dataclass(frozen=True, eq=False, kw_only=True)
class Release:
    """A publication with the counts it comes from; `number` is 0 before it is made.

    `modes` are audience → mode → answers of its cities, as counted for its method card.
    """

    number: int
    bundle: Bundle
    trees: dict[str, Tree] = field(repr=False)
    inputs: Inputs = field(repr=False)
    edition: Edition
    modes: Mapping[str, Mapping[str, int]] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        """Name it in a message."""
        return f"publication {self.number}" if self.number else "this publication"

    @cached_property
    def known(self) -> dict[tuple[str, str], Known]:
        """What it says, by city and audience."""
        return {(each.city, each.audience): each for each in read(self.bundle, self.trees, number=self.number)}

    def audiences(self) -> Iterator[SealedAudience]:
        """Give the truth about every audience of every city."""
        for name in AUDIENCES:
            counts = Counts(self.inputs, name)
            for city, view in audience_views(counts, self.edition).items():
                yield SealedAudience(city=city, name=name, view=view, counts=counts, edition=self.edition)


def examine(release: Release, earlier: Sequence[Release]) -> list[Finding]:
    """Give everything that the publication and the earlier ones together tell of fewer than ten people."""
    now = CountSet(release.inputs, release.known)
    findings = [found for before in earlier for found in moved(CountSet(before.inputs, before.known), now, before.name)]
    own = [*(each for each in earlier if same_people(each.inputs, release.inputs)), release]
    findings += _left_out(release)
    findings += attack(mode_systems(release.modes, _rated(release), [(each.name, each.bundle) for each in own]))
    for audience in release.audiences():
        key = (audience.city, audience.name)
        findings += _unverified(release, audience)
        known = [each.known[key] for each in own if key in each.known]
        findings += _dominated(release, audience)
        findings += attack(_systems(audience, known))
    return list(dict.fromkeys(findings))


def _systems(audience: SealedAudience, known: Sequence[Known]) -> Iterator[Worlds]:
    for area in audience.areas:
        yield from area_systems(audience, area, known)
    yield from question_systems(audience, known)


def _rated(release: Release) -> dict[str, int]:
    """Count the answers of each audience that were rated."""
    heads = release.inputs.cells[release.inputs.cells["area"] == ""]
    own = {name: heads[heads["audience"] == name] for name in AUDIENCES}
    return {name: int(of[of["city"].isin(shown_cities(release.bundle, name))]["n"].sum()) for name, of in own.items()}


def _unverified(release: Release, audience: SealedAudience) -> Iterator[Finding]:
    bundle, city = release.bundle, audience.city
    headline = next((row for row in bundle.city_results if row.city == city), None)
    beside = next((row for row in bundle.unverified_results if row.city == city), None)
    if headline is None or beside is None:
        return
    for area, people, columns in with_few_unverified(audience, headline, beside):
        sources = tuple(f"{release.name}, with_unverified, {city}, {column}" for column in columns)
        what = "number or total of people"
        yield Finding(f"{city}/{audience.name}/{area}: unverified answers", people, what, people, people, sources)


def _dominated(release: Release, audience: SealedAudience) -> Iterator[Finding]:
    known = release.known.get((audience.city, audience.name))
    if known is None:
        return
    for cell, people in dominated(audience, dict(known.people)):
        name = f"{audience.city}/{audience.name}/{cell}: who weighs most"
        yield Finding(
            name, people, "effective number of people", people, people, (known.source("people", cell, "mean"),)
        )


def _left_out(release: Release) -> Iterator[Finding]:
    cells = release.inputs.cells
    weighs = (cells["area"] == "") & (cells["base_weight"] > 0)
    sets = {"flagged": ("flagged answers", cells["flagged"] > 0)}
    sets |= {"employees": ("people who work in the akimat", of_employees(release.inputs))}
    for name, (who, is_left_out) in sets.items():
        weighing = {str(city): int(n) for city, n in cells[weighs & is_left_out].groupby("city")["n"].sum().items()}
        for city, people, column in without_few(release.bundle.place_results, name, weighing):
            source = f"{release.name}, places, {city}, {column}"
            yield Finding(f"{city}: {who}", people, "number or total of people", people, people, (source,))
