"""Copies of keys: apart, only of waves that run, and gone when the wave is frozen."""

from pathlib import Path

import pytest
from sqlalchemy import text

from app.backup.folder import BackupError
from app.backup.keys import copy_keys, restore_keys
from app.database import Database
from surveys.ballots import keys
from tests.builders.country import BUSINESSES, RESIDENTS, Country


def set_state(database: Database, wave: str, state: str) -> None:
    with database.writing() as session:
        session.execute(text("UPDATE wave SET state = :state WHERE code = :code"), {"state": state, "code": wave})


def copied(country: Country, folder: Path) -> tuple[int, int]:
    with country.database.reading() as session:
        return copy_keys(session, country.keys, folder)


def test_keys_of_running_waves_are_copied_once_and_keys_of_days_never(country: Country, tmp_path: Path) -> None:
    keys.day_key(country.keys, country.today)
    assert copied(country, tmp_path / "apart") == (2, 0)
    assert copied(country, tmp_path / "apart") == (0, 0)
    files = sorted((tmp_path / "apart").iterdir())
    assert [file.name for file in files] == sorted(f"{wave}.key" for wave in (RESIDENTS, BUSINESSES))
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert keys.load(tmp_path / "apart", RESIDENTS) == country.key


def test_the_copy_of_a_key_ends_with_its_wave(country: Country, tmp_path: Path) -> None:
    copied(country, tmp_path / "apart")
    keys.destroy(country.keys, RESIDENTS)
    set_state(country.database, RESIDENTS, "frozen")
    assert copied(country, tmp_path / "apart") == (0, 1)
    assert not keys.exists(tmp_path / "apart", RESIDENTS)
    assert keys.exists(tmp_path / "apart", BUSINESSES)


def test_a_lost_folder_of_keys_does_not_take_its_copies_with_it(country: Country, tmp_path: Path) -> None:
    copied(country, tmp_path / "apart")
    for wave in (RESIDENTS, BUSINESSES):
        keys.destroy(country.keys, wave)
    assert copied(country, tmp_path / "apart") == (0, 0)
    with country.database.reading() as session:
        assert restore_keys(session, tmp_path / "apart", country.keys) == ()
    assert keys.exists(country.keys, RESIDENTS)


def test_a_wave_whose_key_nobody_has_is_named(country: Country, tmp_path: Path) -> None:
    keys.destroy(country.keys, RESIDENTS)
    (tmp_path / "apart").mkdir()
    with country.database.reading() as session:
        assert restore_keys(session, tmp_path / "apart", country.keys) == (RESIDENTS,)


@pytest.mark.parametrize("name", ["newest.sqlite3", "base/PG_VERSION", "wal/0"])
def test_keys_are_not_copied_beside_copies_of_the_database(country: Country, tmp_path: Path, name: str) -> None:
    file = tmp_path / "both" / name
    file.parent.mkdir(parents=True)
    file.touch()
    with pytest.raises(BackupError, match="holds copies of the database"):
        copied(country, tmp_path / "both")
    assert not list((tmp_path / "both").glob("*.key"))
