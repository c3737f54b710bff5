"""Nobody is let in by what a provider did not sign, for this site, for this browser, just now."""

import base64
import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.identity.settings import IdentitySettings
from surveys.models import Participation
from tests.builders.country import RESIDENTS
from tests.builders.invitations import Visitor, open_gates
from tests.builders.signing_provider import Claims, SigningProvider, running
from tests.conftest import make_site

LEAVE = f"/s/{RESIDENTS}/enter/oidc/leave?city=oral"
ARRIVED, FAILED = f"/s/{RESIDENTS}/enter/oidc/arrive", f"/s/{RESIDENTS}/enter/oidc/failed"

SPOILED: dict[str, Callable[[Claims], Claims]] = {
    "of another provider": lambda claims: claims | {"iss": "https://other.example"},
    "for another site": lambda claims: claims | {"aud": "another"},
    "for several sites by another": lambda claims: claims | {"aud": ["city", "another"], "azp": "another"},
    "of another browser": lambda claims: claims | {"nonce": "another"},
    "of no browser": lambda claims: {name: value for name, value in claims.items() if name != "nonce"},
    "too old": lambda claims: claims | {"exp": int(time.time()) - 3600, "iat": int(time.time()) - 7200},
    "not yet good": lambda claims: claims | {"nbf": int(time.time()) + 3600},
    "without an end": lambda claims: {name: value for name, value in claims.items() if name != "exp"},
    "of nobody": lambda claims: claims | {"sub": ""},
    "of a number": lambda claims: claims | {"sub": 7},
    "for another access token": lambda claims: claims | {"at_hash": "another"},
}


@pytest.fixture
def provider() -> Iterator[SigningProvider]:
    with running() as provider:
        yield provider


@pytest.fixture
def served(sqlite: Database, settings: Settings, clock: FrozenClock, provider: SigningProvider) -> Flask:
    identity = IdentitySettings(oidc_issuer=provider.address, oidc_client="city", oidc_secret="x" * 20)
    app = make_site(sqlite, replace(settings, identity=identity), clock)
    open_gates(app, RESIDENTS, "oidc")
    return app


def come_back(visitor: Visitor, provider: SigningProvider) -> str:
    """Leave for the provider, sign in, and come back; gives where that leads."""
    query = provider.sign_in(visitor.client.get(LEAVE).location)
    return visitor.client.get(f"/s/oidc/back?{query}").location


def admitted(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Participation)) or 0


def test_what_the_provider_signed_for_this_browser_lets_in(
    served: Flask, provider: SigningProvider, sqlite: Database
) -> None:
    visitor = Visitor(served)
    assert come_back(visitor, provider) == ARRIVED
    visitor.client.get(ARRIVED)
    assert admitted(sqlite) == 1


@pytest.mark.parametrize("name", SPOILED)
def test_a_token_that_is_not_for_this_moment_lets_nobody_in(
    served: Flask, provider: SigningProvider, sqlite: Database, name: str
) -> None:
    provider.spoil = SPOILED[name]
    visitor = Visitor(served)
    assert come_back(visitor, provider).startswith(FAILED)
    visitor.client.get(ARRIVED)
    assert admitted(sqlite) == 0


@pytest.mark.parametrize("signs", ["with another key", "not at all", "by a key that it brings along"])
def test_a_token_that_the_provider_did_not_sign_lets_nobody_in(
    served: Flask, provider: SigningProvider, sqlite: Database, signs: str
) -> None:
    provider.signs = signs
    assert come_back(Visitor(served), provider) == FAILED
    assert admitted(sqlite) == 0


def test_a_provider_that_says_it_is_another_is_not_believed(served: Flask, provider: SigningProvider) -> None:
    provider.issuer = "https://other.example"
    provider.spoil = lambda claims: claims | {"iss": "https://other.example"}
    assert Visitor(served).client.get(LEAVE).location == FAILED


def test_what_one_browser_began_no_other_ends(served: Flask, provider: SigningProvider, sqlite: Database) -> None:
    attacker, victim = Visitor(served), Visitor(served)
    query = provider.sign_in(attacker.client.get(LEAVE).location)
    victim.client.get(LEAVE)
    assert victim.client.get(f"/s/oidc/back?{query}").location == FAILED
    assert admitted(sqlite) == 0


def test_a_way_back_is_used_once(served: Flask, provider: SigningProvider) -> None:
    visitor = Visitor(served)
    query = provider.sign_in(visitor.client.get(LEAVE).location)
    assert visitor.client.get(f"/s/oidc/back?{query}").location == ARRIVED
    assert visitor.client.get(f"/s/oidc/back?{query}").status_code == 400


def test_a_stolen_code_is_worth_nothing_without_the_proof_key(served: Flask, provider: SigningProvider) -> None:
    visitor = Visitor(served)
    leave = visitor.client.get(LEAVE).location
    asked = parse_qs(urlsplit(leave).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["response_type"] == ["code"]
    visitor.client.get(f"/s/oidc/back?{provider.sign_in(leave)}")
    digest = hashlib.sha256(provider.verifier.encode()).digest()
    assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == asked["code_challenge"][0]


def test_no_token_reaches_the_browser(served: Flask, provider: SigningProvider) -> None:
    visitor = Visitor(served)
    come_back(visitor, provider)
    kept = "".join(str(cookie.value) for cookie in visitor.client._cookies.values())
    payload = kept + "".join(_opened(part) for part in kept.split("."))
    assert [text for text in ("an-access-token", "id_token", "aigerim") if text in payload] == []


def _opened(part: str) -> str:
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode(errors="ignore")
    except ValueError:
        return ""
