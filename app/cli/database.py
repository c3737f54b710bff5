"""`python -m app db …`: the schema of the database."""

from pathlib import Path

import click
from alembic import command
from alembic.config import Config
from alembic.util import CommandError

from app.audit.journal import Actor
from app.cli.context import Context, pass_context
from app.feedback.frame import bring_frame

MIGRATIONS = Path(__file__).parents[2] / "migrations"


def alembic_config(url: str) -> Config:
    """Make Alembic's settings for a database URL; the project has no alembic.ini."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    return config


@click.group()
def db() -> None:
    """Create and change the schema."""


@db.command()
@click.argument("revision", default="head")
@pass_context
def upgrade(context: Context, revision: str) -> None:
    """Bring the schema up to REVISION (the newest by default, with the national themes of the release)."""
    command.upgrade(alembic_config(context.settings.database_url), revision)
    click.echo(f"schema is at {revision}")
    if revision == "head":
        with context.database.writing() as session:
            done = bring_frame(session, Actor(None, context.clock.now()))
        click.echo(f"themes of suggestions: {len(done.added)} added, {len(done.changed)} changed")


@db.command()
@click.argument("revision")
@pass_context
def downgrade(context: Context, revision: str) -> None:
    """Take the schema down to REVISION ("base" removes everything, data included)."""
    click.confirm(f"This removes tables down to {revision!r} with their data. Go on?", abort=True)
    try:
        command.downgrade(alembic_config(context.settings.database_url), revision)
    except CommandError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"schema is at {revision}")
