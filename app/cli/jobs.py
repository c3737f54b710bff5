"""`python -m app jobs …`: the scheduler, or one job by hand."""

import click

from app.cli.context import Context, pass_context
from app.jobs.registry import JOBS, get_job
from app.jobs.runner import serve


@click.group()
def jobs() -> None:
    """Run what happens by itself."""


@jobs.command(name="list")
def list_jobs() -> None:
    """List the jobs and their rhythm."""
    for job in JOBS:
        click.echo(f"{job.name}\tevery {job.every}")


@jobs.command()
@pass_context
def run(context: Context) -> None:
    """Run the scheduler: one process for the whole installation."""
    context.database.assert_durable()
    serve(context.database, context.clock, context.settings.keys)


@jobs.command()
@click.argument("name")
@pass_context
def once(context: Context, name: str) -> None:
    """Run the job NAME now, whatever its rhythm."""
    job = get_job(name)
    if job is None:
        raise click.BadParameter(f"{name!r} is not a job: {', '.join(job.name for job in JOBS)}")
    click.echo(job.run(context.database, context.clock, context.settings.keys))
