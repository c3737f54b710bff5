import io
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from werkzeug.test import EnvironBuilder, TestResponse, run_wsgi_app

from app.config import Settings
from app.web.public import create_public
from app.web.resident.phone.payload import LARGEST
from surveys.ballots import receipts
from surveys.ballots.ballots import Ballot, mint
from surveys.fieldwork import waves
from surveys.models import Response, Wave
from surveys.questionnaire.compiled import compile_questionnaire
from surveys.questionnaire.definition import AREAS, Questionnaire
from surveys.questionnaire.versions import freeze_questionnaire
from surveys.responses import withdrawal
from tests.builders.country import BUSINESSES, RESIDENTS, Country
from tests.builders.payloads import a_payload
from tests.builders.questionnaires import wordy
from tests.builders.words import filed_texts

ID = "0123456789abcdef" * 2


@pytest.fixture
def site(country: Country, settings: Settings) -> Flask:
    return create_public(settings, country.database)


@pytest.fixture
def client(site: Flask) -> FlaskClient:
    return site.test_client()


def put(client: FlaskClient, body: dict[str, Any], name: str = ID) -> TestResponse:
    return client.put(f"/r/{name}", json=body)


def stored(country: Country, table: type = Response) -> int:
    with country.database.reading() as session:
        return session.execute(select(func.count()).select_from(table)).scalar_one()


def change(country: Country, work: Callable[..., object], *arguments: object) -> None:
    with country.database.writing() as session:
        work(session, *arguments)


