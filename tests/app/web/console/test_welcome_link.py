"""The link of an invitation is an address: whoever keeps addresses must not keep this one."""

import io
import re
import secrets
from pathlib import Path

from flask import Flask

NGINX = Path(__file__).parents[4] / "ops" / "nginx" / "city-opinion.conf"
PLACES = {"request", "uri", "request_uri", "document_uri", "args", "query_string", "http_referer", "remote_addr"}
"""Variables of nginx that hold an address."""


def test_the_console_logs_no_link_and_lets_no_other_site_know_it(console: Flask, lines: io.StringIO) -> None:
    token = secrets.token_urlsafe(32)
    browser = console.test_client()
    for method in ("GET", "POST"):
        answer = browser.open(f"/console/welcome/{token}", method=method)
        assert answer.headers["Referrer-Policy"] in {"same-origin", "no-referrer"}
        assert answer.headers["Cache-Control"] == "no-store"
    assert token not in lines.getvalue()


def test_the_proxy_of_our_own_writes_no_address_into_its_logs() -> None:
    """What each access log writes is a format without addresses; the log of errors, which holds them, is silent."""
    text = NGINX.read_text(encoding="utf-8")
    formats = dict(re.findall(r"log_format\s+(\w+)\s+([^;]+);", text))
    assert {name: sorted(set(re.findall(r"\$(\w+)", form)) & PLACES) for name, form in formats.items()} == {
        "city_opinion": []
    }
    logs = re.findall(r"^\s*access_log\s+([^;]+);", text, re.MULTILINE)
    assert [log for log in logs if log != "off" and log.split()[1] not in formats] == []
    errors = re.findall(r"^\s*error_log\s+\S+\s*(\w*);", text, re.MULTILINE)
    assert (len(logs) >= 3, set(errors)) == (True, {"emerg"})
