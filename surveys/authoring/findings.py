"""What a reviewer of a questionnaire is told: rule, location, line, severity, and a sentence that says what to do."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from surveys.errors import Defect
from surveys.languages import LANGUAGES


class Severity(StrEnum):
    """Whether a questionnaire may be used as it is."""

    ERROR = "error"
    WARNING = "warning"


class Location(NamedTuple):
    """Where in a questionnaire; what does not apply is empty, and line 0 is not known."""

    file: str
    page: str = ""
    question: str = ""
    part: str = ""
    lang: str = ""
    line: int = 0

    def __str__(self) -> str:
        """Write the location as editors can jump to it, then as people name it."""
        named = {"page": self.page, "question": self.question, "": self.part, "language": self.lang}
        inside = ", ".join(f"{noun} {code}".strip() for noun, code in named.items() if code)
        return ":".join(filter(None, (self.file, str(self.line or "")))) + (f": {inside}" if inside else "")


class QuestionnaireFinding(NamedTuple):
    """One thing a reviewer should look at."""

    severity: Severity
    rule: str
    where: Location
    words: str

    def __str__(self) -> str:
        """Write the finding as one line of a report."""
        return f"{self.where}: {self.severity}: {self.words} [{self.rule}]"


RULES: Final[Mapping[str, tuple[Severity, str]]] = {
    "double_barrelled": (Severity.ERROR, "asks two things at once; ask one, or make two questions"),
    "leading_word": (Severity.ERROR, "a word that leads to an answer"),
    "one_sided": (Severity.ERROR, "names one side of the scale only; name both, or neither"),
    "long_sentence": (Severity.ERROR, "a sentence too long to be understood at first reading"),
    "long_question": (Severity.ERROR, "a question too long to be read aloud in ten seconds"),
    "untranslated": (Severity.ERROR, "the same text in two languages; translate it, or let the word stand by review"),
    "no_way_out": (Severity.ERROR, "no option apart, such as hard to say or prefer not to say"),
    "unlabelled_scale": (Severity.ERROR, "a point of the scale without words of its own"),
    "unbalanced_labels": (Severity.ERROR, "more points on one side of the scale than on the other"),
    "glued_suffix": (Severity.ERROR, "an ending glued to a name's place; use the form the name has for it"),
    "doubled_case": (Severity.ERROR, "a preposition before a form that has its own"),
    "bad_allowance": (Severity.ERROR, "an allowance that names no rule or language, or no phrase of enough words"),
    "unused_allowance": (Severity.WARNING, "an allowance that no text needs; take it out"),
    "period_missing": (
        Severity.WARNING,
        "the period is not stated; a question may be read without its neighbours",
    ),
    "small_start": (Severity.WARNING, "begins with a form of the city that starts with a small letter"),
    "exact_trait": (Severity.WARNING, "an exact number about a person may identify; ask in bands"),
    "several_texts": (Severity.WARNING, "more than one open question in an area; their answers are not told apart"),
}
"""Rule of the linter → severity and what is wrong; the rules of a questionnaire's validity are in HARD."""

HARD: Final[Mapping[str, str]] = {
    "area_and_page_differ": "a question of another area than its page",
    "area_and_role_differ": "a page has an area if its role is area, and none otherwise",
    "bad_code": "a code has 1 to 40 small Latin letters, digits or . _ + -, the first a letter or digit",
    "city_not_in_code": "the code of an option of one city starts with the city's",
    "duplicate_code": "a code used twice",
    "duplicate_key": "a key written twice",
    "duplicate_label": "two options with the same words",
    "duplicate_weighting": "a trait asked twice",
    "hidden_character": "a character nobody can see",
    "html_in_text": "markup in a text",
    "kind_cannot_be_scored": "only a rating or a choice can be scored",
    "later_question": "an answer used before it exists",
    "limit_not_used": "a limit that this kind of question does not have",
    "missing_key": "a key is missing",
    "missing_language": "the text is missing in this language",
    "mixed_alphabet": "a word of Latin and Cyrillic letters",
    "no_consent": "no consent text",
    "no_options": "a question to tick without options",
    "no_questions": "a page without questions",
    "not_asked_of_staff": "those who work in an akimat are asked for no traits and no words",
    "not_utf8": "the file is not UTF-8",
    "not_yaml": "the file is not YAML as it is read here",
    "number_without_bounds": "a number needs a minimum and a maximum",
    "option_without_value": "an option on the scale without its points",
    "options_not_used": "options on a question that is not answered by ticking",
    "out_of_range": "a number out of range",
    "placeholders_differ": "the city is named in one language and not in another",
    "rule_of_one": "all_of and any_of join two rules or more",
    "rule_too_tangled": "a rule that can be met in more ways than anybody can look through",
    "same_text": "two languages with the same sentence",
    "scored_without_area": "a scored question needs an area",
    "text_without_area": "an open question needs an area",
    "too_deep": "the file is nested too deeply",
    "too_large": "the file is too large",
    "too_long": "the text is too long for its place",
    "too_many_options": "more options than the stored byte can tell apart",
    "unbalanced_scale": "the points of a scored scale run from 1 to 5 or from 5 to 1",
    "unknown_area": "no such area",
    "unknown_audience": "no such audience",
    "unknown_key": "no such key",
    "unknown_kind": "no such kind of question",
    "unknown_option": "a rule on an option that does not exist",
    "unknown_placeholder": "braces that stand for nothing known",
    "unknown_question": "a rule on a question that does not exist",
    "unknown_role": "no such role of a page",
    "unknown_scale": "no such shared scale",
    "unknown_weighting": "no such trait to weight by",
    "unlabelled_point": "a point of the scale without words",
    "unreachable": "nobody can ever get here",
    "unreadable": "the file cannot be read",
    "value_apart_from_scale": "points on an option that stands apart",
    "weighting_needs_a_choice": "only a choice can give a weighting cell",
    "wrong_type": "a value of another type is due",
}
"""Code of a defect that makes a questionnaire unusable → what is wrong; all are errors."""

_PART = re.compile(r"(page|question) (.*)")


def find(rule: str, where: str, lines: Mapping[str, int], detail: str = "") -> QuestionnaireFinding:
    """Make the finding of a rule at a location as validation writes it, such as `a.yaml, page its, title, kk`."""
    severity, words = RULES[rule] if rule in RULES else (Severity.ERROR, HARD[rule])
    return QuestionnaireFinding(severity, rule, _read(where, lines), f"{words}: {detail}" if detail else words)


def of_defect(defect: Defect, lines: Mapping[str, int]) -> QuestionnaireFinding:
    """Make the finding of a defect that makes a questionnaire unusable."""
    return find(defect.code, defect.where, lines, defect.detail)


def _read(where: str, lines: Mapping[str, int]) -> Location:
    file, *parts = where.split(", ")
    named = {match[1]: match[2] for part in parts if (match := _PART.fullmatch(part))}
    rest = [part for part in parts if not _PART.fullmatch(part)]
    lang = rest.pop() if rest and rest[-1] in LANGUAGES else ""
    return Location(file, **named, part=", ".join(rest), lang=lang, line=_line(where, lines))


def _line(where: str, lines: Mapping[str, int]) -> int:
    while where not in lines:
        where, comma, _ = where.rpartition(", ")
        if not comma:
            return 0
    return lines[where]
