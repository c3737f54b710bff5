"""The lane answers as the routes alone would, whatever is asked: requests drawn from what the routes promise."""

import io
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

import hypothesis
import pytest
from flask import Flask, Response
from flask_compress.flask_compress import _uncompress_data
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from werkzeug.sansio.http import parse_cookie
from werkzeug.test import run_wsgi_app

from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.web import resident
from app.web.csrf import token_of
from app.web.public import create_public
from app.web.resident import drafts
from app.web.resident.drafts import Draft
from app.web.resident.form.walk import Walk, WaveView
from surveys.authoring.yaml_source import load, shipped
from surveys.ballots import ballots
from surveys.questionnaire.compiled import compile_questionnaire
from surveys.questionnaire.definition import Answer, Kind, Page, Questionnaire
from surveys.responses.intake import Suggestion
from tests.builders.questionnaires import CITIES, answers_to, questionnaires, wordy
from tests.conftest import NOW, SECRET

WAVE, OTHER = "wave-1", "wave-2"
MINE, FOREIGN = "0123456789abcdef0123456789abcdef01234567", "f" * 40
"""Secrets of two sessions."""

FORM = "application/x-www-form-urlencoded"
LONG = "".join(random.Random(1).choices("абвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөұүһі,. ", k=499)) + "!"
"""Words that hardly shrink: with them in twelve areas a draft takes several cookies."""

ZSTD = "gzip, deflate, br, zstd"
SHIPPED = tuple(load(path) for path in shipped())
SEALED = re.compile(
    r"(?<=draft=)[^;]+|(?<=draft-[0-9]=)[^;]+|(?<=draft-text-[0-9]=)[^;]+|(?<=survey=)[^;]+|(?<=Expires=)[^;]+"
)
TOKEN = re.compile(r'(?<=name="csrf_token" value=")[^"]+')

Environ = dict[str, Any]
Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Sites:
    """The same site with the lane and without it; `passed` counts what the lane handed on."""

    laned: Flask
    bare: Flask
    waves: dict[str, WaveView]
    passed: Counter[str]


