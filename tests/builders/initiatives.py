"""Initiatives and documents of cities, and the people who plan and examine them."""

from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from app.audit.journal import Actor
from app.initiatives import documents, keeping
from app.initiatives.contents import InitiativeContent
from app.initiatives.documents import OpenDocument, TypedDocument, read_document
from app.initiatives.examining import OpenText, examine
from app.initiatives.keeping import Report
from app.initiatives.opinions import EVERY_POINT, ExaminerWord, Opinion
from app.initiatives.standing import InitiativeKey, InitiativeStanding, get_standing
from app.initiatives.states import InitiativeState
from tests.builders.examination import actor, make_person
from tests.builders.staff import TODAY

CITY = "aktau"
LONG_KK = "Қала тұрғындары автобустың қай жерде екенін телефоннан көреді және күту уақытын біледі."
LONG_RU = "Жители видят на телефоне, где едет автобус, и знают, сколько минут ждать на остановке."
ADDRESS = "https://aktau.example.kz/bus"
DONE_KK = "Барлық бағытта жұмыс істейді, деректер ашық."
DONE_RU = "Работает на всех маршрутах, данные открыты."

SUPPORTED = ExaminerWord(opinion=Opinion.SUPPORT, points=EVERY_POINT)
RETURNED = ExaminerWord(opinion=Opinion.RETURN, note="Шығынды жылдар бойынша бөліп жазыңыз")
REFUSED = ExaminerWord(opinion=Opinion.NOT_SUPPORT, note="Қостанайда дәл осындай жүйе бар")
UNABLE = ExaminerWord(opinion=Opinion.UNABLE)
UNDER_CONDITIONS = ExaminerWord(
    opinion=Opinion.SUPPORT,
    points=EVERY_POINT,
    conditions_kk="Деректер ашық форматта жариялансын",
    conditions_ru="Данные публикуются в открытом формате",
)


class Planners(NamedTuple):
    """Those of a city, and four examiners of the ministry."""

    analyst: int
    lead: int
    one: int
    two: int
    three: int
    four: int


def make_planners(session: Session, city: str = CITY) -> Planners:
    """Make the people."""
    own = [make_person(session, f"{role} of {city}", role, city) for role in ("analyst", "lead")]
    return Planners(*own, *(make_person(session, f"examiner {n}", "reviewer") for n in range(1, 5)))


def content_of_bus(**changes: Any) -> InitiativeContent:
    """Give a whole description of an initiative."""
    columns: dict[str, Any] = {
        "area": "its",
        "title_kk": "Автобустың келу уақыты",
        "title_ru": "Время прибытия автобусов",
        "title_en": "Bus arrival times",
        "what_kk": LONG_KK,
        "what_ru": LONG_RU,
        "indicators": "its_1 its_5",
        "cost": 120_000,
        "year_from": 2026,
        "year_to": 2027,
        "registers": "Smart Bridge",
        "personal_data": "no",
        "languages": "Екі тілде, экран оқитын бағдарламамен",
        "keeper_kk": "Көлік басқармасы",
        "keeper_ru": "Управление транспорта",
        "contact": "+7 7292 000000",
    }
    return InitiativeContent(**columns | changes)


def plan(session: Session, people: Planners, city: str = CITY, **changes: Any) -> InitiativeStanding:
    """Let an analyst plan an initiative."""
    return keeping.create(session, city, content_of_bus(**changes), actor(people.analyst))


def submit(session: Session, people: Planners, city: str = CITY, **changes: Any) -> InitiativeStanding:
    """Plan one and let the lead submit it."""
    planned = plan(session, people, city, **changes)
    return keeping.submit(session, planned.key, planned.version, actor(people.lead))


def opine(
    session: Session, key: InitiativeKey, staff: int | None, word: ExaminerWord, minutes: int = 0
) -> InitiativeState:
    """Give an opinion on the newest text."""
    standing = get_standing(session, key)
    return examine(session, OpenText(key, standing.revision, standing.version), word, actor(staff, minutes))


def support(session: Session, people: Planners, city: str = CITY, **changes: Any) -> InitiativeStanding:
    """Submit one and let two support it."""
    submitted = submit(session, people, city, **changes)
    for examiner in (people.one, people.two):
        opine(session, submitted.key, examiner, SUPPORTED)
    return get_standing(session, submitted.key)


def finish(session: Session, people: Planners, city: str = CITY, **changes: Any) -> InitiativeStanding:
    """Bring one to its end."""
    supported = support(session, people, city, **changes)
    by = actor(people.lead)
    begun = keeping.start(session, supported.key, supported.version, Report(day=TODAY), by)
    return keeping.finish(session, begun.key, begun.version, Report(TODAY, DONE_KK, DONE_RU, ADDRESS), by)


def typed_document(**changes: Any) -> TypedDocument:
    """Give what somebody types of a strategy that the maslikhat approved."""
    texts = {
        "kind": "strategy",
        "title_kk": "Ақтау — ақылды қала стратегиясы",
        "title_ru": "Стратегия «Умный Актау»",
        "title_en": "Smart Aktau strategy",
        "approved_by_kk": "Ақтау қалалық мәслихаты",
        "approved_by_ru": "Актауский городской маслихат",
        "approved_by_en": "Maslikhat of Aktau",
        "decision": "12/101",
        "until_year": "2030",
        "address": "https://aktau.example.kz/strategy.pdf",
        "replaces": "",
    }
    own = {name: changes.pop(name) for name in ("document_day", "approved_on", "is_approved") if name in changes}
    days: dict[str, Any] = {"document_day": TODAY, "approved_on": TODAY, "is_approved": True} | own
    return TypedDocument(texts=texts | changes, **days)


def keep_document(session: Session, city: str, by: int, **changes: Any) -> int:
    """Keep a draft of a document."""
    return documents.add_document(session, city, read_document(typed_document(**changes), TODAY), actor(by))


def release(session: Session, city: str, number: int, by: Actor) -> None:
    """Release a draft as it stands."""
    version = documents.find_document(session, city, number).version
    documents.release_document(session, OpenDocument(city, number, version), by)
