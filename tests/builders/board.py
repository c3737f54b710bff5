"""A city that was written to: some of everything that the public board shows, and of everything it must not."""

from sqlalchemy.orm import Session

from app.accounts.permissions import Role
from tests.builders.comments import CONFIRM, OVERTURN, do, hide, make_comment, make_place
from tests.builders.replies import (
    EVIDENCE,
    answer,
    code_comment,
    make_commitment,
    make_reply,
    make_shown,
    make_theme,
    pick_typical,
    step,
    weeks_ago,
)
from tests.builders.staff import TODAY, make_staff

ROADS, OWN, CLINICS = "hcs-roads", "aktau-hcs-ring", "hlt-queues"


def fill_board(session: Session) -> None:
    """Write twelve suggestions on roads to Aktau, of which one is hidden, and what was answered and promised."""
    make_place(session)
    make_theme(session, ROADS)
    make_theme(session, OWN, parent=ROADS, city="aktau")
    make_theme(session, CLINICS, area="hlt")
    roads = make_shown(session, ROADS, range(1, 12), released_on=weeks_ago(6))
    code_comment(session, make_comment(session, number=12, state="shown", released_on=weeks_ago(5)), OWN)
    kazakh = make_comment(session, "Айналма жол <b>қараңғы</b>", number=13, state="shown", lang="kk", released_on=TODAY)
    make_comment(session, "Салют в парке", number=14, area="soc", state="shown", released_on=weeks_ago(1))
    code_comment(session, kazakh, OWN)
    make_shown(session, CLINICS, (15, 16), area="hlt", released_on=weeks_ago(1))
    pick_typical(session, ROADS, roads[:2])
    hide_some(session)
    reply = make_reply(
        session, roads, days=(weeks_ago(5), weeks_ago(4)), words=VERSIONS, theme=ROADS, kind="will_do",
        evidence_address=EVIDENCE,
    )  # fmt: skip
    make_reply(session, roads[:1], days=(weeks_ago(3),), kind="cannot", words=[WITHDRAWN],
               state="withdrawn", withdrawn_on=weeks_ago(2), withdrawn_reason_kk="Қате мәлімет",
               withdrawn_reason_ru="Ошибка в сведениях")  # fmt: skip
    make_reply(session, roads[:1], days=(), words=[DRAFT])
    answer(session, reply, roads, *["yes"] * 4, *["partly"] * 2, *["no"] * 4)
    make_commitment(
        session,
        step("announce", weeks_ago(4), due=weeks_ago(2)),
        step("move", weeks_ago(3), due=weeks_ago(1), **WHY),
        step("progress", weeks_ago(2), percent=40),
        theme=ROADS, reply=reply, first_due=weeks_ago(2), due=weeks_ago(1), percent=40,
    )  # fmt: skip
    make_commitment(session, state="draft", title_ru="Черновик", title_kk="Жоба", title_en="Draft")


def hide_some(session: Session) -> None:
    """Hide one suggestion for good, one for a while, and show one again; leave others where nobody reads them."""
    moderator, outsider = make_staff(session, Role.MODERATOR, "aktau").id, make_staff(session, Role.REVIEWER).id
    insult, threat = (make_comment(session, SECRET, number=number) for number in (21, 22))
    shown = make_comment(session, number=23)
    do(session, insult, moderator, hide())
    do(session, insult, outsider, CONFIRM)
    do(session, threat, moderator, hide())
    do(session, shown, moderator, hide())
    do(session, shown, outsider, OVERTURN)
    make_comment(session, PENDING, number=24, state="pending")
    make_comment(session, WAITING, number=25, state="second_look")


WHY = {"body_kk": "Материал жоқ", "body_ru": "Нет материала", "body_en": "No material"}
SECRET, PENDING, WAITING = "Тайное слово Жасырын", "Ожидающее слово", "Второй взгляд"
FIRST = ("Алғашқы жауап мәтіні", "Первые слова ответа", "First words of the reply")
SECOND = ("Түзетілген жауап мәтіні", "Исправленные слова https://aktau.example/plan.", "")
THIRD = ("Жарияланбаған мәтін", "Неопубликованные слова", "Unreleased words")
VERSIONS = [FIRST, SECOND, THIRD]
WITHDRAWN = ("Қайтарылған сөз", "Отозванные слова", "Withdrawn words")
DRAFT = ("Жоба сөз", "Черновые слова", "Draft words")
