"""The page of threats is one page, names everybody it has to, and every test and module that it names exists."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/security/threats.md"
ACTORS = (
    "stranger on the internet", "A respondent", "respondent's unlocked phone", "neighbour", "operator with a pass",
    "letter carrier", "city administration", "ministry person", "copy of the database", "database and the keys",
    "backups", "the logs", "memory of the web server", "hosting company",
)  # fmt: skip


def named(text: str) -> list[str]:
    """Give the files that a text names in backquotes."""
    return re.findall(r"`((?:app|surveys|scoring|tests|migrations|ops|docs)/[^`\s]+)`", text)


def test_it_is_one_page() -> None:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 70
    assert [line for line in lines if len(line) > 120] == []


def test_everybody_is_on_it_with_what_holds_and_what_does_not() -> None:
    entries = re.findall(
        r"^- \*\*(.*?)\*\*(.*?)(?=^- \*\*|\Z)", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    heads = " / ".join(head for head, _rest in entries)
    assert [actor for actor in ACTORS if actor not in " ".join(heads.split())] == []
    assert len(entries) == len(ACTORS)
    unheld = [head for head, rest in entries if not named(rest) and "nothing enforces it" not in " ".join(rest.split())]
    assert unheld == []
    assert [head for head, rest in entries if not re.search(r"\b(not|no)\b", rest, re.IGNORECASE)] == []


def test_every_test_and_module_on_it_exists() -> None:
    paths = named(PAGE.read_text(encoding="utf-8"))
    assert len(paths) > 20
    assert [path for path in paths if not (ROOT / path).is_file()] == []


def test_the_check_can_fail() -> None:
    assert named("as `tests/nowhere.py` says, `/s/` and `app/x.py`") == ["tests/nowhere.py", "app/x.py"]