def test_an_answer_is_stored_and_its_receipt_given(client: FlaskClient, country: Country) -> None:
    answer = put(client, a_payload(country.residents, RESIDENTS, suggestions=[{"area": "ctm", "text": "Жарық керек"}]))
    assert answer.status_code == 201
    assert receipts.read_receipt(answer.json["number"]) == answer.json["number"]
    assert receipts.read_code(answer.json["code"]) == answer.json["code"] == answer.json["receipt"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert (stored(country), filed_texts(country.database, country.keys)) == (1, ["Жарық керек"])
    with country.database.reading() as session:
        row = session.scalars(select(Response)).one()
    assert (row.wave, row.city, row.lang, row.tier, row.channel, row.mode) == (
        RESIDENTS,
        "almaty",
        "kk",
        "open",
        "link",
        "web",
    )
    assert all(row.closed)


def test_an_answer_whose_words_cannot_be_sealed_is_to_be_sent_again(client: FlaskClient, country: Country) -> None:
    key = country.keys / "00000001.envelope-key"
    key.write_bytes(b"short")
    body = a_payload(country.residents, RESIDENTS, suggestions=[{"area": "ctm", "text": "Жарық керек"}])
    refused = put(client, body)
    assert (refused.status_code, refused.json["error"], refused.headers["Retry-After"]) == (503, "retry", "5")
    assert stored(country) == 0
    key.unlink()
    assert put(client, body).status_code == 201


def test_the_longest_answers_in_words_are_taken(client: FlaskClient, country: Country) -> None:
    with country.database.writing() as session:
        version = freeze_questionnaire(session, wordy(), today=country.today)
        session.get_one(Wave, RESIDENTS).version = version
    texts = {f"{area}_t": "\N{GRINNING FACE}" * 500 for area in AREAS}
    wishes = [{"area": area, "text": "\N{GRINNING FACE}" * 500} for area in AREAS[:3]]
    body = a_payload(compile_questionnaire(wordy()), RESIDENTS, suggestions=wishes)
    long_body = json.dumps(body | {"answers": body["answers"] | texts}, ensure_ascii=False)
    assert client.put(f"/r/{ID}", data=long_body, content_type="application/json").status_code == 201
    assert len(filed_texts(country.database, country.keys)) == 15


def test_the_same_again_gets_the_same_receipt_and_other_content_is_refused(
    client: FlaskClient, country: Country
) -> None:
    body = a_payload(country.residents, RESIDENTS)
    first, again = put(client, body), put(client, body)
    assert (again.status_code, again.json) == (200, first.json)
    other = put(client, a_payload(country.residents, RESIDENTS, seed=1))
    assert (other.status_code, other.json["error"]) == (409, "other_content")
    assert stored(country) == 1


def test_the_same_again_after_it_was_taken_back_gets_no_receipt(client: FlaskClient, country: Country) -> None:
    body = a_payload(country.residents, RESIDENTS, lang="en")
    take_back(country, put(client, body).json["code"])
    again = put(client, body)
    assert (again.status_code, stored(country)) == (409, 0)
    assert "taken back" in again.json["message"]


def take_back(country: Country, code: str) -> None:
    with country.database.writing() as session:
        found = withdrawal.find_response(session, country.keys, code)
        assert found
        assert withdrawal.withdraw(session, *found, today=country.today)


def test_a_verified_ballot_is_used_once_more_after_its_answer_was_taken_back(
    client: FlaskClient, country: Country
) -> None:
    ballot = mint(country.key, Ballot(RESIDENTS, "almaty", "resident", "verified", bytes.fromhex(ID)))
    body = a_payload(country.residents, RESIDENTS, ballot=ballot)
    first = put(client, body)
    take_back(country, first.json["code"])
    other = a_payload(country.residents, RESIDENTS, seed=1, ballot=ballot)
    second, again = put(client, other), put(client, other)
    assert (first.status_code, second.status_code, again.status_code) == (201, 201, 200)
    assert second.json == again.json != first.json
    assert put(client, body).status_code == 409
    take_back(country, second.json["code"])
    assert (put(client, other).status_code, put(client, body).status_code, stored(country)) == (409, 409, 0)


def test_one_phone_answers_two_waves_under_two_ids(client: FlaskClient, country: Country) -> None:
    assert put(client, a_payload(country.residents, RESIDENTS)).status_code == 201
    assert put(client, a_payload(country.businesses, BUSINESSES), "f" * 32).status_code == 201
    assert stored(country) == 2


def test_an_answer_that_waited_is_taken_after_the_wave_closed(client: FlaskClient, country: Country) -> None:
    change(country, waves.close_wave, RESIDENTS)
    assert put(client, a_payload(country.residents, RESIDENTS)).status_code == 201


def test_a_frozen_wave_takes_nothing(client: FlaskClient, country: Country) -> None:
    body = a_payload(country.residents, RESIDENTS)
    assert put(client, body).status_code == 201
    change(country, waves.close_wave, RESIDENTS)
    change(country, waves.freeze_wave, RESIDENTS, country.keys)
    answer = put(client, a_payload(country.residents, RESIDENTS, lang="ru"), "f" * 32)
    assert (answer.status_code, answer.json) == (
        410,
        {"error": "closed", "message": "Этот опрос больше не принимает ответы."},
    )
    assert stored(country) == 1


def test_an_invited_wave_asks_for_the_ballot_of_that_very_person(client: FlaskClient, country: Country) -> None:
    change(country, lambda session: setattr(session.get(Wave, RESIDENTS), "gate_names", "code"))
    nonce = bytes.fromhex(ID)
    ballot = mint(country.key, Ballot(RESIDENTS, "almaty", "resident", "verified", nonce))
    body = a_payload(country.residents, RESIDENTS)
    assert put(client, body).status_code == 403
    for forged in (
        "",
        "AAAA",
        "ә",
        mint(b"x" * 32, Ballot(RESIDENTS, "almaty", "resident", "verified", nonce)),
        mint(country.key, Ballot(RESIDENTS, "almaty", "resident", "verified", b"another nonce...")),
        mint(country.key, Ballot(RESIDENTS, "astana", "resident", "verified", nonce)),
        mint(country.key, Ballot(BUSINESSES, "almaty", "business", "verified", nonce)),
    ):
        assert put(client, body | {"ballot": forged}).status_code == 403, forged
    assert put(client, body | {"ballot": ballot}).status_code == 201
    with country.database.reading() as session:
        assert session.scalars(select(Response.tier)).all() == ["verified"]


def _reworded(q: Questionnaire, **changes: Any) -> Questionnaire:
    title = replace(q.pages[0], title=q.pages[0].title._replace(en="Another title"))
    return replace(q, version=q.version + 1, pages=(title, *q.pages[1:]), **changes)


def test_another_wording_of_the_same_questions_is_taken(client: FlaskClient, country: Country) -> None:
    q = _reworded(country.residents.questionnaire)
    with country.database.writing() as session:
        digest = freeze_questionnaire(session, q, today=country.today)
    assert put(client, a_payload(country.residents, RESIDENTS, version=digest)).status_code == 201
    with country.database.reading() as session:
        assert session.scalars(select(Response.version)).all() == [digest]


@pytest.mark.parametrize("version", ["other questions", "another questionnaire", "unknown"])
def test_other_questions_are_refused(client: FlaskClient, country: Country, version: str) -> None:
    q = country.residents.questionnaire
    shorter = replace(q, version=q.version + 1, pages=q.pages[1:])
    with country.database.writing() as session:
        digests = {
            "other questions": freeze_questionnaire(session, shorter, today=country.today),
            "another questionnaire": country.businesses.questionnaire.digest(),
            "unknown": "0" * 64,
        }
    answer = put(client, a_payload(country.residents, RESIDENTS, version=digests[version]))
    assert answer.status_code == 422
    assert answer.json["problems"] == [{"question": "", "reason": "version"}]
    assert stored(country) == 0


WRONG: list[tuple[dict[str, Any], int, str]] = [
    ({"wave": "nowhere"}, 404, "no_such_survey"),
    ({"wave": "../../etc"}, 404, "no_such_survey"),
    ({"city": "paris"}, 404, "no_such_survey"),
    ({"consent": "0"}, 422, "consent"),
    ({"answers": {"ctm_online": "sometimes"}}, 422, "answers"),
    ({"answers": {"none_of_ours": "yes"}}, 422, "answers"),
    ({"answers": []}, 400, "answers"),
    ({"lang": "de"}, 400, "lang"),
    ({"lang": None}, 400, "lang"),
    ({"extra": "ctm"}, 400, "extra"),
    ({"suggestions": [{"area": "ctm"}]}, 400, "suggestions"),
    ({"suggestions": [{"area": "ctm", "text": "а" * 501}]}, 422, "suggestions"),
    ({"suggestions": [{"area": "paris", "text": "а"}]}, 422, "suggestions"),
    ({"channel": "Posters!"}, 400, "channel"),
    ({"seconds": 1.5}, 400, "seconds"),
    ({"ballot": 1}, 400, "ballot"),
    ({"honey": 1}, 400, "honey"),
    ({"more": 1}, 400, "unknown_key"),
    ({"honey": "x" * 33_000}, 413, "request_entity_too_large"),
]


@pytest.mark.parametrize(("changes", "status", "word"), WRONG, ids=[str(case[0])[:40] for case in WRONG])
def test_what_is_wrong_is_said_and_nothing_is_stored(
    client: FlaskClient, country: Country, changes: dict[str, Any], status: int, word: str
) -> None:
    answer = put(client, a_payload(country.residents, RESIDENTS) | changes)
    assert (answer.status_code, answer.json["error"]) == (status, word)
    assert answer.json["message"]
    assert stored(country) == 0


@pytest.mark.parametrize("name", ["0", "F" * 32, "g" * 32, "0" * 33])
def test_an_id_that_no_phone_makes_is_refused(client: FlaskClient, country: Country, name: str) -> None:
    assert put(client, a_payload(country.residents, RESIDENTS), name).status_code == 400


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'{"a": 1, "a": 1}', b"\xff", b"[" * 9000, b'{"wave": NaN}', b'{"wave": "\\ud800"}'],
)
def test_what_is_not_an_object_of_json_is_refused(client: FlaskClient, body: bytes) -> None:
    assert client.put(f"/r/{ID}", data=body, content_type="application/json").status_code == 400


