"""What other packages may import of `surveys` and `scoring`: the modules that these name themselves."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import scoring
import surveys

ROOT = Path(__file__).parents[2]
PACKAGES = {"surveys": surveys.PUBLIC, "scoring": scoring.PUBLIC}
OUTSIDERS = ("app", "migrations")


def named(node: ast.AST) -> list[str]:
    """List what a piece of source imports: by a statement, or by import_module with a name in quotes."""
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=str(module), names=names):
            return [f"{module}.{alias.name}" for alias in names]
        case ast.Call(func=ast.Name(id="import_module"), args=[ast.Constant(value=str(name))]):
            return [name]
    return []


def imported(source: str) -> Iterator[str]:
    """Give the modules that a source imports of the two packages; what it takes from a module is not part of it."""
    for node in ast.walk(ast.parse(source)):
        for name in named(node):
            if name.partition(".")[0] in PACKAGES:
                yield name if is_module(name) else name.rpartition(".")[0]


def is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()


def opener(module: str) -> str | None:
    """Give the public name that lets a module be imported: its own, or for a table that of all tables."""
    package, _, name = module.partition(".")
    public = "models" if name.startswith("models.") else name
    return public if public in PACKAGES[package] else None


def uses() -> dict[str, list[str]]:
    """Give module → the files outside that import it."""
    imports: dict[str, list[str]] = {}
    for folder in OUTSIDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for module in imported(path.read_text(encoding="utf-8")):
                imports.setdefault(module, []).append(str(path.relative_to(ROOT)))
    return imports


def test_outsiders_import_what_a_package_opens_and_nothing_else() -> None:
    closed = {module: files for module, files in uses().items() if module not in PACKAGES and opener(module) is None}
    assert closed == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_everything_open_is_there_in_order_and_somebody_imports_it(package: str) -> None:
    names = PACKAGES[package]
    assert list(names) == sorted(set(names))
    used = {opener(module) for module in uses() if module.startswith(f"{package}.")}
    assert set(names) - used == set()


@pytest.mark.parametrize(
    ("source", "modules"),
    [
        ("from surveys.tallies import cube, folding", ["surveys.tallies.cube", "surveys.tallies.folding"]),
        ("from surveys.tallies.cube import Cube", ["surveys.tallies.cube"]),
        ("import scoring.totals.blend", ["scoring.totals.blend"]),
        ("def late():\n    from scoring.totals import blend", ["scoring.totals.blend"]),
        ('engine = import_module("scoring.sensitivity")', ["scoring.sensitivity"]),
        ("import surveys\nfrom flask import Flask", ["surveys"]),
        ("from surveys import PUBLIC", ["surveys"]),
    ],
)
def test_every_way_to_import_is_seen(source: str, modules: list[str]) -> None:
    assert list(imported(source)) == modules


def test_a_room_that_is_not_open_is_told_from_one_that_is() -> None:
    assert opener("surveys.models.identity") == "models"
    assert opener("surveys.tallies.folding") == "tallies.folding"
    closed = ("scoring.totals.blend", "surveys.questionnaire.packing", "surveys.tallies", "surveys.sql.more")
    assert [opener(module) for module in closed] == [None] * len(closed)
