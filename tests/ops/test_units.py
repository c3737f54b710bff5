"""The shipped systemd units: systemd reads them whole, they run what the product has, and each is shut in alike."""

import os
import re
import shutil
import subprocess
from configparser import RawConfigParser
from pathlib import Path

import click
import pytest

from app.cli.commands import cli

FOLDER = Path(__file__).parents[2] / "ops" / "systemd"
SERVICES = sorted(FOLDER.glob("*.service"))
PYTHON = "/opt/city-opinion/current/.venv/bin/python"
EXPOSURE = 15
"""Tenths of what `systemd-analyze security` may count against a unit: 0 is shut in wholly, 100 not at all."""

PROCESSES = {
    "backup": "backup run",
    "console": "serve",
    "jobs": "jobs run",
    "metrics": "metrics",
    "web": "serve",
}
"""What has to run for an installation, by the name of its unit."""


def analyze(*words: str) -> subprocess.CompletedProcess[str]:
    if not shutil.which("systemd-analyze"):
        missing = "systemd is not installed (Debian: apt-get install systemd)"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    return subprocess.run(["systemd-analyze", "--no-pager", *words], capture_output=True, text=True, check=False)


def installed(folder: Path, change: tuple[str, str] = ("", "")) -> list[str]:
    """Put the units where a Python is, for systemd looks for what they run."""
    for unit in (*SERVICES, *FOLDER.glob("*.target")):
        (folder / unit.name).write_text(unit.read_text().replace(PYTHON, shutil.which("true") or "").replace(*change))
    return [str(file) for file in sorted(folder.iterdir())]


def command_of(unit: Path) -> list[str]:
    started = re.findall(r"^ExecStart=(.*)$", unit.read_text(), re.MULTILINE)
    assert len(started) == 1, unit.name
    python, optimised, module, app, *words = started[0].split()
    assert [python, optimised, module, app] == [PYTHON, "-OO", "-m", "app"], unit.name
    return words


def test_systemd_finds_nothing_to_say_of_them(tmp_path: Path) -> None:
    verified = analyze("verify", *installed(tmp_path))
    assert (verified.returncode, verified.stdout, verified.stderr) == (0, "", "")


@pytest.mark.parametrize("change", [("PrivateTmp=", "PrivateTemp="), ("PartOf=city-opinion", "PartOf=a b")])
def test_systemd_would_have_said_so(tmp_path: Path, change: tuple[str, str]) -> None:
    assert analyze("verify", *installed(tmp_path, change)).stderr


def test_each_unit_is_shut_in(tmp_path: Path) -> None:
    installed(tmp_path)
    reports = {
        unit.name: analyze("security", "--offline=true", f"--threshold={EXPOSURE}", str(tmp_path / unit.name))
        for unit in SERVICES
    }
    told = {name: re.findall(r"Overall exposure level.*: ([0-9.]+)", report.stdout) for name, report in reports.items()}
    print(told)  # noqa: T201 - shown by pytest -s, and when it fails
    assert {name: report.stdout for name, report in reports.items() if report.returncode} == {}
    assert all(told.values())


def test_all_are_shut_in_alike() -> None:
    blocks = {unit.name: unit.read_text().partition("\n# What it may touch")[2] for unit in SERVICES}
    assert len(set(blocks.values())) == 1, blocks
    assert "\nUMask=0077\n" in blocks[SERVICES[0].name]


def test_they_run_commands_of_the_product_and_leave_none_out() -> None:
    run = {unit.stem.removeprefix("city-opinion-"): " ".join(command_of(unit)) for unit in SERVICES}
    assert {name: re.split(" --| [$]", words)[0] for name, words in run.items()} == PROCESSES
    for words in run.values():
        group: click.Command | None = cli
        for word in re.split(" --| [$]", words)[0].split():
            assert isinstance(group, click.Group)
            group = group.get_command(click.Context(group), word)
        assert group is not None, words


def test_each_takes_its_settings_from_one_file_and_its_memory_has_a_bound() -> None:
    for unit in SERVICES:
        parsed = RawConfigParser(strict=False, delimiters=("=",))
        parsed.optionxform = str  # type: ignore[assignment,method-assign]
        parsed.read(unit)
        service = parsed["Service"]
        assert (service["User"], service["EnvironmentFile"]) == ("city-opinion", "/etc/city-opinion/settings")
        assert re.fullmatch(r"\d+[MG]", service["MemoryMax"])
        assert (service["Restart"], parsed["Unit"]["PartOf"]) == ("always", "city-opinion.target")
        assert parsed["Install"]["WantedBy"] == "city-opinion.target"
