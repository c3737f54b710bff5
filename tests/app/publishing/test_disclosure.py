"""A publication that would give a person away, alone or beside an earlier one, is not made."""

from itertools import islice
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.cli.commands import cli
from app.cli.context import Context
from app.cli.seed import OPEN_FIGURES
from app.clock import FrozenClock
from app.config import Settings
from app.demo.responses import SyntheticWave, synthetic_rows
from app.indicators.files import SpreadsheetFile
from app.indicators.imports import Target
from app.publishing.errors import DisclosureError
from app.publishing.models import Publication
from app.publishing.services import prepare
from app.ratings.execution import RunOrder, execute_run
from surveys.models import Response
from surveys.tallies import folding
from tests.app.publications import approved_request, make_three, noon, publish_order, publish_run
from tests.builders.country import RESIDENTS, Country
from tests.builders.indicators import import_accepted, nobody_on

ANSWERS = 700


def answers(country: Country) -> list[dict[str, Any]]:
    compiled = country.residents
    wave = SyntheticWave(RESIDENTS, compiled.questionnaire.digest(), compiled, ANSWERS + 1, country.today, 10)
    return list(islice(synthetic_rows(wave, seed=10), ANSWERS + 1))


def rate(session: Session, country: Country, rows: list[dict[str, Any]]) -> str:
    session.execute(insert(Response), rows)
    folding.fold(session, minimum=1)
    return execute_run(session, RunOrder(period="2024", waves=(RESIDENTS,), kind="official"), nobody_on(country.today))


@pytest.fixture
def first(country: Country) -> None:
    """Publish a first rating."""
    figures = SpreadsheetFile(OPEN_FIGURES.name, OPEN_FIGURES.read_bytes())
    with country.database.writing() as session:
        import_accepted(session, figures, Target("2024", "open_figures_2024"), today=country.today)
        run = rate(session, country, answers(country)[:ANSWERS])
        assert publish_run(session, run, country.today) == 1


@pytest.mark.usefixtures("first")
def test_one_more_answer_is_not_published_by_subtraction(
    country: Country, settings: Settings, clock: FrozenClock
) -> None:
    last = answers(country)[-1:]
    with country.database.writing() as session:
        second = rate(session, country, last)
        three = make_three(session)
        request = approved_request(session, second, three, noon(country.today))
    with pytest.raises(DisclosureError) as refused, country.database.reading() as session:
        prepare(session, request, today=country.today)
    assert all("publication 1" in found.sources for found in refused.value.findings)
    assert {found.people for found in refused.value.findings} == {1}
    assert all(last[0]["city"] in found.group for found in refused.value.findings)
    context = Context(settings, country.database, clock)
    with country.database.reading() as session:
        email = session.get_one(Staff, three.publisher).email
    done = CliRunner().invoke(cli, ["rating", "publish", second, "--by", email], obj=context)
    assert (done.exit_code, "fewer than ten people" in done.output) == (1, True)
    with country.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Publication)) == 1


@pytest.mark.usefixtures("first")
def test_the_same_answers_may_be_published_again(country: Country) -> None:
    with country.database.writing() as session:
        order = RunOrder(period="2024", waves=(RESIDENTS,), alpha="0.2", kind="official")
        assert publish_order(session, order, country.today) == 2
