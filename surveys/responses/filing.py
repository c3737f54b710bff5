"""Files people's words: opens the envelopes that came with answers and writes what is in them into `comment`.

A filing opens every envelope, in four steps that may be interrupted between any two of them; nothing is then lost, and
nothing is filed twice:

1. `turn_key`: later envelopes are sealed under a new key. It waits for answers that were on their way.
2. `find`: all earlier envelopes are opened; nothing is changed.
3. `file_batches`, in one transaction: of each wave, city and language from which at least SMALLEST_BATCH answers with
   words wait, some drawn by lot are filed, in random order under new random ids. The others are sealed anew under the
   new key, so that nothing ties them to the answers they came with, amid blank ones, so that nobody can count them.
   Then `drop_blanks`, as many at a time as wanted.
4. The earlier keys are erased (surveys.ballots.envelope_keys): copies of their envelopes in journals and backups are
   noise.

A freeze files everything that is left of its wave, in its own transaction.
"""

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import delete, event, insert, select
from sqlalchemy.orm import Session

from surveys.ballots import envelope_keys
from surveys.models.comments import Comment, Envelope, WithdrawnWords
from surveys.models.fieldwork import Wave
from surveys.responses import envelopes, shuffling
from surveys.responses.envelopes import EnvelopeSheet, Sealed, SentWords
from surveys.responses.search_fold import fold_for_search
from surveys.sql import hold_filing, hold_writers

SMALLEST_BATCH = 5
"""Answers of one wave, city and language whose words are filed together at least, but at a freeze."""

TABLES = (Envelope.__tablename__, Comment.__tablename__, WithdrawnWords.__tablename__)
"""What a filing changes; the database should forget the old rows afterwards (Database.forget_old_rows)."""

FEWEST_KEPT = 256
"""Envelopes that lie there after a filing while a wave runs, or twice as many, and so on, when words need more.

The number of those with words would tell, in an hour with one answer, whether that answer had any.
"""

_RUNNING = ("open", "closed")
_DRAW = secrets.SystemRandom()
_IDS = 500
"""Ids named in one statement."""


class Waiting(NamedTuple):
    """A letter and the ids of its envelopes."""

    letter: SentWords
    ids: tuple[str, ...]


class OpenedEnvelopes(NamedTuple):
    """What earlier envelopes hold: letters, ids of blank ones, and how many no key opens."""

    letters: list[Waiting]
    blanks: list[str]
    lost: int


Choice = Callable[[list[Waiting]], list[Waiting]]
"""Chooses from the letters of one wave, city and language those that are filed now."""


def turn_key(session: Session, directory: Path) -> int:
    """Begin a new key when no answer and no other filing is under way; gives its number.

    Every envelope that is there, or was committed before, is of an earlier key.
    """
    hold_filing(session)
    hold_writers(session, "response")
    return envelope_keys.add(directory)


def find(session: Session, directory: Path, number: int) -> OpenedEnvelopes:
    """Open all envelopes of keys before a number; raises EnvelopeError when one is of an unknown format."""
    all_keys = envelope_keys.all_of(directory)
    earlier = {each.key for each in all_keys if each.number < number}
    # The key before the one in use opens nearly all of them.
    trial = [each.key for each in sorted(all_keys, key=lambda each: (each.number >= number, -each.number))]
    sheets: dict[bytes, list[tuple[str, EnvelopeSheet]]] = defaultdict(list)
    blanks, lost = [], 0
    rows = select(Envelope.id, Envelope.sealed).execution_options(yield_per=1_000)
    with session.execute(rows) as result:
        for row in result:
            opened = envelopes.unseal(trial, Sealed(row.id, row.sealed))
            if opened is None:
                lost += 1
                continue
            key, sheet = opened
            if key in earlier and sheet is None:
                blanks.append(row.id)
            elif key in earlier and sheet is not None:
                sheets[sheet.letter].append((row.id, sheet))
    return OpenedEnvelopes([_waiting(parts) for parts in sheets.values()], blanks, lost)


def _waiting(parts: Sequence[tuple[str, EnvelopeSheet]]) -> Waiting:
    return Waiting(envelopes.read(sheet for _id, sheet in parts), tuple(key for key, _sheet in parts))


def file_batches(session: Session, directory: Path, letters: Iterable[Waiting], *, today: date) -> int:
    """File by lot where enough wait, and everything of frozen waves; gives the number of suggestions."""
    frozen = set(session.scalars(select(Wave.code).where(Wave.state == "frozen")))

    def choose(group: list[Waiting]) -> list[Waiting]:
        if group[0].letter.wave in frozen:
            return group
        if len(group) < SMALLEST_BATCH:
            return []
        return _DRAW.sample(group, _DRAW.randint(SMALLEST_BATCH, len(group)))

    filed, left = _file(session, letters, choose, today)
    _seal_anew(session, directory, left)
    return filed


