"""Values longer than a cookie: laid into several and put together again, or not there at all."""

import pytest
from flask import Flask, Response
from werkzeug.http import dump_cookie, parse_cookie

from app.web.resident import cookies

LENGTHS = [1, 3799, 3800, 3801, 7600, 7601, 60_000]
VALUE = "0123456789abcdefghijklmnopqrstuvwxyz_-=" * 2000


def cookies_after(app: Flask, value: str, before: dict[str, str]) -> dict[str, str]:
    """Give what a browser holds after a value was kept, on top of what it held before."""
    response = Response()
    with app.test_request_context(headers={"Cookie": "; ".join(f"{name}={text}" for name, text in before.items())}):
        cookies.keep(response, "draft", value, path="/s/wave", max_age=60)
    lines = response.headers.getlist("Set-Cookie")
    assert max(len(line.partition(";")[0]) for line in lines) <= 4096
    return before | {name: text for line in lines for name, text in parse_cookie(line.partition(";")[0]).items()}


@pytest.mark.parametrize("length", LENGTHS)
def test_a_value_of_any_length_comes_back(public: Flask, length: int) -> None:
    assert cookies.whole(cookies_after(public, VALUE[:length], {}), "draft") == VALUE[:length]


@pytest.mark.parametrize("length", LENGTHS)
def test_what_a_longer_value_left_over_spoils_no_shorter_one(public: Flask, length: int) -> None:
    jar = cookies_after(public, VALUE, {})
    assert cookies.whole(cookies_after(public, VALUE[:length], jar), "draft") == VALUE[:length]


@pytest.mark.parametrize("missing", ["draft", "draft-1", "draft-15"])
def test_a_value_with_a_part_missing_is_not_there(public: Flask, missing: str) -> None:
    jar = cookies_after(public, VALUE[:60_000], {})
    del jar[missing]
    assert cookies.whole(jar, "draft") is None


@pytest.mark.parametrize("first", ["~x", "x~y", "999~x", "-1~x", "99~x", "\u0663~x"])
def test_a_count_that_cannot_be_is_no_value_that_opens(first: str) -> None:
    assert cookies.whole({"draft": first}, "draft") in {None, first}


def test_forgetting_removes_every_part_and_nothing_else(public: Flask) -> None:
    jar = cookies_after(public, VALUE[:60_000], {}) | {"draft-text-0": "x", "done": "y"}
    response = Response()
    header = "; ".join(dump_cookie(name, text).partition(";")[0] for name, text in jar.items())
    with public.test_request_context(headers={"Cookie": header}):
        cookies.forget(response, "draft", path="/s/wave")
    removed = {line.partition("=")[0] for line in response.headers.getlist("Set-Cookie")}
    assert removed == set(jar) - {"draft-text-0", "done"}
