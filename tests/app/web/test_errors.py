"""Pages of refusal: in the language asked for, and with the way to the other two."""

import pytest
from flask import Flask

from surveys.languages import LANGUAGES
from tests.builders.country import RESIDENTS


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", ["/{}/nothing", "/s/none?lang={}", "/s/a/b/c?lang={}"])
def test_a_page_that_is_not_there_says_so_in_the_language_asked_for(public: Flask, address: str, language: str) -> None:
    page = public.test_client().get(address.format(language))
    assert page.status_code == 404
    assert f'<html lang="{language}">' in page.text


def test_a_missing_page_leads_to_itself_in_the_other_languages(public: Flask) -> None:
    client = public.test_client()
    assert 'href="/ru/nothing/at/all" lang="ru"' in client.get("/kk/nothing/at/all").text
    assert 'href="?lang=ru" lang="ru"' in client.get("/s/none").text


def test_what_was_posted_is_not_repeated_by_a_link(public: Flask) -> None:
    refused = public.test_client().post(f"/s/{RESIDENTS}", data={"city": "almaty"})
    assert refused.status_code == 400
    assert "hreflang" not in refused.text


@pytest.mark.parametrize(
    "address", [f"/s/{RESIDENTS}", f"/s/{RESIDENTS}/p/ctm", "/s/withdraw", "/settings", "/nothing"]
)
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_form_too_long_to_be_read_is_refused_with_a_page(public: Flask, address: str, kind: str) -> None:
    public.testing = False  # as it is served: what escapes the site's own pages would be raised here all the same
    refused = public.test_client().post(f"{address}?lang=en", data=b"a=" + b"x" * 70_000, content_type=kind)
    assert refused.status_code in {404, 413}
    assert '<html lang="en">' in refused.text
    assert "Content-Security-Policy" in refused.headers


def test_a_form_that_broke_off_is_refused_with_a_page(public: Flask) -> None:
    public.testing = False
    form = {"data": b"city=al", "content_type": "application/x-www-form-urlencoded"}
    refused = public.test_client().post(f"/s/{RESIDENTS}?lang=en", **form, environ_overrides={"CONTENT_LENGTH": "99"})
    assert refused.status_code == 400
    assert '<html lang="en">' in refused.text
    assert refused.headers["Cache-Control"] == "no-store"
