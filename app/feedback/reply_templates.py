"""Templates of replies: beginnings in Kazakh and Russian with gaps, of every city and a city's own.

Those of every city are read from data/reply_templates.toml, so they are there from the first start and never out of
date; a city's own stand in the table `reply_template` and are kept by its lead.
"""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.audit.journal import Actor, Entry, record
from app.feedback.placeholders import NAMES, gaps_in, has_glued
from app.feedback.reply_errors import AnswerError, AnswerFault, Flaw, StaleAnswerError, UnknownAnswerError
from app.feedback.reply_models import REPLY_KINDS, ReplyTemplate
from app.feedback.reply_texts import LONGEST, NEEDED, faults_of_words
from surveys.languages import LANGUAGES, Text3
from surveys.sql import hold_journal

FILE = Path(__file__).parent / "data" / "reply_templates.toml"
LONGEST_NAME = 120
_GAP = re.compile(r"\{[^{}\n]{0,60}\}")


class TemplateTerms(NamedTuple):
    """What a template says, of which kind of reply it is, and of which area (None: of every one)."""

    kind: str
    area: str | None
    name: str
    text: Text3
    """The English one may be empty."""


class OfferedTemplate(NamedTuple):
    """A template as it is offered; `key` tells a city's own ("12") from those of every city ("done")."""

    key: str
    kind: str
    area: str | None
    name: Text3
    text: Text3


@cache
def shipped_templates() -> tuple[OfferedTemplate, ...]:
    """Read the templates of every city, in the order of the file."""
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["template"]
    return tuple(
        OfferedTemplate(
            key=row["code"],
            kind=row["kind"],
            area=row.get("area"),
            name=Text3(*(row[f"{language}_name"] for language in LANGUAGES)),
            text=Text3(*(row.get(language, "") for language in LANGUAGES)),
        )
        for row in rows
    )


def list_own(session: Session, city: str, area: str | None = None) -> list[ReplyTemplate]:
    """List a city's own templates, or those that suit an area."""
    statement = select(ReplyTemplate).where(ReplyTemplate.city == city).order_by(ReplyTemplate.name, ReplyTemplate.id)
    if area is not None:
        statement = statement.where(or_(ReplyTemplate.area.is_(None), ReplyTemplate.area == area))
    return list(session.scalars(statement))


def offered(session: Session, city: str, area: str) -> list[OfferedTemplate]:
    """List what suits a reply of a city about an area, by kind: the city's own first, then those of the area."""
    found = [as_offered(row) for row in list_own(session, city, area)]
    found += [each for each in shipped_templates() if each.area in {None, area}]
    order = list(REPLY_KINDS)
    return sorted(found, key=lambda each: (order.index(each.kind), not each.key.isdecimal(), each.area is None))


def as_offered(row: ReplyTemplate) -> OfferedTemplate:
    """Give a city's own template as it is offered."""
    return OfferedTemplate(
        str(row.id), row.kind, row.area, Text3(row.name, row.name, row.name), Text3(row.kk, row.ru, row.en)
    )


def faults_of_template(terms: TemplateTerms) -> Iterator[Flaw]:
    """Say what is wrong with a template: a text missing, a gap that is unknown, glued, or in one language alone."""
    if not terms.name:
        yield Flaw("name", AnswerFault.MISSING)
    elif len(terms.name) > LONGEST_NAME:
        yield Flaw("name", AnswerFault.LONG)
    if terms.kind not in REPLY_KINDS:
        yield Flaw("kind", AnswerFault.MISSING)
    for code in LANGUAGES:
        text = terms.text.pick(code)
        if text:
            yield from _faults_of_text(code, text)
        elif code in NEEDED:
            yield Flaw(code, AnswerFault.MISSING)
    written = [set(gaps_in(terms.text.pick(code))) for code in LANGUAGES if terms.text.pick(code)]
    if any(gaps != written[0] for gaps in written):
        yield Flaw("ru", AnswerFault.OTHER_PLACEHOLDERS)


def _faults_of_text(field: str, text: str) -> Iterator[Flaw]:
    rest = _GAP.sub("", text)
    if any(gap not in NAMES for gap in gaps_in(text)) or "{" in rest or "}" in rest:
        yield Flaw(field, AnswerFault.UNKNOWN_PLACEHOLDER)
    if has_glued(text):
        yield Flaw(field, AnswerFault.GLUED_PLACEHOLDER)
    yield from (flaw for flaw in faults_of_words(field, rest, LONGEST) if flaw.code is not AnswerFault.PLACEHOLDER)


def add_template(session: Session, actor: Actor, city: str, terms: TemplateTerms) -> ReplyTemplate:
    """Keep a template of a city's own; raises AnswerError."""
    hold_journal(session)
    tidy = _checked(terms)
    row = ReplyTemplate(city=city, version=1, changed_by=actor.id, changed_at=actor.at, **_columns(tidy))
    session.add(row)
    session.flush()
    _record(session, actor, "template.kept", row)
    return row


def change_template(
    session: Session, actor: Actor, number: int, city: str, *, terms: TemplateTerms, version: int | None
) -> ReplyTemplate:
    """Change a template; the same again changes nothing. Raises AnswerError, StaleAnswerError, UnknownAnswerError."""
    row = _held(session, number, city, version)
    tidy = _checked(terms)
    if tidy == terms_of(row):
        return row
    for name, value in _columns(tidy).items():
        setattr(row, name, value)
    row.version += 1
    row.changed_by, row.changed_at = actor.id or row.changed_by, actor.at
    session.flush()
    _record(session, actor, "template.changed", row)
    return row


def remove_template(session: Session, actor: Actor, number: int, city: str, *, version: int | None) -> None:
    """Remove a template; what was written with it stays. Raises StaleAnswerError, UnknownAnswerError."""
    row = _held(session, number, city, version)
    _record(session, actor, "template.removed", row)
    session.delete(row)
    session.flush()


def terms_of(row: ReplyTemplate) -> TemplateTerms:
    """Give what a stored template says."""
    return TemplateTerms(row.kind, row.area, row.name, Text3(row.kk, row.ru, row.en))


def _held(session: Session, number: int, city: str, version: int | None) -> ReplyTemplate:
    hold_journal(session)
    row = session.get(ReplyTemplate, number, populate_existing=True, with_for_update=True)
    if row is None or row.city != city:
        raise UnknownAnswerError(number)
    if version not in {None, row.version}:
        raise StaleAnswerError(version or 0, row.version)
    return row


def _checked(terms: TemplateTerms) -> TemplateTerms:
    texts = (each.replace("\r\n", "\n").replace("\r", "\n").strip() for each in terms.text)
    tidy = terms._replace(name=" ".join(terms.name.split()), text=Text3(*texts))
    faults = list(faults_of_template(tidy))
    if faults:
        raise AnswerError(faults)
    return tidy


def _columns(terms: TemplateTerms) -> dict[str, str | None]:
    texts = {code: terms.text.pick(code) for code in LANGUAGES}
    return {"kind": terms.kind, "area": terms.area, "name": terms.name} | texts


def _record(session: Session, actor: Actor, event: str, row: ReplyTemplate) -> None:
    entry = Entry(event=event, object_kind="template", object_id=str(row.id), city=row.city, detail={"kind": row.kind})
    record(session, actor, entry)
