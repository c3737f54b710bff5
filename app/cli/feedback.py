"""`python -m app feedback …`: what is printed of the desk."""

import click

from app.feedback import clock
from app.feedback.board.rules import rules_document


@click.group()
def feedback() -> None:
    """Print what everybody may know of how suggestions are treated."""


@feedback.command()
def rules() -> None:
    """Print the rules of moderation in three languages, for docs/moderation.md."""
    click.echo(rules_document(clock.WORKING_DAYS), nl=False)
