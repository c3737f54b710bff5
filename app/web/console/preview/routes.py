"""The preview of a publication under embargo: the portal's own pages, drawn from the draft beside the request."""

from flask import Blueprint, abort, g, request, url_for

from app.accounts.permissions import Permission
from app.publishing.queries import Published, get_draft, get_draft_derivation
from app.web import site
from app.web.console.access import requires
from app.web.language import LANGUAGES, speak
from app.web.rating import drawing

bp = Blueprint("preview", __name__, url_prefix="/console/publications/<int:request_id>/preview/<any(kk, ru, en):lang>")


@bp.before_request
def take_language() -> None:
    """Speak the language of the address, whatever the reader's own is."""
    speak(str((request.view_args or {}).get("lang")))


@bp.url_defaults
def keep_place(_endpoint: str, values: dict[str, object]) -> None:
    """Keep request and language in every address of the preview."""
    here = request.view_args or {}
    values.setdefault("request_id", here.get("request_id"))
    values.setdefault("lang", g.get("language", "kk"))


@bp.context_processor
def surroundings() -> dict[str, object]:
    """Give what the templates of a publication call, and the addresses of this page in every language."""
    if request.endpoint is None or request.view_args is None:
        return {"here": {}}
    here = {code: url_for(request.endpoint, **(request.view_args | {"lang": code})) for code in LANGUAGES}
    back = url_for("publications.show", request_id=request.view_args["request_id"])
    return drawing.WORDINGS | {"public": False, "here": here, "back": back}


@bp.get("/")
@requires(Permission.SEE_PUBLICATIONS)
def home(request_id: int, lang: str) -> str:  # noqa: ARG001 - the language is spoken before
    """Draw the ranking."""
    return drawing.draw_ranking(_draft(request_id), ())


@bp.get("/ratings/<int:number>/")
@requires(Permission.SEE_PUBLICATIONS)
def rating(request_id: int, lang: str, number: int) -> str:  # noqa: ARG001 - a draft has one number
    """Draw the ranking at the address that a link in a page has."""
    return drawing.draw_ranking(_draft(request_id), ())


@bp.get("/ratings/<int:number>/cities/<city>")
@requires(Permission.SEE_PUBLICATIONS)
def city(request_id: int, lang: str, number: int, city: str) -> str:  # noqa: ARG001
    """Draw a city."""
    return drawing.draw_city(_draft(request_id), city)


@bp.get("/ratings/<int:number>/cities/<city>/explain")
@requires(Permission.SEE_PUBLICATIONS)
def explain(request_id: int, lang: str, number: int, city: str) -> str:  # noqa: ARG001
    """Draw how a city's total came about."""
    with site.database().reading() as session:
        content = get_draft_derivation(session, request_id, city)
    return drawing.draw_explanation(_draft(request_id), city, content)


@bp.get("/ratings/<int:number>/areas/<area>")
@requires(Permission.SEE_PUBLICATIONS)
def area(request_id: int, lang: str, number: int, area: str) -> str:  # noqa: ARG001
    """Draw an area across the cities."""
    return drawing.draw_area(_draft(request_id), area)


@bp.get("/ratings/<int:number>/method")
@requires(Permission.SEE_PUBLICATIONS)
def method(request_id: int, lang: str, number: int) -> str:  # noqa: ARG001
    """Draw the formulas and the method card."""
    return drawing.draw_method(_draft(request_id))


@bp.get("/ratings/<int:number>/choices")
@requires(Permission.SEE_PUBLICATIONS)
def choices(request_id: int, lang: str, number: int) -> str:  # noqa: ARG001
    """Draw what each choice of the method does to the places."""
    return drawing.draw_choices(_draft(request_id))


def _draft(request_id: int) -> Published:
    with site.database().reading() as session:
        return get_draft(session, request_id) or abort(404)
