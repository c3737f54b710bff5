"""Feeds of the board: valid Atom, ids that stay, and nothing that was not released."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from app.database import Database
from tests.app.portal.said.crawling import LANGUAGES
from tests.builders.replies import WORDS, make_commitment, make_reply, make_shown, weeks_ago
from tests.builders.staff import TODAY

ATOM = "{http://www.w3.org/2005/Atom}"
XML = "{http://www.w3.org/XML/1998/namespace}"
FEEDS = tuple(f"/said/{each}/feed.atom" for each in ("aktau", "aktau/hcs-roads", "aktau/unsorted", "oral"))
OF_FEED = {"id": 1, "title": 1, "updated": 1, "author": 1, "link": 2}
OF_ENTRY = {"id": 1, "title": 1, "updated": 1, "link": 1, "content": 1}
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def faults(feed: ET.Element) -> Iterator[str]:
    """Say what RFC 4287 does not allow, of what such a feed can be made of."""
    if feed.tag != f"{ATOM}feed":
        yield f"root {feed.tag}"
    entries = feed.findall(f"{ATOM}entry")
    yield from _faults_of(feed, OF_FEED | {"entry": len(entries)})
    ids = [each.findtext(f"{ATOM}id") for each in (feed, *entries)]
    if len(ids) != len(set(ids)):
        yield "an id twice"
    for entry in entries:
        yield from _faults_of(entry, OF_ENTRY)
        content = entry.find(f"{ATOM}content")
        if content is not None and (content.get("type") != "text" or len(content)):
            yield "content that is no text"


def _faults_of(element: ET.Element, expected: dict[str, int]) -> Iterator[str]:
    names = [child.tag.removeprefix(ATOM) for child in element]
    counts = {name: names.count(name) for name in names}
    if counts != {name: n for name, n in expected.items() if n}:
        yield f"{element.tag} has {counts}"
    if not _DATE.fullmatch(element.findtext(f"{ATOM}updated") or ""):
        yield "no moment of change"
    if urlsplit(element.findtext(f"{ATOM}id") or "").scheme != "urn":
        yield "an id that is no address"
    for link in element.findall(f"{ATOM}link"):
        scheme = urlsplit(link.get("href") or "").scheme
        if link.get("rel") not in {"self", "alternate"} or scheme not in {"http", "https"}:
            yield f"link {link.attrib}"
    if element.tag == f"{ATOM}feed" and element.findtext(f"{ATOM}author/{ATOM}name") in {None, ""}:
        yield "no author"


def read(portal: FlaskClient, address: str) -> ET.Element:
    answer = portal.get(address)
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    return ET.fromstring(answer.data)  # noqa: S314 - our own answer


def entries_of(feed: ET.Element) -> dict[str, tuple[str, str, str]]:
    """Give title, day and text by id."""
    return {
        entry.findtext(f"{ATOM}id") or "": (
            entry.findtext(f"{ATOM}title") or "",
            (entry.findtext(f"{ATOM}updated") or "")[:10],
            entry.findtext(f"{ATOM}content") or "",
        )
        for entry in feed.findall(f"{ATOM}entry")
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_is_valid(portal: FlaskClient, path: str, language: str) -> None:
    feed = read(portal, f"/{language}{path}")
    assert list(faults(feed)) == []
    assert feed.get(f"{XML}lang") == language


def test_the_check_sees_what_is_not_valid(portal: FlaskClient) -> None:
    feed = read(portal, "/kk/said/aktau/feed.atom")
    for entry in feed.findall(f"{ATOM}entry")[:2]:
        for child in entry.findall(f"{ATOM}id"):
            child.text = "urn:uuid:1"
    assert list(faults(feed)) == ["an id twice"]
    for child in feed.findall(f"{ATOM}updated"):
        child.text = "2026-11-24"
    assert "no moment of change" in set(faults(feed))


def test_a_feed_holds_each_release_once_the_newest_first(portal: FlaskClient) -> None:
    told = list(entries_of(read(portal, "/en/said/aktau/feed.atom")).values())
    assert [(title.partition(":")[0], day) for title, day, _text in told] == [
        ("The akimat withdrew its reply", weeks_ago(2).isoformat()),
        ("The akimat told how far it is", weeks_ago(2).isoformat()),
        ("The akimat moved the day", weeks_ago(3).isoformat()),
        ("The akimat replied", weeks_ago(3).isoformat()),
        ("The akimat made a promise", weeks_ago(4).isoformat()),
        ("The akimat corrected its reply", weeks_ago(4).isoformat()),
        ("The akimat replied", weeks_ago(5).isoformat()),
    ]


def test_only_what_is_released_changes_a_feed(board: Database, portal: FlaskClient) -> None:
    before = portal.get("/ru/said/aktau/feed.atom")
    with board.writing() as session:
        make_shown(session, "hcs-roads", (80,), text="Новое предложение")
        make_reply(session, theme="hcs-roads", days=(), words=[WORDS])
        make_commitment(session, state="draft", theme="hcs-roads")
    assert portal.get("/ru/said/aktau/feed.atom").data == before.data
    with board.writing() as session:
        make_reply(session, theme="hcs-roads", days=(TODAY,), words=[WORDS])
    after = entries_of(read(portal, "/ru/said/aktau/feed.atom"))
    old = entries_of(ET.fromstring(before.data))  # noqa: S314 - our own answer
    assert {key: value for key, value in after.items() if key in old} == old
    ((title, day, text),) = (value for key, value in after.items() if key not in old)
    assert (title, day, text.strip()) == ("Акимат ответил: Сделано", TODAY.isoformat(), WORDS[1])
    assert read(portal, "/ru/said/aktau/feed.atom").findtext(f"{ATOM}updated") == f"{TODAY}T00:00:00+05:00"


def test_ids_are_those_of_yesterday_and_differ_by_language(portal: FlaskClient) -> None:
    """The ids written here were read once: a reader that keeps them sees nothing twice after an update."""
    kazakh, russian = (list(entries_of(read(portal, f"/{each}/said/aktau/feed.atom"))) for each in ("kk", "ru"))
    assert kazakh[-1] == "urn:uuid:fac481ed-3fe6-5fc9-80cd-46b3ca669da0"
    assert set(kazakh) & set(russian) == set()
    of_theme = set(entries_of(read(portal, "/kk/said/aktau/hcs-roads/feed.atom")))
    assert of_theme == set(kazakh)


def test_signs_that_xml_has_no_place_for_are_left_out(board: Database, portal: FlaskClient) -> None:
    text = "До\x0bпосле & <b> \ufffe"
    with board.writing() as session:
        make_reply(session, theme="hcs-roads", words=[(text, text, text)])
    told = entries_of(read(portal, "/ru/said/aktau/feed.atom"))
    assert any("Допосле & <b> " in text for _title, _day, text in told.values())
