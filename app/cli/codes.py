"""`python -m app codes …`: letters of invitation with a code each."""

from dataclasses import dataclass
from pathlib import Path

import click

from app.audit.journal import Actor
from app.cli.context import Context, pass_context
from app.cli.private import write_private
from app.fieldwork import materials
from app.fieldwork.mailing_lists import MailingListError, codes_table, read_addressees
from app.printing.letters import MOST, Mailing, letters_pdf
from surveys.errors import SurveyError
from surveys.identity.codes import Addressee, Letter
from surveys.population.places import load_places

GIVEN = click.Path(exists=True, dir_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True)
class MailingList:
    """A CSV file of addressees, and the columns that name them."""

    file: Path
    name_column: str
    bin_column: str

    def read(self) -> list[Addressee]:
        """Read the addressees; raises ClickException for a missing column, a wrong BIN or one that stands twice."""
        try:
            return read_addressees(self.file.read_bytes(), name_column=self.name_column, bin_column=self.bin_column)
        except MailingListError as error:
            raise click.ClickException(f"{self.file}: {error}") from error


@click.group()
def codes() -> None:
    """Letters of invitation with a code each."""


@codes.command()
@click.argument("wave")
@click.option("--city", required=True, help="A city by any of its names.")
@click.option("--count", type=click.IntRange(1, 100_000), help="Letters without names.")
@click.option("--to", "mailing_list", type=GIVEN, help="CSV of addressees.")
@click.option("--name-column", default="", help="Column of --to with the name to greet.")
@click.option("--bin-column", default="", help="Column of --to with the BIN: letter and sign-in give one ballot.")
@click.option("--out", required=True, type=FILE, help="CSV file of codes to write.")
@click.option("--pdf", "printed", type=FILE, help="PDF file of letters to write; several from 1,000 letters up.")
@pass_context
def make(context: Context, /, wave: str, **options: object) -> None:
    """Make codes for letters of WAVE; they stand in the files written and nowhere else."""
    order = Order(**options)  # type: ignore[arg-type]  # click has checked each option
    addressees = order.addressees()
    try:
        mailing, letters = _make(context, wave, order.city, addressees)
    except SurveyError as error:
        raise click.ClickException(str(error)) from error
    write_private(order.out, codes_table(mailing, letters))
    click.echo(f"{order.out}: {len(letters)} codes")
    if order.printed:
        _print(order.printed, mailing, letters)
    click.echo("These files open the survey in other people's names: delete them when the letters are printed.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What was asked for on the command line."""

    city: str
    count: int | None
    mailing_list: Path | None
    name_column: str
    bin_column: str
    out: Path
    printed: Path | None

    def addressees(self) -> list[Addressee]:
        """Give whom the letters go to, named or not."""
        if (self.count is None) == (self.mailing_list is None):
            raise click.UsageError("say either --count or --to")
        if self.mailing_list is not None:
            return MailingList(self.mailing_list, self.name_column, self.bin_column).read()
        return [Addressee()] * (self.count or 0)


def _make(context: Context, wave: str, city: str, addressees: list[Addressee]) -> tuple[Mailing, list[Letter]]:
    town, actor = load_places().find_city(city), Actor(None, context.clock.now())
    with context.database.writing() as session:
        place = materials.find_place(session, wave, town.code, for_letters=True)
        letters = materials.draw_letters(session, actor, place, context.settings.keys, addressees)
        return materials.mailing(place, context.settings.public_url), letters


def _print(printed: Path, mailing: Mailing, letters: list[Letter]) -> None:
    """Write the letters, a thousand to a file."""
    for number, start in enumerate(range(0, len(letters), MOST), 1):
        file = printed if len(letters) <= MOST else printed.with_stem(f"{printed.stem}-{number}")
        batch = letters[start : start + MOST]
        write_private(file, letters_pdf(mailing, batch))
        click.echo(f"{file}: {len(batch)} letters")
