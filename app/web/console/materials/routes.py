"""Addresses of what is made for the field, by wave and city: another city's are not there (404).

Letters and passes are made where they are shown or sent, and stored nowhere: whoever loses a file makes a new one.
"""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs

from app.accounts.permissions import Permission
from app.fieldwork import mailing_lists, materials
from app.fieldwork.errors import MaterialError, MaterialFault
from app.fieldwork.materials import Place
from app.web import site
from app.web.console.access import actor, me, requires, stepped_up
from app.web.console.attachments import attachment
from app.web.console.materials import views
from app.web.console.materials.forms import (
    Errors,
    LettersForm,
    PassForm,
    PrintingForm,
    paper_errors,
    pass_errors,
    pass_order,
    read_letters,
)
from app.web.console.waves import words
from app.web.language import _
from surveys.fieldwork.channels import PLAIN, ChannelError
from surveys.fieldwork.paper import FormsError
from surveys.fieldwork.passes import PassOrderError
from surveys.identity.codes import LetterError
from surveys.models import PassRecord

bp = Blueprint("materials", __name__, url_prefix="/console/materials")


@bp.get("/<wave>/<city>")
@requires(Permission.FIELD_MATERIALS)
def page(wave: str, city: str) -> str:
    """Show what can be made for a wave in a city, and the passes of its operators."""
    return _page(wave, city, PrintingForm(formdata=None), {})


@bp.get("/<wave>/<city>/poster.pdf")
@requires(Permission.FIELD_MATERIALS)
def poster(wave: str, city: str) -> Response:
    """Give a poster; it holds nothing secret."""
    channel = request.args.get("channel", PLAIN)
    with site.database().reading() as session:
        place = _place(session, wave, city, channel)
    named = f"poster-{wave}-{city}" + ("" if channel == PLAIN else f"-{channel}")
    return attachment(materials.poster(place, site.settings().public_url, channel), f"{named}.pdf")


@bp.post("/<wave>/<city>/channels")
@requires(Permission.FIELD_MATERIALS)
def channels(wave: str, city: str) -> AnyResponse | tuple[str, int]:
    """Declare a channel of the wave: a place where a link or poster hangs."""
    try:
        with site.database().writing() as session:
            _place(session, wave, city)
            materials.declare_channel(session, actor(), wave, request.form.get("channel", "").strip())
    except ChannelError:
        wrong = {"channel": _("A channel is named by small Latin letters, digits and hyphens, at most 32.")}
        return _page(wave, city, PrintingForm(formdata=None), wrong), 422
    return redirect(f"{url_for('.page', wave=wave, city=city)}#links", 303)


@bp.post("/<wave>/<city>/forms")
@requires(Permission.FIELD_MATERIALS)
def forms(wave: str, city: str) -> Response | tuple[str, int]:
    """Give paper forms their numbers, and send them as one file."""
    form = PrintingForm()
    if errors := paper_errors(form):
        return _page(wave, city, form, errors), 422
    try:
        with site.database().writing() as session:
            place = _place(session, wave, city)
            numbers = materials.number_forms(session, actor(), place, site.settings().keys, form.count.data or 0)
    except FormsError:
        return _page(wave, city, form, {"count": _("The wave would have too many forms")}), 422
    return attachment(materials.forms(place, form.lang.data, numbers), f"forms-{wave}-{city}-{form.lang.data}.pdf")


@bp.route("/<wave>/<city>/letters", methods=["GET", "POST"])
@requires(Permission.FIELD_MATERIALS)
@stepped_up
def letters(wave: str, city: str) -> Response | str | tuple[str, int]:
    """Make letters with codes; the file that is sent is the only place where the codes stand."""
    form = LettersForm()
    if request.method == "GET":
        return _letters_page(wave, city, form, {})
    addressees, errors = read_letters(form)
    if errors:
        return _letters_page(wave, city, form, errors), 422
    try:
        with site.database().writing() as session:
            place = _place_of_letters(session, wave, city)
            drawn = materials.draw_letters(session, actor(), place, site.settings().keys, addressees)
    except LetterError:
        return _letters_page(wave, city, form, {"count": _("The wave would have too many letters")}), 422
    public_url = site.settings().public_url
    if request.form.get("as") == "csv":
        table = mailing_lists.codes_table(materials.mailing(place, public_url), drawn)
        return attachment(table, f"codes-{wave}-{city}.csv")
    return attachment(materials.letters(place, public_url, drawn), f"letters-{wave}-{city}.pdf")


