"""Everything that is written into the journal has its words: what an auditor reads is no name out of the code."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from app.indicators.staging import Effect
from app.web.console.journal.words import DETAILS, EVENTS, OBJECTS

APP = Path(__file__).parents[2] / "app"
Function = ast.FunctionDef | ast.AsyncFunctionDef


class Place(NamedTuple):
    """Where something stands: the module, and the function around it."""

    module: ast.Module
    function: Function | None
    at: str


class Code:
    """Modules that are read as text, with every call in them by the name of what is called."""

    def __init__(self, sources: dict[str, str]) -> None:
        self.calls: dict[str, list[tuple[ast.Call, Place]]] = {}
        for name, source in sources.items():
            module = ast.parse(source)
            for call, function in _calls(module, None):
                called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
                self.calls.setdefault(called, []).append((call, Place(module, function, f"{name}:{call.lineno}")))

    def written(self, keyword: str) -> dict[str, str]:
        """Give every value of a keyword of `Entry`, with a place where it is; "?…" where it cannot be told."""
        return {
            value: place.at
            for call, place in self.calls.get("Entry", [])
            for each in call.keywords
            if each.arg == keyword
            for value in self.values(each.value, place)
        }

    def values(self, node: ast.expr, place: Place) -> Iterator[str]:
        """Give the texts that an expression can be: constants, choices of them, and what a parameter is called with."""
        match node:
            case ast.Constant(value=str(text)):
                yield text
            case ast.IfExp(body=one, orelse=other):
                yield from self.values(one, place)
                yield from self.values(other, place)
            case ast.Subscript(value=ast.Name(id=table)):
                for text in _table(place.module, table):
                    yield from self.values(text, place)
            case ast.Name(id=name):
                yield from self._named(name, node, place)
            case _:
                yield f"?{ast.unparse(node)}"

    def keys(self) -> dict[str, str]:
        """Give every key that details are recorded with, with a place where it is; "?…" where it cannot be told."""
        return {
            key: place.at
            for call, place in self.calls.get("Entry", [])
            for each in call.keywords
            if each.arg == "detail"
            for key in self._keys_of(each.value, place)
        }

    def _keys_of(self, node: ast.expr, place: Place) -> Iterator[str]:
        """Give the keys of a dictionary, of what is joined to it, and of what a name or a call stands for."""
        match node:
            case ast.Dict(keys=keys, values=values):
                for key, value in zip(keys, values, strict=True):
                    yield from self._keys_of(value, place) if key is None else self.values(key, place)
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                yield from self._keys_of(left, place)
                yield from self._keys_of(right, place)
            case ast.Call(func=ast.Name(id="dict"), args=[inner]):
                yield from self._keys_of(inner, place)
            case ast.Call(func=ast.Name(id=called)) if made := _returned(place.module, called):
                yield from (key for each in made for key in self._keys_of(each, place))
            case ast.Name(id=name):
                yield from self._keys_of_named(name, place)
            case _:
                yield f"?{ast.unparse(node)}"

    def _keys_of_named(self, name: str, place: Place) -> Iterator[str]:
        function = place.function
        arguments = function.args if function else ast.arguments([], [], None, [], [], None, [])
        if arguments.kwarg and arguments.kwarg.arg == name and function:
            yield from self._passed(function, place)
            return
        inside = list(_assigned(function, name)) if function else []
        found = inside or list(_of_module(place.module, name))
        for each in found:
            yield from self._keys_of(each, place)
        names = [each.arg for each in arguments.args + arguments.kwonlyargs]
        if function and name in names:
            for call, other in self.calls.get(function.name, []):
                if function.name.startswith("_") and other.module is not place.module:
                    continue
                given = [each.value for each in call.keywords if each.arg == name] + call.args[names.index(name) :][:1]
                yield from (key for each in given[:1] for key in self._keys_of(each, other))
        elif not found:
            yield f"?{name}"

    def _passed(self, function: Function, place: Place) -> Iterator[str]:
        """Give the names that a function with `**detail` is called with, but for its own parameters."""
        own = {each.arg for each in function.args.args + function.args.kwonlyargs}
        for call, other in self.calls.get(function.name, []):
            if other.module is not place.module:
                continue
            for each in call.keywords:
                if each.arg is None:
                    yield from self._keys_of(each.value, other)
                elif each.arg not in own:
                    yield each.arg

    def _named(self, name: str, node: ast.expr, place: Place) -> Iterator[str]:
        function = place.function
        if function is None:
            yield f"?{ast.unparse(node)}"
            return
        names = [each.arg for each in function.args.args + function.args.kwonlyargs]
        found = list(_assigned(function, name))
        if name in names:
            for call, other in self.calls.get(function.name, []):
                # A name that begins with "_" belongs to its module; who passes it on to itself adds nothing.
                if other.function is function or (function.name.startswith("_") and other.module is not place.module):
                    continue
                given = [each.value for each in call.keywords if each.arg == name]
                given += call.args[names.index(name) :][:1]
                yield from (text for each in given[:1] for text in self.values(each, other))
        elif found:
            for each in found:
                yield from self.values(each, place)
        else:
            yield f"?{name}"


def _calls(node: ast.AST, function: Function | None) -> Iterator[tuple[ast.Call, Function | None]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield child, function
        yield from _calls(child, child if isinstance(child, Function) else function)


def _assigned(function: Function, name: str) -> Iterator[ast.expr]:
    """Give what a name of a function is set to; a tuple's part for a part of a tuple."""
    for node in ast.walk(function):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == name:
            if node.value is not None:
                yield node.value
        elif isinstance(node, ast.Assign):
            target = node.targets[0]
            if isinstance(target, ast.Name) and target.id == name:
                yield node.value
            elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = zip(target.elts, node.value.elts, strict=True)
                yield from (value for each, value in pairs if isinstance(each, ast.Name) and each.id == name)


