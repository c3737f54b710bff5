"""The glossary names each word once, and a file that exists."""

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
GLOSSARY = ROOT / "docs" / "glossary.md"


class Entry(NamedTuple):
    term: str
    translations: str
    meaning: str
    file: str


def entries() -> list[Entry]:
    """Read the rows of the table; a row of another shape raises."""
    rows = [line for line in GLOSSARY.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    return [Entry(*(cell.strip() for cell in row.strip("|").split("|"))) for row in rows[1:]]


def names(term: str) -> set[str]:
    """Give a term and the names in parentheses beside it."""
    return {part.strip(" `").casefold() for part in re.split(r"[(),]", term) if part.strip(" `")}


def test_the_glossary_has_the_words_of_the_product() -> None:
    assert len(entries()) >= 40


def test_every_term_stands_once_and_in_order() -> None:
    all_names = [name for entry in entries() for name in names(entry.term)]
    assert sorted(name for name in set(all_names) if all_names.count(name) > 1) == []
    spoken = {"α": "alpha", "λ": "lambda"}
    firsts = [spoken.get(entry.term.split(" (")[0], entry.term.split(" (")[0]) for entry in entries()]
    assert firsts == sorted(firsts)


def test_every_file_of_the_glossary_exists() -> None:
    assert [entry for entry in entries() if not (ROOT / entry.file.strip("`")).is_file()] == []


def test_every_term_has_one_sentence_and_both_translations_or_none() -> None:
    faulty = [
        entry.term
        for entry in entries()
        if not re.fullmatch(r"[^.]+(\d\.\d[^.]*)?\.", entry.meaning)
        or entry.translations.count(" · ") != bool(entry.translations)
    ]
    assert faulty == []
