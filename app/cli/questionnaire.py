"""`python -m app questionnaire …`: check the wording before it is frozen."""

import sys
from pathlib import Path

import click

from surveys.errors import DefinitionError
from surveys.yaml_source import load, shipped


@click.group()
def questionnaire() -> None:
    """Check questionnaires."""


@questionnaire.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def lint(files: tuple[Path, ...]) -> None:
    """Name every defect of questionnaire FILES (those that come with the product by default)."""
    found = 0
    for file in files or shipped():
        try:
            loaded = load(file)
        except DefinitionError as error:
            found += len(error.defects)
            for defect in error.defects:
                click.echo(str(defect))
        else:
            click.echo(f"{file.name}: no defects, {len(loaded.closed)} closed questions, digest {loaded.digest()[:12]}")
    if found:
        click.echo(f"{found} defects", err=True)
        sys.exit(1)
