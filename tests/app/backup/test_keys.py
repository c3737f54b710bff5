"""Copies of keys: apart, only of what runs or waits, and gone when the original is done with."""

from pathlib import Path

import pytest
from sqlalchemy import text

from app.backup.folder import BackupError, open_folder
from app.backup.keys import copy_keys, count_sealed, restore_keys
from app.database import Database
from surveys.ballots import envelope_keys, keys
from surveys.ballots.ballots import Ballot, mint
from surveys.responses.intake import Submission, Suggestion
from tests.builders.answers import store_answer
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


def test_keys_of_envelopes_are_copied_and_end_with_the_originals(country: Country, tmp_path: Path) -> None:
    numbers = [envelope_keys.add(country.keys) for _filing in range(3)]
    apart = tmp_path / "apart"
    assert copied(country, apart) == (2 + 3, 0)
    assert envelope_keys.all_of(apart) == envelope_keys.all_of(country.keys)
    envelope_keys.erase_before(country.keys, numbers[-1])
    envelope_keys.add(country.keys)
    assert copied(country, apart) == (1, 2), "what a filing erased is erased in the copy too"
    assert envelope_keys.all_of(apart) == envelope_keys.all_of(country.keys)
    assert {file.stat().st_mode & 0o777 for file in apart.iterdir()} == {0o600}


def test_a_lost_folder_takes_no_key_of_an_envelope_with_it(country: Country, tmp_path: Path) -> None:
    for _filing in range(3):
        envelope_keys.add(country.keys)
    apart, before = tmp_path / "apart", envelope_keys.all_of(country.keys)
    copied(country, apart)
    for file in country.keys.iterdir():
        file.unlink()
    assert copied(country, apart) == (0, 0)
    envelope_keys.newest(country.keys)
    copied(country, apart)
    assert envelope_keys.all_of(apart)[-2:] == before[-2:]
    with country.database.reading() as session:
        assert restore_keys(session, apart, country.keys) == ()
    assert envelope_keys.newest(country.keys) == before[-1]


def test_words_come_back_with_the_keys_alone(country: Country, tmp_path: Path) -> None:
    ballot = mint(country.key, Ballot(RESIDENTS, "oral", "resident", "open", bytes(16)))
    said = Submission(answers={}, suggestions=(Suggestion("its", "A crossing by the school"),), lang="kk")
    with country.database.writing() as session:
        store_answer(session, country, ballot, said, today=country.today)
    copied(country, tmp_path / "apart")
    with country.database.reading() as session:
        assert count_sealed(session, country.keys) == 0
        assert count_sealed(session, tmp_path / "new") == 1
        restore_keys(session, tmp_path / "apart", tmp_path / "new")
        assert count_sealed(session, tmp_path / "new") == 0


@pytest.mark.parametrize("name", ["w.key", "2026-11-24.day-key", "00000001.envelope-key", "keys/00000001.envelope-key"])
def test_copies_of_the_database_are_refused_beside_any_key(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.touch()
    with pytest.raises(BackupError, match="holds keys"):
        open_folder(tmp_path)


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
