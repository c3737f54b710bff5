"""Screens speak Kazakh and Russian completely, or nothing builds."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from app.cli.i18n import TRANSLATED, TRANSLATIONS, committed, extracted, rendered

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%")
DAY_AND_DOT = re.compile(r"\{\{[^}]*\|day\b[^}]*\}\}(\{%[^%]*%\})*\.")
LATIN_IN_CYRILLIC = re.compile(r"(?<=[а-яёәғқңөұүһі])[a-zə](?=[а-яёәғқңөұүһі])|ə", re.IGNORECASE)


def texts(string: str | tuple[str, ...] | list[str]) -> list[str]:
    return [string] if isinstance(string, str) else list(string)


def faults(message: Message, forms: int) -> list[str]:
    """Everything wrong with one translated message."""
    plural = not isinstance(message.id, str)
    strings = texts(message.string)
    due = {mark for text in texts(message.id) for mark in PLACEHOLDER.findall(text)}
    problems = []
    if not all(strings) or (plural and len(strings) != forms):
        problems.append(f"not translated: {message.id!r}")
    if message.fuzzy:
        problems.append(f"fuzzy: {message.id!r}")
    problems += [
        f"placeholders differ: {message.id!r}" for text in strings if not _same_marks(due, text, plural=plural)
    ]
    problems += [f"Latin letter in a Cyrillic word: {text!r}" for text in strings if LATIN_IN_CYRILLIC.search(text)]
    return problems


def _same_marks(due: set[str], text: str, *, plural: bool) -> bool:
    marks = set(PLACEHOLDER.findall(text))
    # A plural form may leave the number out ("one answer"), never anything else.
    return due - marks <= ({"%(num)s", "%(num)d"} if plural else set()) and marks <= due


def test_the_template_is_what_the_code_says() -> None:
    assert (TRANSLATIONS / "messages.pot").read_bytes() == rendered(extracted()), "run `make i18n` and translate"


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_is_complete_and_in_step(language: str) -> None:
    catalog = committed(language)
    with (TRANSLATIONS / "messages.pot").open("rb") as file:
        template = read_po(file)
    assert {str(message.id) for message in catalog if message.id} == {
        str(message.id) for message in template if message.id
    }
    assert [fault for message in catalog if message.id for fault in faults(message, catalog.num_plurals)] == []


@pytest.mark.parametrize(
    ("message", "fault"),
    [
        (Message("Send", ""), "not translated: 'Send'"),
        (Message("Send", "Отправить", flags=["fuzzy"]), "fuzzy: 'Send'"),
        (Message("of %(city)s", "города"), "placeholders differ: 'of %(city)s'"),
        (Message("of %(city)s", "%(town)s"), "placeholders differ: 'of %(city)s'"),
        (Message(("%(num)s day", "%(num)s days"), ("күн",)), "not translated: ('%(num)s day', '%(num)s days')"),
        (Message("area", "сəла"), "Latin letter in a Cyrillic word: 'сəла'"),
    ],
)
def test_a_fault_is_named(message: Message, fault: str) -> None:
    assert fault in faults(message, forms=2)


def test_no_russian_sentence_ends_with_a_day() -> None:
    """A day in Russian ends with «г.»: such a sentence would end with two dots."""
    said = [text for message in committed("ru") if message.id for text in texts(message.string)]
    pages = {file: file.read_text() for file in Path("app/templates").rglob("*.html")}
    wrong = [text for text in said if "%(day)s." in text]
    wrong += [f"{file}: {match[0]}" for file, text in pages.items() for match in DAY_AND_DOT.finditer(text)]
    assert wrong == []
