"""What is compressed, for whom, and what caches may keep of it."""

import gzip

import brotli
import pytest
from backports import zstd
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.web import site
from tests.builders.country import RESIDENTS

READERS = {
    "gzip, deflate, br, zstd": "zstd",
    "gzip, deflate, br": "br",
    "gzip": "gzip",
    "gzip;q=0.5, br;q=0": "gzip",
    "br;q=0.1, gzip": "gzip",
    "*": "zstd",
    "identity": None,
    "": None,
    "zstd;q=0": None,
    "\xff": None,
}
UNPACK = {"gzip": gzip.decompress, "br": brotli.decompress, "zstd": zstd.decompress, None: bytes}


@pytest.fixture
def client(public: Flask) -> FlaskClient:
    return public.test_client()


def fetch(client: FlaskClient, address: str, **headers: str) -> TestResponse:
    """Read an answer whole and let go of the file behind it, as a server does."""
    return client.get(address, headers={name.replace("_", "-"): text for name, text in headers.items()}, buffered=True)


@pytest.mark.parametrize(("accepted", "form"), READERS.items())
def test_a_page_comes_in_the_form_its_reader_likes_best(client: FlaskClient, accepted: str, form: str | None) -> None:
    plain = client.get(f"/s/{RESIDENTS}?lang=en").data
    answer = fetch(client, f"/s/{RESIDENTS}?lang=en", Accept_Encoding=accepted)
    assert answer.headers.get("Content-Encoding") == form
    assert UNPACK[form](answer.data) == plain
    assert answer.headers["Content-Length"] == str(len(answer.data))
    assert "Accept-Encoding" in answer.headers["Vary"]


@pytest.mark.parametrize("path", ["css/site.css", "css/survey.css", "css/portal.css"])
def test_who_takes_gzip_alone_gets_files_compressed_too(client: FlaskClient, path: str) -> None:
    answer = fetch(client, f"/static/{path}", Accept_Encoding="gzip")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.data) == (site.STATIC / path).read_bytes()


def test_pictures_and_short_answers_are_left_as_they_are(client: FlaskClient) -> None:
    for address in ("/static/icon-192.png", "/r/none"):
        assert "Content-Encoding" not in fetch(client, address, Accept_Encoding="gzip").headers


@pytest.mark.parametrize("accepted", ["gzip", "gzip, deflate, br, zstd", "identity"])
def test_a_reader_who_has_a_page_is_told_so_in_the_form_they_have(client: FlaskClient, accepted: str) -> None:
    for address in ("/kk/", "/static/css/site.css", "/s/manifest.webmanifest"):
        first = fetch(client, address, Accept_Encoding=accepted)
        assert first.status_code == 200
        again = fetch(client, address, Accept_Encoding=accepted, If_None_Match=first.headers["ETag"])
        assert (again.status_code, again.data) == (304, b""), address
        assert again.headers["ETag"] == first.headers["ETag"]


def test_forms_of_a_page_have_fingerprints_of_their_own(client: FlaskClient) -> None:
    tags = {
        client.get("/kk/", headers={"Accept-Encoding": form}).headers["ETag"] for form in ("gzip", "br", "identity")
    }
    assert len(tags) == 3


@pytest.mark.parametrize("accepted", ["gzip", "identity"])
@pytest.mark.parametrize("address", ["/kk/", "/static/css/site.css", "/s/worker.js"])
def test_an_answer_that_nothing_changed_varies_as_the_page_did(
    client: FlaskClient, address: str, accepted: str
) -> None:
    first = fetch(client, address, Accept_Encoding=accepted)
    again = fetch(client, address, Accept_Encoding=accepted, If_None_Match=first.headers["ETag"])
    assert again.status_code == 304
    # RFC 9110, 15.4.5: a 304 carries the Vary that the 200 would have had.
    assert again.vary.to_header() == first.vary.to_header()
