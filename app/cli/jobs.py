"""`python -m app jobs …`: the scheduler, or one job by hand."""

import click

from app.cli.environment import read_settings
from app.cli.lazy import LazyGroup
from app.jobs import scheduler
from app.jobs.registry import JOBS


@click.group(cls=LazyGroup, modules={"due": "app.cli.job:due", "once": "app.cli.job:once"})
def jobs() -> None:
    """Run what happens by itself."""


@jobs.command(name="list")
def list_jobs() -> None:
    """List the jobs and their rhythm."""
    for job in JOBS:
        click.echo(f"{job.name}\tevery {job.every}")


@jobs.command()
def run() -> None:
    """Run the scheduler: one process for the whole installation."""
    read_settings()  # bad ones are told now, not at each job
    scheduler.serve()
