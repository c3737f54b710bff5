"""The portal: the published rating, and what people said and cities did; cookieless and cacheable."""

from flask import Flask

from app.web.portal import data, initiatives
from app.web.portal.routes import bp, front
from app.web.portal.said import feeds, files
from app.web.portal.said import routes as board

bp.add_url_rule("/said", view_func=board.said)
bp.add_url_rule("/said/rules", view_func=board.said_rules)
bp.add_url_rule("/said/<city>", view_func=board.said_city)
bp.add_url_rule("/said/<city>/feed.atom", view_func=feeds.said_city_feed)
bp.add_url_rule("/said/<city>/<theme>", view_func=board.said_theme)
bp.add_url_rule("/said/<city>/<theme>/feed.atom", view_func=feeds.said_theme_feed)
bp.context_processor(board.board_words)


def register(app: Flask) -> None:
    """Put the portal under /kk, /ru and /en, and its files under /data."""
    app.register_blueprint(front)
    app.register_blueprint(bp)
    app.register_blueprint(data.bp)
    app.register_blueprint(initiatives.files)
    app.register_blueprint(files.bp)
