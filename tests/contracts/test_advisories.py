"""No package of the lock is older than the repair of a fault that we know of (docs/security/advisories.csv)."""

import csv
import re
from pathlib import Path

from packaging.version import Version

ROOT = Path(__file__).parents[2]
LIST = ROOT / "docs/security/advisories.csv"


def locked(text: str) -> dict[str, list[Version]]:
    """Give the versions of each package of a lock; there are several where Python's version decides."""
    found: dict[str, list[Version]] = {}
    for name, version in re.findall(r"^([a-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", text, re.MULTILINE):
        found.setdefault(name, []).append(Version(version))
    return found


def outdated(lock: str, known: list[dict[str, str]]) -> list[str]:
    """Name the advisories whose repair the lock does not have."""
    versions = locked(lock)
    return [
        row["advisory"]
        for row in known
        if any(version < Version(row["repaired_in"]) for version in versions.get(row["package"], []))
    ]


def test_no_locked_package_is_older_than_the_repair_of_a_known_fault() -> None:
    known = list(csv.DictReader(LIST.read_text().splitlines()))
    assert len(known) > 10
    locks = {name: (ROOT / name).read_text() for name in ("requirements.lock", "requirements-dev.lock")}
    assert {name: bad for name, lock in locks.items() if (bad := outdated(lock, known))} == {}
    assert {row["package"] for row in known} <= locked(locks["requirements.lock"]).keys()


def test_the_time_in_which_packages_are_renewed_is_promised() -> None:
    promised = re.findall(r"within (\w+) days", (ROOT / "SECURITY.md").read_text())
    assert promised == ["seven", "thirty", "ninety"]


def test_the_check_can_fail() -> None:
    known = [{"package": "flask", "repaired_in": "3.1.1", "advisory": "A"}]
    assert outdated("flask==3.1.0 \\\nflask-wtf==1.0", known) == ["A"]
    assert outdated("flask==3.1.1 \\", known) == []
