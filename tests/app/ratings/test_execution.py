"""What may become official: a run whose inputs hold no error, and every error is named."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.commands import cli
from app.cli.context import Context
from app.cli.seed import OPEN_FIGURES
from app.clock import FrozenClock
from app.config import Settings
from app.indicators.files import SpreadsheetFile
from app.indicators.imports import Target
from app.publishing.errors import BarrierError
from app.publishing.models import Publication
from app.ratings import execution
from app.ratings.execution import FaultyRunError, RunOrder, digest_of_code, execute_run, repeat_run
from app.ratings.models import Run
from app.ratings.stored import list_findings
from scoring.output.findings import ERROR, WARNING
from surveys.models import MarginRecord
from tests.app.publications import publish_run
from tests.builders.country import Country
from tests.builders.indicators import import_accepted, nobody_on

ORDER = RunOrder(period="2024", waves=())


def import_figures(session: Session, country: Country) -> None:
    figures = SpreadsheetFile(OPEN_FIGURES.name, OPEN_FIGURES.read_bytes())
    import_accepted(session, figures, Target("2024", "open_figures_2024"), today=country.today)


def break_margins(session: Session) -> None:
    """Give Almaty a district margin of other people than its margin by sex."""
    margin = session.scalars(
        select(MarginRecord).where(MarginRecord.city == "almaty", MarginRecord.dimension == "district")
    ).first()
    assert margin is not None
    margin.people += 100_000


def test_official_is_refused_with_every_error_named(country: Country) -> None:
    with country.database.writing() as session:
        import_figures(session, country)
        break_margins(session)
        with pytest.raises(FaultyRunError) as refused:
            execute_run(session, RunOrder(period="2024", waves=(), kind="official"), nobody_on(country.today))
        assert session.scalars(select(Run.id)).all() == []
    assert [(error.severity, error.code, error.subject) for error in refused.value.errors] == [
        (ERROR, "margins_disagree", "resident/almaty")
    ]
    assert "error: margins_disagree: resident/almaty: district" in str(refused.value)


def test_a_trial_with_errors_is_stored_and_may_not_be_published(country: Country) -> None:
    with country.database.writing() as session:
        import_figures(session, country)
        break_margins(session)
        run = execute_run(session, ORDER, nobody_on(country.today))
        assert list_findings(session, run)[0].severity == ERROR, "errors come first"
        with pytest.raises(BarrierError, match="official"):
            publish_run(session, run, country.today)
        assert session.scalars(select(Publication.number)).all() == []


def test_warnings_do_not_stand_in_the_way(country: Country) -> None:
    with country.database.writing() as session:
        import_figures(session, country)
        run = execute_run(session, RunOrder(period="2024", waves=(), kind="official"), nobody_on(country.today))
        assert {finding.severity for finding in list_findings(session, run)} == {WARNING}
        assert publish_run(session, run, country.today) == 1


def test_the_command_says_what_was_found_and_with_what_severity(
    country: Country, settings: Settings, clock: FrozenClock
) -> None:
    context = Context(settings, country.database, clock)
    with country.database.writing() as session:
        import_figures(session, country)
    done = CliRunner().invoke(cli, ["rating", "run", "--period", "2024"], obj=context)
    assert done.exit_code == 0
    assert "warning: outlier: average_salary: atyrau" in done.stderr
    assert len(done.stdout.strip()) == 36, "the id alone, for scripts"
    with country.database.writing() as session:
        break_margins(session)
    refused = CliRunner().invoke(cli, ["rating", "run", "--period", "2024", "--official"], obj=context)
    assert refused.exit_code == 1
    assert "error: margins_disagree: resident/almaty" in refused.output


def test_the_fingerprint_of_the_code_depends_on_the_path_of_each_file(tmp_path: Path) -> None:
    (tmp_path / "totals").mkdir()
    (tmp_path / "opinion").mkdir()
    one, other = tmp_path / "totals" / "weights.py", tmp_path / "opinion" / "weights.py"

    def digest(in_one: str, in_other: str) -> str:
        one.write_text(in_one)
        other.write_text(in_other)
        return digest_of_code(tmp_path)

    digests = {digest("A = 1\n", "A = 2\n"), digest("A = 2\n", "A = 1\n"), digest("A = 1\nA = 2\n", "")}
    assert len(digests) == 3
    one.rename(tmp_path / "totals" / "shares.py")
    assert digest_of_code(tmp_path) not in digests
    assert digest_of_code(tmp_path) == digest_of_code(tmp_path)


def test_a_run_of_an_earlier_release_is_repeated_to_the_byte(country: Country, monkeypatch: pytest.MonkeyPatch) -> None:
    with country.database.writing() as session:
        import_figures(session, country)
        with monkeypatch.context() as earlier:
            earlier.setattr(execution, "code_digest", lambda: "0" * 64)
            run = execute_run(session, ORDER, nobody_on(country.today))
        stored = session.get_one(Run, run)
        assert stored.code_digest == "0" * 64 != execution.code_digest()
        assert repeat_run(session, run).digest() == stored.output_digest
