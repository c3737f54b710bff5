"""Turns what a method card says of how people answered into claims about how many answered in each way."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from app.publishing.bundle import Bundle
from app.publishing.disclosure.known import Between, in_tens
from app.publishing.disclosure.sealed import is_small
from app.publishing.disclosure.worlds import Claim, Secret, Terms, Worlds

_COLUMNS = {"resident": "residents_n", "business": "businesses_n"}


def shown_cities(bundle: Bundle, audience: str) -> list[str]:
    """List the cities that the method card counts: those with ten answers."""
    return [row.city for row in bundle.city_results if getattr(row, _COLUMNS[audience])]


def mode_systems(
    people: Mapping[str, Mapping[str, int]], rated: Mapping[str, int], publications: Sequence[tuple[str, Bundle]]
) -> Iterator[Worlds]:
    """Make one system for each audience: the unknowns are how many answered in each way, of all cities together.

    `people` are audience → mode → answers at the time of the publication, which is the last of `publications` (name,
    bundle); `rated` are the answers that were rated. An earlier card that is not true of these answers is of others.
    """
    for audience, by_mode in people.items():
        modes = tuple(sorted(by_mode))
        truth = tuple(float(by_mode[mode]) for mode in modes)
        is_same = sum(by_mode.values()) == rated.get(audience, 0)
        claims = [
            claim
            for turn, (name, bundle) in enumerate(publications, start=1)
            for claim in _claims(name, bundle, (audience, modes), with_total=is_same)
            if turn == len(publications) or _is_true(claim, truth)
        ]
        secrets = tuple(_secrets(audience, modes, by_mode))
        yield Worlds(kind="heads", steps=(1.0,) * len(modes), truth=truth, claims=tuple(claims), secrets=secrets)


def _claims(name: str, bundle: Bundle, of: tuple[str, tuple[str, ...]], *, with_total: bool) -> Iterator[Claim]:
    audience, modes = of
    for group in bundle.card.modes:
        if group.audience == audience:
            source = f"{name}, method card, {audience}/{'+'.join(group.modes)}, n"
            yield Claim(source, _sum_of(modes, group.modes), *in_tens(group.n))
    if with_total:
        everyone, column = _sum_of(modes, modes), _COLUMNS[audience]
        cities = [in_tens(n) for row in bundle.city_results if (n := getattr(row, column))]
        bounds = Between(sum(each.low for each in cities), sum(each.high for each in cities))
        yield Claim(f"{name}, rating, all cities/{audience}, n", everyone, *bounds)
        yield Claim(f"{name}, method card, {audience}, n", everyone, *in_tens(getattr(bundle.card, column)))


def _sum_of(modes: Sequence[str], chosen: Sequence[str]) -> Terms:
    return tuple((modes.index(mode), 1.0) for mode in chosen)


def _is_true(claim: Claim, truth: Sequence[float]) -> bool:
    return claim.low <= sum(factor * truth[unknown] for unknown, factor in claim.terms) <= claim.high


def _secrets(audience: str, modes: tuple[str, ...], people: Mapping[str, int]) -> Iterator[Secret]:
    """Name the ways, one or some together, in which few answered."""
    for width in range(1, len(modes) + 1):
        for chosen in combinations(modes, width):
            n = sum(people[mode] for mode in chosen)
            if is_small(n):
                yield Secret(f"{audience}, all cities: answered by {'+'.join(chosen)}", _sum_of(modes, chosen), n, 1.0)
