"""The steps that benchmarks/scoring_speed.py measures, and the synthetic answers they work on."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import svy
from alembic import command
from sqlalchemy import inspect, select

import scoring.output.tables
from app.cli.database import alembic_config
from app.cli.seed import OPEN_FIGURES
from app.database import Database
from app.demo.responses import SyntheticWave, synthetic_rows
from app.indicators.files import SpreadsheetFile
from app.indicators.imports import Target
from app.ratings.inputs import gather_inputs
from benchmarks.loading import load
from scoring.edition import load_edition
from scoring.frames import Inputs
from scoring.opinion.estimates import TierView, tier_view
from scoring.opinion.samples import Counts, Sample
from scoring.run import rate
from surveys.models import Response, Wave
from surveys.quality import review
from surveys.questionnaire.versions import get_compiled
from surveys.tallies import folding
from surveys.tallies.cube import Cube
from tests.builders.country import RESIDENTS, make_country
from tests.builders.indicators import import_accepted

TODAY = date(2026, 11, 24)
EDITION = "open_figures_2024"
CITY = "almaty"
"""The largest city: most answers, most districts, most cells."""


@dataclass(frozen=True, slots=True)
class Store:
    """A database and the folder of its wave keys."""

    url: str
    keys: Path


def prepare(store: Store, rows: int, *, seed: int, folded: bool) -> None:
    """Make the country if there is none, and load synthetic answers."""
    database = Database(store.url)
    if not inspect(database.engine).has_table("response"):
        command.upgrade(alembic_config(store.url), "head")
        make_country(database, store.keys, today=TODAY)
        with database.writing() as session:
            figures = SpreadsheetFile(OPEN_FIGURES.name, OPEN_FIGURES.read_bytes())
            import_accepted(session, figures, Target("2024", EDITION), today=TODAY)
    with database.reading() as session:
        version = session.execute(select(Wave.version).where(Wave.code == RESIDENTS)).scalar_one()
        compiled = get_compiled(session, version)
    wave = SyntheticWave(RESIDENTS, version, compiled, rows, TODAY, 20)
    answers = (row | {"folded": folded, "day": row["day"].isoformat()} for row in synthetic_rows(wave, seed=seed))
    with database.writing() as session:
        driver = session.connection().connection.driver_connection
        load(driver, Response.__tablename__, answers, is_sqlite=database.is_sqlite)
    with database.writing() as session:
        session.connection().exec_driver_sql("ANALYZE response")
    database.close()


def run_step(step: str, store: Store) -> dict[str, Any]:
    """Run one step in this process; gives its times, this process's peak memory, and what it has to say."""
    database = Database(store.url)
    work = STEPS[step](database)
    before, start = time.process_time(), time.perf_counter()
    figures = work()
    seconds, cpu = time.perf_counter() - start, time.process_time() - before
    database.close()
    return {"seconds": seconds, "cpu": cpu, "peak": _peak(), "figures": figures}


def _peak() -> float:
    """Give the most memory this process held, in MB; getrusage would count its parent's as well."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


Work = Callable[[], dict[str, float]]


def _rebuild(database: Database) -> Work:
    def work() -> dict[str, float]:
        with database.writing() as session:
            return {"answers": folding.rebuild(session, RESIDENTS)}

    return work


def _fold(database: Database) -> Work:
    def work() -> dict[str, float]:
        with database.writing() as session:
            return {"folded": folding.fold(session, minimum=1).folded}

    return work


def _review(database: Database) -> Work:
    def work() -> dict[str, float]:
        with database.writing() as session:
            return {"changed": review.review_wave(session, RESIDENTS).changed}

    return work


def _rating(database: Database) -> Work:
    def work() -> dict[str, float]:
        return {"cities": len(rate(_inputs(database), load_edition(EDITION)).cities)}

    return work


def _ready(database: Database) -> Work:
    # Everything of a rating, with one draw in place of 20,000.
    scoring.output.tables.rank_intervals = partial(scoring.output.tables.rank_intervals, draws=1)
    return _rating(database)


def _whole(database: Database) -> Work:
    rebuild, rating = _rebuild(database), _rating(database)
    return lambda: rebuild() | rating()


def _city(database: Database) -> Work:
    counts, sample = _sample(_inputs(database))
    return lambda: {"cells": len(sample.cells), "strata": len(tier_view(sample, counts).weights.n)}


def _svy(database: Database) -> Work:
    """Let svy rake the answers of the same city to the margins we raked its cells to."""
    counts, sample = _sample(_inputs(database))
    ours = tier_view(sample, counts)
    weights, margins = ours.weights, ours.weights.margins
    base = (weights.n * weights.base)[None, :]
    controls = {
        f"m{index}": {str(code): float(total) for code, total in enumerate(margin.targets(base)[0])}
        for index, margin in enumerate(margins)
    }
    microdata = _microdata(database, ours)

    def work() -> dict[str, float]:
        survey = svy.Sample(microdata, svy.Design(wgt="base"))
        raked = survey.weighting.rake(controls=controls, wgt_name="raked", tol=1e-12, max_iter=1000)
        estimate = raked.estimation.mean("y", drop_nulls=True).estimates[0]
        return {"rows": len(microdata), "difference": abs(estimate.est / float(ours.view.mean[0]) - 1)}

    return work


def _inputs(database: Database) -> Inputs:
    with database.reading() as session:
        return gather_inputs(session, period="2024", waves=[RESIDENTS])


def _sample(inputs: Inputs) -> tuple[Counts, Sample]:
    counts = Counts(inputs, "resident")
    return counts, next(sample for sample in counts.samples() if (sample.city, sample.tier) == (CITY, "open"))


def _microdata(database: Database, ours: TierView) -> pl.DataFrame:
    """Lay out one city's answers: the category of each margin, a base weight, the first area's points on 0-100."""
    with database.reading() as session:
        compiled = get_compiled(session, session.get_one(Wave, RESIDENTS).version)
        columns = (Response.cell, Response.base_weight, Response.closed)
        rows = session.execute(select(*columns).where(Response.city == CITY, Response.folded.is_(True))).all()
    cube, area = Cube(compiled), ours.view.areas[0]
    closed = np.frombuffer(b"".join(row.closed for row in rows), dtype=np.uint8).reshape(len(rows), -1)
    y, marks = (matrix[:, cube.areas.index(area)] for matrix in cube.values(np.ascontiguousarray(closed.T)))
    points = np.where(marks > 0, (y / compiled.area_scale(area) - 1) * 25, np.nan)
    # Strata of one cell differ in base weight only: they are in the same category of every margin.
    stratum = dict(zip(ours.sample.cells, ours.weights.stratum.tolist(), strict=True))
    of_answer = np.array([stratum[row.cell] for row in rows])
    traits = {f"m{index}": margin.codes[of_answer].astype(str) for index, margin in enumerate(ours.weights.margins)}
    base = [float(row.base_weight) for row in rows]
    return pl.DataFrame(traits | {"base": base, "y": pl.Series(points).fill_nan(None)})


STEPS: dict[str, Callable[[Database], Work]] = {
    "rebuild": _rebuild,
    "fold": _fold,
    "judge": _review,
    "city": _city,
    "svy": _svy,
    "ready": _ready,
    "rating": _rating,
    "whole": _whole,
}
"""Each step gets its database, makes ready what is not to be measured, and gives the work."""
