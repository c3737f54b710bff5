"""What a city does with its initiatives: writes, submits, recalls, begins, reports on, ends and gives up."""

from datetime import date, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.journal import Actor, Entry, record
from app.clock import day_of
from app.initiatives import similar, telling
from app.initiatives.contents import (
    FIELDS,
    InitiativeContent,
    check_complete,
    checked_text,
    content_of,
    default_edition,
    raise_all,
)
from app.initiatives.errors import ExaminedAlreadyError, FieldFault, Lack, WrongStepError
from app.initiatives.models import CityInitiative, InitiativeExamination, InitiativeText
from app.initiatives.standing import (
    NOTHING_TOLD,
    InitiativeKey,
    InitiativeStanding,
    Told,
    hold,
    note_step,
    standing_of,
    take_step,
)
from app.initiatives.states import EDITABLE, InitiativeState, InitiativeStep
from surveys.sql import hold_journal

SHORTEST_REASON, LONGEST_WORDS, LONGEST_ADDRESS = 20, 800, 800
FIRST_DAY = date(2000, 1, 1)


class Report(NamedTuple):
    """What a city tells of a step as it was typed: a day, words in two languages, an address."""

    day: date | None = None
    kk: str = ""
    ru: str = ""
    address: str = ""


class _Wants(NamedTuple):
    """What a step cannot do without."""

    day: bool = False
    words: bool = False
    address: bool = False


def create(session: Session, city: str, content: InitiativeContent, actor: Actor) -> InitiativeStanding:
    """Make an initiative of a city."""
    hold_journal(session)
    row = CityInitiative(city=city, edition=default_edition(), state=InitiativeState.PLANNED, revision=1, version=1)
    session.add(row)
    session.flush()
    _write(session, row.id, 1, content, actor)
    standing = standing_of(row)
    note_step(session, standing, InitiativeStep.CREATE, actor, NOTHING_TOLD)
    entry = Entry(event="initiative.created", object_kind="initiative", object_id=str(row.id), city=city)
    record(session, actor, entry)
    similar.refresh_neighbours(session, row.id)
    return standing


def save(
    session: Session, key: InitiativeKey, content: InitiativeContent, version: int, actor: Actor
) -> InitiativeStanding:
    """Keep a newer text; nothing happens where it says the same. Raises WrongStepError, StaleInitiativeError."""
    standing = hold(session, key, version)
    if standing.state not in EDITABLE:
        raise WrongStepError(standing.state, InitiativeStep.SAVE)
    if content == stored_content(session, key, standing.revision):
        return standing
    _write(session, key.id, standing.revision + 1, content, actor)
    changed = take_step(session, standing, InitiativeStep.SAVE, actor, revision=standing.revision + 1)
    similar.refresh_neighbours(session, key.id)
    return changed


def submit(session: Session, key: InitiativeKey, version: int, actor: Actor) -> InitiativeStanding:
    """Hand it to the ministry's examiners.

    Raises IncompleteError, ExaminedAlreadyError (it came back and was not changed), WrongStepError,
    StaleInitiativeError.
    """
    standing = hold(session, key, version)
    check_complete(stored_content(session, key, standing.revision))
    if has_opinions(session, standing):
        raise ExaminedAlreadyError(key)
    changed = take_step(session, standing, InitiativeStep.SUBMIT, actor, submitted_on=day_of(actor.at), decided_on=None)
    telling.tell_examiners(session, changed, actor)
    return changed


def recall(session: Session, key: InitiativeKey, actor: Actor) -> InitiativeStanding:
    """Take it back as long as nobody gave an opinion; raise ExaminedAlreadyError, WrongStepError.

    The city's page names no version of what is with the examiners: it would tell that two of them differ.
    """
    standing = hold(session, key)
    if has_opinions(session, standing):
        raise ExaminedAlreadyError(key)
    return take_step(session, standing, InitiativeStep.RECALL, actor, submitted_on=None)


def withdraw(session: Session, key: InitiativeKey, version: int, actor: Actor) -> InitiativeStanding:
    """Give it up before it was supported; raise WrongStepError, StaleInitiativeError."""
    changed = take_step(session, hold(session, key, version), InitiativeStep.WITHDRAW, actor)
    similar.refresh_neighbours(session, key.id)
    return changed


def start(session: Session, key: InitiativeKey, version: int, report: Report, actor: Actor) -> InitiativeStanding:
    """Begin it on a day that is not to come; raise ContentError, WrongStepError, StaleInitiativeError."""
    standing = hold(session, key, version)
    told = _told(report, _Wants(day=True), day_of(actor.at))
    return take_step(session, standing, InitiativeStep.START, actor, told, started_on=told.day)


