"""The demo's processes: none outlives it, and a fault of one stops it."""

import time
from contextlib import suppress
from pathlib import Path

import pytest

from app.cli import demo


@pytest.fixture
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setenv("PYTHONPATH", str(Path(demo.__file__).parents[2]))
    monkeypatch.chdir(tmp_path)
    return demo.demo_environment(8999)


def test_settings_that_are_refused_stop_it_with_their_own_status(environ: dict[str, str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        demo._fill(environ | {"DATABASE_URL": "mysql://x"})
    assert stopped.value.code == 78


def test_an_interrupt_ends_what_was_started(environ: dict[str, str]) -> None:
    with suppress(KeyboardInterrupt), demo._running(environ, ("jobs", "run")) as (process,):
        assert process.poll() is None
        begun = time.monotonic()
        raise KeyboardInterrupt
    assert process.returncode is not None
    assert time.monotonic() - begun < demo.PATIENCE


def test_a_process_that_does_not_end_is_ended(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "PATIENCE", 0)
    with demo._running(environ, ("jobs", "run")) as (process,):
        monkeypatch.setattr(process, "terminate", lambda: None)
    assert process.returncode == -9
