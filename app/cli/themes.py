"""`python -m app themes …`: the national themes by which suggestions are coded."""

from pathlib import Path

import click

from app.audit.journal import Actor
from app.cli.context import Context, pass_context
from app.feedback import frame
from app.feedback.frame import ThemesFileError, areas_asked_about, bring_frame, read_frame
from app.feedback.themes import list_themes


@click.group()
def themes() -> None:
    """Keep the national themes by which cities code suggestions."""


@themes.command()
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(file: Path | None) -> None:
    """Say whether FILE, or the frame of the release, can be loaded, and everything that is wrong with it."""
    path = file or frame.FILE
    try:
        found = read_frame(path.read_text(encoding="utf-8"), areas_asked_about())
    except (ThemesFileError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{path}:\n{error}") from error
    click.echo(f"{len(found)} themes of {len({theme.area for theme in found})} areas, in order")


@themes.command()
@pass_context
def load(context: Context) -> None:
    """Bring the national themes in step with this release; what is not in it any more is retired and kept."""
    with context.database.writing() as session:
        done = bring_frame(session, Actor(None, context.clock.now()))
    for words, codes in done._asdict().items():
        if codes:
            click.echo(f"{words}: {', '.join(codes)}")
    click.echo(f"{len(done.added)} added, {len(done.changed)} changed, {len(done.retired)} retired")


@themes.command(name="list")
@pass_context
def list_all(context: Context) -> None:
    """List the national themes with their names."""
    with context.database.reading() as session:
        for theme in list_themes(session):
            state = " (retired)" if theme.retired else ""
            click.echo(f"{theme.code}{state}: {theme.name_kk} · {theme.name_ru} · {theme.name_en}")