@pytest.fixture(scope="module", params=[("http", "0"), ("https", "1")], ids=["plain", "behind a proxy"])
def sites(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    scheme, proxies = request.param
    folder = tmp_path_factory.mktemp("lane")
    given = {"PUBLIC_URL": f"{scheme}://survey.example", "TRUSTED_PROXIES": proxies, "INSTANCE": str(folder)}
    database = Database(f"sqlite:///{folder}/none.sqlite3")  # no page of questions asks it anything
    yield make_sites(Settings.from_env(given | {"SECRET_KEY": SECRET}), database)
    database.close()


def make_sites(settings: Settings, database: Database) -> Sites:
    waves: dict[str, WaveView] = {}
    passed: Counter[str] = Counter()

    def counting(served: Any, *rest: Any, **more: Any) -> Any:
        def count(environ: Environ, start_response: Any) -> Any:
            passed["on"] += 1
            return served(environ, start_response)

        return lane(count, *rest, **more)

    lane, made = resident.Lane, []
    for stand_in in (counting, lambda served, *_rest, **_more: served):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(resident, "Lane", stand_in)
            app = create_public(settings, database, FrozenClock(NOW))
        app.extensions["city_waves"].get = waves.get
        made.append(app)
    return Sites(made[0], made[1], waves, passed)


# What a browser holds.


def sealed(app: Flask, draft: Draft, age: timedelta = timedelta()) -> Pairs:
    """Seal a draft as the site does, some time ago."""
    clock = app.extensions["city_clock"]
    app.extensions["city_clock"] = FrozenClock(NOW - age)
    with app.app_context():
        response = Response()
        drafts.keep_draft(response, {}, SECRET, draft, secure=False)
    app.extensions["city_clock"] = clock
    crumbs = (line.partition(";")[0].partition("=") for line in response.headers.getlist("Set-Cookie"))
    return [(name, value) for name, _, value in crumbs]


def signed(app: Flask, **session: str) -> str:
    """Sign a session as the site does."""
    return str(app.session_interface.get_signing_serializer(app).dumps(session))  # type: ignore[attr-defined]


def spoilt(value: str) -> str:
    return value[:40] + ("A" if value[40:41] != "A" else "B") + value[41:]


@st.composite
def drafts_of(draw: st.DrawFn, q: Questionnaire) -> Draft:
    """Draw where somebody has got to, words and suggestions included."""
    city = draw(st.sampled_from(CITIES))
    answers: dict[str, Answer] = draw(answers_to(q, city)) if draw(st.booleans()) else {}
    for question in q.texts:
        if words := draw(st.sampled_from(("", "Жол «жаман» <b>&amp;</b>", 'a"b', "line\nline", LONG))):
            answers[question.code] = words
    nonce = draw(st.binary(min_size=16, max_size=16))
    return Draft(
        wave=WAVE,
        city=city,
        ballot=ballots.mint(bytes(32), ballots.Ballot(WAVE, city, "resident", "open", nonce)),
        agreed=draw(st.sampled_from((True,) * 15 + (False,))),
        answers=answers,
        extra=tuple(draw(st.lists(st.sampled_from(q.areas), unique=True))),
        suggestions=tuple(draw(st.lists(st.just(Suggestion(q.areas[0], "Көше <қараңғы>")), max_size=3))),
    )


def browsers(app: Flask, draft: Draft) -> st.SearchStrategy[Pairs]:
    """Draw the cookies of a browser: a draft and a session, or something like them, beside anything."""
    mine, session = sealed(app, draft), [("survey", signed(app, csrf_token=MINE))]
    foreign = sealed(app, replace(draft, wave=OTHER))
    strange = [
        mine,
        session,
        [],
        session + mine[1:],
        sealed(app, draft, timedelta(days=6, hours=23)) + session,
        sealed(app, draft, timedelta(days=8)) + session,
        sealed(app, draft, timedelta(days=-1)) + session,
        sealed(app, replace(draft, city="atlantis")) + session,
        foreign + session,
        foreign + mine + session,
        mine + foreign + session,
        [(name, spoilt(value)) for name, value in mine] + session,
        [(name, value + "AAAA") for name, value in mine] + session,
        [(name, f'"{value}"') for name, value in mine] + session,
        [*mine, ("survey", spoilt(session[0][1]))],
        [*mine, ("survey", spoilt(session[0][1])), *session],
        [*mine, ("survey", signed(app, other="1"))],
        [*mine, ("survey", signed(app, csrf_token=FOREIGN)), *session],
        [*mine, ("survey", "")],
        [("draft-1", "x"), ("draft-text-2", "x"), *mine, *session],
        [("draft", "9~x"), *mine, *session],
        [("draft", "0~x"), *session],
        [("draft", "é"), *session],
        [("junk", "x" * 20_000), *mine, *session],
    ]
    beside = st.lists(
        st.sampled_from(
            [
                ("lang", code)
                for code in ("kk", "ru", "en", "RU", "xx", "", "ru ", '"en"', "e\\156", "ru\xc2\xa0", "\xff")
            ]
            + [("look", value) for value in ("150.wide.dark", "100.normal.device", "", "junk")]
            + [("via", "x"), ("device", "0" * 32), ("\xe9", "\xe9"), ("=", ";"), ("", ""), ("junk", '"\\"')]
        ),
        max_size=2,
    )
    return st.tuples(st.sampled_from([mine + session, *strange]), st.just([]) | beside, st.booleans()).map(
        lambda drawn: drawn[1] + drawn[0] if drawn[2] else drawn[0] + drawn[1]
    )


# What a browser asks for.

QUERIES = (
    *("lang=ru", "lang=xx", "lang=ru&lang=en", "%6cang=en", "lang", "LANG=ru", "switch=ru"),
    *(
        "back=check&",
        "&back=check",
        "back=check&back=",
        "back=&back=check",
        "back=%63heck",
        "back=check%00",
        "back=check#x",
    ),
    *("?", "??", "&", "=", "%", "%ff", "%zz", "a=%0d%0aSet-Cookie:%20a=b", "<script>", "'\"", "x" * 3000),
    *("_method=PUT", "via=word", "city=almaty", "again=1", f"csrf_token={quote(MINE)}"),
)
HEADERS: tuple[tuple[str, str], ...] = (
    *(("HTTP_ACCEPT_LANGUAGE", value) for value in ("ru", "en-GB, ru;q=0.5", "kk;q=0", "*", "", "\xff", "x" * 300)),
    *(("HTTP_IF_NONE_MATCH", value) for value in ("*", '"x"')),
    *(("HTTP_RANGE", value) for value in ("bytes=0-9", "bytes=5-2", "junk")),
    *(("HTTP_X_FORWARDED_PROTO", value) for value in ("https", "http", "https, http")),
    *(("HTTP_X_FORWARDED_FOR", value) for value in ("192.0.2.1", "junk", "1, 2")),
    *(("HTTP_HOST", value) for value in ("survey.example", "evil.example", "a b", "\xff", "")),
    *(("HTTP_ORIGIN", value) for value in ("null", "https://evil.example")),
    ("HTTP_X_HTTP_METHOD_OVERRIDE", "PUT"),
    ("HTTP_IF_MODIFIED_SINCE", "Tue, 24 Nov 2026 06:00:00 GMT"),
    ("HTTP_REFERER", "https://evil.example/"),
    ("HTTP_X_CSRFTOKEN", "the good one"),
    ("HTTP_COOKIE2", "x"),
    ("HTTP_EXPECT", "100-continue"),
    ("HTTP_SAVE_DATA", "on"),
    ("HTTP_SEC_FETCH_SITE", "cross-site"),
    ("REMOTE_ADDR", "2001:db8::1"),
    ("wsgi.url_scheme", "https"),
)
ENCODINGS: tuple[str | None, ...] = (
    None,
    *(
        "",
        " ",
        ",",
        "*",
        "*;q=0",
        "gzip",
        "br",
        "deflate, gzip",
        "zstd",
        "ZSTD",
        "zstd, zstd",
        "zstd,",
        "identity, zstd",
    ),
    *("identity", "Identity", "identity;q=0", "zstd;q=0", "gzip, zstd;q=0.1", "br;q=1.0, zstd;q=0.9", "zstd;x=y"),
    *("x-zstd", "zstdx, gzip", "notzstd", "br zstd", "zstd\tbr", "\xff"),
)


def paths(code: str) -> st.SearchStrategy[str]:
    plain = f"/s/{WAVE}/p/{code}"
    strange = [
        f"/s/{OTHER}/p/{code}",
        f"/s/nowhere/p/{code}",
        f"/s/{WAVE}/p/nothing",
        f"/s/{WAVE}/p/",
        *(f"{plain}{end}" for end in ("/", "\n", "\x00", " ", ";a=b", "/../x", "%2f", "\xc3\xa9", "\xff")),
        *(f"{start}{plain}" for start in ("/", "//evil.example", "/.", "\n")),
        plain.replace("/p/", "//p/"),
        plain.replace("/p/", "/./p/"),
        plain.replace("/s/", "/S/"),
        plain.upper(),
        plain.removeprefix("/"),
    ]
    return st.sampled_from([plain, *strange])


@st.composite
def fields_of(draw: st.DrawFn, page: Page, token: str) -> Pairs:
    """Draw what a form of the page brings from somebody who ticks at random and types anything."""
    pairs = [("csrf_token", token)]
    typed = ("", "7", " 12 ", "-3", "٣", "Жол «нашар»\r\n<b>", "\x00", "\ufeff", "1e3", LONG, LONG + "ж")
    for question in page.questions:
        codes = st.sampled_from([option.code for option in question.options] or typed)
        answers = draw(st.lists(codes, max_size=3 if question.kind is Kind.MULTI else 1))
        pairs += [(question.code, answer) for answer in answers]
    return pairs


Twist = Callable[[Pairs, str], Pairs]
TWISTS: tuple[Twist, ...] = (
    lambda pairs, _foreign: pairs[1:],
    lambda pairs, _foreign: [*pairs[1:], pairs[0]],
    lambda pairs, _foreign: [("csrf_token", ""), *pairs],
    lambda pairs, foreign: [("csrf_token", foreign), *pairs[1:]],
    lambda pairs, foreign: [("csrf_token", foreign), *pairs],
    lambda pairs, foreign: [*pairs, ("csrf_token", foreign)],
    lambda pairs, _foreign: [("csrf_token", "é\ud800"), *pairs[1:]],
    lambda pairs, _foreign: [(name, f"{value} ") for name, value in pairs],
    lambda pairs, _foreign: [(name.upper(), value) for name, value in pairs],
    lambda pairs, _foreign: [*pairs, ("switch", "ru")],
    lambda pairs, _foreign: [*pairs, ("switch", "xx")],
    lambda pairs, _foreign: [("switch", ""), *pairs],
    lambda pairs, _foreign: [*pairs, *pairs],
    lambda pairs, _foreign: [*pairs, *[(name, "junk") for name, _ in pairs]],
    lambda pairs, _foreign: [*[(name, "") for name, _ in pairs[1:]], *pairs],
    lambda pairs, _foreign: [*pairs, ("website", "spam"), ("", "x"), ("x", "")],
    lambda pairs, _foreign: [*pairs, ("_method", "PUT"), ("back", "check"), ("lang", "ru"), ("look-text", "200")],
    lambda pairs, _foreign: [*pairs, *[("more", str(place)) for place in range(250)]],
    lambda pairs, _foreign: [*pairs, ("more", "x" * 17_000)],
    lambda pairs, _foreign: [*pairs, ("more", "x" * 66_000)],
)
"""What may be odd about the fields of a form."""


def twisted(pairs: Pairs, twists: list[Twist], foreign: str) -> Pairs:
    for twist in twists:
        pairs = twist(pairs, foreign) if pairs else pairs
    return pairs


def travelling(pairs: Pairs) -> st.SearchStrategy[Environ]:
    """Draw an odd way for a form to travel."""
    body = _written(pairs)
    whole = "--x\r\n" + "".join(
        f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n--x\r\n' for name, value in pairs
    )
    multipart = (whole.removesuffix("\r\n") + "--\r\n").encode(errors="replace")
    ends = (
        b"&x=%ff",
        b"&x=\xff",
        b"&",
        b"&&=&a",
        b";a=b",
        b"&%zz",
        b"&x=%ed%a0%80",
        b"\r\n",
        b"\x00",
        b"&\xef\xbb\xbf=",
    )
    kinds = [f"{FORM}; charset=utf-8", FORM.upper(), f"{FORM};", f" {FORM}", f"{FORM}; charset=cp1251"]
    length = len(body)
    lengths = ["", "0", "-1", "+5", "x", "٣", length - 1, length // 2, length + 9, "9" * 20, f"0{length}", f"{length} "]
    odd: list[Environ] = [{"CONTENT_TYPE": kind} for kind in (*kinds, "", "text/plain", "application/json")]
    odd += [{"CONTENT_LENGTH": str(text)} for text in lengths]
    odd += [{"CONTENT_LENGTH": str(text), "wsgi.input_terminated": True} for text in ("", length, length + 9)]
    odd += [_of(multipart) | {"CONTENT_TYPE": f"multipart/form-data; boundary={mark}"} for mark in ("x", "y", "")]
    odd += [_of(body + end) for end in ends]
    return st.sampled_from(odd).map(lambda changes: _of(body) | {"CONTENT_TYPE": FORM} | changes)


def _written(pairs: Pairs) -> bytes:
    return urlencode(pairs, errors="surrogatepass").encode()


def _of(body: bytes) -> Environ:
    return {"CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body)}


METHODS = ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "get", "PROPFIND")


def put(sites: Sites, q: Questionnaire, **changes: Any) -> WaveView:
    """Let both sites ask a questionnaire in two waves."""
    view = WaveView(WAVE, "resident", True, False, compile_questionnaire(q), frozenset(CITIES))
    sites.waves.update({WAVE: replace(view, **changes), OTHER: replace(view, code=OTHER)})
    return sites.waves[WAVE]


def asking(method: str, path: str, cookies: Pairs, **changes: Any) -> Environ:
    """Make the environment of a request."""
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "survey.example",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "203.0.113.7",
        "HTTP_HOST": "survey.example",
        "HTTP_COOKIE": ";".join(f"{name}={value}" for name, value in cookies),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.version": (1, 0),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    } | changes


def tokens(app: Flask) -> tuple[str, str]:
    """Give the token of this browser's session, and that of another."""
    with app.app_context():
        return token_of(MINE), token_of(FOREIGN)


ODD = ("nothing", "path", "query", "cookies", "encoding", "headers", "method", "form", "travel", "wave", "all")
"""What may be out of the ordinary about a request."""


@st.composite
def requests(draw: st.DrawFn, sites: Sites) -> Environ:
    """Draw a wave, somebody on the way through it, and what they ask for; mostly odd in one way."""
    odd = draw(st.sampled_from(ODD))

    def maybe(part: str, strange: st.SearchStrategy[Any], *usual: Any) -> Any:
        return draw(strange if odd in {part, "all"} else st.sampled_from(usual))

    q = draw(st.sampled_from((*SHIPPED, wordy())) | questionnaires())
    draft = draw(drafts_of(q))
    view = put(sites, q, **maybe("wave", st.sampled_from(({"is_open": False}, {"cities": frozenset({"oral"})})), {}))
    on_route = Walk(view, draft, ballots.reopen(draft.ballot)).pages
    page = maybe("path", st.sampled_from(on_route + q.pages), *(on_route or q.pages))
    method = maybe("method", st.sampled_from(METHODS), "GET", "POST")
    holding = sealed(sites.bare, draft), ("survey", signed(sites.bare, csrf_token=MINE))
    cookies = maybe("cookies", browsers(sites.bare, draft), [*holding[0], holding[1]])
    environ = asking(method, maybe("path", paths(page.code), f"/s/{WAVE}/p/{page.code}"), cookies)
    environ["QUERY_STRING"] = maybe("query", st.sampled_from(QUERIES), "", "back=check")
    environ |= maybe("encoding", st.sampled_from(ENCODINGS).map(accepting), accepting(ZSTD))
    token, foreign = tokens(sites.bare)
    if method not in {"GET", "HEAD", "get"} or odd == "travel":
        twists = maybe("form", st.lists(st.sampled_from(TWISTS), min_size=1, max_size=2), [])
        pairs = twisted(draw(fields_of(page, token)), twists, foreign)
        environ |= maybe("travel", travelling(pairs), _of(_written(pairs)) | {"CONTENT_TYPE": FORM})
    environ |= dict(maybe("headers", st.lists(st.sampled_from(HEADERS), min_size=1, max_size=2), []))
    return environ | ({"HTTP_X_CSRFTOKEN": token} if "HTTP_X_CSRFTOKEN" in environ else {})


def accepting(encoding: str | None) -> Environ:
    return {} if encoding is None else {"HTTP_ACCEPT_ENCODING": encoding}


# What comes back.


def said(app: Flask, environ: Environ) -> dict[str, Any]:
    """Give everything an answer says, its seals opened and its random parts taken out."""
    stream = io.BytesIO(environ["wsgi.input"].getvalue())
    pieces, status, headers = run_wsgi_app(app.wsgi_app, {**environ, "wsgi.input": stream}, buffered=True)
    body, cookies = b"".join(pieces), headers.getlist("Set-Cookie")
    headers.remove("Set-Cookie")
    if (encoding := headers.get("Content-Encoding")) and body:
        body = _uncompress_data(body, encoding)
    if encoding or "Location" in headers:  # the site packs one page into more or fewer bytes
        del headers["Content-Length"]
    is_new = any(line.startswith("survey=") for line in cookies)  # a session with a secret of its own
    return {
        "status": status,
        "headers": sorted(headers),
        "cookies": sorted(SEALED.sub("", line) for line in cookies),
        "kept": kept(app, cookies),
        # Nobody reads what stands beside an address that leads on: the lane leaves it out.
        "body": "" if "Location" in headers else TOKEN.sub("new", body.decode()) if is_new else body.decode(),
    }


def kept(app: Flask, cookies: list[str]) -> Draft | None:
    """Open the draft that an answer put into the browser."""
    jar = parse_cookie("; ".join(line.partition(";")[0] for line in cookies))
    with app.app_context():
        return drafts.read_draft(jar, SECRET, WAVE)


@hypothesis.settings(max_examples=350, database=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_lane_answers_as_the_routes_do(sites: Sites, data: st.DataObject) -> None:
    environ = data.draw(requests(sites))
    with_routes = said(sites.bare, environ)  # first, for the lane shows only pages already drawn
    before = sites.passed["on"]
    with_lane = said(sites.laned, environ)
    hypothesis.event(f"{environ['HTTP_COOKIE'].count('draft-')} cookies beside the first")
    hypothesis.event("handed on" if sites.passed["on"] > before else f"by the lane: {with_lane['status']}")
    hypothesis.event(with_routes["status"])
    assert with_lane == with_routes
    assert not with_routes["status"].startswith("5")


# What once differed, or the routes themselves had wrong.


def somebody(sites: Sites) -> tuple[Pairs, str, Pairs]:
    """Give the cookies of somebody who answered, the address of their page, and what its form brings."""
    q = SHIPPED[0]
    view = put(sites, q)
    ballot = ballots.Ballot(WAVE, "almaty", "resident", "open", bytes(16))
    draft = Draft(wave=WAVE, city="almaty", ballot=ballots.mint(bytes(32), ballot), agreed=True)
    page = Walk(view, draft, ballot).pages[0]
    answers = {question.code: question.options[0].code for question in page.questions}
    wishes = (Suggestion(q.areas[0], "Жол"),)
    cookies = sealed(sites.bare, replace(draft, answers=answers, suggestions=wishes))
    form = [("csrf_token", tokens(sites.bare)[0]), *answers.items()]
    return [*cookies, ("survey", signed(sites.bare, csrf_token=MINE))], f"/s/{WAVE}/p/{page.code}", form


def both(sites: Sites, environ: Environ) -> tuple[dict[str, Any], dict[str, Any]]:
    return said(sites.bare, environ), said(sites.laned, environ)


@pytest.mark.parametrize("step", ["page", "suggestions", "more", "consent", "check"])
def test_to_look_at_the_headers_of_a_step_takes_no_answer_back(sites: Sites, step: str) -> None:
    cookies, page, _form = somebody(sites)
    environ = asking("HEAD", page if step == "page" else f"/s/{WAVE}/{step}", cookies)
    for answer in both(sites, environ):
        assert answer["status"] == "200 OK"
        assert answer["cookies"] == []


@pytest.mark.parametrize("accepted", ["x-zstd", "zstdx", "gzip, notzstd", "br zstd", "zst d", "zstd\tbr"])
def test_no_page_is_packed_in_a_way_that_was_not_named(sites: Sites, accepted: str) -> None:
    cookies, page, _form = somebody(sites)
    environ = asking("GET", page, cookies, HTTP_ACCEPT_ENCODING=accepted)
    with_routes, with_lane = both(sites, environ)
    assert with_lane == with_routes


@pytest.mark.parametrize("accepted", ["zstd", "gzip,zstd", ""])
def test_nothing_ordinary_needs_a_route(sites: Sites, accepted: str) -> None:
    cookies, page, form = somebody(sites)
    for environ in (
        asking("GET", page, cookies, HTTP_ACCEPT_ENCODING=accepted),
        asking("POST", page, cookies, CONTENT_TYPE=FORM, **_of(_written(form))),
    ):
        said(sites.bare, environ)
        before = sites.passed["on"]
        said(sites.laned, environ)
        assert sites.passed["on"] == before


def test_a_form_that_broke_off_changes_nothing(sites: Sites) -> None:
    cookies, page, form = somebody(sites)
    body = _written(form)
    broken = _of(body[: body.rindex(b"&")]) | {"CONTENT_LENGTH": str(len(body))}
    for answer in both(sites, asking("POST", page, cookies, CONTENT_TYPE=FORM, **broken)):
        assert answer["status"] == "400 BAD REQUEST"
        assert answer["cookies"] == []
