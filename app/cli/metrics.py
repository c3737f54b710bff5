"""`python -m app metrics`: what Prometheus reads, in a process of its own."""

import time

import click
from prometheus_client import CollectorRegistry, start_http_server

from app.cli.context import Context, pass_context
from app.monitoring.counters import ProcessCounts
from app.monitoring.figures import Figures

HOST = "127.0.0.1"
"""Never the world: whoever reads metrics from elsewhere comes through a tunnel or a proxy that asks who they are."""


@click.command()
@pass_context
def metrics(context: Context) -> None:
    """Serve the metrics on METRICS_PORT of 127.0.0.1 until Ctrl-C."""
    folder = context.settings.metrics
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    registry = CollectorRegistry()
    registry.register(ProcessCounts(folder))
    registry.register(Figures(context.settings, context.database, context.clock))
    server, thread = start_http_server(context.settings.metrics_port, HOST, registry)
    try:
        while thread.is_alive():
            time.sleep(3600)
    except KeyboardInterrupt:
        server.shutdown()
