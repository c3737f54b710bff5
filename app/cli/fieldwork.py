"""`python -m app fieldwork …`: channels, links, posters, paper forms and operators' passes of a wave."""

from datetime import date, datetime
from pathlib import Path

import click

from app.audit.journal import Actor
from app.cli.context import Context, pass_context
from app.cli.private import write_private
from app.cli.wave import DAY
from app.fieldwork import materials
from surveys.ballots import keys
from surveys.errors import SurveyError
from surveys.fieldwork import passes
from surveys.fieldwork.channels import PLAIN, ChannelError, list_channels
from surveys.models import PassRecord
from surveys.population.places import load_places

CITY = click.option("--city", required=True, help="A city by any of its names.")
CHANNEL = click.option("--channel", default=PLAIN, show_default=True, help="A declared channel.")
_COUNT = click.IntRange(1, materials.MOST_FORMS)
OUT = click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="PDF file to write.")


@click.group()
def fieldwork() -> None:
    """Links, posters, paper forms and operators of a wave."""


@fieldwork.command()
@click.argument("wave")
@click.argument("code")
@pass_context
def channel(context: Context, wave: str, code: str) -> None:
    """Declare the channel CODE of WAVE: a place where its link or poster hangs."""
    try:
        with context.database.writing() as session:
            materials.declare_channel(session, _actor(context), wave, code)
            click.echo(" ".join(list_channels(session, wave)))
    except ChannelError as error:
        raise click.ClickException(str(error)) from error


@fieldwork.command()
@click.argument("wave")
@CITY
@CHANNEL
@pass_context
def link(context: Context, wave: str, city: str, channel: str) -> None:
    """Print the address that leads to WAVE with the city chosen and the channel recorded."""
    click.echo(materials.link(_place(context, wave, city, channel), context.settings.public_url, channel))


@fieldwork.command()
@click.argument("wave")
@CITY
@CHANNEL
@OUT
@pass_context
def poster(context: Context, wave: str, city: str, *, channel: str, out: Path) -> None:
    """Write a poster with a QR code, in Kazakh and Russian, ready for A4."""
    place, site = _place(context, wave, city, channel), context.settings.public_url
    out.write_bytes(materials.poster(place, site, channel))
    click.echo(f"{out}: {materials.link(place, site, channel)}")


@fieldwork.command()
@click.argument("wave")
@CITY
@click.option("--lang", type=click.Choice(["kk", "ru", "en"]), default="kk", show_default=True)
@click.option("--count", type=_COUNT, default=1, show_default=True, help="Forms to print.")
@click.option("--after", default=0, help="A serial number already printed, if the database was restored since.")
@OUT
@pass_context
def forms(context: Context, wave: str, city: str, *, lang: str, count: int, after: int, out: Path) -> None:
    """Write numbered paper questionnaires; a number is printed once in a wave and good for one answer."""
    place = _place(context, wave, city)
    try:
        # Kept before anything is printed: a number that may have reached paper is not given again.
        with context.database.writing() as session:
            directory = context.settings.keys
            numbers = materials.number_forms(session, _actor(context), place, directory, count, after=after)
    except SurveyError as error:
        raise click.ClickException(str(error)) from error
    write_private(out, materials.forms(place, lang, numbers))
    click.echo(f"{out}: {count} forms")


@fieldwork.command(name="pass")
@click.argument("wave")
@CITY
@CHANNEL
@click.option("--operator", required=True, help="The person it is for.")
@click.option("--until", type=DAY, required=True, help="Last day, such as 2027-04-30.")
@click.option("--per-day", default=passes.PER_DAY, show_default=True, help="Most answers a day.")
@pass_context
def operator_pass(
    context: Context, wave: str, city: str, *, channel: str, operator: str, until: datetime, per_day: int
) -> None:
    """Give a pass to one operator: print it, and the address where answers on paper are typed in.

    The pass is stored nowhere and shown this once; its name, printed last, is for `fieldwork revoke`.
    """
    place = _place(context, wave, city, channel)
    order = passes.PassOrder(operator, wave, place.city.code, channel, until.date(), per_day)
    try:
        with context.database.writing() as session:
            code, text = materials.give_pass(session, _actor(context), place, context.settings.keys, order)
    except SurveyError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{context.settings.public_url}/s/{wave}/paper")
    click.echo(text)
    click.echo(code)


@fieldwork.command(name="passes")
@click.argument("wave")
@click.option("--days", is_flag=True, help="List the number of every day too.")
@pass_context
def list_passes(context: Context, wave: str, *, days: bool) -> None:
    """List the passes of WAVE: name, operator, city, channel, last day, most a day, answers so far, state."""
    today = context.clock.today()
    with context.database.reading() as session:
        for given in passes.list_passes(session, wave):
            record = given.record
            fields = (record.code, record.operator or "-", record.city, record.channel, record.until, record.per_day)
            click.echo("\t".join(map(str, (*fields, given.forms, _state(record, today)))))
            for day, forms in given.days if days else ():
                click.echo(f"{record.code}\t{day}\t{forms}")


@fieldwork.command()
@click.argument("wave")
@click.argument("name")
@pass_context
def revoke(context: Context, wave: str, name: str) -> None:
    """Revoke the pass called NAME at once; a pass of an earlier release that nobody used yet is given whole."""
    try:
        with context.database.writing() as session:
            if "." in name:
                name = passes.enter_first_format(session, _key(context, wave), wave, name)
            record = materials.revoke_pass(session, _actor(context), wave, name)
    except SurveyError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"revoked: {record.code} of {record.operator or 'a pass without a name'}")


def _state(record: PassRecord, today: date) -> str:
    if record.revoked_on is not None:
        return f"revoked {record.revoked_on}"
    return "over" if record.until < today else "good"


def _place(context: Context, wave: str, city: str, channel: str = PLAIN) -> materials.Place:
    try:
        town = load_places().find_city(city)
        with context.database.reading() as session:
            return materials.find_place(session, wave, town.code, channel=channel)
    except SurveyError as error:
        raise click.ClickException(str(error)) from error


def _actor(context: Context) -> Actor:
    return Actor(None, context.clock.now())


def _key(context: Context, wave: str) -> bytes:
    try:
        return keys.load(context.settings.keys, wave)
    except keys.KeyFileError as error:
        raise click.ClickException(str(error)) from error
