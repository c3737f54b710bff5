"""Opens what a person of the console comes to by links, from the page Today on; a few examples of each kind of address.

A kind is a route with the names of what stands in its query (`as` with its value, for it chooses another form of the
same rows). Filters narrow a list one after another: each is opened alone and beside each other one, and of more at
once only how many they are makes a kind, for all sets of eight filters would be 256 kinds of one list. A workbook is
one kind whatever else stands there: it has the rows of the CSV beside it, and is a second's work of a process of its
own. Cases are thousands, so one of each state in each city is opened beside what links reach.
"""

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import parse_qs, urljoin, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from app.database import Database
from app.indicators.keys import CaseKey
from app.web import site
from tests.app.web.console.conftest import Browser
from tests.builders.statements import statements_of
from tests.effort import by_effort

LINK = re.compile(r'href="([^"#]*)')
BESIDE = by_effort(2, 99)
"""Names in a query of which each set is a kind by itself: at full effort all of them."""
FEW = 3
"""Addresses of each kind that are opened."""


class Opened(NamedTuple):
    """An address that was opened, the route that answered, and what it said."""

    address: str
    endpoint: str
    kind: str
    status: int
    mimetype: str
    body: bytes
    statements: int

    @property
    def is_page(self) -> bool:
        """Whether it is a page that a person reads."""
        return self.status == 200 and self.mimetype == "text/html"


def addresses_of(cases: Iterable[CaseKey]) -> list[str]:
    """Give the addresses of cases, each from where its values are entered and from where they are examined."""
    own = ("values/{}", "values/{}/evidence", "assess/{}", "assess/split/{}")
    return [f"/console/{each.format(case)}" for case in cases for each in own]


def crawl(app: Flask, browser: Browser, starts: Iterable[str] = (), few: int = FEW) -> Iterator[Opened]:
    """Open everything; `starts` are opened all of them, of what links lead to only a few of each kind."""
    database = site.services_of(app).database
    own = dict.fromkeys(["/console/", *starts])
    waiting, seen, opened = list(own), set(own), Counter[str]()
    while waiting:
        address = waiting.pop(0)
        kind = kind_of(app, address)
        if not kind or (address not in own and opened[kind] >= few):
            continue
        opened[kind] += 1
        one = open_one(app, database, browser, address)
        yield one
        found = LINK.findall(one.body.decode()) if one.mimetype == "text/html" else []
        links = (urljoin(address, html.unescape(link)) for link in found)
        fresh = [link for link in links if link.startswith("/console") and link not in seen]
        seen.update(fresh)
        waiting += dict.fromkeys(fresh)


def open_one(app: Flask, database: Database, browser: Browser, address: str) -> Opened:
    """Open one address, and follow it to where it leads on."""
    with statements_of(database) as statements:
        answer = browser.get(address)
    where = f'<a href="{html.escape(_path(answer.location))}">'.encode() if answer.location else b""
    kind = kind_of(app, address)
    endpoint = kind.partition(" ")[0]
    mimetype = "text/html" if where else answer.mimetype or ""
    number = sum(each != "BEGIN" for each in statements)
    one = Opened(address, endpoint, kind, answer.status_code, mimetype, where or answer.data, number)
    answer.close()
    return one


def kind_of(app: Flask, address: str) -> str:
    """Name the kind of an address; empty where no route of the console shows anything there."""
    parts = urlsplit(address)
    try:
        endpoint, _arguments = app.url_map.bind("localhost").match(parts.path, method="GET")
    except RequestRedirect:
        return f"redirect {parts.path}"
    except HTTPException:
        return ""
    query = parse_qs(parts.query, keep_blank_values=True)
    if query.get("as") == ["xlsx"]:
        return f"{endpoint} as=xlsx"
    form = [f"as={query['as'][0]}"] if "as" in query else []
    names = sorted(query.keys() - {"as"})
    filters = names if len(names) <= BESIDE else [f"{len(names)} names"]
    return "" if endpoint in {"static", "asset"} else " ".join([endpoint, *form, *filters])


def _path(location: str | None) -> str:
    return urlsplit(location or "")._replace(scheme="", netloc="").geturl()
