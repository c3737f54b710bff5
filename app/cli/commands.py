"""All commands, in one sorted list."""

import click

from app.cli.codes import codes
from app.cli.database import db
from app.cli.demo import demo
from app.cli.fieldwork import fieldwork
from app.cli.i18n import i18n
from app.cli.indicators import indicators
from app.cli.jobs import jobs
from app.cli.questionnaire import questionnaire
from app.cli.rating import rating
from app.cli.seed import seed
from app.cli.serve import serve
from app.cli.wave import wave


@click.group()
def cli() -> None:
    """City Opinion: residents and businesses in the rating of cities."""


for command in (codes, db, demo, fieldwork, i18n, indicators, jobs, questionnaire, rating, seed, serve, wave):
    cli.add_command(command)
