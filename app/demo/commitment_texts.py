"""Texts of the demo's commitments. All of them are invented, and every title says so."""

from typing import NamedTuple

from app.demo.initiative_texts import LABEL
from app.feedback.commitment_checks import CommitmentTerms
from surveys.languages import Text3

EVIDENCE = "https://example.org/illustrative"
"""Where nothing of it can be seen."""

MOVED = Text3(
    "Үлгі дерек: жабдық кеш жеткізілді, жұмыс жалғасуда.",
    "Иллюстративно: оборудование пришло с опозданием, работы продолжаются.",
    "Illustrative: equipment came late, the work goes on.",
)
TOLD = Text3(
    "Үлгі дерек: жұмыстың бір бөлігі бітті.",
    "Иллюстративно: часть работ завершена.",
    "Illustrative: a part of the work is done.",
)
DONE = Text3(
    "Үлгі дерек: жұмыс бітті, кез келген адам көре алады.",
    "Иллюстративно: работы завершены, это может увидеть каждый.",
    "Illustrative: the work is done, anybody can see it.",
)
DROPPED = Text3(
    "Үлгі дерек: бұл жер басқа жобаға берілді.",
    "Иллюстративно: участок передан под другой проект.",
    "Illustrative: the plot was given to another project.",
)
REPLY = Text3(
    "Үлгі дерек: жазғандарыңызды оқыдық, бұл жұмысты орындауды уәде етеміз, мерзімі төменде көрсетілген.",
    "Иллюстративно: мы прочитали, что вы написали, и обещаем сделать эту работу; срок указан ниже.",
    "Illustrative: we have read what you wrote and promise to do this work; the day stands below.",
)


class DemoPromise(NamedTuple):
    """What is promised in the demo: the theme it is of, its title, and the unit that does it."""

    theme: str
    title: Text3
    unit: tuple[str, str]

    @property
    def area(self) -> str:
        """The area that its theme is of."""
        return self.theme.partition("_")[0]

    def terms(self) -> CommitmentTerms:
        """Give it as staff type it; the day is said elsewhere."""
        titles = (f"{label}: {title}" for label, title in zip(LABEL, self.title, strict=True))
        return CommitmentTerms(Text3(*titles), *self.unit)


_WATER = ("Үлгі: су шаруашылығы бөлімі", "Пример: отдел водного хозяйства")
_ROADS = ("Үлгі: жол басқармасы", "Пример: управление дорог")
_GREEN = ("Үлгі: көгалдандыру бөлімі", "Пример: отдел озеленения")
_HEALTH = ("Үлгі: денсаулық сақтау басқармасы", "Пример: управление здравоохранения")

LIGHTS = DemoPromise(
    "scy_lighting",
    Text3("аулаларға 300 шам орнату", "установить 300 фонарей во дворах", "300 lamps in yards"),
    _ROADS,
)
PAVEMENTS = DemoPromise(
    "its_walking",
    Text3(
        "мектептердің жанындағы жаяу жолдарды жөндеу", "починить тротуары у школ", "repair of pavements near schools"
    ),
    _ROADS,
)
TREES = DemoPromise(
    "eco_greenery",
    Text3("жағалауға 2000 ағаш отырғызу", "посадить 2000 деревьев на набережной", "2,000 trees on the embankment"),
    _GREEN,
)
POTHOLES = DemoPromise(
    "its_roads",
    Text3("шұңқырларды 30 күн ішінде жамау", "заделывать ямы за 30 дней", "potholes closed within 30 days"),
    _ROADS,
)
CONTAINERS = DemoPromise(
    "hcs_waste",
    Text3("қоқыс контейнерлерін жаңарту", "обновить контейнеры для мусора", "new containers for waste"),
    _GREEN,
)
PARKING = DemoPromise(
    "its_parking",
    Text3("орталықта тұрақ салу", "построить парковку в центре", "a car park in the centre"),
    _ROADS,
)
PRESSURE = DemoPromise(
    "hcs_water",
    Text3("ауыз су қысымын көтеру", "поднять напор питьевой воды", "more pressure of drinking water"),
    _WATER,
)
SCHEDULE = DemoPromise(
    "hcs_water",
    Text3(
        "суды өшіру кестесін алдын ала жариялау",
        "заранее публиковать график отключений воды",
        "cuts of water announced beforehand",
    ),
    _WATER,
)
QUEUES = DemoPromise(
    "hlt_appointment",
    Text3("дәрігерге жазылу кезегін қысқарту", "сократить очередь к врачу", "shorter queues to doctors"),
    _HEALTH,
)