def file_all(
    session: Session,
    directory: Path,  # noqa: ARG001 - the shape of a filing; nothing is left to be sealed
    letters: Iterable[Waiting],
    *,
    today: date,
) -> int:
    """File all letters, however few wait: before a release that knows no envelopes is put back; gives the number."""
    filed, _none = _file(session, letters, lambda group: group, today)
    return filed


def file_wave(session: Session, directory: Path, wave: Wave) -> int:
    """File all that is left of a wave, in its last month; gives the number of suggestions.

    Earlier keys are erased once that is committed. For a freeze, which holds the filing before all else and shuffles
    the comments of the wave afterwards.
    """
    number = turn_key(session, directory)
    found = find(session, directory, number)

    def choose(group: list[Waiting]) -> list[Waiting]:
        return group if group[0].letter.wave == wave.code else []

    filed, left = _file(session, found.letters, choose, wave.closes_on)
    _seal_anew(session, directory, left)
    drop_blanks(session, found.blanks)
    event.listen(session, "after_commit", lambda _session: envelope_keys.erase_before(directory, number), once=True)
    return filed


def drop_blanks(session: Session, blanks: Sequence[str]) -> None:
    """Remove envelopes that hold no words."""
    hold_filing(session)
    _taken(session, blanks)


def _file(session: Session, letters: Iterable[Waiting], choose: Choice, day: date) -> tuple[int, list[Waiting]]:
    """Write chosen letters into `comment` in a day's month; gives the number of suggestions, and the letters left."""
    hold_filing(session)
    groups: dict[tuple[str, str, str], list[Waiting]] = defaultdict(list)
    for waiting in _without_withdrawn(session, _still_there(session, letters)):
        groups[waiting.letter[:3]].append(waiting)
    chosen = list(chain.from_iterable(choose(group) for group in groups.values()))
    if comments := _comments(chosen, f"{day:%Y-%m}"):
        session.execute(insert(Comment), comments)
        shuffling.shuffle_comments(session)
    filed = {each.ids for each in chosen}
    return len(comments), [each for each in chain.from_iterable(groups.values()) if each.ids not in filed]


def _still_there(session: Session, letters: Iterable[Waiting]) -> list[Waiting]:
    """Take the envelopes of letters away; gives the letters whose envelopes nobody took before."""
    known = list(letters)
    taken = _taken(session, [key for each in known for key in each.ids])
    return [each for each in known if taken.issuperset(each.ids)]


def _without_withdrawn(session: Session, letters: Iterable[Waiting]) -> list[Waiting]:
    """Take the texts out of letters that were taken back meanwhile; what marked them is not needed any more."""
    known, withdrawn = list(letters), set(session.scalars(select(WithdrawnWords.mark)))
    marks = {sent.mark for each in known for sent in each.letter.words if sent.mark} & withdrawn
    if not marks:
        return known
    session.execute(delete(WithdrawnWords).where(WithdrawnWords.mark.in_(marks)))
    return [each._replace(letter=_emptied(each.letter, marks)) for each in known]


def _emptied(letter: SentWords, marks: set[str]) -> SentWords:
    words = tuple(sent._replace(text="") if sent.mark in marks else sent for sent in letter.words)
    return letter._replace(words=words)


def _taken(session: Session, ids: Sequence[str]) -> set[str]:
    parts = (ids[start : start + _IDS] for start in range(0, len(ids), _IDS))
    removal = delete(Envelope).returning(Envelope.id).execution_options(synchronize_session=False)
    gone = (session.scalars(removal.where(Envelope.id.in_(part))) for part in parts)
    return set(chain.from_iterable(gone))


def _comments(letters: Iterable[Waiting], month: str) -> list[dict[str, str | int | None]]:
    """Make the rows of suggestions, in the order of their new random ids."""
    rows: list[dict[str, str | int | None]] = [
        {
            "id": secrets.token_hex(16),
            "wave": letter.wave,
            "city": letter.city,
            "area": sent.area,
            "lang": letter.lang,
            "text": sent.text,
            "folded": fold_for_search(sent.text),
            "month": month,
            "follow_hash": sent.mark,
            "state": "pending" if sent.text else "taken_back",
            "version": 1,
        }
        for letter, _ids in letters
        for sent in letter.words
    ]
    return sorted(rows, key=lambda row: str(row["id"]))


def _seal_anew(session: Session, directory: Path, letters: Iterable[Waiting]) -> None:
    """Put letters into new envelopes amid blank ones, under the key in use: no other filing can turn it meanwhile."""
    sheets = [sheet for each in letters for sheet in envelopes.write(each.letter)]
    if session.scalars(select(Wave.code).where(Wave.state.in_(_RUNNING)).limit(1)).first():
        kept = FEWEST_KEPT
        while kept < len(sheets):
            kept *= 2
        sheets += [envelopes.BLANK] * (kept - len(sheets))
    key = envelope_keys.newest(directory).key
    rows = [envelopes.seal(key, sheet)._asdict() for sheet in sheets]
    if rows:
        session.execute(insert(Envelope), sorted(rows, key=lambda row: str(row["id"])))
