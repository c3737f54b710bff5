"""One word for one thing: names that HOUSE §3 replaced do not come back, and no class name stands twice."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parents[2]
PRODUCT = ("app", "surveys", "scoring")
FOLDERS = (*PRODUCT, "tests", "benchmarks", "ops")
PAGES = (
    ROOT / "README.md",
    ROOT / "SECURITY.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs/security").glob("*.md")),
)

ANYWHERE = {
    **dict.fromkeys(("judge", "judges", "judged", "judging", "judgement", "judgements"), "review, assess"),
    **dict.fromkeys(("skips", "lane", "lanes"), "rule checks; no lane exists"),
    **dict.fromkeys(("door", "doors", "desk", "desks"), "put, entry, submit, operator"),
    **dict.fromkeys(("hints", "pieces", "mixing"), "paradata, fragments or cookies, shuffling"),
}
"""Words of no name at all → what to say instead."""

AS_NAMES = {
    **dict.fromkeys(("reach", "reaches", "cut", "cuts"), "rule paths, fragments"),
    **dict.fromkeys(("watch", "watching", "tries"), "paradata, limits"),
    **dict.fromkeys(("beginning", "sending"), "drafts, submit"),
    **dict.fromkeys(("heard", "counted"), "estimates; folded, tallied or limited"),
}
"""Words of no name but that of a test, which is a sentence and may use them as verbs → what to say instead."""

PAIRS = {("told", "apart"): "clear difference, distinguished"}

ALLOWED_NAMES = {
    "CountedReceipt": "the one meaning of counted: a receipt on the public list, under its table's name",
    "counted_receipts": "the modules of that list",
    "failed_tries": "the column of staff: passwords and codes that were wrong in a row",
    "is_counted": "whether a receipt is on that list",
    "tries_storage": "the field of the setting TRIES_STORAGE",
}

ALLOWED_TWICE: Mapping[str, str] = {}
"""Class name → why it may stand in two modules."""

COUNTERS = {"enumerate", "range", "count"}
PROSE = re.compile(r"\b(mend(?:s|ed|ing)?|stands? by|told apart|settled?|settles|lies as)\b", re.IGNORECASE)


def sources(folders: Iterable[str]) -> dict[str, str]:
    """Give every Python file of some folders: its path from the root, and its text."""
    paths = (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
    return {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in paths}


def words_of(name: str) -> list[str]:
    """Part a name into its words, in small letters."""
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)]


def bound_names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Give line and name of everything a module binds: classes, functions, arguments, variables, attributes."""
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(name=name, lineno=line) | ast.FunctionDef(name=name, lineno=line):
                yield line, name
            case ast.arg(arg=name, lineno=line):
                yield line, name
            case (
                ast.Name(id=name, lineno=line, ctx=ast.Store()) | ast.Attribute(attr=name, lineno=line, ctx=ast.Store())
            ):
                yield line, name
            case ast.alias(asname=str(name), lineno=line):
                yield line, name


def fault_of(name: str) -> str:
    """Say what to write in place of a name's banned word; "" for a name in order."""
    if name in ALLOWED_NAMES:
        return ""
    words = words_of(name)
    banned = ANYWHERE if words[:1] == ["test"] else ANYWHERE | AS_NAMES
    single = [banned[word] for word in words if word in banned]
    return "; ".join(single + [PAIRS[pair] for pair in pairwise(words) if pair in PAIRS])


def banned_names(files: Mapping[str, str]) -> Iterator[str]:
    """List the modules and names that use a banned word."""
    for path, text in files.items():
        stem = Path(path).stem
        names = {(0, stem), *bound_names(ast.parse(text))}
        yield from (f"{path}:{line} {name}: {why}" for line, name in sorted(names) if (why := fault_of(name)))


def places_that_count(files: Mapping[str, str]) -> Iterator[str]:
    """List loops whose counter is called `place`: an index or a rank, while a place is a town."""
    for path, text in files.items():
        for node in ast.walk(ast.parse(text)):
            if not isinstance(node, ast.For | ast.comprehension) or not isinstance(node.iter, ast.Call):
                continue
            called = node.iter.func
            function = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            counter = node.target.elts[0] if isinstance(node.target, ast.Tuple) else node.target
            if function in COUNTERS and isinstance(counter, ast.Name) and counter.id in {"place", "places"}:
                yield f"{path}:{counter.lineno} place counts: index, rank or number"


def classes_twice(files: Mapping[str, str], allowed: Mapping[str, str]) -> Iterator[str]:
    """List class names that stand in two modules without a reason, and reasons that are no longer needed."""
    modules: defaultdict[str, list[str]] = defaultdict(list)
    for path, text in files.items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ClassDef):
                modules[node.name].append(path)
    for name, paths in sorted(modules.items()):
        if len(paths) > 1 and name not in allowed:
            yield f"class {name}: {', '.join(paths)}"
    yield from (f"class {name} is allowed twice and is not" for name in allowed if len(modules[name]) < 2)


def figures_of_speech(pages: Mapping[str, str]) -> Iterator[str]:
    """List the words of a page that are figures of speech and not the field's."""
    for path, text in pages.items():
        for number, line in enumerate(text.splitlines(), 1):
            yield from (f"{path}:{number} {found[0]}" for found in PROSE.finditer(line))


def test_names_and_pages_use_the_words_of_the_field() -> None:
    pages = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in PAGES}
    files = sources(FOLDERS)
    offenders = [
        *banned_names(files),
        *places_that_count(files),
        *classes_twice(sources(PRODUCT), ALLOWED_TWICE),
        *figures_of_speech(pages),
    ]
    assert len(files) > 200
    assert offenders == []


BAD = """
class Desk:
    def judge(self, hints):
        self.heard, told_apart = hints, 1
        for place, item in enumerate(told_apart):
            yield place
        return [place for place in range(3)], {a: place for place, a in zip(hints, hints)}

class Asked: ...

def test_skips_reach_the_end(): ...
"""


def test_every_check_finds_what_it_is_for() -> None:
    found = list(banned_names({"app/web/lane.py": BAD}))
    assert [line.split(": ")[0].split()[1] for line in found] == [
        "lane", "Desk", "hints", "judge", "heard", "told_apart", "test_skips_reach_the_end",
    ]  # fmt: skip
    assert len(list(places_that_count({"a.py": BAD}))) == 2
    assert list(classes_twice({"a.py": BAD, "b.py": "class Asked: ..."}, {})) == ["class Asked: a.py, b.py"]
    assert list(classes_twice({"a.py": BAD, "b.py": "class Asked: ..."}, {"Asked": "a reason"})) == []
    assert list(classes_twice({"a.py": BAD}, {"Asked": "an old reason"})) == ["class Asked is allowed twice and is not"]
    assert len(list(figures_of_speech({"README.md": "Mended, told apart\nand settled; a recommendation"}))) == 3


def test_names_in_order_are_let_through() -> None:
    good = "class CountedReceipt: ...\ndef test_steps_reach_the_end(index): ...\nshortcut, doorway, watcher = 1, 2, 3"
    assert list(banned_names({"surveys/responses/counted_receipts.py": good})) == []
    assert list(places_that_count({"a.py": "for place in load_places().cities: ..."})) == []
