"""What the files of the repository may and may not say."""

import re
import subprocess
from pathlib import Path

from app.web.resident.phone.offline import kept_files

ROOT = Path(__file__).parents[2]
TRACKED = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
    "\0"
)
TEXTS = [ROOT / name for name in TRACKED if name and (ROOT / name).is_file()]
# Written in pieces, or this file would find itself.
HOSTS = re.compile("|".join(("py" + r"pi\.org", "python" + "hosted", r"registry\." + "npmjs", r"deb\." + "debian")))
UNFINISHED = re.compile(r"\b(TO" + "DO|FIX" + r"ME)\b|raise Not" + r"ImplementedError")


def readable(path: Path) -> str:
    return path.read_bytes().decode(errors="ignore")


def matches(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths if pattern.search(readable(path))]


def test_no_file_names_a_package_index() -> None:
    assert matches(HOSTS, TEXTS) == []


def test_nothing_is_left_unfinished() -> None:
    assert matches(UNFINISHED, [path for path in TEXTS if path.suffix in {".py", ".html", ".css"}]) == []


def test_what_phones_keep_is_named_alike_by_every_server_of_a_release() -> None:
    """Their digest stands in addresses: two servers behind one name must not differ by the hour of a build."""
    assert sorted(set(kept_files()) - set(TEXTS)) == []
    assert len(kept_files()) > 50


def test_every_package_is_locked_by_hash() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        entries = re.split(r"\n(?=[a-z])", (ROOT / lock).read_text().strip())
        pinned = [entry for entry in entries if re.match(r"[a-z0-9._-]+(\[.*\])?==", entry)]
        assert pinned
        assert all("--hash=sha256:" in entry for entry in pinned)


def test_a_package_asked_for_with_an_extra_is_pinned_with_it() -> None:
    # pip 23, which Python 3.11 brings, takes `coverage==…` for no pin of `coverage[toml]` and refuses the whole file.
    locked = (ROOT / "requirements-dev.lock").read_text()
    assert re.search(r"^coverage\[toml\]==", locked, re.MULTILINE)
    assert re.search(r"^psycopg\[binary\]==", (ROOT / "requirements.lock").read_text(), re.MULTILINE)


def test_the_readme_opens_with_the_two_commands() -> None:
    opening = "\n".join((ROOT / "README.md").read_text().splitlines()[:40])
    assert [command for command in ("make demo", "make test") if command not in opening] == []


def test_ci_runs_what_the_readme_says() -> None:
    assert "make check" in (ROOT / ".ci/run").read_text()
    assert "make check" in (ROOT / "README.md").read_text()
    makefile = (ROOT / "Makefile").read_text()
    assert re.search(r"^check: lint types contracts test ", makefile, re.MULTILINE)
    assert "make test-all" in (ROOT / "README.md").read_text()
    assert re.search(r"^test-all: .*\n(\t.*\n)*\tEFFORT=full \$\(PYTEST\)\n", makefile, re.MULTILINE)


def test_every_make_command_of_the_readme_exists() -> None:
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z0-9-]+)`", (ROOT / "README.md").read_text())) <= targets
