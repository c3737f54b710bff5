"""The rules of moderation and of answering in three languages: one file makes the page and docs/moderation.md."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from surveys.languages import LANGUAGES, Text3

FILE = Path(__file__).parents[1] / "data" / "moderation_rules.toml"


class RulesSection(NamedTuple):
    """A part of the rules; the one of code `reasons` is followed by their list."""

    code: str
    title: Text3
    text: tuple[Text3, ...]


class ReasonInWords(NamedTuple):
    """A reason for which a suggestion may be hidden."""

    code: str
    name: Text3
    text: Text3


class Rules(NamedTuple):
    """All of it; texts name the term as `{days}`."""

    title: Text3
    sections: tuple[RulesSection, ...]
    reasons: tuple[ReasonInWords, ...]


@cache
def load_rules() -> Rules:
    """Read the file; a fault in it is a fault of the release, so it is not caught."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    sections = tuple(
        RulesSection(row["code"], Text3(**row["title"]), tuple(Text3(**each) for each in row["text"]))
        for row in data["section"]
    )
    return Rules(Text3(**data["title"]), sections, tuple(_reason(row) for row in data["reason"]))


def rules_document(days: int) -> str:
    """Write the rules as docs/moderation.md has them, in one language after another."""
    rules = load_rules()
    return "\n".join(["<!-- python -m app feedback rules > docs/moderation.md -->", *_document(rules, days), ""])


def _document(rules: Rules, days: int) -> list[str]:
    lines = []
    for language in LANGUAGES:
        lines += ["", f"# {rules.title.pick(language)}"]
        for section in rules.sections:
            lines += ["", f"## {section.title.pick(language)}"]
            for text in section.text:
                lines += ["", text.pick(language).replace("{days}", str(days))]
            if section.code == "reasons":
                lines += [
                    "",
                    *(f"- **{each.name.pick(language)}.** {each.text.pick(language)}" for each in rules.reasons),
                ]
    return lines


def _item(reason: ReasonInWords, language: str) -> str:
    return f"- **{reason.name.pick(language)}.** {reason.text.pick(language)}"


def _reason(row: Mapping[str, Any]) -> ReasonInWords:
    return ReasonInWords(row["code"], Text3(**row["name"]), Text3(**row["text"]))
