"""Illustrative suggestions: what residents and businesses might have written, all of it invented for the demo.

Nobody wrote any of it: no person, street or number is meant. The lines are written as people write: without Kazakh
letters, in mixed scripts, in anger, with a telephone number that is to be masked, and in campaigns of near-copies. Each
line names its national theme, so that later steps of the demo can code it.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from sqlalchemy.orm import Session

from app.feedback.neighbours import keep_neighbours, texts_by_group
from app.feedback.releasing import release_batches
from app.feedback.similar import find_alike, learn_language
from surveys.languages import LANGUAGES
from surveys.questionnaire.redaction import masked, tidied
from surveys.responses import filing
from surveys.responses.envelopes import SentText, SentWords
from surveys.responses.filing import Waiting

FILE = Path(__file__).parent / "data" / "illustrative_suggestions.csv"

WEEKS = 8
"""Over the rounds of so many weeks, this one the last, they came to the desk: the first half waits for too long."""

_WEEK = timedelta(days=7)


class DemoSuggestion(NamedTuple):
    """A line of the file."""

    city: str
    audience: str
    lang: str
    theme: str
    campaign: str
    """A word that near-copies of one text share; empty for all others."""
    text: str

    @property
    def area(self) -> str:
        """The area that its theme is of."""
        return self.theme.partition("_")[0]

    @property
    def stored(self) -> str:
        """The text as it is stored: what names a person is masked."""
        return masked(tidied(self.text))


@cache
def demo_suggestions() -> tuple[DemoSuggestion, ...]:
    """Read the file."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(DemoSuggestion(**row) for row in csv.DictReader(lines))


def themes_by_text() -> dict[str, str]:
    """Give the national theme of every text as it is stored: a suggestion bears nothing else to know it by."""
    return {suggestion.stored: suggestion.theme for suggestion in demo_suggestions()}


def seed_suggestions(session: Session, directory: Path, waves: Mapping[str, str], today: date) -> int:
    """File them week by week and hand them to the desk; the last ones wait. Takes waves by audience, gives the number.

    Every week has some of each city and area: the week of a line is drawn from its text, the same each time.
    """
    weeks: dict[int, list[DemoSuggestion]] = defaultdict(list)
    for suggestion in demo_suggestions():
        weeks[_week(suggestion)].append(suggestion)
    monday, filed = today - timedelta(days=today.weekday()), 0
    for week in sorted(weeks, reverse=True):
        day = monday - (week - 1) * _WEEK if week else today
        filed += filing.file_all(session, directory, _letters(weeks[week], waves), today=day)
        if week:
            release_batches(session, day)
    return filed


def seed_neighbours(session: Session) -> int:
    """Find which of them are alike, as the nightly job does; gives the number of rows."""
    kept = 0
    for lang in LANGUAGES:
        groups = texts_by_group(session, lang)
        rarity = learn_language(groups.values())
        kept += sum(keep_neighbours(session, group, find_alike(group, rarity)) for group in groups.values())
    return kept


def _week(suggestion: DemoSuggestion) -> int:
    """Tell in which week one is filed, from WEEKS to 1, this one; 0 is after its round. A campaign takes two."""
    draw = crc32(suggestion.text.encode())
    if suggestion.campaign:
        return WEEKS // 2 + draw % 2
    return 0 if draw % 100 == 0 else 1 + draw // 100 % WEEKS


def _letters(suggestions: Iterable[DemoSuggestion], waves: Mapping[str, str]) -> list[Waiting]:
    return [
        Waiting(SentWords(waves[each.audience], each.city, each.lang, (SentText(each.area, each.stored),)), ids=())
        for each in suggestions
    ]
