"""The one public function of scoring: inputs and an edition in, the rating out."""

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from scoring.edition import Edition
from scoring.errors import RatingError
from scoring.frames import Inputs
from scoring.indicators.areas import city_indicators
from scoring.opinion.estimates import AudienceView, Estimates, View, audience_views, blendable, published
from scoring.opinion.samples import Counts
from scoring.output.rating import Rating
from scoring.output.tables import Result, lay_out
from scoring.totals.blend import enough_firms, filled, joined, regrouped
from scoring.totals.cities import Opinions, city_scores, share_of_opinion

AUDIENCES = ("resident", "business")


def rate(inputs: Inputs, edition: Edition, *, alpha: Fraction | None = None) -> Rating:
    """Rate every city that has indicator values under an edition.

    `alpha` is the share of opinion in every area, 0 to 1; when None, the edition's. At 0 the result is the edition's
    rule to the last bit. The same inputs and edition give the same bytes. Raises RatingError for inputs the edition
    does not know.
    """
    if alpha is not None and not 0 <= alpha <= 1:
        raise RatingError(f"alpha {alpha} is not between 0 and 1")
    result = compute(inputs, edition, alpha)
    has_flagged = bool((inputs.cells["flagged"] != 0).any())
    return lay_out(result, compute(inputs, edition, alpha, with_flagged=False) if has_flagged else result)


def compute(inputs: Inputs, edition: Edition, alpha: Fraction | None = None, *, with_flagged: bool = True) -> Result:
    """Compute everything `rate` lays out, down to single values and weights; `alpha` is not checked."""
    indicators = city_indicators(edition, inputs.indicators)
    alphas = {area.code: share_of_opinion(area, edition, alpha) for area in edition.areas}
    counts = {audience: Counts(inputs, audience, with_flagged=with_flagged) for audience in AUDIENCES}
    views = {audience: audience_views(audience_counts, edition) for audience, audience_counts in counts.items()}
    opinions = _opinions(edition, tuple(indicators), views)
    cities = [
        city_scores(edition, alphas, city, (by_area, _of_city(views, city), opinions[city]))
        for city, by_area in indicators.items()
    ]
    return Result(inputs=inputs, edition=edition, alphas=alphas, cities=tuple(cities), counts=counts)


def _opinions(
    edition: Edition, cities: tuple[str, ...], views: Mapping[str, Mapping[str, AudienceView]]
) -> dict[str, Opinions]:
    """Give what enters the blend in every city, and what may be shown on the way."""
    residents, businesses = (views[audience] for audience in AUDIENCES)
    people, firms = (
        {
            city: _published_estimates(audience_view.estimates, edition)
            for city, audience_view in views[audience].items()
        }
        for audience in AUDIENCES
    )
    nobody = np.zeros(len(edition.areas), dtype=bool)
    enough = {
        city: enough_firms(estimates.deciding, edition) if _may_join(residents.get(city), businesses[city]) else nobody
        for city, estimates in firms.items()
    }
    joint = {
        city: _joint_estimates(people[city], firms.get(city), enough.get(city, nobody), edition)
        for city in cities
        if city in people
    }
    blend = {city: estimates.limited(lambda view: blendable(view, edition)).view for city, estimates in joint.items()}
    blended = filled(blend, cities, edition)
    return {
        city: Opinions(
            residents=_view(people.get(city)),
            businesses=_view(firms.get(city)),
            firms=enough.get(city, nobody),
            joint=_view(joint.get(city)),
            blended=blended[city],
        )
        for city in cities
    }


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
