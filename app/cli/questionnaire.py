"""`python -m app questionnaire …`: review the wording before it is frozen, exchange it with XLSForm tools."""

import sys
from pathlib import Path

import click

from surveys.authoring.findings import Severity
from surveys.authoring.linter import lint_file
from surveys.authoring.yaml_source import load, shipped
from surveys.authoring.yaml_writing import as_yaml
from surveys.errors import DefinitionError
from surveys.workbook import WorkbookError
from surveys.xlsform.exchange import LARGEST_FILE, XlsformError, import_xlsform
from surveys.xlsform.writing import write_xlsform


@click.group()
def questionnaire() -> None:
    """Review questionnaires, and exchange them with KoboToolbox, ODK and Enketo."""


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


_INPUT = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUTPUT = click.Path(dir_okay=False, path_type=Path)


@questionnaire.command()
@click.argument("source", metavar="FILE.yaml", type=_INPUT)
@click.argument("target", metavar="OUT.xlsx", type=_OUTPUT)
def export(source: Path, target: Path) -> None:
    """Write a questionnaire as an XLSForm workbook, from which import gives back the same."""
    try:
        loaded = load(source)
    except DefinitionError as error:
        raise click.ClickException(str(error)) from error
    target.write_bytes(write_xlsform(loaded))
    click.echo(f"{target}: {len(loaded.questions)} questions, digest {loaded.digest()[:12]}")


@questionnaire.command("import")
@click.argument("source", metavar="IN.xlsx", type=_INPUT)
@click.argument("target", metavar="OUT.yaml", type=_OUTPUT)
@click.option("--leave-out", is_flag=True, help="Leave out what a questionnaire cannot hold, and name it.")
def import_(source: Path, target: Path, *, leave_out: bool) -> None:
    """Write an XLSForm workbook as a questionnaire; refused by row and column if it cannot be carried whole."""
    if source.stat().st_size > LARGEST_FILE:
        raise click.ClickException(f"{source.name}: more than {LARGEST_FILE} bytes")
    try:
        imported = import_xlsform(source.read_bytes(), source.name, leave_out=leave_out)
    except (WorkbookError, XlsformError) as error:
        raise click.ClickException(f"{source.name} is not imported\n{error}") from error
    target.write_text(as_yaml(imported.questionnaire), encoding="utf-8")
    for misfit in imported.left_out:
        click.echo(f"left out: {misfit}")
    definition = imported.questionnaire
    click.echo(f"{target}: {len(definition.questions)} questions, digest {definition.digest()[:12]}")
