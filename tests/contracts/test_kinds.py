"""Kinds of question are known by name where they are defined, and nowhere else: all other code asks the object."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from surveys.questionnaire.kinds import KINDS

ROOT = Path(__file__).parents[2]
HOME = {"surveys/questionnaire/kinds.py", "app/static/js/kinds.js"}
SOURCES = [path for folder in ("app", "surveys", "benchmarks") for path in sorted((ROOT / folder).rglob("*.py"))]
DRAWN = [*sorted((ROOT / "app/templates").rglob("*.html")), *sorted((ROOT / "app/static/js").glob("*.js"))]

_CODES = "|".join(KINDS)
_BRANCH = re.compile(rf"""\bkinds?\b[\w.\]]*\s*(?:[=!]==?|\bin\b|\bis\b)[^\n]*?["'](?:{_CODES})["']""", re.IGNORECASE)
_CHOSEN = re.compile(rf"""\bKINDS(?:\.(?:{_CODES})\b|\[\s*["'](?:{_CODES})["']|\.get\(\s*["'](?:{_CODES})["'])""")
_CASE = re.compile(rf"""\bcase\s+["'](?:{_CODES})["']""")
"""`question.kind === "multi"`, `KINDS.multi`, `KINDS["multi"]`, `case "multi"`."""


def is_of_kind(node: ast.expr) -> bool:
    """Tell whether an expression reads a kind: a name or an attribute called kind, perhaps within a call."""
    return any(
        (isinstance(part, ast.Attribute) and part.attr == "kind") or (isinstance(part, ast.Name) and part.id == "kind")
        for part in ast.walk(node)
    )


def codes_in(node: ast.AST) -> set[str]:
    texts = (part.value for part in ast.walk(node) if isinstance(part, ast.Constant))
    return {text for text in texts if isinstance(text, str)} & KINDS.keys()


def branches(source: str) -> Iterator[int]:
    """Find the lines that compare a kind with a code, look one kind up by its code, or make a table by codes."""
    for node in ast.walk(ast.parse(source)):
        compared = isinstance(node, ast.Compare) and any(map(is_of_kind, (node.left, *node.comparators)))
        matched = isinstance(node, ast.Match) and is_of_kind(node.subject)
        looked_up = isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("KINDS")
        table = isinstance(node, ast.Dict | ast.Set) and len(codes_in(node)) > 1
        if (compared or matched or looked_up or table) and codes_in(node):
            yield node.lineno  # type: ignore[attr-defined]  # every one of these has a line


def kind_lines(text: str) -> Iterator[int]:
    for number, line in enumerate(text.splitlines(), 1):
        if any(pattern.search(line) for pattern in (_BRANCH, _CHOSEN, _CASE)):
            yield number


def test_no_other_module_names_a_kind() -> None:
    branch_lines = [(path, line) for path in SOURCES for line in branches(path.read_text(encoding="utf-8"))]
    branch_lines += [(path, line) for path in DRAWN for line in kind_lines(path.read_text(encoding="utf-8"))]
    named = {(str(path.relative_to(ROOT)), line) for path, line in branch_lines}
    assert {(path, line) for path, line in named if path not in HOME} == set()


def test_the_phone_has_a_row_for_every_kind_and_each_has_its_template() -> None:
    table = (ROOT / "app/static/js/kinds.js").read_text(encoding="utf-8").partition("export const KINDS = {")[2]
    rows = re.findall(r"^  (\w+):", table.partition("\n};")[0], re.MULTILINE)
    assert rows == list(KINDS)
    templates = ROOT / "app/templates/resident/controls"
    assert {kind.control for kind in KINDS.values()} == {path.stem for path in templates.glob("*.html")}


def test_a_type_of_xlsform_alone_means_one_kind() -> None:
    types = [kind.xlsform for kind in KINDS.values() if not kind.is_named]
    assert sorted(types) == sorted(set(types))
    assert {kind.xlsform for kind in KINDS.values()} == set(types)


def test_the_check_can_fail() -> None:
    guilty = (
        'if question.kind == "multi": pass',
        'x = question.kind in ("number", "text")',
        'x = KINDS["rating"].several',
        'match question.kind:\n    case "text": pass',
        'WIDGETS = {"multi": 1, "text": 2}',
        'x = str(asked.kind) != "number"',
    )
    assert [list(branches(source)) for source in guilty] == [[1]] * len(guilty)
    html = (
        'question.kind === "multi" ? a : b',
        "{% if item.kind == 'number' %}",
        "const { many } = KINDS.multi;",
        'switch (kind) { case "text": break; }',
    )
    assert [list(kind_lines(line)) for line in html] == [[1]] * len(html)
    assert list(branches('words = {"number": Text3("а", "б", "c")}\nif order.kind == "official": pass')) == []
