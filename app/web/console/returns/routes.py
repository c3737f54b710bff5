"""Addresses of sending a return."""

import re
import secrets

from flask import Blueprint, abort, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from app.accounts.permissions import Permission
from app.indicators.errors import CannotSendError, ImportRefusedError, NotConfirmedError, StaleCaseError
from app.indicators.keys import CaseKey
from app.indicators.returns import ReturnOrder, send_return
from app.web import site
from app.web.console.access import actor, me, requires
from app.web.console.cases.walking import LIST, list_address
from app.web.console.returns import views
from app.web.language import _, _n, moment

bp = Blueprint("returns", __name__, url_prefix="/console/values")
_VERSION = re.compile(r"([a-z0-9_]{1,64}):([0-9]{1,9})")


@bp.get("/<period>/<city>/send")
@requires(Permission.SEND_RETURN)
def check(period: str, city: str) -> str | Response:
    """Show what would be sent: the whole return, or what was chosen in the list."""
    if "ticked" in request.args and not request.args.getlist("ids"):
        flash(_("Nothing was ticked. Please tick at least one value, then press “Send the chosen ones”."), "warning")
        return redirect(list_address({LIST: request.args["ticked"]}, CaseKey(period, city, "")), 303)
    chosen = views.chosen_of(request.args.getlist("ids"), period, city)
    return _page(period, city, chosen)


@bp.post("/<period>/<city>/send")
@requires(Permission.SEND_RETURN)
def send(period: str, city: str) -> Response | tuple[str, int]:
    """Send it, when the number of what is empty was typed."""
    versions = dict(_versions(request.form.getlist("version")))
    typed = request.form.get("missing", "").strip()
    order = ReturnOrder(period, city, versions)
    chosen = tuple(request.form.getlist("chosen"))
    try:
        with site.database().writing() as session:
            missing = int(typed) if typed.isdecimal() and len(typed) < 10 else 0
            plan = send_return(session, order, actor(), missing=missing, bulk=secrets.token_hex(8))
    except NotConfirmedError as error:
        return _page(period, city, chosen, wrong=_confirm(error.missing)), 422
    except StaleCaseError:
        return _page(
            period, city, chosen, wrong=_("Somebody has changed these values meanwhile. This is how they are now.")
        ), 409
    except (CannotSendError, ImportRefusedError):
        return _page(period, city, chosen), 422
    flash(_sent(len(plan.filled) + len(plan.empty)))
    return redirect(f"/console/values/?period={period}&city={city}&state=sent", 303)


def _page(period: str, city: str, chosen: tuple[str, ...], wrong: str = "") -> str:
    with site.database().reading() as session:
        page = views.read_page(session, period, city, chosen, site.clock().today())
    if page is None:
        abort(404)
    return render_template("console/returns/send.html", page=page, wrong=wrong)


def _sent(n: int) -> str:
    at = moment(site.clock().now())
    return _n(
        "%(num)s value was sent to the ministry: %(at)s, %(name)s.",
        "%(num)s values were sent to the ministry: %(at)s, %(name)s.",
        n,
        at=at,
        name=me().name,
    )


def _confirm(missing: int) -> str:
    return _n(
        "%(num)s value would be sent as missing. Type %(num)s to confirm.",
        "%(num)s values would be sent as missing. Type %(num)s to confirm.",
        missing,
    )


def _versions(fields: list[str]) -> list[tuple[str, int]]:
    """Read the fields that say which version of each case was shown."""
    found = [match for match in map(_VERSION.fullmatch, fields) if match]
    return [(match[1], int(match[2])) for match in found]
