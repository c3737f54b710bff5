"""Hostile bodies for PUT, drawn from a seed: wrong types, huge, deep, doubled, unknown, broken. None may be stored."""

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

NAUGHTY = (
    "",
    " ",
    "\x00",
    "\x00\x00yes",
    "\ud800",
    "\udfff\ud800",
    "\u202e\u2066yes",
    "\ufeff",
    "\u200b",
    "е\u0301" * 300,
    "null",
    "None",
    "undefined",
    "NaN",
    "-1",
    "1e309",
    "9" * 400,
    "0x10",
    "' OR 1=1 --",
    '"; DROP TABLE response; --',
    "%(wave)s :wave ? $1",
    "{{ 7 * 7 }}",
    "${7*7} #{7*7} <%= 7 %>",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "../../../../etc/passwd",
    "C:\\nul",
    "=1+1",
    "+cmd|' /C calc'!A0",
    "\r\nSet-Cookie: a=b",
    "Қала\tПікір",
    "ﷺ" * 500,
    "🏳️‍🌈" * 200,
)
"""Strings that break careless programs."""

Body = dict[str, Any]


def hostile_bodies(honest: Body, count: int, seed: int) -> Iterator[bytes]:
    """Spoil an honest body in one way each."""
    draw = random.Random(seed)
    for _ in range(count):
        yield draw.choice(_WAYS)(dict(honest), draw)


def _junk(draw: random.Random) -> Any:
    return draw.choice((None, True, 1, -2.5, 10**30, [], {}, [None], {"a": 1}, [[["x"]]], draw.choice(NAUGHTY)))


def _written(body: Any) -> bytes:
    try:
        return json.dumps(body, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half a surrogate pair has no bytes of its own
        return json.dumps(body).encode()


def _wrong_type(body: Body, draw: random.Random) -> bytes:
    name = draw.choice(["wave", "city", "version", "lang", "consent", "answers", "extra", "suggestions", "ballot"])
    wrong: tuple[Any, ...] = (True, 1, -2.5, 10**30, [None], [[["x"]]], [{}])
    return _written(body | {name: draw.choice(wrong)})


def _missing(body: Body, draw: random.Random) -> bytes:
    del body[draw.choice(["wave", "city", "version", "lang", "consent", "answers"])]
    return _written(body)


def _naughty_name(body: Body, draw: random.Random) -> bytes:
    return _written(body | {draw.choice(["wave", "city", "version", "lang", "consent"]): draw.choice(NAUGHTY)})


def _unknown_question(body: Body, draw: random.Random) -> bytes:
    return _written(body | {"answers": body["answers"] | {draw.choice(NAUGHTY): "yes"}})


def _unknown_option(body: Body, draw: random.Random) -> bytes:
    naughty = draw.choice([text for text in NAUGHTY if text])
    return _written(body | {"answers": body["answers"] | {draw.choice(list(body["answers"])): naughty}})


def _wrong_answer_type(body: Body, draw: random.Random) -> bytes:
    wrong = draw.choice((None, True, 7, 1.5, {}, {"a": "b"}, [None], [1], [["yes"]], ["yes"] * 50))
    return _written(body | {"answers": body["answers"] | {draw.choice(list(body["answers"])): wrong}})


def _doubled_key(body: Body, draw: random.Random) -> bytes:
    name = draw.choice(list(body))
    return f"{{{json.dumps(name)}: {json.dumps(body[name])}, {json.dumps(body)[1:]}".encode()


def _deep(_body: Body, draw: random.Random) -> bytes:
    depth = draw.randrange(1000, 7000)
    return draw.choice((b"[" * depth + b"]" * depth, b'{"a":' * (depth // 3), b'{"answers":' + b"[" * depth))


def _huge(body: Body, draw: random.Random) -> bytes:
    return _written(body | {"honey": "x" * draw.randrange(33_000, 60_000)})


def _broken(body: Body, draw: random.Random) -> bytes:
    whole = _written(body)
    middle = draw.randrange(len(whole))
    return draw.choice(
        (
            whole[:middle],
            whole + b"}",
            b"\xff" + whole,
            whole[:middle] + b"\x00" + whole[middle:],
            b"",
            b"\xef\xbb\xbf" + whole,
        )
    )


def _not_a_number(body: Body, draw: random.Random) -> bytes:
    return _written(body).replace(
        b'"lang"', b'"seconds": ' + draw.choice((b"NaN", b"Infinity", b"-Infinity", b"1e999")) + b', "lang"', 1
    )


def _bad_wish(body: Body, draw: random.Random) -> bytes:
    wishes = (
        [{"area": draw.choice(NAUGHTY), "text": "Жол"}],
        [{"area": "ctm", "text": "а" * draw.randrange(501, 2000)}],
        [{"area": "ctm"}],
        [{"area": "ctm", "text": "а", "more": 1}],
        [{"area": "ctm", "text": _junk(draw)} | {"text": 1}],
        [{"area": "ctm", "text": "а"}] * 4,
        {"area": "ctm", "text": "а"},
    )
    return _written(body | {"suggestions": draw.choice(wishes)})


def _not_an_object(_body: Body, draw: random.Random) -> bytes:
    junk = _junk(draw)
    return _written([junk])


_WAYS: tuple[Callable[[Body, random.Random], bytes], ...] = (
    _wrong_type,
    _missing,
    _naughty_name,
    _unknown_question,
    _unknown_option,
    _wrong_answer_type,
    _doubled_key,
    _deep,
    _huge,
    _broken,
    _not_a_number,
    _bad_wish,
    _not_an_object,
)
