"""The national themes from the command line: a file is checked, the release's is loaded, what there is is listed."""

from pathlib import Path

from click.testing import CliRunner, Result

from app.cli.commands import cli
from app.cli.context import Context
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.feedback.frame import FILE, load_frame
from tests.conftest import NOW


def run(database: Database, settings: Settings, *words: str) -> Result:
    return CliRunner().invoke(cli, ["themes", *words], obj=Context(settings, database, FrozenClock(NOW)))


def test_the_frame_is_loaded_once_and_listed(sqlite: Database, settings: Settings) -> None:
    first, again = run(sqlite, settings, "load"), run(sqlite, settings, "load")
    assert first.output.splitlines()[-1] == f"{len(load_frame())} added, 0 changed, 0 retired"
    assert again.output == "0 added, 0 changed, 0 retired\n"
    assert "hlt_ambulance: Жедел жәрдем · Скорая помощь · Ambulance" in run(sqlite, settings, "list").output


def test_a_wrong_file_is_said_to_be_wrong(sqlite: Database, settings: Settings, tmp_path: Path) -> None:
    wrong = tmp_path / "themes.toml"
    wrong.write_text(FILE.read_text(encoding="utf-8").replace('en = "Ambulance"\n', ""), encoding="utf-8")
    refused = run(sqlite, settings, "check", str(wrong))
    assert refused.exit_code == 1
    assert "(hlt_ambulance): has no name in en" in refused.output
    assert run(sqlite, settings, "check").output == f"{len(load_frame())} themes of 12 areas, in order\n"
    wrong.write_bytes(b"\xff")
    assert run(sqlite, settings, "check", str(wrong)).exit_code == 1


def test_a_schema_is_brought_up_with_its_themes(settings: Settings) -> None:
    settings.instance.mkdir(parents=True, exist_ok=True)
    context = Context(settings, Database(settings.database_url), FrozenClock(NOW))
    done = CliRunner().invoke(cli, ["db", "upgrade"], obj=context)
    assert f"{len(load_frame())} added" in done.output, done.output
