"""The survey: phone first, works without script, nothing stored before Send."""

from flask import Flask

from app.web.resident.routes import bp


def register(app: Flask) -> None:
    """Put the survey under /s."""
    app.register_blueprint(bp)
