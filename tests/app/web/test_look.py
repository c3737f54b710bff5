"""The version for low vision: three settings in one cookie, on every page, without a loss and without a trap."""

import re
from html import unescape

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.app.web.resident.walker import Walker
from tests.builders.country import RESIDENTS

NAMES = {"kk": "Нашар көретіндерге арналған нұсқа", "ru": "Версия для слабовидящих", "en": "Version for low vision"}
LARGE = {"look-text": "200", "look-spacing": "wide", "look-scheme": "yellow", "look-save": ""}
PAGES = ("/kk/", "/kk/data", "/kk/nothing", "/s/?lang=kk", f"/s/{RESIDENTS}?lang=kk", "/settings?lang=kk")


def second_target(page: str) -> str:
    """Give the second thing the Tab key reaches, as markup; the skip link is the first."""
    body = page.partition("<body>")[2]
    reached = [tag for tag in re.findall(r"<(?:a|button)\b.*?</(?:a|button)>", body) if 'tabindex="-1"' not in tag]
    return str(reached[1])


@pytest.mark.parametrize("path", PAGES)
def test_it_is_the_second_thing_on_every_page(public: Flask, path: str) -> None:
    page = public.test_client().get(path).text
    assert NAMES["kk"] in second_target(page)
    assert "/settings?" in second_target(page)


@pytest.mark.parametrize("language", NAMES)
def test_it_speaks_the_language_of_the_page_it_was_opened_from(public: Flask, language: str) -> None:
    client = public.test_client()
    address = re.search(r'href="(/settings[^"]+)"', second_target(client.get(f"/{language}/").text))
    assert address
    page = client.get(address[1].replace("&amp;", "&")).text
    assert f'<html lang="{language}">' in page
    assert NAMES[language] in page
    assert f'href="/{language}/">' in page


@pytest.mark.parametrize("path", PAGES)
def test_what_was_chosen_holds_on_every_page_and_reset_takes_it_back(public: Flask, path: str) -> None:
    client = public.test_client()
    assert 'class="text-200 spaced yellow"' in client.post("/settings", data=LARGE).text
    assert 'class="text-200 spaced yellow"' in client.get(path).text.partition("<head>")[0]
    client.post("/settings", data={"look-reset": ""})
    assert client.get_cookie("look") is None
    assert "class=" not in client.get(path).text.partition("<head>")[0]


def test_the_cookie_holds_the_three_settings_and_nothing_else(public: Flask) -> None:
    client = public.test_client()
    client.post("/settings", data=LARGE)
    cookie = client.get_cookie("look")
    assert cookie
    assert (cookie.value, cookie.path, cookie.http_only, cookie.same_site) == ("200.wide.yellow", "/", True, "Lax")
    assert len(client._cookies) == 1


@pytest.mark.parametrize("value", ["", "200", "200.wide", "999.wide.pink", '200.wide.yellow" onload="x', "." * 4000])
def test_a_cookie_that_means_nothing_changes_nothing(public: Flask, value: str) -> None:
    client = public.test_client()
    client.set_cookie("look", value)
    page = client.get("/kk/")
    assert page.status_code == 200
    assert not {"pink", "text-999", "onload"} & set(re.findall(r"[\w-]+", page.text.partition("<head>")[0]))


@pytest.mark.parametrize(
    "back",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a\r\nb", "", "/" * 3000],
)
def test_the_way_back_leads_nowhere_else(public: Flask, back: str) -> None:
    client = public.test_client()
    for page in (
        client.get("/settings", query_string={"back": back}),
        client.post("/settings", query_string={"back": back}, data=LARGE | {"kept": "1"}),
    ):
        assert page.status_code == 200
        main = page.text.partition("<main")[2]
        targets = re.findall(r' (?:href|action)="([^"]*)"', main)
        assert {target for target in targets if not target.startswith("/settings?")} == {"/"}


def test_a_page_of_the_survey_comes_back_with_what_was_ticked_and_typed(public: Flask) -> None:
    walker = Walker(public.test_client(), RESIDENTS)
    walker.begin()
    address = f"/s/{RESIDENTS}/suggestions"
    walker.go(address)
    opened = re.search(r'formaction="([^"]+)"', second_target(walker.page.text))
    assert opened
    typed = {"area0": "ctm", "text0": "Жарық <керек>\nЖол да"}
    walker.page = walker.post(opened[1].replace("&amp;", "&"), **typed, **LARGE)
    form = re.search(r'<form method="post" action="([^"]+)">(.*?)</form>', walker.page.text, re.DOTALL)
    assert form
    assert form[1] == address
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form[2]))
    assert (fields["area0"], unescape(fields["text0"]), fields["switch"]) == ("ctm", typed["text0"], "kk")
    back = walker.post(form[1], **typed, switch="kk")
    assert back.status_code == 200
    assert "Жарық &lt;керек&gt;" in back.text
    assert 'value="ctm" selected' in back.text
    assert 'class="text-200 spaced yellow"' in back.text


def test_another_site_cannot_change_the_look(public: Flask) -> None:
    client = public.test_client()
    assert client.post("/settings", data=LARGE, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 400
    assert client.get_cookie("look") is None


def varies(page: TestResponse) -> bool:
    return "Cookie" in page.vary


def test_caches_keep_the_portal_for_those_who_chose_nothing_only(public: Flask) -> None:
    client = public.test_client()
    plain = client.get("/kk/")
    assert plain.headers["Cache-Control"] == "public, max-age=60"
    assert "Set-Cookie" not in plain.headers
    client.post("/settings", data=LARGE)
    own = client.get("/kk/", headers={"If-None-Match": plain.headers["ETag"]})
    assert own.status_code == 200
    assert sorted(own.headers["Cache-Control"].split(", ")) == ["max-age=60", "private"]
    # Varying on both, or a browser would show the copy it made before the choice.
    assert varies(plain)
    assert varies(own)
    assert not varies(client.get("/"))
