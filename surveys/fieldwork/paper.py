"""Numbers of printed forms: each is printed once in a wave, and its ballot follows from it.

A number has twelve digits: five of a serial number that the wave counts up, so that no two are alike, six that follow
from them under the wave's key, so that nobody can make one up, and Damm's check digit over both. Numbers are not
stored: a form typed twice is stored once because its ballot is the same.

That is format 2. Numbers of both formats have twelve digits; which one a number is of, its digits tell under the wave's
key. A wave planned with today's release has no forms of format 1 and does not read them.
"""

import hmac

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveys.ballots.ballots import Ballot, mint
from surveys.ballots.damm import check_digit
from surveys.ballots.macs import mac
from surveys.errors import SurveyError
from surveys.models.paper import FormSeries
from surveys.sql import insert_unless_there

LENGTH = 12
_SERIAL = 5
_KEYED = 6
_FIRST_SERIAL = _FIRST_KEYED = 6
"""Format 1, of the release of November 2026: six random digits, which repeat, and six that follow; no check digit."""

MOST_FORMS = 10**_SERIAL - 1
"""Forms of one wave, 99,999: a longer number would cost every operator a digit a form."""


class PaperError(SurveyError):
    """A number that this wave did not print; `reason` is "length", "mistyped" or "unknown"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class FormsError(SurveyError):
    """Forms that cannot be numbered."""


def series_of(session: Session, wave: str) -> FormSeries:
    """Give the series of a wave's forms, begun where there is none yet, and hold it until the transaction ends."""
    own = select(FormSeries).where(FormSeries.wave == wave).with_for_update()
    held = own.execution_options(populate_existing=True)  # what was read before waiting may have changed
    series = session.scalar(held)
    if series is None:
        first = {"wave": wave, "printed": 0, "reads_first_format": False}
        session.execute(insert_unless_there(FormSeries, tuple(first), None, session.get_bind().dialect.name), first)
        series = session.scalars(held).one()
    return series


def reads_first_format(session: Session, wave: str) -> bool:
    """Tell whether forms and passes of the release of November 2026 may be about in a wave."""
    series = session.get(FormSeries, wave)
    return series is not None and series.reads_first_format


def number_forms(session: Session, key: bytes, wave: str, count: int, *, after: int = 0) -> list[str]:
    """Give the next forms of a wave their numbers, in the order of printing; none is ever given twice.

    `after` is a serial number known to be printed, for a database that was restored from before that. Raises FormsError
    when the wave would have more than MOST_FORMS.
    """
    series = series_of(session, wave)
    numbers: list[str] = []
    serial = max(series.printed, after)
    while len(numbers) < count:
        serial += 1
        if serial > MOST_FORMS:
            raise FormsError(f"wave {wave} has {series.printed} printed forms: {MOST_FORMS} are the most")
        number = _numbered(key, serial)
        # One in a million would be a number of format 1 as well: it could be on paper already.
        if not _is_of_first_format(key, number):
            numbers.append(_grouped(number))
    series.printed = serial
    return numbers


def read_form_number(key: bytes, typed: str, *, first_format: bool = False) -> str:
    """Read a form's number as it is typed; raises PaperError unless a form of this wave carries it.

    With `first_format`, numbers of the release of November 2026 are read too, which have no check digit.
    """
    digits = "".join(sign for sign in typed if sign.isascii() and sign.isdigit())
    if len(digits) != LENGTH:
        raise PaperError("length")
    serial = int(digits[:_SERIAL])
    if hmac.compare_digest(digits, _numbered(key, serial)) or (first_format and _is_of_first_format(key, digits)):
        return _grouped(digits)
    raise PaperError("unknown" if check_digit(digits) == "0" else "mistyped")


def form_ballot(key: bytes, wave: str, city: str, audience: str, number: str) -> str:
    """Give the ballot of a printed form: the same one each time. Nobody's identity was checked: the open tier."""
    nonce = mac(key, b"paper form", number.encode())[:16]
    return mint(key, Ballot(wave, city, audience, "open", nonce))


def _numbered(key: bytes, serial: int) -> str:
    head = f"{serial:0{_SERIAL}d}"
    body = head + _keyed(key, b"form number 2", head, _KEYED)
    return body + check_digit(body)


def _is_of_first_format(key: bytes, digits: str) -> bool:
    head = digits[:_FIRST_SERIAL]
    return hmac.compare_digest(digits, head + _keyed(key, b"form number", head, _FIRST_KEYED))


def _keyed(key: bytes, use: bytes, text: str, digits: int) -> str:
    return f"{int.from_bytes(mac(key, use, text.encode())[:8]) % 10**digits:0{digits}d}"


def _grouped(digits: str) -> str:
    return "-".join((digits[:4], digits[4:8], digits[8:]))
