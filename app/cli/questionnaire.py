"""`python -m app questionnaire …`: check the wording before it is frozen."""

import sys
from pathlib import Path

import click

from surveys.findings import Severity
from surveys.linter import lint_file
from surveys.yaml_source import load, shipped


@click.group()
def questionnaire() -> None:
    """Review questionnaires."""


@questionnaire.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def lint(files: tuple[Path, ...]) -> None:
    """Review questionnaire FILES (those that come with the product by default); fails if one must not be used."""
    errors = 0
    for file in files or shipped():
        findings = lint_file(file)
        errors += sum(finding.severity is Severity.ERROR for finding in findings)
        for finding in findings:
            click.echo(str(finding))
        if not findings:
            click.echo(f"{file.name}: nothing to mend, digest {load(file).digest()[:12]}")
    if errors:
        click.echo(f"{errors} errors", err=True)
        sys.exit(1)
