"""What the values of this tree look like: numbers of formats, what follows from a key, names of what is sealed."""

import re
from typing import Any

from flask import Flask

from app.web import sealed, site
from app.web.resident.cookies import whole
from app.web.resident.phone import payload
from app.web.sealed import unseal
from surveys.ballots import ballots, follow_codes, receipts
from surveys.ballots.ballots import Ballot
from surveys.fieldwork import paper, passes
from surveys.identity import codes, gate
from surveys.questionnaire.routing import area_order
from surveys.responses import intake
from tests.builders.questionnaires import wordy

KEY = bytes(range(32))
WORDS = "Көше жарығы & <аула>"


def numbers() -> dict[str, int]:
    """Give the number of each format that has one."""
    opened = re.findall(r'indexedDB\.open\("survey", (\d+)\)', (site.STATIC / "js" / "store.js").read_text())
    return {
        "ballot": ballots.FORMAT,
        "sealed": sealed.FORMAT,
        "pass": passes.FORMAT,
        "answer on a phone": payload.FORMAT,
        "store of a phone": int(opened[0]),
    }


def computed() -> dict[str, str]:
    """Give what follows from a fixed key for fixed inputs: a change of any of these is a change of a format."""
    ballot = Ballot("wave", "almaty", "resident", "verified", bytes(range(16)))
    code = receipts.withdrawal_code(KEY, ballot)
    response = receipts.response_id(KEY, code)
    wishes = (intake.Suggestion("ctm", WORDS),)
    return {
        "ballot": ballots.mint(KEY, ballot),
        "rotation": " ".join(area_order(wordy(), ballot.seed)),
        "mark of a spent ballot": ballots.spent_mark(ballot),
        "mark of its second use": ballots.spent_mark(ballot, 2),
        "fingerprint of an answer": intake._fingerprint(KEY, ballots.mint(KEY, ballot), b"packed", wishes, 1),
        "withdrawal code": code,
        "code of the second use": receipts.withdrawal_code(KEY, ballot, 2),
        "id of a response": response,
        "receipt": receipts.receipt_of(KEY, response),
        "follow code": follow_codes.follow_code(KEY, ballot, "suggestion 0"),
        "follow code of an open question": follow_codes.follow_code(KEY, ballot, "question hlt_words"),
        "follow code of the second use": follow_codes.follow_code(KEY, ballot, "suggestion 0", 2),
        "mark of a follow code": follow_codes.mark_of("4F7-K90-QX2-MBA"),
        "hash of a contact": gate.contact_hash(KEY, "telephone", "+77011234567"),
        "nonce of a contact": ballots.contact_nonce(KEY, "contact").hex(),
        "what a letter's code is hashed as": codes._peppered(KEY, "1234567890123456"),
        "number of a form": paper._numbered(KEY, 7),
        "ballot of a form": paper.form_ballot(KEY, "wave", "almaty", "resident", "0000-7123-4567"),
        "mark of a pass": passes._mark(KEY, passes._normal("2-abcd-efgh")),
    }


def fields(app: Flask, recorded: dict[str, Any]) -> dict[str, list[str]]:
    """Name what stands in each sealed value and in the body of a phone: another set of names is another format."""
    holders = [recorded[name] for name in ("draft", "done", "sms", "paper")]
    cookies = {cookie["name"]: cookie["value"] for holder in holders for cookie in holder["cookies"]}
    names: dict[str, list[str]] = {}
    with app.app_context():
        for name in ("draft", "draft-text-0", "done", "pending", "stored"):
            opened = unseal(name, whole(cookies, name), life=1) or {}
            inner = [f"{outer}.{each}" for outer, held in opened.items() if isinstance(held, dict) for each in held]
            names[name] = sorted([*opened, *(each for each in inner if not each.startswith("answers."))])
    return names | {"body of a phone": sorted(payload._KNOWN)}
