"""Themes, replies and commitments as they stand once they were released, as rows."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.permissions import Role
from app.clock import KAZAKHSTAN
from app.feedback.models import CityTheme, CommentCode, FollowAnswer, Theme
from app.feedback.reply_models import Commitment, CommitmentEvent, Reply, ReplyRelease, ReplyTarget, ReplyText
from tests.builders.comments import WAVE, make_comment, make_place
from tests.builders.staff import CITY, TODAY, make_staff

WORDS = ("Жөнделді: жаңа асфальт төселді.", "Отремонтировано: уложен новый асфальт.", "Repaired: new asphalt was laid.")
EVIDENCE = "https://aktau.example/works/12"


def make_theme(session: Session, code: str = "hcs-roads", area: str = "hcs", **own: Any) -> str:
    """Store a theme where it is missing: a national one, or with a city and a parent a city's own."""
    if session.get(Theme, code) is None:
        names = {f"name_{language}": f"{code} {language}" for language in ("kk", "ru", "en")}
        blank = {"parent": None, "city": None, "retired": False, "merged_into": None, "from_file": False}
        session.add(Theme(**({"code": code, "area": area} | names | blank | own)))
        session.flush()
    return code


def code_comment(session: Session, comment: str, *themes: str, city: str = CITY) -> str:
    """Give a suggestion its themes; gives its id."""
    coder = make_staff(session, Role.ANALYST, city).id
    session.add_all(CommentCode(comment=comment, theme=theme, coder=coder, at=_noon(TODAY)) for theme in themes)
    session.flush()
    return comment


def make_shown(session: Session, theme: str, numbers: Sequence[int], **own: Any) -> list[str]:
    """Store shown suggestions of a theme; gives their ids."""
    make_theme(session, theme)
    return [
        code_comment(session, make_comment(session, number=number, state="shown", **own), theme) for number in numbers
    ]


def pick_typical(session: Session, theme: str, comments: Sequence[str], *, city: str = CITY, wave: str = WAVE) -> None:
    """Let staff pick suggestions that stand for a theme."""
    session.add(CityTheme(theme=theme, city=city, wave=wave, typical=" ".join(comments)))
    session.flush()


def make_reply(
    session: Session,
    targets: Sequence[str] = (),
    *,
    days: Sequence[date] = (TODAY,),
    words: Sequence[tuple[str, str, str]] = (WORDS,),
    city: str = CITY,
    kind: str = "done",
    at: datetime | None = None,
    **own: Any,
) -> int:
    """Store a reply whose versions were released on some days, as many as there are days; gives its number.

    `at` is the moment of every release; noon of its day where none is given.

    There may be more words than days: those were not released.
    """
    make_place(session, city, WAVE)
    writer, releaser = (make_staff(session, Role.LEAD, city).id for _ in range(2))
    blank = dict.fromkeys(("evidence_address", "body_name_kk", "body_name_ru", "body_name_en", "body_address"), "")
    facts = blank | {"done_on": None, "next_word_on": None}
    blank |= {"withdrawn_reason_kk": "", "withdrawn_reason_ru": "", "note": ""}
    nothing = dict.fromkeys(("theme", "done_on", "next_word_on", "withdrawn_on", "correction"))
    usual = {"wave": WAVE, "area": "hcs", "state": "released" if days else "draft", "author": writer, "version": 1}
    reply = Reply(**({"city": city, "kind": kind} | usual | blank | nothing | own))
    session.add(reply)
    session.flush()
    for version, (kk, ru, en) in enumerate(words, 1):
        text = {"kk": kk, "ru": ru, "en": en} | dict.fromkeys(("kk_version", "ru_version", "en_version"), version)
        session.add(ReplyText(reply=reply.id, version=version, **text, **facts, at=_noon(TODAY), written_by=writer))
    session.flush()
    for version, day in enumerate(days, 1):
        persons = {"written_by": writer, "released_by": releaser}
        session.add(ReplyRelease(reply=reply.id, version=version, **persons, released_on=day, at=at or _noon(day)))
    reached = days[0] if days else None
    session.add_all(ReplyTarget(reply=reply.id, comment=comment, reached_on=reached) for comment in targets)
    session.flush()
    return reply.id


def make_commitment(session: Session, *steps: dict[str, Any], city: str = CITY, **own: Any) -> int:
    """Store a commitment with its steps, each a row of commitment_event; gives its number.

    It stands where its last step leads, which is an announcement where none is given; a draft has none.
    """
    make_place(session, city, WAVE)
    by = make_staff(session, Role.LEAD, city).id
    told = steps or ([] if own.get("state") == "draft" else [step("announce")])
    titles = {"title_kk": "Жолды жөндеу", "title_ru": "Ремонт дороги", "title_en": "Repair of the road"}
    units = {"owner_unit_kk": "Құрылыс басқармасы", "owner_unit_ru": "Управление строительства"}
    usual = {"area": "hcs", "theme": None, "reply": None, "first_due": TODAY, "due": TODAY, "percent": 0, "version": 1}
    state = told[-1]["state"] if told else "draft"
    row = Commitment(**({"city": city, "author": by, "state": state} | titles | units | usual | own))
    session.add(row)
    session.flush()
    for each in told:
        session.add(CommitmentEvent(**({"commitment": row.id, "by": by} | each)))
        session.flush()
    return row.id


STATE_AFTER = {
    "announce": "announced",
    "progress": "in_progress",
    "move": "in_progress",
    "report_done": "reported_done",
    "agree": "agreed",
    "dispute": "disputed",
    "drop": "dropped",
}


def step(event: str, day: date = TODAY, **own: Any) -> dict[str, Any]:
    """Give a step of a commitment as `make_commitment` takes it."""
    words = {"body_kk": "", "body_ru": "", "body_en": "", "evidence_address": ""}
    return (
        {
            "event": event,
            "state": STATE_AFTER[event],
            "day": day,
            "at": _noon(day),
            "due": None,
            "percent": None,
            "done_on": None,
        }
        | words
        | own
    )


def answer(session: Session, reply: int, comments: Sequence[str], *answers: str, month: str = "2026-11") -> None:
    """Let those who wrote suggestions say what they think of a reply, one each."""
    rows = zip(comments, answers, strict=False)
    session.add_all(FollowAnswer(comment=each, reply=reply, answer=said, month=month) for each, said in rows)
    session.flush()


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), KAZAKHSTAN)


def weeks_ago(number: int) -> date:
    """Give the same day of the week some weeks before."""
    return TODAY - timedelta(weeks=number)
