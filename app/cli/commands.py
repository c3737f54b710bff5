"""All commands, in one sorted list."""

import click

from app.cli.lazy import LazyGroup
from app.monitoring.logs import init_logs

COMMANDS = {
    "backup": "app.cli.backup:backup",
    "codes": "app.cli.codes:codes",
    "days-off": "app.cli.days_off:days_off",
    "db": "app.cli.database:db",
    "demo": "app.cli.demo:demo",
    "feedback": "app.cli.feedback:feedback",
    "fieldwork": "app.cli.fieldwork:fieldwork",
    "i18n": "app.cli.i18n:i18n",
    "indicators": "app.cli.indicators:indicators",
    "jobs": "app.cli.jobs:jobs",
    "journal": "app.cli.journal:journal",
    "metrics": "app.cli.metrics:metrics",
    "questionnaire": "app.cli.questionnaire:questionnaire",
    "rating": "app.cli.rating:rating",
    "restore": "app.cli.restore:restore",
    "seed": "app.cli.seed:seed",
    "serve": "app.cli.serve:serve",
    "staff": "app.cli.staff:staff",
    "themes": "app.cli.themes:themes",
    "wave": "app.cli.wave:wave",
    "work": "app.cli.work:work",
}


@click.group(cls=LazyGroup, modules=COMMANDS)
def cli() -> None:
    """City Opinion: residents and businesses in the rating of cities."""
    init_logs()
