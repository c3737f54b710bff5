"""What can be read off counts of options: shares, "hard to say", net promoter scores (SCORING §2.1)."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from scoring.opinion.raking import Floats
from scoring.opinion.variance import Sums

SATISFIED, MOST_POINTS = 4, 5
"""Points from which an answer is one of the top two, on a scale up to MOST_POINTS."""

PROMOTER, DETRACTOR, MOST_LIKELY = 9, 6, 10
"""Likelihood to recommend, 0 to MOST_LIKELY."""


class OptionMeasure(NamedTuple):
    """A mean over the options of one question: the value of each option, NaN for options that do not enter."""

    question: str
    area: str
    name: str
    values: Floats


def measures(options: pd.DataFrame) -> tuple[OptionMeasure, ...]:
    """List what can be said of every question, from its options: question, option, area, points, apart.

    "hard_to_say" is the percentage of answers set apart. Among the others: "top_two" of five points, "nps" of ten,
    and "option:…", the percentage of each option where options have no points.
    """
    result = []
    for question, rows in options.groupby("question", sort=True):
        indices = rows.index.to_numpy()
        for name, points in _of_question(rows):
            values = np.full(len(options), np.nan)
            values[indices] = points
            result.append(OptionMeasure(str(question), str(rows["area"].iloc[0]), name, values))
    return tuple(result)


def hard_to_say(options: pd.DataFrame, areas: Sequence[str]) -> tuple[OptionMeasure, ...]:
    """Give, per area, the percentage of "hard to say" among all answers to the area's scored questions."""
    is_scored = options["question"].isin(options.loc[options["points"] > 0, "question"]).to_numpy()
    percent = np.where(options["apart"] == 1, 100.0, 0.0)
    return tuple(
        OptionMeasure(
            "", area, "hard_to_say", np.where(is_scored & (options["area"] == area).to_numpy(), percent, np.nan)
        )
        for area in areas
    )


def sums_of(counts: Floats, items: Sequence[OptionMeasure]) -> Sums:
    """Add counts of options (cells × options) up to n, Σy and Σy² of each measure (cells × measures)."""
    sums = np.zeros((3, len(items), len(counts)))
    for row, measure in enumerate(items):
        inside = np.flatnonzero(~np.isnan(measure.values))  # a few options of all questions
        own, points = counts[:, inside], measure.values[inside]
        sums[:, row] = own.sum(axis=1), own @ points, own @ points**2
    return Sums(*(each.T for each in sums))


def _of_question(rows: pd.DataFrame) -> Iterator[tuple[str, Floats]]:
    points, apart = rows["points"].to_numpy(), rows["apart"].to_numpy() == 1
    if apart.any():
        yield "hard_to_say", np.where(apart, 100.0, 0.0)
    if points.max() == MOST_POINTS:
        yield "top_two", np.where(apart, np.nan, np.where(points >= SATISFIED, 100.0, 0.0))
    elif points.max() == MOST_LIKELY:
        signs = np.where(points >= PROMOTER, 100.0, np.where(points <= DETRACTOR, -100.0, 0.0))
        yield "nps", np.where(apart, np.nan, signs)
    elif points.max() == 0:
        for index, option in enumerate(rows["option"].tolist()):
            if not apart[index]:
                yield f"option:{option}", np.where(apart, np.nan, np.where(np.arange(len(rows)) == index, 100.0, 0.0))
