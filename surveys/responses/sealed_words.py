"""Words that wait in envelopes, found by the mark of their follow code: read, and taken back before they are filed."""

from pathlib import Path
from typing import NamedTuple

from sqlalchemy.orm import Session

from surveys.ballots import envelope_keys
from surveys.models.comments import WithdrawnWords
from surveys.responses import filing
from surveys.responses.envelopes import SentText


class SealedWords(NamedTuple):
    """Words that wait, and where they belong; `is_withdrawn` once they were taken back."""

    wave: str
    city: str
    lang: str
    sent: SentText
    is_withdrawn: bool


def find(session: Session, directory: Path, mark: str) -> SealedWords | None:
    """Find words by their mark; None when none that wait have it. Every envelope there is is opened for that."""
    last = max((each.number for each in envelope_keys.all_of(directory)), default=0)
    for letter, _ids in filing.find(session, directory, last + 1).letters:
        for sent in letter.words:
            if sent.mark == mark:
                is_withdrawn = not sent.text or session.get(WithdrawnWords, mark) is not None
                return SealedWords(*letter[:3], sent, is_withdrawn)
    return None


def withdraw(session: Session, mark: str) -> None:
    """Take words back that wait: the next filing, within the hour, takes them out of their envelope.

    To be called under surveys.sql.hold_filing, after `find`: a filing in between would have filed them already.
    """
    if session.get(WithdrawnWords, mark) is None:
        session.add(WithdrawnWords(mark=mark))
        session.flush()
