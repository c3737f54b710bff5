"""A year of suggestions in all cities, as rows: what a board and a desk look like once they are used.

Cities are of unlike size, as they are: the largest has over a quarter of all. The texts are those of the demo, each
with a number of its own, so that nothing packs better than people's words would.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from random import Random
from typing import Any, NamedTuple

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.accounts.permissions import Role
from app.clock import KAZAKHSTAN
from app.demo.suggestions import demo_suggestions
from app.feedback.frame import store_frame
from app.feedback.models import CommentCode, CommentCoding, CommentDecision, CommentNeighbour, FollowAnswer, Theme
from app.feedback.reply_models import Commitment, CommitmentEvent, Reply, ReplyRelease, ReplyTarget, ReplyText
from surveys.models.comments import Comment
from surveys.population.places import load_places
from surveys.responses.search_fold import fold_for_search
from tests.builders.comments import WAVE, make_place
from tests.builders.staff import make_staff

MOST = 5_000
STATES = {"shown": 90, "shown_redacted": 1, "released": 3, "second_look": 1, "hidden": 4, "pending": 1}
"""Of a hundred so many are in each state."""

OWN_THEMES = 4
"""A city's own themes."""

PROMISES = 6
"""Of each city."""

DECISIONS = {"shown": "show", "shown_redacted": "redact", "second_look": "second_look", "hidden": "hide"}
FIRST = 100_000
"""Number of the first reply and of the first promise: those of others are smaller."""

KINDS = ("done", "will_do", "being_looked_at", "cannot")
_BLANK = dict.fromkeys(("evidence_address", "body_name_kk", "body_name_ru", "body_name_en", "body_address"), "")
_FACTS = {**_BLANK, "done_on": None, "next_word_on": None}


class YearStaff(NamedTuple):
    """Who works on the suggestions of a city: writes, releases, moderates; and who confirms from outside."""

    writer: int
    releaser: int
    moderator: int
    outsider: int


def fill_year(session: Session, today: date, *, n: int = MOST, largest: str = "") -> list[str]:
    """Store suggestions of a year up to `today`, with all that was made of them; gives their cities, largest first."""
    draw = Random(12)
    make_place(session)
    store_frame(session)
    cities = sorted((city.code for city in load_places().cities), key=lambda code: code != largest)
    staff = _staff(session, cities)
    themes = _own_themes(session, cities)
    written = list(_comments(draw, cities, today, n))
    session.execute(insert(Comment), [_row(each) for each in written])
    session.flush()
    session.execute(insert(CommentDecision), [row for each in written for row in _decisions(each, staff[each.city])])
    _code(session, draw, written, staff, themes)
    _reply(session, draw, written, staff, today)
    _promise(session, cities, staff, today)
    alike = [pair for pair in pairwise(written) if pair[0].city == pair[1].city and pair[0].area == pair[1].area]
    session.execute(
        insert(CommentNeighbour),
        [row for one, two in alike for row in (_alike(one.id, two.id), _alike(two.id, one.id))],
    )
    session.flush()
    return cities


class _Written(NamedTuple):
    id: str
    city: str
    theme: str
    lang: str
    text: str
    state: str
    released_on: date

    @property
    def area(self) -> str:
        return self.theme.partition("_")[0]

    @property
    def is_shown(self) -> bool:
        return self.state.startswith("shown")


def _staff(session: Session, cities: Sequence[str]) -> dict[str, YearStaff]:
    outsider, found = make_staff(session, Role.REVIEWER).id, {}
    for city in cities:
        writer, releaser, moderator = (
            make_staff(session, role, city).id for role in (Role.ANALYST, Role.LEAD, Role.MODERATOR)
        )
        found[city] = YearStaff(writer, releaser, moderator, outsider)
    return found


