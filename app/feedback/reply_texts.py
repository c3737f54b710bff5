"""What a reply says, and whether it may be said so: two languages that say the same, plain text, no gap left open.

Pure functions: what they are told is all they know.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from app.feedback.placeholders import has_gaps
from app.feedback.reply_errors import AnswerFault, Flaw
from surveys.languages import LANGUAGES, Text3

SHORTEST = 40
"""Letters of a text at least."""
LONGEST = 4_000
LONGEST_NAME = 200
LONGEST_ADDRESS = 800
LATEST_WORD = timedelta(days=92)
"""What is being looked at is told about again within a quarter of a year."""
NEEDED = ("kk", "ru")
"""Languages that every reply has."""
EMPTY = Text3("", "", "")
_ADDRESS = re.compile(r"\b([a-z][a-z0-9+.-]*):(?://|(?=\S*@))\S*|\bwww\.\S+", re.IGNORECASE)
_MARKUP = re.compile(r"</?[a-z!][^<>\n]*>|&[a-z]+;|\[[^\]\n]+\]\([^)\n]+\)", re.IGNORECASE)
_HTTPS = re.compile(r"https://[^\s<>\"'«»/]+\.[^\s<>\"'«»]+")


class ReplyFacts(NamedTuple):
    """What stands beside the words, by the kind of the reply."""

    done_on: date | None = None
    evidence_address: str = ""
    next_word_on: date | None = None
    body_name: Text3 = EMPTY
    body_address: str = ""


class ReplyContent(NamedTuple):
    """All that a reply says."""

    text: Text3 = EMPTY
    facts: ReplyFacts = ReplyFacts()


class LanguageVersions(NamedTuple):
    """The version in which the text of each language was last written, or checked against another."""

    kk: int
    ru: int
    en: int


def tidy(content: ReplyContent) -> ReplyContent:
    """Give what was typed without spaces around it and signs that nobody sees."""
    facts = content.facts
    return ReplyContent(
        Text3(*(_plain(each) for each in content.text)),
        facts._replace(
            evidence_address=facts.evidence_address.strip(),
            body_name=Text3(*(" ".join(_plain(each).split()) for each in facts.body_name)),
            body_address=" ".join(_plain(facts.body_address).split()),
        ),
    )


def _plain(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").split("\n")
    kept = ("".join(sign for sign in line if unicodedata.category(sign)[0] != "C") for line in lines)
    return "\n".join(line.rstrip() for line in kept).strip()


def versions_after(
    before: Text3, versions: LanguageVersions, after: Text3, version: int, checked: Collection[str] = ()
) -> LanguageVersions:
    """Give the versions of the languages once a text was changed into another one in a version.

    What changes alone is newer than the others from then on, until they are changed with it or `checked`. An older one
    that is changed alone stays the older one: somebody has to say that it caught up. What was empty is written as
    the newest one is.
    """
    newest = max((own for text, own in zip(before, versions, strict=True) if text), default=version)
    changed = [old != new for old, new in zip(before, after, strict=True)]
    rewritten = sum(is_changed and bool(old) for is_changed, old in zip(changed, before, strict=True))
    found = []
    for old, own, is_changed in zip(before, versions, changed, strict=True):
        if not is_changed:
            found.append(own)
        elif not old:
            found.append(version if rewritten or not any(before) else newest)
        else:
            found.append(version if own == newest or rewritten > 1 else own)
    top = max((own for text, own in zip(after, found, strict=True) if text), default=version)
    return LanguageVersions(
        *(top if code in checked else own for code, own in zip(LANGUAGES, found, strict=True)),
    )


def older_languages(text: Text3, versions: LanguageVersions) -> tuple[str, ...]:
    """Name the languages whose text is older than another one, and may say something else."""
    there = [(code, own) for code, own, words in zip(LANGUAGES, versions, text, strict=True) if words]
    newest = max((own for _code, own in there), default=0)
    return tuple(code for code, own in there if own < newest)


def faults_of_text(content: ReplyContent, versions: LanguageVersions) -> Iterator[Flaw]:
    """Say what is wrong with the words: too short, too long, a gap, an unsafe address, markup, one language older."""
    for code in LANGUAGES:
        text = content.text.pick(code)
        if code in NEEDED and not text:
            yield Flaw(code, AnswerFault.MISSING)
        elif text and len(text) < SHORTEST:
            yield Flaw(code, AnswerFault.SHORT)
        elif text:
            yield from faults_of_words(code, text, LONGEST)
    for code in older_languages(content.text, versions):
        yield Flaw(code, AnswerFault.OLDER)


def faults_of_length(content: ReplyContent) -> Iterator[Flaw]:
    """Say what is longer than can be kept, which is refused of a draft too."""
    facts = content.facts
    lines = {code: (content.text.pick(code), LONGEST) for code in LANGUAGES}
    lines |= {f"body_name_{code}": (facts.body_name.pick(code), LONGEST_NAME) for code in LANGUAGES}
    lines |= {name: (getattr(facts, name), LONGEST_ADDRESS) for name in ("evidence_address", "body_address")}
    yield from (Flaw(field, AnswerFault.LONG) for field, (text, longest) in lines.items() if len(text) > longest)


def faults_of_words(field: str, text: str, longest: int) -> Iterator[Flaw]:
    """Say what is wrong with a plain text that everybody is going to read."""
    if len(text) > longest:
        yield Flaw(field, AnswerFault.LONG)
    if has_gaps(text):
        yield Flaw(field, AnswerFault.PLACEHOLDER)
    if any(not match[0].lower().startswith("https://") for match in _ADDRESS.finditer(text)):
        yield Flaw(field, AnswerFault.LINK)
    if _MARKUP.search(text):
        yield Flaw(field, AnswerFault.MARKUP)


def faults_of_facts(kind: str, facts: ReplyFacts, today: date, earlier: ReplyFacts | None = None) -> Iterator[Flaw]:
    """Say what is wrong with the facts of a kind of reply; `earlier` are those that are public already."""
    if kind == "done":
        yield from faults_of_doing("done_on", facts.done_on, today)
        yield from faults_of_address("evidence_address", facts.evidence_address)
    elif kind == "being_looked_at":
        yield from _faults_of_next_word(facts.next_word_on, today, earlier)
    elif kind == "another_body":
        yield from _faults_of_body(facts)


def faults_of_doing(field: str, day: date | None, today: date) -> Iterator[Flaw]:
    """Say what is wrong with the day on which something was done."""
    if day is None:
        yield Flaw(field, AnswerFault.MISSING)
    elif day > today:
        yield Flaw(field, AnswerFault.IN_FUTURE)


def faults_of_address(field: str, address: str) -> Iterator[Flaw]:
    """Say what is wrong with the address at which everybody can see that something was done."""
    if not address:
        yield Flaw(field, AnswerFault.MISSING)
    elif len(address) > LONGEST_ADDRESS:
        yield Flaw(field, AnswerFault.LONG)
    elif not _HTTPS.fullmatch(address):
        yield Flaw(field, AnswerFault.LINK)


def _faults_of_next_word(day: date | None, today: date, earlier: ReplyFacts | None) -> Iterator[Flaw]:
    if day is None:
        yield Flaw("next_word_on", AnswerFault.MISSING)
    elif earlier is not None:
        if earlier.next_word_on is not None and day > earlier.next_word_on:
            yield Flaw("next_word_on", AnswerFault.WORD_MOVED)
    elif day <= today:
        yield Flaw("next_word_on", AnswerFault.NOT_LATER)
    elif day > today + LATEST_WORD:
        yield Flaw("next_word_on", AnswerFault.TOO_LATE)


def _faults_of_body(facts: ReplyFacts) -> Iterator[Flaw]:
    for code in LANGUAGES:
        field, name = f"body_name_{code}", facts.body_name.pick(code)
        if code in NEEDED and not name:
            yield Flaw(field, AnswerFault.MISSING)
        elif name:
            yield from faults_of_words(field, name, LONGEST_NAME)
    if not facts.body_address:
        yield Flaw("body_address", AnswerFault.MISSING)
    else:
        yield from faults_of_words("body_address", facts.body_address, LONGEST_ADDRESS)
