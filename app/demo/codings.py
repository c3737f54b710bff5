"""Themes of the demo's suggestions: coded, put together, picked and coded twice by demo persons, who are nobody.

Each line of the file of suggestions names its theme; what staff of the demo say is that, now and then something beside
it, so that two persons differ as people do. A few are left without a theme: a coder has something to do.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from textwrap import shorten
from typing import NamedTuple
from zlib import crc32

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.permissions import CITY_ROLES
from app.audit.journal import Actor
from app.demo.persons import PERSONS
from app.demo.suggestions import demo_suggestions, themes_by_text
from app.feedback.coding import add_theme, set_themes
from app.feedback.groups import LONGEST_TITLE, put_together
from app.feedback.models import SecondCoding
from app.feedback.queries import SHOWN
from app.feedback.second_coding import CODABLE, draw
from app.feedback.theme_counts import theme_counts
from app.feedback.themes import make_city_theme, pick_typical, split_theme
from surveys.languages import Text3
from surveys.models.comments import Comment

UNCODED = 12
"""One of so many is left without a theme."""
ASIDE = 5
"""One of so many second persons says something else."""
KINDS = (None, "complaint", "complaint", "suggestion", "suggestion", "question", None, "complaint")
OWN = {
    "aktau": ("hcs_water", Text3("Тұщы судың қысымы", "Напор пресной воды", "Pressure of fresh water")),
    "karaganda": ("eco_air", Text3("Көмір пештерінің түтіні", "Дым угольных печей", "Smoke of coal stoves")),
    "shymkent": (
        "its_routes",
        Text3("Жаңа шағынаудандарға бағыттар", "Маршруты в новые микрорайоны", "Routes to new neighbourhoods"),
    ),
}
"""A theme of each city's own below a national one."""


class CodingsMade(NamedTuple):
    """What was done."""

    coded: int
    groups: int
    second: int


class _Line(NamedTuple):
    id: str
    wave: str
    theme: str
    state: str
    campaign: str
    text: str


def seed_codings(session: Session, persons: Mapping[str, int], at: datetime) -> CodingsMade:
    """Code the suggestions of the cities in which demo persons work; nothing where some are coded already."""
    coders = _coders(persons)
    lines = _lines(session, list(coders))
    coded = groups = 0
    for city, found in lines.items():
        actor = Actor(coders[city][0], at)
        coded += _code(session, actor, found)
        groups += _group(session, actor, found)
        _keep_own(session, actor, city, found)
        _pick(session, actor, city, found)
    draw(session, Actor(None, at))
    return CodingsMade(coded, groups, _code_again(session, at))


def _coders(persons: Mapping[str, int]) -> dict[str, list[int]]:
    """List by city who of the demo may code there, whoever is named first first."""
    found: dict[str, list[int]] = defaultdict(list)
    for person in PERSONS:
        for city in dict.fromkeys(city for role, city in person.roles if role in CITY_ROLES and city):
            if person.key in persons:
                found[city].append(persons[person.key])
    return found


def _lines(session: Session, cities: Sequence[str]) -> dict[str, list[_Line]]:
    themes = themes_by_text()
    campaigns = {each.stored: each.campaign for each in demo_suggestions()}
    found: dict[str, list[_Line]] = defaultdict(list)
    rows = select(Comment).where(Comment.city.in_(cities), Comment.state.in_(CODABLE)).order_by(Comment.id)
    for row in session.scalars(rows):
        if row.text in themes and row.kind is None:
            line = _Line(row.id, row.wave, themes[row.text], row.state, campaigns.get(row.text, ""), row.text)
            found[row.city].append(line)
    return found


def _number(text: str) -> int:
    return crc32(text.encode())


def _code(session: Session, actor: Actor, lines: Sequence[_Line]) -> int:
    """Say of most of them what they are about."""
    coded = 0
    for line in lines:
        if _number(line.theme + line.id) % UNCODED:
            kind = KINDS[_number(line.id) % len(KINDS)]
            set_themes(session, actor, line.id, [line.theme], kind, version=None)
            coded += 1
    return coded


def _group(session: Session, actor: Actor, lines: Sequence[_Line]) -> int:
    """Put near-copies of one text together."""
    campaigns: dict[tuple[str, str], list[str]] = defaultdict(list)
    for line in lines:
        if line.campaign:
            campaigns[line.campaign, line.wave].append(line.id)
    made = 0
    for (campaign, _wave), ids in sorted(campaigns.items()):
        if len(ids) > 1:
            title = shorten(next(line.text for line in lines if line.id == ids[0]), LONGEST_TITLE, placeholder="…")
            left = put_together(session, actor, ids, title, f"demo {campaign}"[:32])
            made += len(left) < len(ids)
    return made


def _keep_own(session: Session, actor: Actor, city: str, lines: Sequence[_Line]) -> None:
    """Make a theme of the city's own, of a part of a national one where there is one."""
    if city not in OWN:
        return
    parent, name = OWN[city]
    about = [line.id for line in lines if line.theme == parent and _number(line.theme + line.id) % UNCODED]
    if about:
        split_theme(session, actor, parent, city, name=name, ids=about[: (len(about) + 1) // 2])
    else:
        make_city_theme(session, actor, city, parent, name)


def _pick(session: Session, actor: Actor, city: str, lines: Sequence[_Line]) -> None:
    """Pick what stands for the themes that most are about."""
    for wave in sorted({line.wave for line in lines}):
        by_theme: dict[str, list[str]] = defaultdict(list)
        for line in lines:
            if line.wave == wave and line.state in SHOWN:
                by_theme[line.theme].append(line.id)
        for count in theme_counts(session, city, wave)[:8]:
            if by_theme[count.theme]:
                pick_typical(session, actor, count.theme, city, wave=wave, ids=by_theme[count.theme][:3])


def _code_again(session: Session, at: datetime) -> int:
    """Let second persons say theirs of most that were drawn for them."""
    rows = session.execute(select(SecondCoding.comment, SecondCoding.coder, Comment.text, Comment.area).join(
        Comment, Comment.id == SecondCoding.comment
    ).where(SecondCoding.at.is_(None)).order_by(Comment.id)).all()  # fmt: skip
    themes = themes_by_text()
    for row in rows[: max(len(rows) - 2, 1)]:
        theme = f"{row.area}_other" if _number(row.comment) % ASIDE == 0 else themes[row.text]
        add_theme(session, Actor(row.coder, at), [row.comment], theme, None, bulk="")
    return len(rows[: max(len(rows) - 2, 1)])
