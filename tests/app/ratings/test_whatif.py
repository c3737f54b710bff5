"""A stored run says of its cities, as they are, what the run itself says; and of others what a run of them says."""

from sqlalchemy.orm import Session

from app.ratings.execution import RunOrder, execute_run, stored_inputs
from app.ratings.models import Run
from app.ratings.stored import rows_of, table_bytes
from app.ratings.whatif import TABLES, read_known_run
from scoring.edition import load_edition
from scoring.frames import Inputs
from scoring.run import rate
from scoring.whatif import OtherValue, what_if
from tests.app.ratings.test_execution import import_figures
from tests.builders.country import Country
from tests.builders.indicators import nobody_on


def tables_of(session: Session, run: str) -> dict[str, bytes]:
    return {kind: table_bytes(session, run, "input" if kind == "indicators" else "output", kind) for kind in TABLES}


def test_a_stored_run_is_taken_up_to_the_last_bit(country: Country) -> None:
    with country.database.writing() as session:
        import_figures(session, country)
        name = execute_run(session, RunOrder(period="2024", waves=()), nobody_on(country.today))
        run = session.get_one(Run, name)
        known = read_known_run(run, tables_of(session, name))
        rows = list(rows_of(table_bytes(session, name, "output", "rules")))
        edition = load_edition(run.edition)
        of_headline = {row["city"]: row for row in rows if row["rule"] == edition.headline}
        assert len(of_headline) > 10
        for city, row in of_headline.items():
            plain = what_if(known, city, {}).scores.plain
            assert row["total_without_opinion"] == (
                "" if plain is None else str(float(sum(plain.values()) / len(plain)))
            )
        inputs = stored_inputs(session, name)
    city, code = next(iter(known.indicators)), edition.indicators[0].code
    table = inputs.indicators.copy()
    table.loc[(table["city"] == city) & (table["indicator"] == code), ["status", "numerator"]] = ["missing", 0]
    again = rate(Inputs(**(inputs.tables() | {"indicators": table})), edition).areas.set_index(["city", "area"])
    outcome = what_if(known, city, {code: OtherValue("missing")})
    for area, score in outcome.indicators.areas.items():
        assert float(score.score or 0) == again.loc[(city, area), "indicators"]
