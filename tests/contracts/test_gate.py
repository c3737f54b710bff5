"""What decides how much is run, and what tests in several processes share."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from tests.conftest import ON_BOTH_DATABASES, TESTS, is_repeated_on_postgres
from tests.once import made_once
from tests.ports import free_port

SAYS = "from tests.effort import by_effort, examples; print(by_effort('little', 'all'), examples(500), examples(4))"


def collection(effort: str | None) -> subprocess.CompletedProcess[str]:
    """Ask a process what it does at an effort."""
    rest = {name: value for name, value in os.environ.items() if name != "EFFORT"}
    environment = rest | ({} if effort is None else {"EFFORT": effort})
    command = [sys.executable, "-c", SAYS]
    return subprocess.run(command, cwd=TESTS.parent, env=environment, capture_output=True, text=True, check=False)


def test_one_switch_says_how_much_is_done_and_a_mistyped_one_is_refused() -> None:
    assert collection(None).stdout == collection("small").stdout == "little 100 4\n"
    assert collection("full").stdout == "all 500 4\n"
    assert collection("ful").returncode != 0


def item(path: str, **params: str) -> pytest.Item:
    return cast(pytest.Item, SimpleNamespace(path=TESTS / path, name="test", callspec=SimpleNamespace(params=params)))


def test_postgresql_is_left_out_only_where_it_repeats_sqlite() -> None:
    assert is_repeated_on_postgres(item("app/cli/test_codes.py", database="postgres"))
    assert not is_repeated_on_postgres(item("app/cli/test_codes.py", database="sqlite"))
    assert not is_repeated_on_postgres(item("surveys/tallies/test_folding.py", database="postgres"))
    missing = []
    for path, _, test in (each.partition("::") for each in ON_BOTH_DATABASES):
        where = TESTS / path
        if not where.exists() or f"def {test}" not in (where.read_text() if test else "def "):
            missing.append(path)
    assert missing == []


def test_what_is_made_once_is_whole_or_made_again(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> None:
    created: list[str] = []

    def make(folder: Path) -> None:
        (folder / "half").touch()
        created.append("once")
        if len(created) == 1:
            raise OSError
        (folder / "whole").touch()

    name = f"{request.node.name}-{os.getpid()}"
    with pytest.raises(OSError):  # noqa: PT011 - the one above
        made_once(tmp_path_factory, name, make)
    folder = made_once(tmp_path_factory, name, make)
    assert made_once(tmp_path_factory, name, make) == folder
    assert (len(created), sorted(path.name for path in folder.iterdir())) == (2, ["half", "whole"])


def test_a_port_is_no_other_s_and_none_of_an_outgoing_connection() -> None:
    ports = [free_port() for _asked in range(200)]
    assert len(set(ports)) == 200
    lowest_outgoing = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    assert max(ports) < lowest_outgoing
