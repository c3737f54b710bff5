"""Sites with a service changed."""

from dataclasses import replace
from typing import Any

from flask import Flask

from app.web import site


def replace_services(app: Flask, **changes: Any) -> None:
    """Give an app other services in place of some of its own."""
    app.extensions[site.KEY] = replace(app.extensions[site.KEY], **changes)
