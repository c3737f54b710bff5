"""The survey: phone first, works without script, nothing stored before Send."""

from flask import Flask

from app.web.resident import follow, receipts
from app.web.resident.entry import choice, oidc, sms
from app.web.resident.form.routes import bp
from app.web.resident.limits import TooManyAttemptsError
from app.web.resident.paper.routes import paper_page
from app.web.resident.phone import offline, put
from app.web.resident.progress import progress
from app.web.slow import BusyError

bp.add_url_rule("/<wave>/progress", view_func=progress)
bp.add_url_rule("/<wave>/paper", "paper", paper_page, methods=["GET", "POST"])
bp.add_url_rule("/<wave>/enter", "enter", choice.enter, methods=["GET", "POST"])
bp.add_url_rule("/<wave>/enter/code", "enter_code", choice.enter_code, methods=["GET", "POST"])
bp.add_url_rule("/<wave>/enter/sent", "sent", choice.sent, methods=["GET", "POST"])
bp.add_url_rule("/<wave>/enter/sms", "enter_sms", sms.enter_sms, methods=["GET", "POST"])
bp.add_url_rule("/<wave>/enter/sms/code", "confirm_sms", sms.confirm_sms, methods=["GET", "POST"])
bp.add_url_rule("/<wave>/enter/oidc", "enter_oidc", oidc.enter_oidc, methods=["GET", "POST"])
bp.add_url_rule("/<wave>/enter/oidc/leave", "leave", oidc.leave)
bp.add_url_rule("/<wave>/enter/oidc/arrive", "arrive", oidc.arrive)
bp.add_url_rule("/<wave>/enter/oidc/failed", "signin_failed", oidc.failed, methods=["GET", "POST"])
bp.add_url_rule("/oidc/back", "back_from_provider", oidc.back)
bp.add_url_rule("/<wave>/receipts", "receipts", receipts.receipts, methods=["GET", "POST"])
bp.add_url_rule("/<wave>/receipts.<any(csv, txt):kind>", "receipts_file", receipts.receipts_file)
bp.add_url_rule("/withdraw", "withdraw", receipts.withdraw, methods=["GET", "POST"])
bp.add_url_rule("/withdraw/done", "withdrawn", receipts.withdrawn)
bp.add_url_rule("/withdraw/waits", "withdrawal_waits", receipts.waits)
bp.add_url_rule("/follow", "follow", follow.follow, methods=["GET", "POST"])
bp.add_url_rule("/follow/done", "taken_back", follow.taken_back)
bp.register_error_handler(TooManyAttemptsError, choice.explain_wait)
bp.register_error_handler(BusyError, choice.explain_busy)


def register(app: Flask) -> None:
    """Put the survey under /s, and what phones send under /r."""
    app.register_blueprint(bp)
    app.register_blueprint(offline.bp)
    app.jinja_env.globals["script"] = offline.script
    app.register_blueprint(put.bp)
    # No cookie gives a right under /r, and no form of another site can send application/json.
    app.extensions["csrf"].exempt(put.bp)
