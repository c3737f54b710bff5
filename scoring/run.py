"""The one public function of scoring: inputs and an edition in, the rating out."""

from collections.abc import Mapping
from fractions import Fraction

from scoring.areas import city_indicators
from scoring.blend import filled, joined, regrouped
from scoring.cities import Opinions, city_scores, share_of_opinion
from scoring.edition import Edition
from scoring.errors import RatingError
from scoring.frames import Inputs
from scoring.opinion import AudienceView, View, audience_views, blendable, published
from scoring.rating import Rating
from scoring.samples import Counts
from scoring.tables import Result, lay_out

AUDIENCES = ("resident", "business")


def rate(inputs: Inputs, edition: Edition, *, alpha: Fraction | None = None) -> Rating:
    """Rate every city that has indicator values under an edition.

    `alpha` is the share of opinion in every area, 0 to 1; when None, the edition's. At 0 the result is the edition's
    rule to the last bit. The same inputs and edition give the same bytes. Raises RatingError for inputs the edition
    does not know.
    """
    if alpha is not None and not 0 <= alpha <= 1:
        raise RatingError(f"alpha {alpha} is not between 0 and 1")
    return lay_out(compute(inputs, edition, alpha))


def compute(inputs: Inputs, edition: Edition, alpha: Fraction | None = None) -> Result:
    """Compute everything `rate` lays out, down to single values and weights; `alpha` is not checked."""
    indicators = city_indicators(edition, inputs.indicators)
    alphas = {area.code: share_of_opinion(area, edition, alpha) for area in edition.areas}
    counts = {audience: Counts(inputs, audience) for audience in AUDIENCES}
    views = {audience: audience_views(counted, edition) for audience, counted in counts.items()}
    opinions = _opinions(edition, tuple(indicators), views)
    cities = [
        city_scores(edition, alphas, city, (known, _of_city(views, city), opinions[city]))
        for city, known in indicators.items()
    ]
    return Result(inputs=inputs, edition=edition, alphas=alphas, cities=tuple(cities), counts=counts)


def _opinions(
    edition: Edition, cities: tuple[str, ...], views: Mapping[str, Mapping[str, AudienceView]]
) -> dict[str, Opinions]:
    """Give what enters the blend in every city, and what may be shown on the way."""
    people, firms = ({city: _shown(views[a].get(city), edition) for city in cities} for a in AUDIENCES)
    shown: dict[str, View] = {}
    for city in cities:
        residents = people[city]
        if residents is not None:
            shown[city] = published(joined(residents, firms[city], edition), edition)
    used = filled({city: blendable(view, edition) for city, view in shown.items()}, cities, edition)
    return {
        city: Opinions(residents=people[city], businesses=firms[city], shown=shown.get(city), used=used[city])
        for city in cities
    }


def _shown(view: AudienceView | None, edition: Edition) -> View | None:
    return None if view is None else published(regrouped(view.view, edition.areas), edition)


def _of_city(views: Mapping[str, Mapping[str, AudienceView]], city: str) -> dict[str, AudienceView]:
    return {audience: by_city[city] for audience, by_city in views.items() if city in by_city}
