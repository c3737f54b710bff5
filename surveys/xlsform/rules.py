"""Show-if rules as XLSForm writes them: `${bus} = 'yes' or ${bus} = 'seldom'`, `selected(${ways}, 'car')`.

Parentheses are kept: a rule's own options stand side by side, the rules of an and or an or each in their own pair,
so that a rule comes back the same.
"""

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from surveys.errors import SurveyError
from surveys.questionnaire.definition import AnyOf, Question, Rule, ShowIf
from surveys.questionnaire.kinds import KINDS

MOST_CHARACTERS: Final = 5_000
DEEPEST: Final = 20
"""Parentheses inside one another."""

_TOKEN = re.compile(r"\s*(\$\{[^{}]*\}|'[^']*'|\"[^\"]*\"|[\w.+-]+|!=|<=|>=|.)", re.DOTALL)

Raw = dict[str, Any]


class ExpressionError(SurveyError):
    """A condition that is no show-if rule of ours."""


def write_rule(rule: Rule, questions: Mapping[str, Question], names: Mapping[str, str]) -> str:
    """Write a rule; `names` gives the name a question has in the form."""
    if isinstance(rule, ShowIf):
        question, name = questions[rule.question], f"${{{names[rule.question]}}}"
        pattern = "selected({}, '{}')" if KINDS[question.kind].several else "{} = '{}'"
        codes = [option.code for option in question.options if option.code in rule.options]
        return " or ".join(pattern.format(name, code) for code in codes)
    parts, word = (rule.any_of, "or") if isinstance(rule, AnyOf) else (rule.all_of, "and")
    return f" {word} ".join(f"({write_rule(part, questions, names)})" for part in parts)


def read_rule(text: str) -> Raw:
    """Read a rule as the plain data of a YAML file, with names in place of codes; raises ExpressionError."""
    if len(text) > MOST_CHARACTERS:
        raise ExpressionError(f"more than {MOST_CHARACTERS} characters")
    reader = _RuleReader([match[1] for match in _TOKEN.finditer(text) if match[1].strip()])
    part = reader.joined()
    if reader.remaining:
        raise ExpressionError(f"{reader.remaining[0]} where the condition should end or go on by and, or")
    return part.raw


class _Part(NamedTuple):
    raw: Raw
    bare: bool
    """A single comparison without parentheses of its own."""


class _RuleReader:
    def __init__(self, tokens: list[str]) -> None:
        self.remaining = tokens
        self._depth = 0

    def joined(self) -> _Part:
        parts = [self._all()]
        while self._took("or"):
            parts.append(self._all())
        grouped = _beside(parts)
        return grouped[0] if len(grouped) == 1 else _Part({"any_of": [part.raw for part in grouped]}, bare=False)

    def _all(self) -> _Part:
        parts = [self._one()]
        while self._took("and"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else _Part({"all_of": [part.raw for part in parts]}, bare=False)

    def _one(self) -> _Part:
        if self._took("("):
            self._depth += 1
            if self._depth > DEEPEST:
                raise ExpressionError(f"more than {DEEPEST} parentheses inside one another")
            inner = self.joined()
            self._due(")")
            self._depth -= 1
            return inner._replace(bare=False)
        if self._took("selected"):
            self._due("(")
            name = self._name()
            self._due(",")
            part = self._answered(name)
            self._due(")")
            return part
        name = self._name()
        self._due("=")
        return self._answered(name)

    def _answered(self, name: str) -> _Part:
        return _Part({"question": name, "options": [self._literal()]}, bare=True)

    def _name(self) -> str:
        token = self._next()
        if not token.startswith("${"):
            raise ExpressionError(f"{token} where a question such as ${{name}} is due")
        return token[2:-1].strip()

    def _literal(self) -> str:
        token = self._next()
        if token[0] in "'\"":
            return token[1:-1]
        if token.isdecimal():
            return token
        raise ExpressionError(f"{token} where the name of a choice is due")

    def _next(self) -> str:
        if not self.remaining:
            raise ExpressionError("the condition ends too early")
        return self.remaining.pop(0)

    def _took(self, word: str) -> bool:
        is_next = bool(self.remaining) and self.remaining[0] == word
        if is_next:
            self.remaining.pop(0)
        return is_next

    def _due(self, sign: str) -> None:
        token = self._next()
        if token != sign:
            raise ExpressionError(f"{token} where {sign} is due: a condition names choices, by = or selected()")


def _beside(parts: list[_Part]) -> list[_Part]:
    """Make one rule of comparisons side by side on the same question."""
    grouped: list[_Part] = []
    for part in parts:
        last = grouped[-1] if grouped else None
        if last and last.bare and part.bare and last.raw["question"] == part.raw["question"]:
            last.raw["options"].extend(part.raw["options"])
        else:
            grouped.append(part)
    return grouped
