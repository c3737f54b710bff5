"""The one public function of scoring: inputs and an edition in, the rating out."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from operator import attrgetter
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.edition import Edition
from scoring.errors import RatingError
from scoring.frames import Inputs
from scoring.indicators.areas import city_indicators
from scoring.opinion.estimates import AudienceView, Estimates, View, audience_views, blendable, published
from scoring.opinion.samples import Counts, of_employees
from scoring.output.kept import kept
from scoring.output.rating import Rating
from scoring.output.tables import Result, lay_out
from scoring.totals.blend import enough_firms, filled, joined, regrouped
from scoring.totals.cities import Opinions, city_scores
from scoring.totals.one_city import share_of_opinion

AUDIENCES = ("resident", "business")


def rate(inputs: Inputs, edition: Edition, *, alpha: Fraction | None = None) -> Rating:
    """Rate every city that has indicator values under an edition.

    `alpha` is the share of opinion in every area, 0 to 1; when None, the edition's. At 0 the result is the edition's
    rule to the last bit. The same inputs and edition give the same bytes. Raises RatingError for inputs the edition
    does not know.
    """
    return rate_in_full(inputs, edition, alpha=alpha).rating


class RatedInFull(NamedTuple):
    """A rating, and everything it was laid out from: what else is told of it need not be computed again."""

    rating: Rating
    every: Result


def rate_in_full(inputs: Inputs, edition: Edition, *, alpha: Fraction | None = None) -> RatedInFull:
    """Rate, and give what the rating was laid out from too; raises RatingError."""
    computed = results(inputs, edition, _share(alpha))
    return RatedInFull(lay_out(*computed), computed.every)


def rate_and_keep(
    inputs: Inputs, edition: Edition, *, alpha: Fraction | None = None
) -> tuple[Rating, dict[str, pd.DataFrame]]:
    """Rate, and give the tables too that are kept beside a rating for `scoring.whatif`; raises RatingError."""
    rated = rate_in_full(inputs, edition, alpha=alpha)
    return rated.rating, kept(rated.every)


def _share(alpha: Fraction | None) -> Fraction | None:
    if alpha is not None and not 0 <= alpha <= 1:
        raise RatingError(f"alpha {alpha} is not between 0 and 1")
    return alpha


class Results(NamedTuple):
    """All that is laid out, in the order of `lay_out`.

    Everything; without flagged answers; with unverified ones in the headline, None under an edition that counts them
    anyway; without people who work in an akimat, None where nobody said so.
    """

    every: Result
    without_flagged: Result
    with_unverified: Result | None
    without_employees: Result | None


def results(inputs: Inputs, edition: Edition, alpha: Fraction | None = None) -> Results:
    """Compute all that is laid out."""
    answers = _count(inputs, edition)
    result = _computed(inputs, edition, alpha, answers)
    has_flagged = bool((inputs.cells["flagged"] != 0).any())
    clean = compute(inputs, edition, alpha, with_flagged=False) if has_flagged else result
    counts_anyway = edition.headline_opinion == "any"
    unverified = None if counts_anyway else _computed(inputs, edition, alpha, answers, with_unverified=True)
    has_employees = bool(of_employees(inputs).any())
    outsiders = compute(inputs, edition, alpha, with_employees=False) if has_employees else None
    return Results(result, clean, unverified, outsiders)


def compute(
    inputs: Inputs,
    edition: Edition,
    alpha: Fraction | None = None,
    *,
    with_flagged: bool = True,
    with_unverified: bool = False,
    with_employees: bool = True,
) -> Result:
    """Compute everything `rate` lays out, down to single values and weights; `alpha` is not checked.

    `with_unverified` lets open answers speak of areas for which verified ones are too few, whatever the edition says.
    """
    answers = _count(inputs, edition, with_flagged=with_flagged, with_employees=with_employees)
    return _computed(inputs, edition, alpha, answers, with_unverified=with_unverified)


class _Answers(NamedTuple):
    """The counts of each audience, and what they say of every city; by audience, then by city."""

    counts: dict[str, Counts]
    views: dict[str, dict[str, AudienceView]]


def _count(inputs: Inputs, edition: Edition, **chosen: bool) -> _Answers:
    """Read the counts and estimate from them: most of the work, and the same whatever the share of opinion."""
    counts = {audience: Counts(inputs, audience, **chosen) for audience in AUDIENCES}
    return _Answers(counts, {audience: audience_views(own, edition) for audience, own in counts.items()})


def _computed(
    inputs: Inputs, edition: Edition, alpha: Fraction | None, answers: _Answers, *, with_unverified: bool = False
) -> Result:
    counts, views = answers
    indicators = city_indicators(edition, inputs.indicators.itertuples(index=False, name=None))
    alphas = {area.code: share_of_opinion(area, edition, alpha) for area in edition.areas}
    opinions = _opinions(edition, tuple(indicators), views, with_unverified=with_unverified)
    cities = [
        city_scores(edition, alphas, city, (by_area, _of_city(views, city), opinions[city]))
        for city, by_area in indicators.items()
    ]
    return Result(inputs=inputs, edition=edition, alphas=alphas, cities=tuple(cities), counts=counts)


class _Voice(NamedTuple):
    """What one city's people think as one choice of answers says it; None where an audience was not asked.

    `blend` is the joint view after the rule for what enters the rating.
    """

    residents: View | None
    businesses: View | None
    firms: NDArray[np.bool_]
    joint: View | None
    blend: View | None


def _opinions(
    edition: Edition,
    cities: tuple[str, ...],
    views: Mapping[str, Mapping[str, AudienceView]],
    *,
    with_unverified: bool,
) -> dict[str, Opinions]:
    """Give what enters the blend in every city, and what may be shown on the way."""
    own = {city: _of_city(views, city) for city in cities}
    if edition.headline_opinion == "any":
        shown = counting = {city: _voice(of_city, edition, _estimates) for city, of_city in own.items()}
    else:
        counting = {city: _voice(of_city, edition, _verified_estimates) for city, of_city in own.items()}
        shown = {city: _voice(of_city, edition, _estimates, counting[city]) for city, of_city in own.items()}
    voices = shown if with_unverified else counting
    blends = {city: voice.blend for city, voice in voices.items() if voice.blend is not None}
    blended = filled(blends, cities, edition)
    return {
        city: Opinions(
            residents=voice.residents,
            businesses=voice.businesses,
            firms=voice.firms,
            joint=voice.joint,
            blended=blended[city],
        )
        for city, voice in shown.items()
    }


Choice = Callable[[AudienceView], Estimates]
_estimates: Choice = attrgetter("estimates")
_verified_estimates: Choice = attrgetter("verified_estimates")


def _voice(
    views: Mapping[str, AudienceView], edition: Edition, choice: Choice, counting: _Voice | None = None
) -> _Voice:
    """Join what residents and businesses of a city think, of the answers that are chosen.

    Where `counting` residents speak, only enterprises that count there join them.
    """
    residents, businesses = (views.get(audience) for audience in AUDIENCES)
    people, firms = (
        None if view is None else _published_estimates(choice(view), edition) for view in (residents, businesses)
    )
    enough = np.zeros(len(edition.areas), dtype=bool)
    if businesses is not None and firms is not None and _may_join(residents, businesses):
        enough = enough_firms(firms.deciding, edition)
    if counting is not None and counting.residents is not None:
        enough = np.where(counting.residents.usable, counting.firms, enough)
    joint = None if people is None else _joint_estimates(people, firms, enough, edition)
    blend = None if joint is None else joint.limited(lambda view: blendable(view, edition)).view
    return _Voice(_view(people), _view(firms), enough, _view(joint), blend)


def _published_estimates(estimates: Estimates, edition: Edition) -> Estimates:
    by_area = estimates.mapped(lambda view: regrouped(view, edition.areas))
    return by_area.limited(lambda view: published(view, edition))


def _may_join(residents: AudienceView | None, businesses: AudienceView) -> bool:
    """Tell whether enterprises may join residents: not unverified ones verified residents, as b may exceed λ."""
    return residents is None or residents.verified is None or businesses.verified is not None


def _joint_estimates(
    residents: Estimates, firms: Estimates | None, enough: NDArray[np.bool_], edition: Edition
) -> Estimates:
    """Join the estimates of residents and enterprises, the deciding ones as well; without firms residents' alone."""
    if firms is None:
        return residents
    one = joined(residents.deciding, firms.deciding, edition, enough)
    is_one_tier = residents.view is residents.deciding and firms.view is firms.deciding
    whole = one if is_one_tier else joined(residents.view, firms.view, edition, enough)
    return Estimates(whole, one).limited(lambda view: published(view, edition))


def _view(estimates: Estimates | None) -> View | None:
    return None if estimates is None else estimates.view


def _of_city(views: Mapping[str, Mapping[str, AudienceView]], city: str) -> dict[str, AudienceView]:
    return {audience: by_city[city] for audience, by_city in views.items() if city in by_city}
