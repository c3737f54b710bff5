"""Letters of invitation: Kazakh and Russian on one sheet, the code in fours, and a QR code that no log ever sees."""

from dataclasses import dataclass
from datetime import date

from app.printing.typeset import pdf, qr_svg
from surveys.identity.codes import Letter, grouped
from surveys.population.places import City
from surveys.questionnaire.definition import Questionnaire

MOST = 1_000
"""Letters of one file: a thousand sheets are what a printer takes at a time."""

_KK = {
    "greeting": "Құрметті {name}!",
    "nobody": "Құрметті қала тұрғыны!",
    "business": "Құрметті кәсіпкер!",
    "staff": "Құрметті әріптес!",
    "invites": "Сізді {city} қаласы туралы сауалнамаға шақырамыз. Ол шамамен {minutes} минут алады және "
    "{until} күніне дейін ашық.",
    "how": "Телефон камерасымен кодты сканерлеңіз немесе мына мекенжайды ашып, кодты теріңіз:",
    "code": "Сіздің кодыңыз",
    "once": "Бұл код бір жауапқа арналған. Оны ешкімге бермеңіз.",
    "secret": "Кімнің қатысқаны мен не айтылғаны бөлек сақталады, ал оларды байланыстыра алатын кілт сауалнама "
    "қорытындыланғанда жойылады. Қатысу ерікті.",
}
_RU = {
    "greeting": "Здравствуйте, {name}!",
    "nobody": "Здравствуйте!",
    "business": "Здравствуйте!",
    "staff": "Здравствуйте!",
    "invites": "Приглашаем Вас ответить на вопросы о Вашем городе ({city}). Опрос займёт около {minutes} минут и "
    "открыт по {until} включительно.",
    "how": "Наведите камеру телефона на QR-код или откройте этот адрес и введите код:",
    "code": "Ваш код",
    "once": "Этот код — для одного ответа. Никому его не передавайте.",
    "secret": "Кто участвовал и что было сказано, хранится порознь, а ключ, который мог бы их связать, уничтожается, "
    "когда подводятся итоги опроса. Участие добровольное.",
}


@dataclass(frozen=True, slots=True)
class Mailing:
    """What the letters of one wave and city have in common."""

    public_url: str
    wave: str
    city: City
    questionnaire: Questionnaire
    until: date

    @property
    def address(self) -> str:
        """Give the address where a code is typed."""
        return f"{self.public_url}/s/{self.wave}/enter/code"


def letters_pdf(mailing: Mailing, letters: list[Letter]) -> bytes:
    """Set the letters, a sheet each."""
    shared = {
        "address": mailing.address.partition("://")[2],
        "title": {"kk": mailing.questionnaire.title.kk, "ru": mailing.questionnaire.title.ru},
        "brand": {"kk": "Қала пікірі", "ru": "Мнение города"},
    }
    return pdf("letter", shared | {"letters": [_sheet(mailing, letter) for letter in letters]})


def _sheet(mailing: Mailing, letter: Letter) -> dict[str, object]:
    return {
        "name": letter.addressee.name,
        "code": grouped(letter.code),
        # What stands after # stays in the phone: browsers never send it.
        "qr": qr_svg(f"{mailing.address}#{letter.code}"),
        "kk": _words(_KK, mailing, letter, mailing.city.name.kk),
        "ru": _words(_RU, mailing, letter, mailing.city.name.ru),
    }


def _words(words: dict[str, str], mailing: Mailing, letter: Letter, city: str) -> dict[str, str]:
    unnamed = words.get(mailing.questionnaire.audience, words["nobody"])
    greeting = words["greeting"].format(name=letter.addressee.name) if letter.addressee.name else unnamed
    values = {"city": city, "minutes": mailing.questionnaire.minutes, "until": f"{mailing.until:%d.%m.%Y}"}
    return {
        "greeting": greeting,
        "invites": words["invites"].format(**values),
        **{part: words[part] for part in ("how", "code", "once", "secret")},
    }
