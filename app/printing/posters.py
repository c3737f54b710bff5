"""Posters with a QR code that leads to a wave, for one city and one channel."""

from typing import NamedTuple
from urllib.parse import urlencode

from app.printing.typeset import pdf, qr_svg
from surveys.fieldwork.channels import PLAIN
from surveys.languages import Text3
from surveys.population.places import City
from surveys.questionnaire.definition import Questionnaire

_POINTS = (
    Text3(
        "Кез келген телефонмен шамамен {minutes} минутта толтыруға болады",
        "Займёт около {minutes} минут, с любого телефона",
        "About {minutes} minutes, on any phone",
    ),
    Text3("Қазақша, орысша немесе ағылшынша", "На казахском, русском или английском", "In Kazakh, Russian or English"),
)
_NOT_ASKED = {
    False: Text3(
        "Аты-жөні, ЖСН, телефон сұралмайды", "Имя, ИИН и телефон не спрашиваются", "No name, IIN or telephone is asked"
    ),
    True: Text3("Аты-жөні мен ЖСН сұралмайды", "Имя и ИИН не спрашиваются", "No name or IIN is asked"),
}
"""What a wave does not ask for, by whether it may ask for a telephone."""
_FOOT = Text3(
    "Сауалнама {opens} – {closes} аралығында өтеді. Нәтижелері порталда жарияланады.",
    "Опрос проходит с {opens} по {closes}. Результаты публикуются на портале.",
    "The survey runs from {opens} to {closes}. Results are published on the portal.",
)


class Poster(NamedTuple):
    """What a poster says: days are written as numbers, for both languages read those alike."""

    site: str
    wave: str
    channel: str
    opens: str
    closes: str
    asks_telephone: bool = False


def share_link(site: str, wave: str, *, city: str | None = None, channel: str = PLAIN) -> str:
    """Give the address that leads to a wave, with the city chosen already and the channel recorded."""
    query = {"city": city, "via": None if channel == PLAIN else channel}
    encoded = urlencode({name: value for name, value in query.items() if value})
    return f"{site}/s/{wave}" + (f"?{encoded}" if encoded else "")


def poster_pdf(poster: Poster, city: City, questionnaire: Questionnaire) -> bytes:
    """Set a poster in Kazakh and Russian, one sheet of A4."""
    link = share_link(poster.site, poster.wave, city=city.code, channel=poster.channel)
    values = {"minutes": questionnaire.minutes, "opens": poster.opens, "closes": poster.closes}
    languages = ("kk", "ru")
    points = (*_POINTS, _NOT_ASKED[poster.asks_telephone])
    data = {
        "title": {lang: f"{questionnaire.title.pick(lang)}: {city.name.pick(lang)}" for lang in languages},
        "lead": {lang: questionnaire.lead.pick(lang) for lang in languages},
        "points": {lang: [point.pick(lang).format(**values) for point in points] for lang in languages},
        "foot": {lang: _FOOT.pick(lang).format(**values) for lang in languages},
        "qr": qr_svg(link),
        "address": link.partition("://")[2],
    }
    return pdf("poster", data)
