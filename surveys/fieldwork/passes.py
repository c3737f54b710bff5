"""Operators' passes: who may type in answers, until when, how many a day; and how many it were, by day.

A pass is shown once, to the person it is named for. Stored is its mark under the wave's key: whoever reads the database
cannot type in answers with it. What is kept of an operator's work is one number a day. It is written apart from the
answers, in a transaction before theirs, and each writing renews the numbers of all operators of that day: neither the
database's own numbers of transactions nor its order of rows says which answer came from whom (decision 23).
"""

import hmac
import re
import secrets
from base64 import b32encode
from contextlib import suppress
from datetime import date
from typing import NamedTuple

from sqlalchemy import case, insert, select, update
from sqlalchemy.orm import Session

from surveys.ballots.macs import mac
from surveys.errors import SurveyError
from surveys.fieldwork.paper import reads_first_format, series_of
from surveys.models.fieldwork import WaveCity
from surveys.models.paper import OperatorDay, PassRecord

TABLES = (OperatorDay.__tablename__,)
"""What is written anew at every answer; the database should forget the old rows (Database.forget_old_rows)."""

PER_DAY = 100
"""Answers a day of a pass for which nothing else is said: more than one person types in with care."""

_LONGEST_NAME = 80
_SECRET = 15
"""Random bytes of a pass: 120 bits, 24 letters and digits."""

FORMAT = 2
"""Number of the format given now. It begins every pass, with a hyphen after it.

Those of format 1, of the release of November 2026, hold their facts and a signature, five parts with points between.
"""

_OTHER = re.compile(r"[^A-Z2-7]")
_MISREAD = str.maketrans("018", "OIB")


class PassError(SurveyError):
    """A pass that opens nothing now; `reason` is "unknown", "newer_format", "expired", "revoked" or "used_up"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class PassOrderError(SurveyError):
    """A pass that cannot be given, or is not there to be revoked."""


class PassOrder(NamedTuple):
    """Whom a pass is for and what it allows: `per_day` answers from one city, through one channel, until a day."""

    operator: str
    wave: str
    city: str
    channel: str
    until: date
    per_day: int = PER_DAY


class Operator(NamedTuple):
    """Somebody with a pass that is good today; `code` is what the organiser calls the pass."""

    code: str
    name: str
    wave: str
    city: str
    channel: str
    per_day: int


class GivenPass(NamedTuple):
    """A pass as the organiser sees it, with the answers that came under it, in all and by day."""

    record: PassRecord
    forms: int
    days: tuple[tuple[date, int], ...]


def give_pass(session: Session, key: bytes, order: PassOrder) -> tuple[str, str]:
    """Give a pass; gives the name of the pass and its text, which is stored nowhere. Raises PassOrderError."""
    name = " ".join(order.operator.split())
    if not 0 < len(name) <= _LONGEST_NAME:
        raise PassOrderError(f"a pass is for one person: a name of 1 to {_LONGEST_NAME} characters is needed")
    if order.per_day < 1:
        raise PassOrderError("a pass is for one answer a day at least")
    if session.get(WaveCity, (order.wave, order.city)) is None:
        raise PassOrderError(f"wave {order.wave} does not ask in {order.city}")
    text = f"{FORMAT}-{_grouped(b32encode(secrets.token_bytes(_SECRET)).decode())}"
    record = _record(session, order._replace(operator=name), _mark(key, _normal(text)))
    return record.code, text


def find_operator(session: Session, key: bytes, wave: str, text: str, *, today: date) -> Operator:
    """Read a pass as it is typed; raises PassError unless it is good for this wave today."""
    mark = _mark(key, _normal(text))
    record = session.scalar(select(PassRecord).where(PassRecord.wave == wave, PassRecord.mark == mark))
    if record is None:
        raise PassError("newer_format" if _is_of_newer_format(text) else "unknown")
    _check(record, today)
    return Operator(record.code, record.operator, wave, record.city, record.channel, record.per_day)


def admit_operator(session: Session, key: bytes, wave: str, text: str, *, today: date) -> Operator:
    """Read a pass for the first time; one of the release before is entered, so that it can be revoked from then on."""
    if "." in text:
        with suppress(PassOrderError):
            enter_first_format(session, key, wave, text)
    return find_operator(session, key, wave, text, today=today)


def enter_first_format(session: Session, key: bytes, wave: str, text: str) -> str:
    """Enter a pass of format 1, which names nobody, unless it is entered already; gives the name of the pass.

    Raises PassOrderError for what is no such pass of the wave.
    """
    order = _read_first_format(key, text.strip())
    is_of_wave = order is not None and order.wave == wave and reads_first_format(session, wave)
    if order is None or not is_of_wave or session.get(WaveCity, (wave, order.city)) is None:
        raise PassOrderError(f"this is no pass of wave {wave}")
    mark = _mark(key, _normal(text))
    series_of(session, wave)  # two that enter it at once would else both find it missing
    code = session.scalar(select(PassRecord.code).where(PassRecord.mark == mark))
    return code or _record(session, order, mark).code


def revoke_pass(session: Session, wave: str, code: str, *, today: date) -> PassRecord:
    """Let a pass open nothing any more; what came under it stays. Raises PassOrderError."""
    record = session.get(PassRecord, (wave, code), with_for_update=True)
    if record is None:
        raise PassOrderError(f"no pass {code} of wave {wave}")
    record.revoked_on = record.revoked_on or today
    return record


def list_passes(session: Session, wave: str) -> list[GivenPass]:
    """List the passes of a wave by the names of their operators."""
    days: dict[str, list[tuple[date, int]]] = {}
    for row in session.scalars(select(OperatorDay).where(OperatorDay.wave == wave).order_by(OperatorDay.day)):
        if row.forms:
            days.setdefault(row.operator_pass, []).append((row.day, row.forms))
    order = (PassRecord.operator, PassRecord.code)
    records = session.scalars(select(PassRecord).where(PassRecord.wave == wave).order_by(*order))
    return [
        GivenPass(record, sum(n for _day, n in days.get(record.code, ())), tuple(days.get(record.code, ())))
        for record in records
    ]


def forms_on(session: Session, operator: Operator, day: date) -> int:
    """Give how many answers came under a pass on a day."""
    row = session.get(OperatorDay, (operator.wave, day, operator.code))
    return row.forms if row else 0


def take_form(session: Session, operator: Operator, day: date) -> None:
    """Take one of a pass's answers of a day before it is stored; raises PassError when none is left."""
    series_of(session, operator.wave)  # one operator at a time, in one order of locks
    record = session.get_one(PassRecord, (operator.wave, operator.code), populate_existing=True)
    _check(record, day)
    if forms_on(session, operator, day) >= record.per_day:
        raise PassError("used_up")
    _add(session, operator, day, 1)


