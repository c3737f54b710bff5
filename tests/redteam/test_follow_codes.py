"""A thief of the whole database and of all codes that were given finds from them neither answers nor siblings.

DESK §20 row 23. The thief knows which suggestion each code leads to, as its holder does, and not who holds which.
"""

import hashlib
import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import combinations, pairwise
from typing import Any

import pytest
from sqlalchemy import select

from app.database import Database
from app.models import metadata
from surveys.ballots import follow_codes, receipts
from surveys.ballots.ballots import Ballot
from surveys.ballots.follow_codes import mark_of
from tests.builders.country import Country
from tests.redteam.attackers import orders
from tests.redteam.dumps import Dump, Row, take
from tests.redteam.simulation import PEOPLE, Truth, Ways, take_part
from tests.redteam.test_unlinkable import words as logged
from tests.redteam.test_words import freeze
from tests.redteam.words import attack_words, bound_of

KEY = b"k" * 32
SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
DERIVATIONS: Mapping[str, Callable[[str], str]] = {
    "the code itself": lambda code: code.replace("-", ""),
    "its number": lambda code: f"{number_of(code):x}",
    "sha256": mark_of,
    "sha256 with strokes": lambda code: hashlib.sha256(code.encode()).hexdigest(),
    "sha256 of the mark": lambda code: hashlib.sha256(mark_of(code).encode()).hexdigest(),
    "md5": lambda code: hashlib.md5(code.encode()).hexdigest(),  # noqa: S324 - an attacker may
}
"""What a thief makes of a code, to look for it, or for a beginning of it, in every column."""
SHORTEST = 12
"""Signs that are no accident: of 48 bits, among some ten thousand texts of the dump and as many of a thief's."""


def number_of(code: str) -> int:
    """Read a code as the number that it is."""
    return sum(32**number * SIGNS.index(sign) for number, sign in enumerate(reversed(code.replace("-", ""))))


def with_codes(dump: Dump, codes: Mapping[str, Any]) -> Dump:
    """Write beside each suggestion the code that leads to it: one more thing to sort and to pair by."""
    by_mark = {mark_of(code): code for code in codes}
    rows = [
        replace(row, columns=row.columns | {"code": code}, traces=row.traces | {"number of the code": number_of(code)})
        for row in dump["comment"]
        if (code := by_mark.get(str(row.columns["follow_hash"])))
    ]
    return dump | {"comment": rows}


def leaks(dump: Dump, truth: Truth, logs: str) -> list[str]:
    scores = attack_words(dump, truth.words, logs)
    assert any("number of the code" in score.strategy for score in scores), "sanity check: codes were tried"
    return [f"{score.strategy}: {score.hits} right, luck gives {score.bound}" for score in scores if score.is_leak]


