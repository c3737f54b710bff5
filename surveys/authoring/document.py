"""From plain data (mappings, lists, scalars) to a definition, noting everything that does not fit."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final, TypeVar

from surveys.errors import Defect
from surveys.languages import LANGUAGES, Text3
from surveys.questionnaire.definition import (
    AllOf,
    Allowance,
    AnyOf,
    Audience,
    Option,
    Page,
    PageRole,
    Question,
    Questionnaire,
    Rule,
    ShowIf,
)
from surveys.questionnaire.kinds import KINDS, STAND_IN

Scales = Mapping[str, tuple[Option, ...]]
"""Name of a shared scale → its options."""

_UNREAD: Final = Text3("…", "…", "…")
"""Stands in for a text that could not be read, so that one fault is not named twice."""

_Member = TypeVar("_Member", bound=StrEnum)


class _Node:
    """One mapping of the document: hands out its values by type and notes what is wrong, missing or left over."""

    def __init__(self, where: str, raw: object, defects: list[Defect]) -> None:
        self.where = where
        self._defects = defects
        self._left: dict[object, object] = dict(raw) if isinstance(raw, dict) else {}
        if not isinstance(raw, dict):
            self.note("wrong_type", f"a mapping is due, not {_named(raw)}")

    def note(self, code: str, detail: str) -> None:
        self._defects.append(Defect(self.where, code, detail))

    def has(self, key: str) -> bool:
        return key in self._left

    def holds_text(self, key: str) -> bool:
        return isinstance(self._left.get(key), str)

    def take(self, key: str, *, required: bool = True) -> object:
        if required and key not in self._left:
            self.note("missing_key", key)
        return self._left.pop(key, None)

    def string(self, key: str) -> str:
        return self.optional_string(key, required=True) or ""

    def optional_string(self, key: str, *, required: bool = False) -> str | None:
        value = self.take(key, required=required)
        if value is None or isinstance(value, str):
            return value
        self.note("wrong_type", f"{key}: a text is due, not {_named(value)}")
        return None

    def integer(self, key: str) -> int:
        value = self.optional_integer(key, required=True)
        return 1 if value is None else value

    def optional_integer(self, key: str, *, required: bool = False) -> int | None:
        value = self.take(key, required=required)
        if value is None or type(value) is int:
            return value
        self.note("wrong_type", f"{key}: a whole number is due, not {_named(value)}")
        return None

    def flag(self, key: str) -> bool:
        value = self.take(key, required=False)
        if value is None or isinstance(value, bool):
            return bool(value)
        self.note("wrong_type", f"{key}: true or false is due, not {_named(value)}")
        return False

    def member(self, key: str, members: type[_Member], default: _Member) -> _Member:
        return members(self.one_of(key, members, default))

    def one_of(self, key: str, allowed: Iterable[str], default: str) -> str:
        value = self.take(key)
        names = tuple(map(str, allowed))
        if isinstance(value, str) and value in names:
            return value
        if value is not None:
            self.note(f"unknown_{key}", f"{_named(value)}; known: {', '.join(names)}")
        return default

    def items(self, key: str, *, required: bool = True) -> list[object]:
        value = self.take(key, required=required)
        if value is None or isinstance(value, list):
            return value or []
        self.note("wrong_type", f"{key}: a list is due, not {_named(value)}")
        return []

    def children(self, key: str, noun: str, *, required: bool = True) -> "list[_Node]":
        return [
            _Node(f"{self.where}, {noun} {_code_of(raw) or f'#{number}'}", raw, self._defects)
            for number, raw in enumerate(self.items(key, required=required), 1)
        ]

    def child(self, key: str) -> "_Node":
        return _Node(f"{self.where}, {key}", self.take(key), self._defects)

    def text(self, key: str) -> Text3:
        # A language left out is found by validation, which knows every text; here only misfits are noted.
        raw = self.take(key)
        return _text(f"{self.where}, {key}", raw, self._defects) if raw is not None else _UNREAD

    def optional_text(self, key: str) -> Text3 | None:
        return self.text(key) if self.has(key) else None

    def close(self) -> None:
        for key in self._left:
            self.note("unknown_key", _named(key))


def read_questionnaire(raw: object, source: str, scales: Scales, defects: list[Defect]) -> Questionnaire:
    """Read a whole questionnaire, adding what does not fit to `defects` and going on with a stand-in."""
    node = _Node(source, raw, defects)
    consent = node.items("consent")
    questionnaire = Questionnaire(
        code=node.string("code"),
        audience=node.member("audience", Audience, Audience.RESIDENT),
        version=node.integer("version"),
        title=node.text("title"),
        lead=node.text("lead"),
        period=node.text("period"),
        minutes=node.integer("minutes"),
        areas_per_respondent=node.integer("areas_per_respondent"),
        consent=tuple(_text(f"{source}, consent {at}", item, defects) for at, item in enumerate(consent, 1)),
        consent_version=node.string("consent_version"),
        pages=tuple(_page(page, scales) for page in node.children("pages", "page")),
        reviewed=tuple(_allowance(child) for child in node.children("reviewed", "reviewed", required=False)),
    )
    node.close()
    return questionnaire


def read_scales(raw: object, source: str, defects: list[Defect]) -> dict[str, tuple[Option, ...]]:
    """Read the shared scales: name → list of options."""
    node = _Node(source, raw, defects)
    names = [name for name in raw if isinstance(name, str)] if isinstance(raw, dict) else []
    scales = {name: tuple(_option(child) for child in node.children(name, f"scale {name}, option")) for name in names}
    node.close()
    return scales


def _page(node: _Node, scales: Scales) -> Page:
    area = node.optional_string("area")
    page = Page(
        code=node.string("code"),
        role=node.member("role", PageRole, PageRole.AREA if area else PageRole.ABOUT),
        title=node.text("title"),
        area=area,
        intro=node.optional_text("intro"),
        questions=tuple(_question(question, area, scales) for question in node.children("questions", "question")),
        show_if=_show_if(node),
    )
    node.close()
    return page


def _question(node: _Node, area: str | None, scales: Scales) -> Question:
    question = Question(
        code=node.string("code"),
        kind=node.one_of("kind", KINDS, STAND_IN),
        label=node.text("label"),
        hint=node.optional_text("hint"),
        area=node.optional_string("area") or area,
        options=_options(node, scales),
        scored=node.flag("scored"),
        reverse=node.flag("reverse"),
        required=node.flag("required"),
        weighting=node.optional_string("weighting"),
        show_if=_show_if(node),
        max_chars=node.optional_integer("max_chars"),
        minimum=node.optional_integer("minimum"),
        maximum=node.optional_integer("maximum"),
    )
    node.close()
    return question


def _options(node: _Node, scales: Scales) -> tuple[Option, ...]:
    if not node.has("options"):
        return ()
    if not node.holds_text("options"):
        return tuple(_option(option) for option in node.children("options", "option"))
    name = node.string("options")
    if name not in scales:
        node.note("unknown_scale", name)
    return scales.get(name, ())


def _option(node: _Node) -> Option:
    option = Option(
        code=node.string("code"),
        label=node.text("label"),
        value=node.optional_integer("value"),
        apart=node.flag("apart"),
        city=node.optional_string("city"),
    )
    node.close()
    return option


def _allowance(node: _Node) -> Allowance:
    words = {key: node.string(key) for key in ("rule", "lang", "phrase", "why")}
    node.close()
    return Allowance(**words)


def _show_if(node: _Node) -> Rule | None:
    return _rule(node.child("show_if")) if node.has("show_if") else None


def _rule(node: _Node) -> Rule:
    joined = next((key for key in ("all_of", "any_of") if node.has(key)), None)
    if joined is None:
        return _plain_rule(node)
    rules = tuple(_rule(child) for child in node.children(joined, "rule"))
    node.close()
    return AllOf(rules) if joined == "all_of" else AnyOf(rules)


def _plain_rule(node: _Node) -> ShowIf:
    options = node.items("options")
    for code in options:
        if not isinstance(code, str):
            node.note("wrong_type", f"options: a code is due, not {_named(code)}")
    show_if = ShowIf(
        question=node.string("question"), options=frozenset(code for code in options if isinstance(code, str))
    )
    node.close()
    return show_if


def _text(where: str, raw: object, defects: list[Defect]) -> Text3:
    node = _Node(where, raw, defects)
    if not isinstance(raw, dict):
        return _UNREAD
    words = [node.take(lang, required=False) for lang in LANGUAGES]
    node.close()
    for lang, word in zip(LANGUAGES, words, strict=True):
        if word is not None and not isinstance(word, str):
            defects.append(Defect(f"{where}, {lang}", "wrong_type", f"a text is due, not {_named(word)}"))
    kk, ru, en = ("" if word is None else word if isinstance(word, str) else "…" for word in words)
    return Text3(kk, ru, en)


def _code_of(raw: object) -> str:
    code = raw.get("code") if isinstance(raw, dict) else None
    return code if isinstance(code, str) else ""


def _named(value: object) -> str:
    return f"{type(value).__name__} {str(value)[:40]!r}"
