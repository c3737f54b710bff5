"""The survey: phone first, works without script, nothing stored before Send."""

from flask import Flask

from app.web.resident import offline, put, watching, waves
from app.web.resident.paper import paper_page
from app.web.resident.progress import progress
from app.web.resident.routes import bp

bp.add_url_rule("/<wave>/progress", view_func=progress)
bp.add_url_rule("/<wave>/paper", "paper", paper_page, methods=["GET", "POST"])


def register(app: Flask) -> None:
    """Put the survey under /s, and what phones send under /r."""
    watching.register(app)
    waves.init_app(app, app.extensions["city_database"])
    app.register_blueprint(bp)
    app.register_blueprint(offline.bp)
    app.jinja_env.globals["script"] = offline.script
    app.register_blueprint(put.bp)
    # No cookie gives a right under /r, and no form of another site can send application/json.
    app.extensions["csrf"].exempt(put.bp)
