"""A small published rating of real open figures and synthetic answers, made by the real path."""

from itertools import islice
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.cli.seed import OPEN_FIGURES
from app.demo.responses import SyntheticWave, synthetic_rows
from app.indicators.files import SpreadsheetFile
from app.indicators.imports import Target
from app.ratings.execution import RunOrder
from surveys.models import Response
from surveys.tallies import folding
from tests.app.publications import publish_order
from tests.builders.country import BUSINESSES, RESIDENTS, Country
from tests.builders.indicators import import_accepted

ANSWERS = {RESIDENTS: 6000, BUSINESSES: 1200}


def publish(
    session: Session, country: Country, *, flag_every: int | None = None, verified: float = 0.0, open_city: str = ""
) -> int:
    """Fill a country with answers, flag every so-manieth of them, rate it and publish; gives the number.

    With a share of `verified` answers, none of them in `open_city`, verified opinion alone moves the headline.
    """
    figures = SpreadsheetFile(OPEN_FIGURES.name, OPEN_FIGURES.read_bytes())
    edition = "open_figures_2024_verified" if verified else "open_figures_2024"
    import_accepted(session, figures, Target("2024", edition), today=country.today)
    for code, compiled in ((RESIDENTS, country.residents), (BUSINESSES, country.businesses)):
        version = compiled.questionnaire.digest()
        wave = SyntheticWave(code, version, compiled, ANSWERS[code], country.today, 10, verified, open_city)
        rows: list[dict[str, Any]] = list(islice(synthetic_rows(wave, seed=7), ANSWERS[code]))
        for index, row in enumerate(rows):
            row["flags"] = int(flag_every is not None and index % flag_every == 0)
        session.execute(insert(Response), rows)
    folding.fold(session, minimum=1)
    order = RunOrder(period="2024", waves=(RESIDENTS, BUSINESSES), kind="official")
    return publish_order(session, order, country.today)