def _table(module: ast.Module, name: str) -> Iterator[ast.expr]:
    for node in module.body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        if any(isinstance(each, ast.Name) and each.id == name for each in targets) and isinstance(
            getattr(node, "value", None), ast.Dict
        ):
            yield from node.value.values  # type: ignore[attr-defined]  # a dictionary, as was asked


def _of_module(module: ast.Module, name: str) -> Iterator[ast.expr]:
    for node in module.body:
        if isinstance(node, ast.Assign) and any(
            isinstance(each, ast.Name) and each.id == name for each in node.targets
        ):
            yield node.value


def _returned(module: ast.Module, name: str) -> list[ast.expr]:
    """Give what a function of a module returns; nothing where there is none."""
    return [
        node.value
        for function in module.body
        if isinstance(function, Function) and function.name == name
        for node in ast.walk(function)
        if isinstance(node, ast.Return) and node.value is not None
    ]


UNTOLD: dict[str, tuple[str, ...]] = {
    "?digests_approved(session.get_one(Run, request.run))": ("output_digest", "edition_digest"),
    "?{name: str(getattr(run, name)) for name in names}": (
        "kind", "edition", "period", "edition_digest", "code_digest", "input_digest", "output_digest",
    ),
    "?{name: wish for name, wish in wishes.items() if wish is not None}": ("language", "keys_on", "digest_on"),
    "?{str(effect): n for effect, n in sorted(preview.counts.items())}": tuple(Effect),
}  # fmt: skip
"""Details that this reading cannot follow → the keys they have."""


@pytest.fixture(scope="module")
def code() -> Code:
    return Code({str(file.relative_to(APP.parent)): file.read_text(encoding="utf-8") for file in APP.rglob("*.py")})


@pytest.mark.parametrize(("keyword", "words"), [("event", EVENTS), ("object_kind", OBJECTS)])
def test_everything_that_is_recorded_has_its_words(code: Code, keyword: str, words: dict[str, str]) -> None:
    written = code.written(keyword)
    assert {value: place for value, place in written.items() if value not in words} == {}
    assert len(written) > 10


def test_every_key_of_details_has_its_words(code: Code) -> None:
    keys = code.keys()
    assert {key for key in keys if key.startswith("?")} == UNTOLD.keys()
    named = {key.rpartition("/")[2] for key in DETAILS}
    told = {key: place for key, place in keys.items() if not key.startswith("?")}
    told |= {key: "UNTOLD" for each in UNTOLD.values() for key in each}
    assert {key: place for key, place in told.items() if key not in named} == {}
    assert named - told.keys() == set()


def test_every_event_in_words_is_recorded_somewhere(code: Code) -> None:
    assert EVENTS.keys() - code.written("event").keys() == set()


def test_a_word_that_is_missing_would_be_found_however_it_is_given() -> None:
    source = """
TABLE = {1: "table.read"}
def note(session, event):
    record(session, Entry(event=event, object_kind="x"))
def chosen(flag, told):
    word = "one.chosen" if flag else "other.chosen"
    record(Entry(event=word)); record(Entry(event="plain.given")); record(Entry(event=TABLE[flag]))
    note(1, "by.place"); note(1, event="by.name"); record(Entry(event=f"no.{told}")); record(Entry(event=told.x))
"""
    assert set(Code({"x": source}).written("event")) == {
        "one.chosen", "other.chosen", "plain.given", "table.read", "by.place", "by.name", "?f'no.{told}'", "?told.x",
    }  # fmt: skip
