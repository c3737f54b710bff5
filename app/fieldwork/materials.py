"""What goes into the field: posters, letters with codes, paper forms, and operators' passes; all of it journaled.

Numbers, codes and passes are drawn and stored first, in the caller's transaction together with the line in the
journal; what is printed is set afterwards, outside of it. The journal says how many and for which city, never a code,
an addressee or an operator's name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from app.audit.journal import Actor, Entry, record
from app.clock import KAZAKHSTAN
from app.fieldwork.errors import MaterialError, MaterialFault
from app.printing.forms import PaperOrder, forms_pdf
from app.printing.letters import Mailing, letters_pdf
from app.printing.posters import Poster, poster_pdf, share_link
from surveys.ballots import keys
from surveys.fieldwork import channels, paper, passes
from surveys.fieldwork.channels import PLAIN, list_channels
from surveys.fieldwork.passes import PassOrder
from surveys.identity.codes import Addressee, Letter, make_letters
from surveys.models import PassRecord, Wave, WaveCity
from surveys.population.places import City, load_places
from surveys.questionnaire.definition import PUBLIC_AUDIENCES, Questionnaire
from surveys.questionnaire.versions import get_compiled

MOST_FORMS = 500
"""Paper forms of one file."""

RUNNING = ("planned", "open")
"""States of a wave for which anything is still made: later nobody could answer with it."""


@dataclass(frozen=True, slots=True)
class Place:
    """A wave in one city, as what is printed for it needs it."""

    wave: str
    city: City
    opens_on: date
    closes_on: date
    gates: frozenset[str]
    questionnaire: Questionnaire
    channels: tuple[str, ...]


def find_place(session: Session, wave: str, city: str, *, channel: str = PLAIN, for_letters: bool = False) -> Place:
    """Give a wave in a city, with a channel that must be declared; raises MaterialError.

    Staff come by letters alone: nothing else is made for their waves, which anybody could use.
    """
    row = session.get(Wave, wave)
    if row is None:
        raise MaterialError(MaterialFault.NO_WAVE, f"no wave {wave}")
    if session.get(WaveCity, (wave, city)) is None:
        raise MaterialError(MaterialFault.NOT_IN_CITY, f"wave {wave} does not ask in {city}")
    if row.audience not in PUBLIC_AUDIENCES and not for_letters:
        raise MaterialError(MaterialFault.LETTERS_ALONE, f"wave {wave} asks staff: only letters are made for it")
    declared = list_channels(session, wave)
    if channel not in declared:
        words = f"no channel {channel!r} of {wave}; declared: {', '.join(declared)}"
        raise MaterialError(MaterialFault.NO_CHANNEL, words)
    if row.state not in RUNNING:
        raise MaterialError(MaterialFault.OVER, f"wave {wave} is {row.state}: nothing more is made for it")
    questionnaire = get_compiled(session, row.version).questionnaire
    town = load_places().city(city)
    return Place(wave, town, row.opens_on, row.closes_on, row.gates, questionnaire, declared)


def declare_channel(session: Session, actor: Actor, wave: str, code: str) -> None:
    """Declare a channel of a wave; doing it again changes nothing. Raises ChannelError."""
    before = list_channels(session, wave)
    channels.declare_channel(session, wave, code)
    if code not in before:
        record(session, actor, Entry(event="channel.declared", object_kind="wave", object_id=wave, detail={"is": code}))


def poster(place: Place, public_url: str, channel: str) -> bytes:
    """Set a poster with a QR code, one A4 sheet; it holds nothing secret, and so is not journaled."""
    opens, closes = (f"{day:%d.%m.%Y}" for day in (place.opens_on, place.closes_on))
    content = Poster(public_url, place.wave, channel, opens, closes, "sms" in place.gates)
    return poster_pdf(content, place.city, place.questionnaire)


def link(place: Place, public_url: str, channel: str) -> str:
    """Give the address that leads to a wave with the city chosen and the channel recorded."""
    return link_to(public_url, place.wave, place.city.code, channel)


def link_to(public_url: str, wave: str, city: str, channel: str) -> str:
    """Give the same address by the codes of wave and city."""
    return share_link(public_url, wave, city=city, channel=channel)


def number_forms(
    session: Session, actor: Actor, place: Place, directory: Path, count: int, *, after: int = 0
) -> list[str]:
    """Give the next paper forms their numbers: one that may be on paper is not given again. Raises FormsError."""
    key = keys.load(directory, place.wave)
    numbers = paper.number_forms(session, key, place.wave, count, after=after)
    record(session, actor, _entry("forms.numbered", place, count=count))
    return numbers


def forms(place: Place, lang: str, numbers: Sequence[str]) -> bytes:
    """Set numbered paper questionnaires."""
    return forms_pdf(place.questionnaire, PaperOrder(place.city, lang, numbers))


def draw_letters(
    session: Session, actor: Actor, place: Place, directory: Path, addressees: Sequence[Addressee]
) -> list[Letter]:
    """Draw a code for each addressee; the codes are in the result and nowhere else. Raises MaterialError, LetterError.

    Codes of a file that nobody fetched open nothing, for nobody has them.
    """
    if "code" not in place.gates:
        words = f"wave {place.wave} does not open to codes: plan it with --gate code"
        raise MaterialError(MaterialFault.NO_CODES, words)
    key = keys.load(directory, place.wave)
    letters = make_letters(session, key, (place.wave, place.city.code), addressees)
    record(session, actor, _entry("letters.made", place, count=len(letters)))
    return letters


def mailing(place: Place, public_url: str) -> Mailing:
    """Give what the letters of a wave and city have in common."""
    return Mailing(public_url, place.wave, place.city, place.questionnaire, place.closes_on)


def letters(place: Place, public_url: str, drawn: list[Letter]) -> bytes:
    """Set letters of invitation, a sheet each."""
    return letters_pdf(mailing(place, public_url), drawn)


def give_pass(session: Session, actor: Actor, place: Place, directory: Path, order: PassOrder) -> tuple[str, str]:
    """Give a pass; gives its name and its text, which is stored nowhere. Raises PassOrderError."""
    code, text = passes.give_pass(session, keys.load(directory, place.wave), order)
    record(session, actor, _entry("pass.given", place, name=code, until=str(order.until), per_day=order.per_day))
    return code, text


def revoke_pass(session: Session, actor: Actor, wave: str, code: str) -> PassRecord:
    """Let a pass open nothing any more; doing it again changes nothing. Raises PassOrderError."""
    row = session.get(PassRecord, (wave, code), with_for_update=True, populate_existing=True)
    is_news = row is not None and row.revoked_on is None
    row = passes.revoke_pass(session, wave, code, today=actor.at.astimezone(KAZAKHSTAN).date())
    if is_news:
        detail = {"name": code}
        entry = Entry(event="pass.revoked", object_kind="wave", object_id=wave, city=row.city, detail=detail)
        record(session, actor, entry)
    return row


def _entry(event: str, place: Place, **detail: str | int) -> Entry:
    return Entry(event=event, object_kind="wave", object_id=place.wave, city=place.city.code, detail=detail)