def give_form_back(session: Session, operator: Operator, day: date) -> None:
    """Give back what was taken for an answer that was not stored."""
    series_of(session, operator.wave)
    _add(session, operator, day, -1)


def _add(session: Session, operator: Operator, day: date, change: int) -> None:
    """Change the number of one operator, and write those of all operators of that day anew."""
    if session.get(OperatorDay, (operator.wave, day, operator.code)) is None:
        row = {"wave": operator.wave, "day": day, "operator_pass": operator.code, "forms": 0}
        session.execute(insert(OperatorDay), [row])
    own = case((OperatorDay.operator_pass == operator.code, change), else_=0)
    of_that_day = (OperatorDay.wave == operator.wave, OperatorDay.day == day)
    session.execute(update(OperatorDay).where(*of_that_day).values(forms=OperatorDay.forms + own))
    session.expire_all()


def _check(record: PassRecord, today: date) -> None:
    if record.revoked_on is not None:
        raise PassError("revoked")
    if record.until < today:
        raise PassError("expired")


def _record(session: Session, order: PassOrder, mark: str) -> PassRecord:
    series_of(session, order.wave)
    record = PassRecord(code=secrets.token_hex(4), mark=mark, revoked_on=None, **order._asdict())
    session.add(record)
    session.flush()
    return record


def _normal(text: str) -> str:
    """Write a pass as its mark was made of it, however it is typed; one of format 1 stays as it is."""
    stripped = text.strip()
    if "." in stripped:
        return stripped
    return stripped[:1] + _OTHER.sub("", stripped[1:].upper().translate(_MISREAD))


def _is_of_newer_format(text: str) -> bool:
    number, hyphen, _rest = text.strip().partition("-")
    return bool(hyphen) and re.fullmatch("[0-9]{1,2}", number) is not None and int(number) > FORMAT


def _mark(key: bytes, normal: str) -> str:
    return mac(key, b"operator pass", normal.encode(errors="replace")).hex()


def _read_first_format(key: bytes, text: str) -> PassOrder | None:
    """Read a pass of the release of November 2026; None for any other text."""
    head, _, signature = text.rpartition(".")
    own = mac(key, b"operator", head.encode(errors="replace"))[:15].hex()
    if not hmac.compare_digest(signature.encode(errors="replace"), own.encode()):
        return None
    wave, city, channel, until = head.split(".")
    return PassOrder("", wave, city, channel, date.fromisoformat(until))


def _grouped(signs: str) -> str:
    return "-".join(signs[start : start + 4] for start in range(0, len(signs), 4))
