"""What enters the blend: residents and businesses joined, gaps filled from the other cities (SCORING §2)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from scoring.edition import Area, Edition
from scoring.opinion.estimates import View, combined_n
from scoring.opinion.raking import Floats
from scoring.totals.one_city import FILLED


def regrouped(view: View, areas: tuple[Area, ...]) -> View:
    """Average the questionnaire's areas that feed each area of the edition; usually there is just one.

    An area of the edition that the questionnaire does not cover whole has no mean.
    """
    shares, missing = np.zeros((len(areas), len(view.areas))), np.zeros(len(areas), dtype=bool)
    for row, area in enumerate(areas):
        columns = [view.areas.index(code) for code in area.opinion_areas if code in view.areas]
        shares[row, columns] = 1 / len(area.opinion_areas)
        missing[row] = len(columns) < len(area.opinion_areas)
    is_source = shares > 0
    return View(
        areas=tuple(area.code for area in areas),
        mean=np.where(missing, np.nan, _linear(shares, view.mean)),
        covariance=_linear(shares, _linear(shares, view.covariance).T),
        linearised_se=_linear(shares, view.linearised_se),
        n=np.array([view.n[row].min(initial=_MOST) if row.any() else 0 for row in is_source], dtype=np.int64),
        effective_n=np.array([view.effective_n[row].min(initial=np.inf) if row.any() else 0.0 for row in is_source]),
        reasons=tuple(
            _first(view, row) or ("not_asked" if gap else "") for row, gap in zip(is_source, missing, strict=True)
        ),
    )


def enough_firms(deciding: View, edition: Edition) -> NDArray[np.bool_]:
    """Say on which areas enough enterprises answered, of those who decide, to count beside residents."""
    return deciding.usable & (deciding.effective_n >= edition.business_n)


def joined(residents: View, businesses: View, edition: Edition, enough: NDArray[np.bool_]) -> View:
    """Join residents and businesses by the edition's fixed weights, never by sample size.

    Residents alone speak for an area on which not `enough` enterprises answered.
    """
    business_share = np.array([float(area.business_share) for area in edition.areas])
    share = np.where(enough, business_share, 0.0)
    mean = (1 - share) * residents.mean + np.where(enough, share * businesses.mean, 0.0)
    both = enough[:, None] & enough[None, :]
    extra = np.where(both, np.outer(share, share) * businesses.covariance, 0.0)
    firms = np.where(enough, (share * businesses.linearised_se) ** 2, 0.0)
    return replace(
        residents,
        mean=mean,
        covariance=np.outer(1 - share, 1 - share) * residents.covariance + extra,
        linearised_se=np.sqrt(((1 - share) * residents.linearised_se) ** 2 + firms),
        effective_n=combined_n(((1 - share, residents.effective_n), (share, businesses.effective_n))),
        n=residents.n + np.where(enough, businesses.n, 0),
    )


def filled(views: Mapping[str, View], cities: tuple[str, ...], edition: Edition) -> dict[str, View]:
    """Fill areas without a usable opinion by the mean of the other cities, flagged; city → view.

    Dropping α instead would let a city with bad opinion gain by keeping people from answering. The error of a filled
    value is the spread τ of the true means between cities. With fewer than two cities to borrow from nothing is filled.
    """
    known_views = [views[city] for city in cities if city in views]
    mean, variance, is_known = _between(known_views, len(edition.areas))
    return {
        city: _with_gaps_filled(views[city], mean, variance, is_known) if city in views else _nothing(edition)
        for city in cities
    }


_MOST = np.iinfo(np.int64).max


def _linear(shares: Floats, values: Floats) -> Floats:
    """Multiply by shares, an unknown value spoiling only what it has a share in."""
    is_unknown = (shares > 0).astype(np.float64) @ np.isnan(values) > 0
    result: Floats = np.where(is_unknown, np.nan, shares @ np.nan_to_num(values))
    return result


def _first(view: View, row: NDArray[np.bool_]) -> str:
    return next((view.reasons[index] for index in np.flatnonzero(row) if view.reasons[index]), "")


def _between(views: Sequence[View], size: int) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Give each area's mean over cities, the variance of true means between them, and where both are known."""
    usable = np.array([view.usable for view in views], dtype=bool).reshape(-1, size)
    means = np.where(usable, np.array([view.mean for view in views]).reshape(-1, size), 0.0)
    squares = np.where(usable, np.array([view.se**2 for view in views]).reshape(-1, size), 0.0)
    count = usable.sum(axis=0)
    mean = means.sum(axis=0) / np.maximum(count, 1)
    observed = (np.where(usable, means - mean, 0.0) ** 2).sum(axis=0) / np.maximum(count - 1, 1)
    return mean, np.maximum(observed - squares.sum(axis=0) / np.maximum(count, 1), 0.0), count >= 2


def _with_gaps_filled(view: View, mean: Floats, variance: Floats, is_known: NDArray[np.bool_]) -> View:
    gaps = ~view.usable
    is_borrowed = gaps & is_known
    covariance = np.where(gaps[:, None] | gaps[None, :], 0.0, view.covariance)
    np.fill_diagonal(covariance, np.where(gaps, variance, np.diagonal(view.covariance)))
    return replace(
        view,
        mean=np.where(is_borrowed, mean, np.where(gaps, np.nan, view.mean)),
        covariance=covariance,
        reasons=tuple(
            (FILLED if fill else "") + reason for reason, fill in zip(view.reasons, is_borrowed, strict=True)
        ),
    )


def _nothing(edition: Edition) -> View:
    """Give the view of a city where no wave asked: it is rated by its indicators, nothing is filled."""
    size = len(edition.areas)
    unknown = np.full(size, np.nan)
    return View(
        areas=tuple(area.code for area in edition.areas),
        mean=unknown,
        covariance=np.full((size, size), np.nan),
        linearised_se=unknown,
        n=np.zeros(size, dtype=np.int64),
        effective_n=np.zeros(size),
        reasons=("not_asked",) * size,
    )