def tell_progress(
    session: Session, key: InitiativeKey, version: int, report: Report, actor: Actor
) -> InitiativeStanding:
    """Say how far it is; everybody reads it. Raises ContentError, WrongStepError, StaleInitiativeError."""
    standing = hold(session, key, version)
    told = _told(report, _Wants(words=True), day_of(actor.at))
    return take_step(session, standing, InitiativeStep.REPORT, actor, told)


def finish(session: Session, key: InitiativeKey, version: int, report: Report, actor: Actor) -> InitiativeStanding:
    """End it, with what was reached and where it can be seen; raise ContentError, WrongStepError."""
    standing = hold(session, key, version)
    wants = _Wants(day=True, words=True, address=True)
    told = _told(report, wants, day_of(actor.at), standing.started_on)
    return take_step(session, standing, InitiativeStep.FINISH, actor, told, finished_on=told.day)


def stop(session: Session, key: InitiativeKey, version: int, report: Report, actor: Actor) -> InitiativeStanding:
    """Give it up after it was supported, with a reason that everybody reads; raise ContentError, WrongStepError."""
    standing = hold(session, key, version)
    told = _told(report, _Wants(words=True), day_of(actor.at))
    return take_step(session, standing, InitiativeStep.STOP, actor, told)


def stored_content(session: Session, key: InitiativeKey, revision: int) -> InitiativeContent:
    """Read a stored text."""
    return content_of(session.get_one(InitiativeText, (key.id, revision)))


def has_opinions(session: Session, standing: InitiativeStanding) -> bool:
    """Tell whether somebody gave an opinion on the newest text; who could not is not meant."""
    given = select(InitiativeExamination.id).where(
        InitiativeExamination.initiative == standing.key.id,
        InitiativeExamination.revision == standing.revision,
        InitiativeExamination.slot.is_not(None),
    )
    return session.scalars(given.limit(1)).first() is not None


def checked_address(field: str, typed: str, *, needed: bool) -> tuple[str, list[FieldFault]]:
    """Tidy an address, which nothing here will ever open; only https of a named host is taken."""
    address, faults = checked_text(field, typed, LONGEST_ADDRESS)
    if faults or not address:
        return address, faults or ([FieldFault(field, Lack.ADDRESS)] if needed else [])
    return address, [] if is_public_address(address) else [FieldFault(field, Lack.ADDRESS)]


def is_public_address(address: str) -> bool:
    """Tell whether an address is one of https at a named host, with nobody's name in it."""
    try:
        parts = urlsplit(address)
        has_port = parts.port is None or parts.port > 0
    except ValueError:
        return False
    is_named = "." in (parts.hostname or "") and "@" not in parts.netloc
    return parts.scheme == "https" and is_named and has_port and " " not in address


def _told(report: Report, wants: _Wants, today: date, since: date | None = None) -> Told:
    faults: list[FieldFault] = []
    texts = []
    for name, typed in (("body_kk", report.kk), ("body_ru", report.ru)):
        text, wrong = checked_text(name, typed, LONGEST_WORDS, lines=True)
        if not wrong and wants.words and len(text) < SHORTEST_REASON:
            wrong = [FieldFault(name, Lack.TOO_SHORT, SHORTEST_REASON)]
        faults += wrong
        texts.append(text)
    if not faults and bool(texts[0]) != bool(texts[1]):
        faults.append(FieldFault("body_ru" if texts[0] else "body_kk", Lack.NOT_BOTH))
    address, wrong = checked_address("address", report.address, needed=wants.address)
    faults += wrong
    if wants.day:
        faults += _day_faults(report.day, today, since)
    raise_all(faults)
    return Told(report.day if wants.day else None, texts[0], texts[1], address)


def _day_faults(day: date | None, today: date, since: date | None) -> list[FieldFault]:
    if day is None or not FIRST_DAY <= day <= today + timedelta(days=36_500):
        return [FieldFault("day", Lack.DAY)]
    if day > today:
        return [FieldFault("day", Lack.DAY_TO_COME)]
    return [FieldFault("day", Lack.DAY_BEFORE_START)] if since and day < since else []


def _write(session: Session, initiative: int, revision: int, content: InitiativeContent, actor: Actor) -> None:
    columns = {name: getattr(content, name) for name in FIELDS}
    row = InitiativeText(initiative=initiative, revision=revision, written_by=actor.id, at=actor.at, **columns)
    session.add(row)
    session.flush()
