"""Paths and links in the documents lead to something."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = [*sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "docs/security").glob("*.md"))]
DOCUMENTS = [ROOT / "README.md", ROOT / "SECURITY.md", *PAGES]
FOLDERS = ("app", "benchmarks", "docs", "migrations", "ops", "scoring", "surveys", "tests", "translations")
PATH = re.compile(rf"`((?:{'|'.join(FOLDERS)})/[\w./*-]*)`")
LINK = re.compile(r"(?:\]\(|src=\")(?!https?:)([^)#\"]+)[)\"#]")


def dead_paths(text: str) -> Iterator[str]:
    """Give the paths in backquotes that nothing in the tree matches."""
    return (path for path in PATH.findall(text) if not any(ROOT.glob(path.rstrip("/"))))


def dead_links(document: Path) -> Iterator[str]:
    """Give the targets of relative links that do not exist."""
    return (target for target in LINK.findall(document.read_text()) if not (document.parent / target).exists())


def test_every_path_in_the_documents_exists() -> None:
    dead = {page.name: list(dead_paths(page.read_text())) for page in DOCUMENTS}
    assert {name: paths for name, paths in dead.items() if paths} == {}


def test_every_relative_link_leads_somewhere() -> None:
    documents = [*DOCUMENTS, *sorted((ROOT / "docs" / "adr").glob("*.md"))]
    dead = {str(page.relative_to(ROOT)): list(dead_links(page)) for page in documents}
    assert {name: targets for name, targets in dead.items() if targets} == {}


def test_the_checks_can_fail(tmp_path: Path) -> None:
    assert list(dead_paths("see `surveys/nowhere.py` and `surveys/errors.py`")) == ["surveys/nowhere.py"]
    page = tmp_path / "page.md"
    page.write_text('[a](gone.md) [b](page.md#part) <img src="gone.png"> [c](https://example.kz)')
    assert list(dead_links(page)) == ["gone.md", "gone.png"]
