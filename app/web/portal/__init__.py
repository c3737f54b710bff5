"""The portal: the published rating, cookieless and cacheable."""

from flask import Flask

from app.web.portal import data
from app.web.portal.routes import bp, front


def register(app: Flask) -> None:
    """Put the portal under /kk, /ru and /en, and its files under /data."""
    app.register_blueprint(front)
    app.register_blueprint(bp)
    app.register_blueprint(data.bp)
