"""What those who work in an administration say of their city changes no byte of a rating (DESK §20, row 26)."""

from itertools import islice

import pytest
from sqlalchemy import insert

from app.audit.journal import Actor
from app.cli.seed import OPEN_FIGURES
from app.demo.responses import SyntheticWave, synthetic_rows
from app.feedback.board.figures import get_asked
from app.indicators.files import SpreadsheetFile
from app.indicators.imports import Target
from app.ratings.execution import RunOrder, execute_run
from app.ratings.inputs import gather
from app.ratings.models import Run
from app.ratings.stored import RunError
from app.web.resident.waves import list_open_waves, wave_view
from surveys.fieldwork import waves
from surveys.models import Response, Wave
from surveys.tallies import folding
from tests.builders.country import BUSINESSES, RESIDENTS, Country
from tests.builders.indicators import import_accepted
from tests.builders.staff_wave import STAFF_WAVE, add_staff_answers, open_staff_wave
from tests.conftest import NOW

ORDER = RunOrder(period="2024", waves=(RESIDENTS, BUSINESSES), kind="trial")


@pytest.fixture
def rated(country: Country) -> Country:
    """A country with answers of residents and the figures of a period."""
    version = country.residents.questionnaire.digest()
    wave = SyntheticWave(RESIDENTS, version, country.residents, 3000, country.today, 10)
    with country.database.writing() as session:
        figures = SpreadsheetFile(OPEN_FIGURES.name, OPEN_FIGURES.read_bytes())
        import_accepted(session, figures, Target("2024", "open_figures_2024"), today=country.today)
        session.execute(insert(Response), list(islice(synthetic_rows(wave, seed=7), 3000)))
        folding.fold(session, minimum=1)
    return country


def digests(country: Country) -> tuple[str, str]:
    with country.database.writing() as session:
        run = session.get_one(Run, execute_run(session, ORDER, Actor(None, NOW)))
        return run.input_digest, run.output_digest


def ask_staff(country: Country) -> None:
    best = [dict.fromkeys(("ctm", "hlt", "eco", "ict"), 5) for _person in range(80)]
    with country.database.writing() as session:
        compiled = open_staff_wave(session, country.today)
        for city in ("aktau", "almaty", "oral"):
            add_staff_answers(session, compiled, city, best, country.today)


def test_a_staff_wave_changes_no_byte_of_a_rating(rated: Country) -> None:
    before = digests(rated)
    ask_staff(rated)
    with rated.database.reading() as session:
        tallied = sum(tally.n for tally in folding.read(session, [STAFF_WAVE]))
    assert tallied == 240
    assert digests(rated) == before


def test_a_rating_that_is_asked_to_take_staff_in_is_refused(rated: Country) -> None:
    ask_staff(rated)
    with rated.database.reading() as session:
        for asked in ([STAFF_WAVE], [RESIDENTS, STAFF_WAVE]):
            with pytest.raises(RunError, match=f"{STAFF_WAVE} rate no city"):
                gather(session, period="2024", waves=asked, kind="trial")


def test_an_audience_nobody_knows_yet_is_refused_too(rated: Country) -> None:
    ask_staff(rated)
    with rated.database.writing() as session:
        session.get_one(Wave, STAFF_WAVE).audience = "others"
    with rated.database.reading() as session, pytest.raises(RunError):
        gather(session, period="2024", waves=[STAFF_WAVE], kind="trial")


def test_a_staff_wave_is_in_no_list_of_the_public(rated: Country) -> None:
    with rated.database.reading() as session:
        before = [view.code for view in list_open_waves(session)], get_asked(session)
    ask_staff(rated)
    with rated.database.writing() as session:
        session.get_one(Wave, STAFF_WAVE).illustrative = True
    with rated.database.reading() as session:
        assert ([view.code for view in list_open_waves(session)], get_asked(session)) == before
        view = wave_view(session, STAFF_WAVE)
    assert view is not None
    assert (view.is_public, view.is_invited) == (False, True)


@pytest.mark.parametrize("gates", [{"open"}, {"open", "code"}, {"sms"}, {"oidc", "code"}])
def test_staff_come_by_code_alone(country: Country, gates: set[str]) -> None:
    with country.database.writing() as session:
        own = open_staff_wave(session, country.today).questionnaire.digest()
        days = {"opens_on": country.today, "closes_on": country.today}
        plan = waves.WavePlan(code="another", version=own, targets={"oral": 9}, gates=frozenset(gates), **days)
        with pytest.raises(waves.PlanError) as refused:
            waves.plan_wave(session, plan)
        assert refused.value.fault is waves.PlanFault.STAFF_BY_CODE
