"""A questionnaire as the YAML file that load() would read it from; options are written out where they are used."""

from dataclasses import fields
from typing import Any

import yaml

from surveys.languages import LANGUAGES, Text3
from surveys.questionnaire.definition import (
    AllOf,
    Allowance,
    AnyOf,
    Option,
    Page,
    Question,
    Questionnaire,
    Rule,
    ShowIf,
)

Plain = dict[str, Any]


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's signature
        """Write everything out: the reader accepts no aliases."""
        return True


def as_yaml(q: Questionnaire) -> str:
    """Write a questionnaire as YAML."""
    return yaml.dump(as_document(q), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)


def as_document(q: Questionnaire) -> Plain:
    """Write a questionnaire as the plain data of its YAML file."""
    document = {
        "code": q.code,
        "audience": str(q.audience),
        "version": q.version,
        "title": _text(q.title),
        "lead": _text(q.lead),
        "period": _text(q.period),
        "minutes": q.minutes,
        "areas_per_respondent": q.areas_per_respondent,
        "consent_version": q.consent_version,
        "consent": [_text(paragraph) for paragraph in q.consent],
        "reviewed": [_set(allowance) for allowance in q.reviewed],
        "pages": [_page(page) for page in q.pages],
    }
    return document if q.reviewed else {key: value for key, value in document.items() if key != "reviewed"}


def rule_document(rule: Rule) -> Plain:
    """Write a show-if rule as plain data."""
    if isinstance(rule, ShowIf):
        return {"question": rule.question, "options": sorted(rule.options)}
    if isinstance(rule, AllOf):
        return {"all_of": [rule_document(part) for part in rule.all_of]}
    return {"any_of": [rule_document(part) for part in rule.any_of]}


def _page(page: Page) -> Plain:
    return _set(page) | {"questions": [_question(question) for question in page.questions]}


def _question(question: Question) -> Plain:
    document = _set(question)
    document.pop("area", None)  # the page's
    return document | ({"options": [_set(option) for option in question.options]} if question.options else {})


def _set(thing: Allowance | Option | Page | Question) -> Plain:
    """Write the fields of a part that differ from their default, but for the parts inside it."""
    values = {of.name: (getattr(thing, of.name), of.default) for of in fields(thing)}
    inside = ("questions", "options")
    return {name: _value(value) for name, (value, usual) in values.items() if value != usual and name not in inside}


def _value(value: object) -> object:
    if isinstance(value, Text3):
        return _text(value)
    if isinstance(value, ShowIf | AllOf | AnyOf):
        return rule_document(value)
    return value if isinstance(value, bool | int) else str(value)


def _text(text: Text3) -> Plain:
    return dict(zip(LANGUAGES, text, strict=True))
