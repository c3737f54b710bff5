"""`python -m app jobs due` and `once`: one job, in this process."""

import click

from app.cli.context import Context, pass_context
from app.jobs.registry import JOBS, Job, get_job
from app.jobs.runner import load_task, run_due


@click.command()
@click.argument("name")
@pass_context
def due(context: Context, name: str) -> None:
    """Run the job NAME unless its latest due time was taken: what the scheduler starts."""
    job = _job(name)
    context.database.assert_durable()
    run_due(context.database, context.clock, context.settings.keys, job, load_task(job))


@click.command()
@click.argument("name")
@pass_context
def once(context: Context, name: str) -> None:
    """Run the job NAME now, whatever its rhythm."""
    task = load_task(_job(name))
    click.echo(task(context.database, context.clock, context.settings.keys))


def _job(name: str) -> Job:
    job = get_job(name)
    if job is None:
        raise click.BadParameter(f"{name!r} is not a job: {', '.join(job.name for job in JOBS)}")
    return job
