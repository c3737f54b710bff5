"""Texts of the demo's initiatives and documents. All of them are invented, and every title says so."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from app.initiatives.contents import InitiativeContent
from app.initiatives.documents import TypedDocument
from surveys.languages import Text3

LABEL = Text3("Үлгі", "Пример", "Example")
"""What stands before every title."""

NOTE = "Үлгі дерек: шығынды жылдар бойынша бөліп, қай тізілім қолданылатынын жазыңыз."
CONDITIONS = (
    "Үлгі дерек: деректер ашық форматта жариялансын.",
    "Иллюстративно: данные публикуются в открытом формате.",
)
BEGUN = ("Үлгі дерек: жұмыс басталды.", "Иллюстративно: работы начались.")
TOLD = (
    "Үлгі дерек: жабдықтың жартысы орнатылды, қалғаны келесі тоқсанда.",
    "Иллюстративно: половина оборудования установлена, остальное — в следующем квартале.",
)
DONE = (
    "Үлгі дерек: барлық жабдық орнатылды, деректер ашық.",
    "Иллюстративно: всё оборудование установлено, данные открыты.",
)
STOPPED = (
    "Үлгі дерек: қаржы басқа жұмысқа бағытталды.",
    "Иллюстративно: средства направлены на другие работы.",
)
_REGISTERS = "Smart Bridge, eGov (үлгі дерек / иллюстративно)"
_LANGUAGES = "Екі тілде, экран оқитын бағдарламамен / на двух языках, с программой экранного доступа"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoInitiative:
    """An initiative of the demo, and what becomes of it."""

    city: str
    fate: str
    area: str
    indicators: str
    cost: int
    title: Text3
    what: Text3
    keeper: tuple[str, str]

    def content(self) -> InitiativeContent:
        """Give it as a city types it."""
        return InitiativeContent(
            area=self.area,
            title_kk=f"{LABEL.kk}: {self.title.kk}",
            title_ru=f"{LABEL.ru}: {self.title.ru}",
            title_en=f"{LABEL.en}: {self.title.en}",
            what_kk=self.what.kk,
            what_ru=self.what.ru,
            what_en=self.what.en,
            indicators=self.indicators,
            cost=self.cost,
            year_from=2025,
            year_to=2026,
            registers=_REGISTERS,
            personal_data="no",
            languages=_LANGUAGES,
            keeper_kk=self.keeper[0],
            keeper_ru=self.keeper[1],
            contact="+7 700 000 00 00",
        )


TRANSPORT = ("Жолаушылар көлігі басқармасы", "Управление пассажирского транспорта")
HOUSING = ("Тұрғын үй-коммуналдық шаруашылық басқармасы", "Управление жилищно-коммунального хозяйства")
ECOLOGY = ("Экология басқармасы", "Управление экологии")
HEALTH = ("Денсаулық сақтау басқармасы", "Управление здравоохранения")
DIGITAL = ("Цифрландыру басқармасы", "Управление цифровизации")

_BUS = Text3(
    "автобустың келу уақыты телефонда", "время прибытия автобусов в телефоне", "bus arrival times on the phone"
)
_BUS_DOES = Text3(
    "Тұрғындар автобустың қай жерде екенін телефоннан көріп, аялдамада қанша күтетінін біледі.",
    "Жители видят на телефоне, где едет автобус, и знают, сколько минут ждать на остановке.",
    "People see on the phone where the bus is and how many minutes they will wait at the stop.",
)
_BUS_LIKE = Text3("автобустар телефонда көрінеді", "автобусы видны в телефоне", "buses seen on the phone")
_BUS_LIKE_DOES = Text3(
    "Жолаушылар автобустың қай жерде екенін телефоннан көріп, аялдамада қанша минут күтетінін біледі.",
    "Пассажиры видят на телефоне, где едет автобус, и знают, сколько минут ждать его на остановке.",
    "Passengers see on the phone where the bus is and how many minutes to wait at the stop.",
)
_LAMPS = Text3("қозғалысқа қарай жанатын шамдар", "уличные лампы по движению", "street lamps lit by movement")
_LAMPS_DO = Text3(
    "Көше шамдары адам өткенде толық жанып, қалған уақытта азайтылады, сынған шам өзі хабарлайды.",
    "Уличные лампы горят в полную силу, когда кто-то идёт, а о поломке сообщают сами.",
    "Street lamps burn fully while somebody passes, and report by themselves when they break.",
)
_AIR = Text3("ауа сапасын өлшейтін желі", "сеть измерения качества воздуха", "a network that measures the air")
_AIR_DOES = Text3(
    "Әр ауданда ауаның сапасы өлшеніп, көрсеткіштер сағат сайын ашық бетте шығады.",
    "В каждом районе измеряется качество воздуха, показания каждый час публикуются на открытой странице.",
    "The air is measured in every district, and the readings appear on an open page every hour.",
)
_QUEUE = Text3("емханаға кезексіз жазылу", "запись в поликлинику без очереди", "appointments without a queue")
_QUEUE_DOES = Text3(
    "Емханаға телефоннан жазылып, дәрігер кешіксе, хабарлама алады; кезекте тұрудың қажеті жоқ.",
    "В поликлинику записываются с телефона и получают сообщение, если врач задерживается.",
    "People make an appointment by phone and get a message when the doctor is late.",
)
_WATER = Text3("су құбырындағы датчиктер", "датчики на водопроводе", "sensors on the water pipes")
_WATER_DOES = Text3(
    "Датчиктер судың қай жерде ағып жатқанын көрсетеді, жөндеу бригадасы бірінші соған барады.",
    "Датчики показывают, где утекает вода, и ремонтная бригада едет туда в первую очередь.",
    "Sensors show where water leaks, and the repair team goes there first.",
)
_DATA = Text3("қаланың ашық деректері", "открытые данные города", "open data of the city")
_DATA_DOES = Text3(
    "Қаланың негізгі деректері бір бетте, машина оқитын түрде және әр ай сайын жаңарып тұрады.",
    "Основные данные города собраны на одной странице, в машиночитаемом виде и обновляются каждый месяц.",
    "The main data of the city stand on one page, readable by machines and renewed every month.",
)


def _of(
    place: tuple[str, str], what: tuple[str, str, int], texts: tuple[Text3, Text3], keeper: tuple[str, str]
) -> DemoInitiative:
    (city, fate), (area, indicators, cost), (title, does) = place, what, texts
    return DemoInitiative(
        city=city,
        fate=fate,
        area=area,
        indicators=indicators,
        cost=cost,
        title=title,
        what=does,
        keeper=keeper,
    )


INITIATIVES = (
    _of(("aktau", "running"), ("its", "its_1 its_5", 180_000), (_BUS, _BUS_DOES), TRANSPORT),
    _of(("aktau", "finished"), ("hcs", "hcs_1 hcs_2", 95_000), (_LAMPS, _LAMPS_DO), HOUSING),
    _of(("aktau", "finished"), ("hlt", "hlt_1 hlt_2", 40_000), (_QUEUE, _QUEUE_DOES), HEALTH),
    _of(("aktau", "supported"), ("eco", "eco_1", 60_000), (_AIR, _AIR_DOES), ECOLOGY),
    _of(("aktau", "half"), ("hcs", "hcs_5", 70_000), (_WATER, _WATER_DOES), HOUSING),
    _of(("aktau", "returned"), ("ict", "ict_1", 25_000), (_DATA, _DATA_DOES), DIGITAL),
    _of(("karaganda", "supported"), ("its", "its_1", 210_000), (_BUS_LIKE, _BUS_LIKE_DOES), TRANSPORT),
    _of(("karaganda", "split"), ("hcs", "hcs_1", 88_000), (_LAMPS, _LAMPS_DO), HOUSING),
    _of(("karaganda", "submitted"), ("eco", "eco_1", 75_000), (_AIR, _AIR_DOES), ECOLOGY),
    _of(("karaganda", "refused"), ("hlt", "hlt_1", 30_000), (_QUEUE, _QUEUE_DOES), HEALTH),
    _of(("karaganda", "stopped"), ("ict", "ict_1", 20_000), (_DATA, _DATA_DOES), DIGITAL),
    _of(("shymkent", "planned"), ("its", "its_1", 240_000), (_BUS, _BUS_DOES), TRANSPORT),
)


class DemoDocument(NamedTuple):
    """A document of the demo."""

    city: str
    kind: str
    title: Text3
    body: Text3
    days_ago: int
    is_released: bool

    def typed(self, today: date) -> TypedDocument:
        """Give it as a city types it."""
        day = today - timedelta(days=self.days_ago)
        labels = LABEL._asdict()
        titles = {f"title_{lang}": f"{labels[lang]}: {text}" for lang, text in self.title._asdict().items()}
        bodies = {f"approved_by_{lang}": text for lang, text in self.body._asdict().items()}
        more = {
            "kind": self.kind,
            "decision": "",
            "until_year": "2030",
            "address": f"https://demo.example/{self.city}/{self.kind}",
            "replaces": "",
        }
        return TypedDocument(texts=titles | bodies | more, document_day=day, approved_on=day, is_approved=True)


DOCUMENTS = (
    DemoDocument(
        "aktau",
        "strategy",
        Text3("«ақылды» қала стратегиясы", "стратегия «умного» города", "strategy of the smart city"),
        Text3("Ақтау қалалық мәслихаты", "Актауский городской маслихат", "Maslikhat of Aktau"),
        400,
        is_released=True,
    ),
    DemoDocument(
        "karaganda",
        "strategy",
        Text3("«ақылды» қала стратегиясы", "стратегия «умного» города", "strategy of the smart city"),
        Text3("Қарағанды қалалық мәслихаты", "Карагандинский городской маслихат", "Maslikhat of Karaganda"),
        700,
        is_released=True,
    ),
    DemoDocument(
        "karaganda",
        "architecture",
        Text3("«ақылды» қала архитектурасы", "архитектура «умного» города", "architecture of the smart city"),
        Text3("Қарағанды қаласының әкімдігі", "Акимат города Караганды", "Akimat of Karaganda"),
        200,
        is_released=True,
    ),
    DemoDocument(
        "shymkent",
        "architecture",
        Text3("«ақылды» қала архитектурасы", "архитектура «умного» города", "architecture of the smart city"),
        Text3("Шымкент қаласының әкімдігі", "Акимат города Шымкента", "Akimat of Shymkent"),
        60,
        is_released=False,
    ),
)
