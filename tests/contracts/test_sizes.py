"""Size is kept only where a check keeps it."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    path
    for folder in ("app", "surveys", "scoring", "benchmarks", "ops", "tests")
    for path in (ROOT / folder).rglob("*.py")
)
BANNED = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text())
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def is_route(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(
        "route" in ast.unparse(line) or ".post(" in ast.unparse(line) or ".get(" in ast.unparse(line)
        for line in node.decorator_list
    )


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_modules_are_short() -> None:
    lines = {name(path): len(path.read_text().splitlines()) for path in SOURCES}
    assert {path: count for path, count in lines.items() if count > 400} == {}


def test_modules_are_named_for_their_subjects() -> None:
    assert [name(path) for path in SOURCES if path.stem in BANNED] == []


def test_functions_are_short() -> None:
    long = [
        f"{name(path)}:{node.name} {length(node)}" for path in SOURCES for node in functions(path) if length(node) > 40
    ]
    assert long == []


def test_routes_are_shorter_still() -> None:
    routes = [(path, node) for path in SOURCES if "web" in path.parts for node in functions(path) if is_route(node)]
    assert routes
    assert [f"{name(path)}:{node.name}" for path, node in routes if length(node) > 25] == []


def test_templates_are_short() -> None:
    templates = sorted((ROOT / "app/templates").rglob("*.html"))
    assert [name(path) for path in templates if len(path.read_text().splitlines()) > 150] == []


def test_the_checks_can_fail(tmp_path: Path) -> None:
    source = tmp_path / "long.py"
    source.write_text("@bp.get('/')\ndef f():\n" + "    x = 1\n" * 50)
    (node,) = functions(source)
    assert length(node) > 40
    assert is_route(node)
