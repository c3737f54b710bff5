"""The survey: phone first, works without script, nothing stored before Send."""

from flask import Flask

from app.web.resident.paper import paper_page
from app.web.resident.progress import progress
from app.web.resident.routes import bp

bp.add_url_rule("/<wave>/progress", view_func=progress)
bp.add_url_rule("/<wave>/paper", "paper", paper_page, methods=["GET", "POST"])


def register(app: Flask) -> None:
    """Put the survey under /s."""
    app.register_blueprint(bp)
