"""The survey: phone first, works without script, nothing stored before Send."""

from flask import Flask


def register(app: Flask) -> None:
    """Put the survey under /s."""
