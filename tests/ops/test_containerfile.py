"""The Containerfile: what it copies exists and is enough, and its steps are those of docs/install.md."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.conftest import SECRET

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "ops" / "Containerfile").read_text().replace("\\\n", " ")
LINES = [line.split(maxsplit=1) for line in TEXT.splitlines() if line and not line.startswith("#")]
STAGES = [stage.splitlines() for stage in re.split(r"^FROM ", TEXT, flags=re.MULTILINE)[1:]]
TRACKED = set(
    subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
)


def copied() -> list[tuple[str, str]]:
    """Give what is copied from the tree, and where to."""
    rest = [words.split() for name, words in LINES if name == "COPY" and not words.startswith("--from")]
    return [(source, target) for *sources, target in rest for source in sources]


def words_of(instruction: str) -> list[str]:
    return [words for name, words in LINES if name == instruction]


def test_everything_it_copies_is_of_the_repository() -> None:
    missing = [source for source, _to in copied() if not any(f"{file}/".startswith(f"{source}/") for file in TRACKED)]
    assert missing == []
    assert len(copied()) >= 8


def test_what_it_copies_is_enough_to_migrate_and_to_serve(tmp_path: Path) -> None:
    for source, target in copied():
        to = tmp_path / target / Path(source).name if target.endswith("/") else tmp_path / target
        to.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / source).is_dir() else shutil.copy)(ROOT / source, to)
    own = {"SECRET_KEY": SECRET, "INSTANCE": str(tmp_path / "instance"), "PATH": os.environ["PATH"]}
    asked = (
        "import wsgi; print([wsgi.application.test_client().get(at).status_code for at in ('/kk/', '/s/', '/healthz')])"
    )
    for words in (["-OO", "-m", "app", "db", "upgrade"], ["-OO", "-c", asked]):
        done = subprocess.run(
            [sys.executable, *words], cwd=tmp_path, env=own, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    assert done.stdout == "[200, 200, 200]\n"


def test_its_steps_are_those_of_the_written_installation() -> None:
    written = (ROOT / "docs" / "install.md").read_text()
    assert re.search(r"^make -C .* install$", written, re.MULTILINE)
    assert "make install" in words_of("RUN")
    (packages,) = re.findall(r"^apt-get install -y --no-install-recommends (.*)$", written, re.MULTILINE)
    used = {name for step in words_of("RUN") for name in re.findall(r"(?<=recommends )[a-z0-9 -]+", step)}
    assert {name for names in used for name in names.split()} <= set(packages.split())


def test_it_runs_as_nobody_in_particular_and_says_whether_it_answers() -> None:
    last = "\n".join(STAGES[-1])
    user = re.findall(r"^USER (\d+):(\d+)$", last, re.MULTILINE)
    assert [all(int(number) >= 10_000 for number in pair) for pair in user] == [True]
    assert "/healthz" in " ".join(words_of("HEALTHCHECK"))
    assert 'ENTRYPOINT [".venv/bin/python", "-OO", "-m", "app"]' in last
    assert [word for word in ("make", "-venv", "SECRET", "apt-get") if word in last] == []