@bp.route("/<wave>/<city>/passes", methods=["GET", "POST"])
@requires(Permission.FIELD_MATERIALS)
@stepped_up
def passes(wave: str, city: str) -> str | tuple[str, int]:
    """Give a pass to an operator; it is shown this once."""
    with site.database().reading() as session:
        place = _place(session, wave, city)
    form = PassForm()
    form.channel.choices = [SelectChoice(channel, views.channel_name(channel)) for channel in place.channels]
    if request.method == "GET":
        return _pass_page(place, form, {})
    if errors := pass_errors(form, place.channels, site.clock().today()):
        return _pass_page(place, form, errors), 422
    order = pass_order(form, wave, city)
    try:
        with site.database().writing() as session:
            place = _place(session, wave, city)
            code, text = materials.give_pass(session, actor(), place, site.settings().keys, order)
    except PassOrderError:
        abort(422)
    address = f"{site.settings().public_url}/s/{wave}/paper"
    shown = {"place": place, "code": code, "text": text, "address": address, "operator": order.operator}
    return render_template("console/materials/pass_given.html", **shown)


@bp.get("/<wave>/<city>/passes/<code>/revoke")
@requires(Permission.FIELD_MATERIALS)
def ask_to_revoke(wave: str, city: str, code: str) -> str:
    """Say what it means that a pass is revoked, and ask."""
    with site.database().reading() as session:
        record = _pass(session, wave, city, code)
        operator, is_revoked = record.operator, record.revoked_on is not None
    place = {"wave": wave, "city": city, "code": code}
    return render_template("console/materials/pass_revoke.html", **place, operator=operator, is_revoked=is_revoked)


@bp.post("/<wave>/<city>/passes/<code>/revoke")
@requires(Permission.FIELD_MATERIALS)
def revoke(wave: str, city: str, code: str) -> AnyResponse:
    """Let a pass open nothing any more."""
    with site.database().writing() as session:
        record = _pass(session, wave, city, code)
        operator = record.operator or "–"
        materials.revoke_pass(session, actor(), wave, code)
    flash(_("The pass of %(operator)s (%(code)s) is revoked: it opens nothing any more.", operator=operator, code=code))
    return redirect(url_for(".page", wave=wave, city=city), 303)


def _pass(session: Session, wave: str, city: str, code: str) -> PassRecord:
    record = session.get(PassRecord, (wave, code))
    if record is None or record.city != city:
        abort(404)
    return record


def _place(session: Session, wave: str, city: str, channel: str = PLAIN) -> Place:
    try:
        return materials.find_place(session, wave, city, channel=channel)
    except MaterialError as error:
        abort(409 if error.fault is MaterialFault.OVER else 404)


def _place_of_letters(session: Session, wave: str, city: str) -> Place:
    try:
        place = materials.find_place(session, wave, city, for_letters=True)
    except MaterialError as error:
        abort(409 if error.fault is MaterialFault.OVER else 404)
    if not views.may_make(me(), place.questionnaire.audience):
        abort(404)
    return place


def _page(wave: str, city: str, form: PrintingForm, errors: Errors) -> str:
    with site.database().reading() as session:
        found = views.read_materials(session, wave, city, site.clock().today())
    if found is None or not views.may_make(me(), found.audience):
        abort(404)
    _mark(form, errors)
    site_url = site.settings().public_url
    links = [(channel, materials.link_to(site_url, wave, city, channel)) for channel in found.channels]
    shown = {"page": found, "form": form, "errors": errors, "links": links, "words": words}
    return render_template("console/materials/page.html", **shown)


def _letters_page(wave: str, city: str, form: LettersForm, errors: Errors) -> str:
    with site.database().reading() as session:
        place = _place_of_letters(session, wave, city)
    if "code" not in place.gates:
        abort(404)
    _mark(form, errors)
    return render_template("console/materials/letters.html", place=place, form=form, errors=errors)


def _pass_page(place: Place, form: PassForm, errors: Errors) -> str:
    _mark(form, errors)
    return render_template("console/materials/pass_new.html", place=place, form=form, errors=errors)


def _mark(form: PrintingForm | LettersForm | PassForm, errors: Errors) -> None:
    for name, sentence in errors.items():
        if name in form:
            form[name].errors = [sentence]
