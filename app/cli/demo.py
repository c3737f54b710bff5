"""`python -m app demo`: a demo country on 127.0.0.1, filled and served by one command."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from app.cli.private import write_private

INSTANCE = Path("instance") / "demo"
"""Folder of the demo where the environment names none."""

LEAN = ("-OO",)
"""Python's flags of what goes on running: without docstrings, which are 5 MB of a web process."""

PATIENCE = 15
"""Seconds a process may take to end."""


@click.command()
@click.option("--port", default=8000, envvar="PORT", show_default=True, help="Port on 127.0.0.1.")
def demo(port: int) -> None:
    """Fill a demo country and serve it with its scheduler until Ctrl-C."""
    if _is_taken(port):
        raise click.ClickException(f"port {port} of 127.0.0.1 is in use: try `make demo PORT={port + 1}`")
    environ = demo_environment(port)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    _fill(environ)
    _tell(port)
    _serve(environ)


def demo_environment(port: int) -> dict[str, str]:
    """Make the environment of the demo: INSTANCE or a folder of its own, and a secret in it, made once."""
    instance = Path(os.environ.get("INSTANCE") or INSTANCE)
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    secret = instance / "secret"
    if not secret.exists():
        # Whole or not at all: half a secret would be refused at every start.
        draft = secret.with_suffix(".new")
        write_private(draft, secrets.token_urlsafe(48).encode())
        draft.replace(secret)
    own = {"DEMO": "1", "INSTANCE": str(instance), "SECRET_KEY": secret.read_text(), "PORT": str(port)}
    inherited = {key: value for key, value in os.environ.items() if key not in {"HOST", "PUBLIC_URL"}}
    return inherited | own


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _tell(port: int) -> None:
    base = f"http://127.0.0.1:{port}"
    for name, path in (("portal", "/"), ("survey", "/s/")):
        click.echo(f"{name:8} {base}{path}")
    click.echo("Ctrl-C stops everything.")


def _fill(environ: Mapping[str, str]) -> None:
    """Bring the schema up and fill it, in processes of their own: what seeding loads must not stay in memory."""
    for words in ("db", "upgrade"), ("seed",):
        with _running(environ, words) as (process,):
            if status := process.wait():
                raise SystemExit(status)


def _serve(environ: Mapping[str, str]) -> None:
    """Run the web server and the scheduler side by side; when one ends, or on Ctrl-C, end both."""
    try:
        with _running(environ, ("serve",), ("jobs", "run"), flags=LEAN) as processes:
            while all(process.poll() is None for process in processes):
                time.sleep(0.5)
    except KeyboardInterrupt:
        click.echo("stopping")


@contextmanager
def _running(
    environ: Mapping[str, str], *commands: tuple[str, ...], flags: Sequence[str] = ()
) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Run some of our commands, with flags of Python's; none of them outlives the block."""
    # Sessions of their own: a Ctrl-C reaches this process alone, and each of them is asked to end once. Asked twice,
    # the web server waits for its worker for ever.
    processes = [
        subprocess.Popen([sys.executable, *flags, "-m", "app", *words], env=environ, start_new_session=True)  # noqa: S603 - our own commands
        for words in commands
    ]
    try:
        yield processes
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Wait for a process that was asked to end; one that does not is ended, for a demo holds nothing to lose."""
    try:
        process.wait(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)  # with what it started
        process.wait()
