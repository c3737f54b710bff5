"""The survey on the phone itself: the worker and scripts, the shell they draw in, and one file per wave.

Nothing here reads or sets a cookie, but for the draft handed over to its own browser: all else may be kept and shared.
"""

import json
from dataclasses import asdict
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from flask import Blueprint, Response, abort, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.web import site
from app.web.asking.shell import Shell, sorted_cities
from app.web.language import LANGUAGES, _n, choose, speak, speaking
from app.web.resident import drafts
from app.web.resident.phone import scripts
from app.web.resident.phone.texts import manifest_words, words
from app.web.resident.services import wave_key, wave_or_404
from app.web.resident.waves import WaveView
from surveys.ballots import ballots
from surveys.ballots.ballots import BallotError
from surveys.population.places import load_places

bp = Blueprint("offline", __name__, url_prefix="/s")

_FOREVER = "public, max-age=31536000, immutable"
_ASK = "no-cache"
_PARTS = ("app/templates/shared", "app/templates/resident", "app/static", "translations")


class WaveFile(NamedTuple):
    """A wave's questionnaire as a phone keeps it; the digest stands in its address."""

    body: str
    digest: str


@bp.before_request
def choose_language() -> None:
    """Speak the language of the address, else the browser's: no cookie is read."""
    speak(choose(request, remembered=False))


@cache
def release() -> str:
    """Give the digest of everything a phone keeps of this release: scripts, styles, texts and templates."""
    return sha256(b"".join(sha256(path.read_bytes()).digest() for path in kept_files())).hexdigest()[:12]


def kept_files() -> list[Path]:
    """List what a phone keeps: files of the repository only, so that the digest is the same on every server.

    A compiled catalogue says in which minute it was made; its source does not.
    """
    folders = [site.STATIC.parent.parent / part for part in _PARTS]
    return sorted(path for folder in folders for path in folder.rglob("*.*") if path.suffix not in {".mo", ".pot"})


def script(name: str) -> str:
    """Give the address of a script; it changes with the release, so caches may keep it for a year."""
    return url_for("offline.script_file", digest=release(), name=name)


@bp.get("/worker.js")
def worker() -> Response:
    """Give the worker that stands behind the pages of the survey."""
    own = {"release": release(), "modules": [script(scripts.APP), *map(site.asset, ("icon.svg", "icon-192.png"))]}
    # Joined into one file it needs no modules, which older browsers know in pages but not in workers.
    source = f"'use strict';{scripts.bundle(scripts.WORKER)}serve({json.dumps(own)});\n"
    return _answer(source, "text/javascript", _ASK)


@bp.get("/js/<digest>/<any(begin, app):name>.js")
def script_file(digest: str, name: str) -> Response:
    """Give a script; a page of an older release gets the one there is, and no cache keeps it under the old address."""
    return _answer(scripts.bundle(name), "text/javascript", _FOREVER if digest == release() else _ASK)


@bp.get("/offline")
@bp.get("/<wave>/offline", endpoint="wave_shell")
def shell(wave: str = "") -> Response:
    """Give the frame in which the script draws every screen."""
    if wave:
        wave_or_404(wave, closed_too=True)
    frame = Shell(wave, "", None)
    page = render_template("resident/offline.html", shell=frame, words=words(), on_device=True)
    response = make_response(page)
    response.headers["Cache-Control"] = _ASK
    return response


@bp.get("/<wave>/offline.json")
def wave_file(wave: str) -> AnyResponse:
    """Give everything needed to fill in a wave, in three languages; the plain address leads to the newest."""
    file = file_of(wave_or_404(wave))
    if request.args.get("v") != file.digest:
        response = redirect(url_for(".wave_file", wave=wave, v=file.digest), 302)
        response.headers["Cache-Control"] = _ASK
        return response
    return _answer(file.body, "application/json", _FOREVER)


@bp.get("/<wave>/offline/draft")
def draft(wave: str) -> Response:
    """Hand a draft begun on the server's pages to the script in the same browser."""
    begun = drafts.read_draft(wave)
    if begun is None:
        abort(404)
    try:
        ballot = ballots.verify(wave_key(wave), begun.ballot)
    except BallotError:
        abort(410)
    response = jsonify(asdict(begun) | {"id": ballot.nonce.hex()})
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/manifest.webmanifest")
def manifest() -> Response:
    """Describe the survey to a phone that puts it among its applications."""
    name, short, description = manifest_words()
    icons = [
        {"src": site.asset("icon.svg"), "sizes": "any", "type": "image/svg+xml"},
        {"src": site.asset("icon-192.png"), "sizes": "192x192", "type": "image/png"},
        {"src": site.asset("icon-512.png"), "sizes": "512x512", "type": "image/png"},
        {"src": site.asset("icon-maskable-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
    ]
    described = {
        "id": "/s/",
        "start_url": "/s/",
        "scope": "/s/",
        "name": name,
        "short_name": short,
        "description": description,
        "lang": request.args.get("lang", ""),
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#0b5c6b",
        "icons": icons,
    }
    return _answer(json.dumps(described, ensure_ascii=False), "application/manifest+json", _ASK)


@lru_cache(maxsize=64)
def file_of(view: WaveView) -> WaveFile:
    """Make a wave's file once: the questionnaire's canonical JSON, its cities, and words that depend on a number."""
    q = view.compiled.questionnaire
    places = load_places()
    cities = {
        city.code: {"city": city.name, "city_in": city.name_in, "city_of": city.name_of}
        for city in places.cities
        if city.code in view.cities
    }
    document = {
        "wave": view.code,
        "version": q.digest(),
        "invited": view.is_invited,
        "about": [_about(language, q.minutes) for language in LANGUAGES],
        "order": {language: _order(language, view) for language in LANGUAGES},
        "cities": cities,
        "questionnaire": json.loads(q.to_json()),
    }
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return WaveFile(body, sha256(body.encode()).hexdigest()[:12])


def _about(language: str, minutes: int) -> str:
    with speaking(language):
        return _n("About %(num)s minute", "About %(num)s minutes", minutes)


def _order(language: str, view: WaveView) -> list[str]:
    return [code for code, _name in sorted_cities(language) if code in view.cities]


def _answer(body: str, mimetype: str, cache_control: str) -> Response:
    response = Response(body, mimetype=mimetype)
    response.headers["Cache-Control"] = cache_control
    response.add_etag()
    response.make_conditional(request)
    return response
