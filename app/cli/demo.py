"""`python -m app demo`: a demo country on 127.0.0.1, filled and served by one command."""

import os
import secrets
import signal
import socket
from collections.abc import Mapping
from pathlib import Path

import click

from app.cli.private import write_private
from app.cli.processes import run_together, running

INSTANCE = Path("instance") / "demo"
"""Folder of the demo where the environment names none."""


@click.command()
@click.option("--port", default=8000, envvar="PORT", show_default=True, help="Port on 127.0.0.1.")
def demo(port: int) -> None:
    """Fill a demo country and serve it with its scheduler until Ctrl-C."""
    if taken := [each for each in (port, port + 1) if _is_taken(each)]:
        raise click.ClickException(f"port {taken[0]} of 127.0.0.1 is in use: try `make demo PORT={taken[0] + 1}`")
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
    own["CONSOLE_PORT"] = str(port + 1)
    inherited = {key: value for key, value in os.environ.items() if key not in {"HOST", "PUBLIC_URL", "CONSOLE_URL"}}
    return inherited | own


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _tell(port: int) -> None:
    places = (("portal", port, "/"), ("survey", port, "/s/"), ("console", port + 1, "/console/"))
    for name, listens, path in places:
        click.echo(f"{name:8} http://127.0.0.1:{listens}{path}")
    click.echo("Ctrl-C stops everything.")


def _fill(environ: Mapping[str, str]) -> None:
    """Bring the schema up and fill it, in processes of their own: what seeding loads must not stay in memory."""
    for words in ("db", "upgrade"), ("seed",):
        with running(environ, words) as (process,):
            if status := process.wait():
                raise SystemExit(status)


def _serve(environ: Mapping[str, str]) -> None:
    """Run both sites and the scheduler side by side; when one ends, or on Ctrl-C, end all."""
    run_together(environ, ("serve", "--site", "public"), ("serve", "--site", "console"), ("jobs", "run"))
    click.echo("stopping")
