"""`python -m app journal …`: whether the journal is the one that was written."""

import re
from pathlib import Path

import click

from app.audit import verify
from app.audit.verify import Head, HeadsFileError, Verification
from app.cli.context import Context, pass_context
from app.publishing.journal_heads import list_heads, published_heads

EXPLANATIONS = {
    "gap": "a row is missing there, or stands there twice",
    "link": "it does not follow the row before it",
    "hash": "its texts are not those that were written",
    "head": "it is not the row whose hash was published",
    "end": "its hash was published, and the journal ends before it",
}


class GivenHead(click.ParamType[Head]):
    """A row's number and its hash, with a colon between."""

    name = "head"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Head:
        """Read it; fails with what was expected."""
        found = re.fullmatch(r"([1-9][0-9]{0,17}):([0-9a-fA-F]{64})", value.strip())
        if found is None:
            self.fail("a row's number, a colon and 64 signs of its hash are needed, as in 12:ab…", param, ctx)
        return Head("", int(found[1]), found[2].lower())


@click.group()
def journal() -> None:
    """Verify the journal of what staff did."""


@journal.command(name="verify")
@click.option(
    "--against",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file that somebody saved from /data/journal-heads.csv: it tells also a journal that was rewritten whole.",
)
@click.option(
    "--head",
    "given",
    multiple=True,
    type=GivenHead(),
    metavar="NUMBER:HASH",
    help="A head as a publication names it (page “Method”, and “journal_head” in its files); may be repeated.",
)
@pass_context
def verify_journal(context: Context, against: Path | None, given: tuple[Head, ...]) -> None:
    """Go through the whole chain; exits 1 and names the first row that does not hold."""
    with context.database.reading() as session:
        kept = (*list_heads(session), *published_heads(session))
        heads = [*(Head(*head) for head in kept), *_saved(against), *given]
        finding = verify.verify(session, heads)
    click.echo(_told(finding, len(heads)))
    if not finding.is_whole:
        raise click.exceptions.Exit(1)


def _saved(against: Path | None) -> list[Head]:
    if against is None:
        return []
    try:
        return list(verify.read_heads(against.read_text(encoding="utf-8-sig")))
    except (HeadsFileError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{against}: {error}") from error


def _told(finding: Verification, heads: int) -> str:
    if finding.broken:
        why = EXPLANATIONS[finding.broken.fault]
        return f"row {finding.broken.seq} does not hold: {why}; {finding.rows} rows before it do"
    since = f" since {finding.since}" if finding.since else ""
    return f"the chain is whole{since}: {finding.rows} rows, {heads} published heads"
