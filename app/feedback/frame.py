"""The national code frame: what suggestions are about, read from data/themes.toml and kept in the table `theme`.

The file is the beginning of the frame, and its codes never change. What it does not name any more is retired and kept,
for suggestions are coded with it. What a publisher made or changed in the console no longer follows the file.
"""

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.journal import Actor, Entry, record
from app.feedback.errors import FeedbackError
from app.feedback.models import Theme
from app.feedback.theme_names import CODE, LONGEST_CODE, LONGEST_NAME
from surveys.authoring.yaml_source import load, shipped
from surveys.languages import LANGUAGES, Text3

FILE = Path(__file__).parent / "data" / "themes.toml"

FEWEST, MOST = 5, 9
"""Themes of an area that can be used: what a person keeps in mind, and finds at a glance."""
_FIELDS = {"code": str, **dict.fromkeys(LANGUAGES, str), "retired": bool}


class ThemesFileError(FeedbackError):
    """A frame that cannot be loaded; `faults` are sentences, each with the place in the file."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


@dataclass(frozen=True, slots=True)
class FrameTheme:
    """One theme of the file."""

    code: str
    name: Text3
    retired: bool = False

    @property
    def area(self) -> str:
        """The code begins with that of the area."""
        return self.code.partition("_")[0]


class FrameChange(NamedTuple):
    """What loading a frame did: codes by what happened to them."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    retired: tuple[str, ...]
    left: tuple[str, ...]
    """What was made or changed in the console, and differs from the file."""


@cache
def areas_asked_about() -> tuple[str, ...]:
    """List the areas in which the questionnaires of the product take suggestions, in their order."""
    asked = [questionnaire for questionnaire in map(load, shipped()) if questionnaire.takes_suggestions]
    pages = [page for questionnaire in asked for page in questionnaire.pages if page.area]
    return tuple(dict.fromkeys(str(page.area) for page in pages))


def read_frame(text: str, areas: Iterable[str]) -> tuple[FrameTheme, ...]:
    """Read a frame; raises ThemesFileError that names everything that is wrong with it."""
    try:
        rows = tomllib.loads(text).get("theme", [])
    except tomllib.TOMLDecodeError as error:
        raise ThemesFileError([f"not TOML: {error}"]) from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ThemesFileError(["write each theme as [[theme]]"])
    known = tuple(areas)
    faults = [fault for number, row in enumerate(rows, 1) for fault in _faults_of(number, row, known)]
    if not faults:
        faults = list(_faults_of_all(rows, known))
    if faults:
        raise ThemesFileError(faults)
    return tuple(
        FrameTheme(row["code"], Text3(**{lang: row[lang].strip() for lang in LANGUAGES}), row.get("retired", False))
        for row in rows
    )


@cache
def load_frame() -> tuple[FrameTheme, ...]:
    """Read the frame of this release."""
    return read_frame(FILE.read_text(encoding="utf-8"), areas_asked_about())


def store_frame(session: Session, frame: Iterable[FrameTheme] | None = None) -> FrameChange:
    """Bring the national themes of the database in step with a frame, that of the release by default.

    Loading it again changes nothing.
    """
    wanted = {theme.code: theme for theme in (load_frame() if frame is None else frame)}
    there = {row.code: row for row in session.scalars(select(Theme).where(Theme.city.is_(None)))}
    added = [code for code in wanted if code not in there]
    session.add_all(Theme(**_fields(wanted[code]), from_file=True) for code in added)
    changed: list[str] = []
    retired: list[str] = []
    left: list[str] = []
    for code, row in there.items():
        fields = _fields(wanted[code]) if code in wanted else {"retired": True}
        if all(getattr(row, name) == value for name, value in fields.items()):
            continue
        if not row.from_file:
            if code in wanted:
                left.append(code)
            continue
        (retired if fields["retired"] and not row.retired else changed).append(code)
        for name, value in fields.items():
            setattr(row, name, value)
    session.flush()
    return FrameChange(*(tuple(sorted(codes)) for codes in (added, changed, retired, left)))


def bring_frame(session: Session, actor: Actor) -> FrameChange:
    """Store the frame of this release, and record it where anything changed."""
    done = store_frame(session)
    detail: dict[str, str | int | bool | None] = {
        "new": len(done.added),
        "changed": len(done.changed),
        "retired": len(done.retired),
        "kept": len(done.left),
    }
    if done.added or done.changed or done.retired:
        record(session, actor, Entry(event="themes.loaded", object_kind="theme", object_id="", detail=detail))
    return done


def _fields(theme: FrameTheme) -> dict[str, Any]:
    names = {f"name_{lang}": theme.name.pick(lang) for lang in LANGUAGES}
    return {"code": theme.code, "area": theme.area, "retired": theme.retired, **names}


def _faults_of(number: int, row: Mapping[str, Any], areas: tuple[str, ...]) -> Iterator[str]:
    """Say what is wrong with one theme."""
    code = row.get("code")
    where = f"theme {number}" + (f" ({code})" if isinstance(code, str) else "")
    for name in row.keys() - _FIELDS.keys():
        yield f"{where}: what is {name!r}? A theme has code, kk, ru, en and retired"
    for name, kind in _FIELDS.items():
        if name in row and not isinstance(row[name], kind):
            yield f"{where}: {name} is not a {'text' if kind is str else 'true or false'}"
    yield from (f"{where}: {fault}" for fault in _faults_of_code(code, areas))
    for lang in LANGUAGES:
        letters = len(str(row.get(lang, "")).strip())
        if not letters:
            yield f"{where}: has no name in {lang}"
        elif letters > LONGEST_NAME:
            yield f"{where}: its name in {lang} has {letters} letters, of {LONGEST_NAME} at most"


def _faults_of_code(code: object, areas: tuple[str, ...]) -> Iterator[str]:
    if not isinstance(code, str):
        yield from ["has no code"] * (code is None)
        return
    found = CODE.fullmatch(code)
    if not found or len(code) > LONGEST_CODE:
        yield "a code is the area, a line below and a word in small letters, such as hlt_doctors"
    elif found["area"] not in areas:
        yield f"no questionnaire asks about the area {found['area']!r}; there are {', '.join(areas)}"


def _faults_of_all(rows: Iterable[Mapping[str, Any]], areas: tuple[str, ...]) -> Iterator[str]:
    """Say what is wrong with themes that are whole by themselves: codes and names twice, too few or too many."""
    rows = list(rows)
    for code, n in Counter(row["code"] for row in rows).items():
        if n > 1:
            yield f"{code}: stands {n} times"
    used = [row for row in rows if not row.get("retired", False)]
    for lang in LANGUAGES:
        names = Counter((row["code"].partition("_")[0], row[lang].strip().casefold()) for row in used)
        yield from (f"area {area}: {name!r} names {n} themes in {lang}" for (area, name), n in names.items() if n > 1)
    numbers = Counter(row["code"].partition("_")[0] for row in used)
    for area in areas:
        if not FEWEST <= numbers[area] <= MOST:
            yield f"area {area}: {numbers[area]} themes that can be used; {FEWEST} to {MOST} are wanted"
