"""The guide to questionnaires names every key, every rule and every column, as they are in the code."""

from dataclasses import fields
from pathlib import Path

from surveys.authoring.findings import HARD, RULES
from surveys.authoring.readability import MOST_CHARACTERS, SPEECH
from surveys.questionnaire.definition import (
    AREAS,
    DIMENSIONS,
    AllOf,
    Allowance,
    AnyOf,
    Option,
    Page,
    Question,
    Questionnaire,
    ShowIf,
)
from surveys.questionnaire.kinds import KINDS
from surveys.xlsform.vocabulary import CHOICES, IGNORED, SETTINGS, SHEETS, SURVEY

GUIDE = (Path(__file__).parents[3] / "docs" / "questionnaires.md").read_text(encoding="utf-8")
KEYS = {of.name for part in (Questionnaire, Page, Question, Option, AllOf, AnyOf, Allowance) for of in fields(part)}


def test_every_key_and_value_of_a_file_is_named() -> None:
    words = KEYS | KINDS.keys() | set(AREAS) | set(DIMENSIONS)
    assert [word for word in sorted(words) if f"`{word}`" not in GUIDE and f"`{word}: " not in GUIDE] == []


def test_a_rule_is_shown_with_its_keys() -> None:
    assert all(f"{of.name}: " in GUIDE for of in fields(ShowIf))


def test_every_rule_of_the_linter_is_named_with_its_severity() -> None:
    assert [rule for rule in sorted(RULES) if f"| `{rule}` | {RULES[rule][0]} |" not in GUIDE] == []


def test_every_hard_defect_is_named_with_its_words() -> None:
    assert [rule for rule in sorted(HARD) if f"| `{rule}` | {HARD[rule]} |" not in GUIDE] == []


def test_every_column_of_an_xlsform_is_named() -> None:
    columns = {*SURVEY, *CHOICES, *SETTINGS, *IGNORED, *SHEETS} - {"type"}
    assert [column for column in sorted(columns) if f"`{column}`" not in GUIDE] == []


def test_the_limits_are_those_of_the_code() -> None:
    words = [SPEECH[lang].most_words for lang in ("en", "ru", "kk")]
    assert "more than {} words in English, {} in Russian, {} in Kazakh".format(*words) in GUIDE
    assert f"more than {MOST_CHARACTERS} characters" in GUIDE
