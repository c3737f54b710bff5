"""`python -m app fieldwork …`: channels, links, posters, paper forms and operators' passes of a wave."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import click

from app.cli.context import Context, pass_context
from app.cli.private import write_private
from app.cli.wave import DAY
from app.printing.forms import PaperOrder, forms_pdf
from app.printing.posters import Poster, poster_pdf, share_link
from surveys.ballots import keys
from surveys.errors import SurveyError
from surveys.fieldwork import paper, passes
from surveys.fieldwork.channels import PLAIN, ChannelError, declare_channel, list_channels
from surveys.models import PassRecord, Wave
from surveys.population.places import City, load_places
from surveys.questionnaire.definition import Questionnaire
from surveys.questionnaire.versions import get_compiled

CITY = click.option("--city", required=True, help="A city by any of its names.")
CHANNEL = click.option("--channel", default=PLAIN, show_default=True, help="A declared channel.")
OUT = click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="PDF file to write.")
_MOST_FORMS = 500


@dataclass(frozen=True, slots=True)
class _WaveInCity:
    """A wave as fieldwork in one city needs it."""

    wave: Wave
    city: City
    questionnaire: Questionnaire


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
            declare_channel(session, wave, code)
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
    target = _wave_in_city(context, wave, city, channel)
    click.echo(share_link(context.settings.public_url, wave, city=target.city.code, channel=channel))


@fieldwork.command()
@click.argument("wave")
@CITY
@CHANNEL
@OUT
@pass_context
def poster(context: Context, wave: str, city: str, *, channel: str, out: Path) -> None:
    """Write a poster with a QR code, in Kazakh and Russian, ready for A4."""
    target = _wave_in_city(context, wave, city, channel)
    opens, closes = (f"{day:%d.%m.%Y}" for day in (target.wave.opens_on, target.wave.closes_on))
    content = Poster(context.settings.public_url, wave, channel, opens, closes, "sms" in target.wave.gates)
    out.write_bytes(poster_pdf(content, target.city, target.questionnaire))
    click.echo(f"{out}: {share_link(context.settings.public_url, wave, city=target.city.code, channel=channel)}")


@fieldwork.command()
@click.argument("wave")
@CITY
@click.option("--lang", type=click.Choice(["kk", "ru", "en"]), default="kk", show_default=True)
@click.option("--count", type=click.IntRange(1, _MOST_FORMS), default=1, show_default=True, help="Forms to print.")
@click.option("--after", default=0, help="A serial number already printed, if the database was restored since.")
@OUT
@pass_context
def forms(context: Context, wave: str, city: str, *, lang: str, count: int, after: int, out: Path) -> None:
    """Write numbered paper questionnaires; a number is printed once in a wave and good for one answer."""
    target = _wave_in_city(context, wave, city, PLAIN)
    key = _key(context, wave)
    try:
        # Kept before anything is printed: a number that may have reached paper is not given again.
        with context.database.writing() as session:
            numbers = paper.number_forms(session, key, wave, count, after=after)
    except SurveyError as error:
        raise click.ClickException(str(error)) from error
    write_private(out, forms_pdf(target.questionnaire, PaperOrder(target.city, lang, numbers)))
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
    target = _wave_in_city(context, wave, city, channel)
    order = passes.PassOrder(operator, wave, target.city.code, channel, until.date(), per_day)
    key = _key(context, wave)
    try:
        with context.database.writing() as session:
            code, text = passes.give_pass(session, key, order)
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
            record = passes.revoke_pass(session, wave, name, today=context.clock.today())
    except SurveyError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"revoked: {record.code} of {record.operator or 'a pass without a name'}")


def _state(record: PassRecord, today: date) -> str:
    if record.revoked_on is not None:
        return f"revoked {record.revoked_on}"
    return "over" if record.until < today else "good"


def _wave_in_city(context: Context, wave: str, city: str, channel: str) -> _WaveInCity:
    try:
        town = load_places().find_city(city)
        with context.database.reading() as session:
            row = session.get(Wave, wave)
            if row is None:
                raise click.ClickException(f"no wave {wave}")
            channels = list_channels(session, wave)
            if channel not in channels:
                raise click.ClickException(f"no channel {channel!r} of {wave}; declared: {', '.join(channels)}")
            return _WaveInCity(row, town, get_compiled(session, row.version).questionnaire)
    except SurveyError as error:
        raise click.ClickException(str(error)) from error


def _key(context: Context, wave: str) -> bytes:
    try:
        return keys.load(context.settings.keys, wave)
    except keys.KeyFileError as error:
        raise click.ClickException(str(error)) from error