def siblings(dump: Dump, truth: Truth) -> Iterator[str]:
    """Guess that neighbours, in whatever order, were written by one person; name the orders that beat luck."""
    groups: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for row in dump["comment"]:
        groups[tuple(row.columns[name] for name in ("wave", "city", "lang", "month", "released_on"))].append(row)
    tried = {order for rows in groups.values() for order in orders(rows)}
    for order in sorted(tried):
        hits, chances = 0, list[float]()
        for rows in groups.values():
            owners = [truth.words[str(row.columns["text"])] for row in sorted_by(rows, order)]
            same = sum(one == other for one, other in combinations(owners, 2))
            chance = same / max(1, len(owners) * (len(owners) - 1) // 2)
            pairs = list(pairwise(owners))
            hits += sum(one == other for one, other in pairs)
            chances += [chance] * len(pairs)
        if hits > (bound := bound_of(chances, len(tried))):
            yield f"neighbours by {order}: {hits} of one person, luck gives {bound}"


def sorted_by(rows: list[Row], order: str) -> list[Row]:
    return sorted(rows, key=lambda row: (row.traces.get(order, 0), str(row.columns.get(order, ""))))


def everything_stored(database: Database) -> list[str]:
    """Give every text of every table but the marks of codes themselves."""
    found = []
    with database.reading() as session:
        for table in metadata.sorted_tables:
            columns = [column for column in table.columns if column.name != "follow_hash"]
            for row in session.execute(select(*columns)):
                found += [
                    each.hex() if isinstance(each, bytes) else each for each in row if isinstance(each, str | bytes)
                ]
    return found


def derived(codes: Mapping[str, str], known: list[str]) -> list[str]:
    """Name what of a code, made into whatever, begins or ends something that is stored or was given."""
    heads = {text[:SHORTEST].lower() for text in known if len(text) >= SHORTEST}
    tails = {text[-SHORTEST:].lower() for text in known if len(text) >= SHORTEST}
    return [
        f"{name} of {code}"
        for code in codes
        for name, derive in DERIVATIONS.items()
        if (made := derive(code).lower())[:SHORTEST] in heads or made[-SHORTEST:] in tails
    ]


def test_a_thief_with_all_codes_finds_no_answer_no_sibling_no_receipt(
    country: Country, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        truth = take_part(country, PEOPLE, Ways())
        freeze(country)
    assert len(truth.codes) == len(truth.words) > 50
    assert max(list(truth.codes.values()).count(each) for each in set(truth.codes.values())) == 3
    dump = with_codes(take(country.database), truth.codes)
    assert len(dump["comment"]) == len(truth.codes), "sanity check: every code leads to its suggestion"
    logs = logged(country, caplog)
    assert leaks(dump, truth, logs) == []
    assert list(siblings(dump, truth)) == []
    given = [text for each in truth.receipts.values() for text in (each.number, each.code)]
    plain = [text.replace("-", "") for text in given]
    assert derived(truth.codes, [*everything_stored(country.database), *plain, *truth.receipts]) == []
    assert not [code for code in truth.codes if code in logs or code.replace("-", "") in logs]


def test_the_same_thief_finds_codes_that_follow_from_the_answer(country: Country) -> None:
    """Codes that count up within an answer lead from one suggestion to the next, and to the answer."""
    truth = take_part(country, PEOPLE, Ways())
    freeze(country)
    texts: dict[str, list[str]] = defaultdict(list)
    for text, response in truth.words.items():
        texts[response].append(text)
    bad = {
        text: f"{response[:10]}{number:02d}".upper()
        for response, own in texts.items()
        for number, text in enumerate(own)
    }
    dump = take(country.database)
    rows = [replace(row, columns=row.columns | {"code": bad[str(row.columns["text"])]}) for row in dump["comment"]]
    assert any("neighbours by code" in each for each in siblings(dump | {"comment": rows}, truth))
    assert derived({response[:12].upper(): response for response in truth.receipts}, list(truth.receipts))


def test_the_codes_of_one_person_share_no_more_bits_than_those_of_strangers() -> None:
    """Of two independent codes of 60 bits 30 differ in the mean; over n pairs the mean strays by sqrt(15 / n)."""
    ballots = [Ballot("spring", "oral", "resident", "open", number.to_bytes(16)) for number in range(700)]
    differing = []
    for ballot in ballots:
        three = [follow_codes.follow_code(KEY, ballot, f"suggestion {number}") for number in range(3)]
        again = [follow_codes.follow_code(KEY, ballot, f"suggestion {number}") for number in range(3)]
        assert three == again
        secret = receipts.withdrawal_code(KEY, ballot)
        public = receipts.receipt_of(KEY, receipts.response_id(KEY, secret))
        numbers = [number_of(text.replace("-", "")[:12]) for text in (*three, secret, public)]
        differing += [(one ^ other).bit_count() for one, other in combinations(numbers, 2)]
    spread = (15 / len(differing)) ** 0.5
    assert abs(sum(differing) / len(differing) - 30) < 5 * spread