def _own_themes(session: Session, cities: Sequence[str]) -> Mapping[tuple[str, str], str]:
    """Give each city themes of its own below national ones; gives them by city and the theme above."""
    above = sorted({line.theme for line in demo_suggestions()})
    found = {}
    rows = []
    for number, city in enumerate(cities):
        for parent in above[number % 7 :: len(above) // OWN_THEMES][:OWN_THEMES]:
            code = found[city, parent] = f"{parent}.{city}.9"
            names = {f"name_{language}": f"{code}, {language}" for language in ("kk", "ru", "en")}
            rows.append(
                {"code": code, "area": parent.partition("_")[0], "parent": parent, "city": city, "retired": False}
                | {"merged_into": None, "from_file": False}
                | names
            )
    session.execute(insert(Theme), rows)
    return found


def _comments(draw: Random, cities: Sequence[str], today: date, n: int) -> Iterator[_Written]:
    lines = demo_suggestions()
    weights = [1 / number for number in range(1, len(cities) + 1)]
    states = draw.choices(list(STATES), list(STATES.values()), k=n)
    for number, (city, state) in enumerate(zip(draw.choices(cities, weights, k=n), states, strict=True)):
        line = draw.choice(lines)
        day = today - timedelta(days=draw.randrange(365))
        text = f"{line.stored[:480]} № {number}"
        yield _Written(f"{draw.getrandbits(128):032x}", city, line.theme, line.lang, text, state, day)


def _row(each: _Written) -> dict[str, Any]:
    return {
        "id": each.id, "wave": WAVE, "city": each.city, "area": each.area, "lang": each.lang, "text": each.text,
        "shown_text": each.text[8:] if each.state == "shown_redacted" else None, "folded": fold_for_search(each.text),
        "month": f"{each.released_on:%Y-%m}", "released_on": None if each.state == "pending" else each.released_on,
        "follow_hash": None, "state": each.state, "kind": None, "version": 2,
    }  # fmt: skip


def _decisions(each: _Written, staff: YearStaff) -> Iterator[dict[str, Any]]:
    """Write the decision that a suggestion stands where it does by; what outsiders confirmed is left out."""
    if event := DECISIONS.get(each.state):
        yield {
            "comment": each.id, "moderator": staff.moderator, "event": event, "state": each.state, "confirms": None,
            "reason": "insult" if event in {"hide", "redact"} else None, "spans": "0-8" if event == "redact" else "",
            "undoes": None, "bulk": None, "at": _noon(each.released_on),
        }  # fmt: skip


def _code(
    session: Session,
    draw: Random,
    written: Sequence[_Written],
    staff: Mapping[str, YearStaff],
    own: Mapping[tuple[str, str], str],
) -> None:
    codes, codings = [], []
    for each in written:
        if not each.is_shown or draw.random() < 0.1:
            continue
        theme = own.get((each.city, each.theme), each.theme) if draw.random() < 0.5 else each.theme
        at, coder = _noon(each.released_on), staff[each.city].writer
        codes.append({"comment": each.id, "theme": theme, "coder": coder, "at": at})
        codings.append(
            {"comment": each.id, "coder": coder, "event": "coded", "themes": theme, "kind": "complaint", "at": at}
            | {"bulk": None, "undoes": None, "weighed": True}
        )
    session.execute(insert(CommentCode), codes)
    session.execute(insert(CommentCoding), codings)


def _reply(
    session: Session, draw: Random, written: Sequence[_Written], staff: Mapping[str, YearStaff], today: date
) -> None:
    """Answer two of three suggestions by replies to up to twelve of one city and theme."""
    rows: dict[type[Any], list[dict[str, Any]]] = defaultdict(list)
    by_theme: dict[tuple[str, str], list[_Written]] = defaultdict(list)
    for each in written:
        if each.is_shown and draw.random() < 2 / 3:
            by_theme[each.city, each.theme].append(each)
    batches = [(key, found[at : at + 12]) for key, found in sorted(by_theme.items()) for at in range(0, len(found), 12)]
    for number, ((city, theme), answered) in enumerate(batches, FIRST):
        day = min(max(each.released_on for each in answered) + timedelta(days=draw.randrange(5, 40)), today)
        _answer(rows, _Batch(number, theme, answered, day), staff[city])
    for table in (Reply, ReplyText, ReplyRelease, ReplyTarget, FollowAnswer):
        session.execute(insert(table), rows[table])


class _Batch(NamedTuple):
    number: int
    theme: str
    answered: Sequence[_Written]
    day: date


def _answer(rows: dict[type[Any], list[dict[str, Any]]], batch: _Batch, staff: YearStaff) -> None:
    number, theme, answered, day = batch
    rows[Reply].append(
        {"id": number, "city": answered[0].city, "wave": WAVE, "area": answered[0].area, "theme": theme}
        | {"kind": KINDS[number % len(KINDS)], "state": "released", "correction": None, "note": "", "version": 2}
        | {"author": staff.writer, "withdrawn_on": None, "withdrawn_reason_kk": "", "withdrawn_reason_ru": ""}
        | _FACTS
    )
    words = {lang: f"{number}. " + " ".join(each.text for each in answered[:3]) for lang in ("kk", "ru", "en")}
    versions = dict.fromkeys(("kk_version", "ru_version", "en_version"), 1)
    version = {"reply": number, "version": 1, "written_by": staff.writer, "at": _noon(day)}
    rows[ReplyText].append(version | words | versions | _FACTS)
    rows[ReplyRelease].append(version | {"released_by": staff.releaser, "released_on": day})
    rows[ReplyTarget] += [{"reply": number, "comment": each.id, "reached_on": day} for each in answered]
    rows[FollowAnswer] += [
        {"comment": each.id, "reply": number, "answer": "yes", "month": f"{day:%Y-%m}"} for each in answered[::3]
    ]


def _promise(session: Session, cities: Sequence[str], staff: Mapping[str, YearStaff], today: date) -> None:
    themes = sorted({line.theme for line in demo_suggestions()})
    promises, steps = [], []
    for number in range(len(cities) * PROMISES):
        city, theme = cities[number // PROMISES], themes[number % len(themes)]
        begun, due = today - timedelta(days=150), today + timedelta(days=30 * (number % 5 - 2))
        titles = {f"title_{language}": f"{theme} {number} {language}" for language in ("kk", "ru", "en")}
        promises.append(
            {"id": FIRST + number, "city": city, "area": theme.partition("_")[0], "theme": theme, "reply": None}
            | {"owner_unit_kk": "Басқарма", "owner_unit_ru": "Управление", "author": staff[city].writer, "due": due}
            | {"first_due": due, "state": "in_progress", "percent": 40, "version": 3}
            | titles
        )
        for event, state, day in (
            ("announce", "announced", begun),
            ("progress", "in_progress", begun + timedelta(days=60)),
        ):
            steps.append(
                {"commitment": FIRST + number, "event": event, "state": state, "done_on": None, "day": day}
                | {"due": due if event == "announce" else None, "percent": 40 if event == "progress" else None}
                | {"body_kk": "Жұмыс жүріп жатыр.", "body_ru": "Работа идёт.", "body_en": "Work goes on."}
                | {"evidence_address": "", "by": staff[city].releaser, "at": _noon(day)}
            )
    session.execute(insert(Commitment), promises)
    session.execute(insert(CommitmentEvent), steps)


def _alike(one: str, other: str) -> dict[str, Any]:
    return {"comment": one, "other": other, "score": 0.5}


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), KAZAKHSTAN)
