"""Walks the board as a reader does: from the front page, link by link."""

import re
from collections import deque
from html import unescape
from typing import NamedTuple
from urllib.parse import urldefrag, urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

LANGUAGES = ("kk", "ru", "en")
_LINK = re.compile(r'<a\b[^>]*\bhref="([^"]*)"')
_BOARD = re.compile(r"/(?:kk|ru|en)/said(?:/|\?|$)|/data/said")


class Visited(NamedTuple):
    """A page, feed or file, and how many clicks lead to it."""

    answer: TestResponse
    clicks: int


def crawl(client: FlaskClient, language: str) -> dict[str, Visited]:
    """Visit every address of the board in a language; links of the board alone are followed further."""
    start = f"/{language}/"
    visited = {start: Visited(client.get(start), 0)}
    waiting = deque([start])
    while waiting:
        address = waiting.popleft()
        answer, clicks = visited[address]
        for link in links(answer):
            if link not in visited and is_board(link) and not other_language(link, language):
                visited[link] = Visited(client.get(link), clicks + 1)
                if "html" in visited[link].answer.content_type:
                    waiting.append(link)
    return {address: each for address, each in visited.items() if is_board(address)}


def links(answer: TestResponse) -> list[str]:
    """List where a page leads on this site."""
    found = (urldefrag(unescape(each))[0] for each in _LINK.findall(answer.text))
    return [each for each in dict.fromkeys(found) if each.startswith("/")]


def is_board(address: str) -> bool:
    """Tell whether an address is one of the board."""
    return _BOARD.match(address) is not None


def other_language(address: str, language: str) -> bool:
    """Tell whether an address speaks another language."""
    first = urlsplit(address).path.split("/")[1]
    return first in LANGUAGES and first != language