@pytest.mark.parametrize("length", ["-1", "+2", "x", "٣", "9" * 5000])
def test_a_length_that_is_none_is_refused(client: FlaskClient, length: str) -> None:
    body = {"data": b"{}", "content_type": "application/json"}
    refused = client.put(f"/r/{ID}", **body, environ_overrides={"CONTENT_LENGTH": length})
    assert (refused.status_code, refused.json["error"]) == (400, "not_json")


def test_a_form_of_another_site_cannot_send(client: FlaskClient, country: Country) -> None:
    body = json.dumps(a_payload(country.residents, RESIDENTS))
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        assert client.put(f"/r/{ID}", data=body, content_type=kind).status_code == 415
    assert client.post(f"/r/{ID}", json={}).status_code in {400, 405}
    assert stored(country) == 0


def test_when_the_database_fails_the_phone_is_asked_to_try_again(client: FlaskClient, country: Country) -> None:
    body = a_payload(country.residents, RESIDENTS)
    with country.database.writing() as session:
        session.execute(text("ALTER TABLE spent_ballot RENAME TO gone"))
    answer = put(client, body)
    assert (answer.status_code, answer.json["error"]) == (503, "retry")
    assert answer.headers["Retry-After"]
    with country.database.writing() as session:
        session.execute(text("ALTER TABLE gone RENAME TO spent_ballot"))
    assert put(client, body).status_code == 201
    assert stored(country) == 1


def test_a_body_without_a_length_is_refused_and_never_cut(client: FlaskClient, country: Country) -> None:
    whole = json.dumps(a_payload(country.residents, RESIDENTS)).encode()
    environ = EnvironBuilder(path=f"/r/{ID}", method="PUT", content_type="application/json").get_environ()
    environ.pop("CONTENT_LENGTH", None)
    # As Granian hands over a body sent in chunks.
    environ |= {"wsgi.input": io.BytesIO(whole + b" " * LARGEST), "wsgi.input_terminated": True}
    body, status, _headers = run_wsgi_app(client.application, environ)
    assert (status[:3], json.loads(b"".join(body))["error"], stored(country)) == ("411", "length", 0)
