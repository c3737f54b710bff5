"""The demo's counts by step: plausible, the same each time, and folded as real ones are."""

import pytest

from app.database import Database
from app.demo.steps import synthetic_steps
from app.fieldwork.step_counts import fold_totals, wave_steps
from surveys.authoring.yaml_source import load, shipped
from tests.builders.country import RESIDENTS


@pytest.mark.usefixtures("country")
def test_people_stop_on_the_way_and_some_arrive(database: Database) -> None:
    questionnaire = load(shipped()[0])
    totals = synthetic_steps(RESIDENTS, questionnaire, 17_000)
    assert totals == synthetic_steps(RESIDENTS, questionnaire, 17_000)
    with database.writing() as session:
        assert fold_totals(session, totals, since="synthetic") > 0
        assert fold_totals(session, totals, since="synthetic") == 0
        lines = wave_steps(session, RESIDENTS, questionnaire)
    odd = [line.step for line in lines if not 10 <= (line.passed or 0) < (line.reached or 0) or line.reached % 10]
    assert odd == []
    assert (lines[0].reached or 0) < 2 * 17_000
    assert 16_900 <= (lines[-1].passed or 0) <= 17_000
