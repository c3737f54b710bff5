"""Runs the migrations; the URL comes from `app.cli.database`, never from a file."""

from alembic import context

from app.database import Database
from app.models import metadata


def run() -> None:
    """Migrate in one transaction, on SQLite with tables rebuilt where ALTER cannot."""
    database = Database(context.config.attributes["url"])
    try:
        with database.engine.connect() as connection:
            if database.is_sqlite:
                # SQLite changes a table by making it anew; with keys watched, dropping the old one would be refused.
                connection.connection.execute("PRAGMA foreign_keys=OFF")
            context.configure(
                connection=connection,
                target_metadata=metadata,
                render_as_batch=database.is_sqlite,
                compare_type=True,
                transaction_per_migration=True,
            )
            with context.begin_transaction():
                context.run_migrations()
    finally:
        database.close()


run()
