import threading
from datetime import date
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import inspect, text
from sqlalchemy.exc import DatabaseError

from app.cli.database import MIGRATIONS, alembic_config
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database, DurabilityError, StaleRowsError
from app.models import FROZEN, metadata
from app.web.public import create_public
from surveys.fieldwork import channels
from surveys.identity import codes, gate
from surveys.identity.codes import Addressee
from surveys.models import CountedReceipt, Wave
from surveys.population.places import load_places
from surveys.responses.intake import Submission, Suggestion
from tests.builders.answers import store_answer
from tests.builders.country import RESIDENTS, Country, make_country
from tests.builders.invitations import CHEAP
from tests.builders.payloads import a_payload
from tests.builders.words import filed_texts
from tests.conftest import make_site


def test_an_acknowledged_commit_is_on_disk(database: Database) -> None:
    database.assert_durable()


def test_a_database_that_may_lose_commits_is_refused(sqlite: Database) -> None:
    with sqlite.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA synchronous=OFF")
        connection.exec_driver_sql("BEGIN")
    with pytest.raises(DurabilityError):
        sqlite.assert_durable()


def test_many_writers_that_read_first_never_meet_a_lock(database: Database) -> None:
    with database.writing() as session:
        session.execute(text("CREATE TABLE counter (n INTEGER)"))
        session.execute(text("INSERT INTO counter VALUES (0)"))
    failures: list[Exception] = []

    def add() -> None:
        try:
            for _ in range(10):
                with database.writing() as session:
                    session.execute(text("UPDATE counter SET n = n + 1"))
        except DatabaseError as error:
            failures.append(error)

    threads = [threading.Thread(target=add) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert session.execute(text("SELECT n FROM counter")).scalar_one() == 60
    assert failures == []


def test_a_thread_that_writes_and_begins_to_write_again_is_told_so_and_does_not_wait_for_itself(
    sqlite: Database,
) -> None:
    with sqlite.writing(), pytest.raises(RuntimeError, match="inside another"), sqlite.writing():
        pytest.fail("it began")
    with sqlite.writing() as session:
        assert session.scalar(text("SELECT 1")) == 1


def test_the_migrations_make_exactly_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_there_is_one_head_and_the_head_file_names_it() -> None:
    heads = ScriptDirectory.from_config(alembic_config("sqlite://")).get_heads()
    assert [(MIGRATIONS / "HEAD").read_text().strip()] == heads


WITH_WORDS = Submission(answers={}, lang="kk", suggestions=(Suggestion("ctm", "Жол"),))


def fill_identity(country: Country) -> None:
    """Let somebody in by a telephone and by a letter, and store an answer, so that no table of this side is empty."""
    with country.database.writing() as session:
        wave = session.get_one(Wave, RESIDENTS)
        wave.gate_names = "code sms"
        codes.make_letters(session, country.key, (RESIDENTS, "oral"), [Addressee("", "990140000123")], hasher=CHEAP)
        contact = gate.contact_hash(country.key, "telephone", "+77011234567")
        ballot = gate.admit(session, country.key, wave, "oral", contact)
        store_answer(session, country, ballot, WITH_WORDS, today=country.today)
        session.add(CountedReceipt(wave=RESIDENTS, receipt="4F7K-90QX-2MBA"))
        channels.declare_channel(session, RESIDENTS, "tsentr")


def test_going_down_and_up_again_with_data_leaves_the_same_schema(country: Country) -> None:
    fill_identity(country)
    database = country.database
    before = sorted(inspect(database.engine).get_table_names())
    url = database.engine.url.render_as_string(hide_password=False)
    filed_texts(database, country.keys)
    command.downgrade(alembic_config(url), "base")
    assert inspect(database.engine).get_table_names() == ["alembic_version"]
    command.upgrade(alembic_config(url), "head")
    assert sorted(inspect(database.engine).get_table_names()) == before


def test_whoever_took_part_still_has_after_going_back_to_the_time_when_city_and_day_were_kept(country: Country) -> None:
    fill_identity(country)
    url = country.database.engine.url.render_as_string(hide_password=False)
    query = "SELECT wave, contact_hash FROM participation"
    with country.database.reading() as session:
        before = session.execute(text(query)).all()
        answers = session.execute(text("SELECT id, closed FROM response")).all()
    filed_texts(country.database, country.keys)
    command.downgrade(alembic_config(url), "20261124_1500")
    with country.database.reading() as session:
        (older,) = session.execute(text("SELECT city, day FROM participation")).all()
    assert (older.city, str(older.day)) == (min(city.code for city in load_places().cities), str(country.today))
    command.upgrade(alembic_config(url), "head")
    with country.database.reading() as session:
        assert session.execute(text(query)).all() == before != []
        assert session.execute(text("SELECT id, closed FROM response")).all() == answers != []


BEFORE_ENVELOPES, ENVELOPES = "20261124_1510", "20261128_1150"


def test_words_that_wait_are_not_lost_by_going_down(country: Country) -> None:
    fill_identity(country)
    url = country.database.engine.url.render_as_string(hide_password=False)
    with pytest.raises(CommandError, match="file-suggestions"):
        command.downgrade(alembic_config(url), BEFORE_ENVELOPES)
    assert filed_texts(country.database, country.keys) == ["Жол"]


def test_suggestions_of_the_release_before_keep_all_but_their_day_on_the_way_up_and_down(country: Country) -> None:
    fill_identity(country)
    filed_texts(country.database, country.keys)
    url = country.database.engine.url.render_as_string(hide_password=False)
    command.downgrade(alembic_config(url), BEFORE_ENVELOPES)
    kept = text("SELECT id, wave, city, area, lang, text, state FROM comment")
    with country.database.writing() as session:
        assert [str(day) for day in session.scalars(text("SELECT day FROM comment"))] == ["2026-11-01"]
        session.execute(text("UPDATE comment SET day = '2026-10-31'"))
        before = session.execute(kept).all()
    command.upgrade(alembic_config(url), ENVELOPES)
    with country.database.reading() as session:
        assert session.execute(kept).all() == before != []
        assert session.scalars(text("SELECT month FROM comment")).all() == ["2026-10"]


def test_the_way_up_parts_suggestions_from_the_transactions_of_their_answers(
    postgres: Database, tmp_path: Path
) -> None:
    url = postgres.engine.url.render_as_string(hide_password=False)
    make_country(postgres, tmp_path, today=date(2026, 11, 24))
    command.downgrade(alembic_config(url), BEFORE_ENVELOPES)
    row = (
        "INSERT INTO comment (id, wave, city, area, lang, text, day, state) "
        "VALUES (:id, :wave, 'oral', 'its', 'ru', 'Дорога', '2026-11-24', 'pending')"
    )
    for name in ("c" * 32, "a" * 32, "b" * 32):
        with postgres.writing() as session:
            session.execute(text(row), {"id": name, "wave": RESIDENTS})
    command.upgrade(alembic_config(url), ENVELOPES)
    with postgres.reading() as session:
        kept = session.execute(text("SELECT id, xmin::text FROM comment ORDER BY ctid")).all()
    assert [name[0] for name, _xmin in kept] == ["a", "b", "c"]
    assert len({xmin for _name, xmin in kept}) == 1


def test_a_journal_that_a_reader_holds_is_not_called_forgotten(sqlite: Database) -> None:
    with sqlite.writing() as session:
        session.execute(text("CREATE TABLE thing (n INTEGER)"))
    with sqlite.engine.connect() as impatient:
        impatient.exec_driver_sql("PRAGMA busy_timeout=50")
    reader = Database(sqlite.url)
    with reader.reading() as session:
        session.execute(text("SELECT count(*) FROM thing")).scalar_one()
        with sqlite.writing() as other:
            other.execute(text("INSERT INTO thing VALUES (1)"))
        with pytest.raises(StaleRowsError):
            sqlite.forget_old_rows(["thing"])
    reader.close()
    sqlite.forget_old_rows(["thing"])
    assert Path(f"{sqlite.engine.url.database}-wal").stat().st_size == 0


@pytest.mark.parametrize("verb", ["UPDATE questionnaire_version SET version = 9", "DELETE FROM questionnaire_version"])
def test_frozen_rows_refuse_to_change(country: Country, verb: str) -> None:
    with pytest.raises(DatabaseError, match="questionnaire_version is frozen"), country.database.writing() as session:
        session.execute(text(verb))


def test_every_frozen_table_has_its_trigger(sqlite: Database) -> None:
    with sqlite.reading() as session:
        names = session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
    assert {f"frozen_{table}_{verb}" for table in FROZEN for verb in ("update", "delete")} == set(names)


def kill_connections(database: Database) -> None:
    """End every connection to a PostgreSQL database, as a restart of the server does."""
    admin = Database(database.url)
    with admin.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        connection.execute(text(f"SELECT pg_terminate_backend(pid) {others}"))
    admin.close()


def test_a_page_is_shown_though_postgresql_has_just_restarted(
    postgres: Database, settings: Settings, clock: FrozenClock
) -> None:
    client = make_site(postgres, settings, clock).test_client()
    client.application.testing = False
    assert client.get("/s/").status_code == 200
    kill_connections(postgres)
    assert client.get("/s/").status_code == 200


def test_an_answer_is_stored_though_postgresql_has_just_restarted(
    postgres: Database, settings: Settings, clock: FrozenClock
) -> None:
    country = make_country(postgres, settings.keys, today=clock.today())
    client = create_public(settings, postgres, clock).test_client()
    body = a_payload(country.residents, RESIDENTS)
    assert client.put(f"/r/{'0' * 32}", json=body).status_code == 201
    kill_connections(postgres)
    assert client.put(f"/r/{'1' * 32}", json=body).status_code == 201
