"""Passkeys (WebAuthn): a key pair on a device that has recognised its owner, which is two factors at once.

A challenge is not stored when it is given out, or anybody could fill the database: it carries its time and what it is
for under the installation's key. When it comes back its mark is stored, so that it opens nothing twice.
"""

import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url, parse_client_data_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from app.accounts.errors import FactorError, FactorFault
from app.accounts.models import Passkey, PasskeyChallenge, Staff
from app.accounts.sealing import Keys
from app.audit.journal import Actor, Entry, record
from app.clock import day_of
from surveys.sql import insert_unless_there

LIFE = timedelta(minutes=5)
"""How long a challenge may be answered."""

HANDLE = 64
"""Random bytes by which passkeys know an account."""

_NAME = "Qala pikiri"
_TIME, _RANDOM = 8, 24
"""Bytes of a challenge before its 32 of HMAC-SHA-256."""

_VERIFIED = UserVerificationRequirement.REQUIRED


@dataclass(frozen=True, slots=True, kw_only=True)
class RelyingParty:
    """Whom passkeys are for: the host's name, the origin a browser says, and the installation's keys."""

    host: str
    origin: str
    keys: Keys


def registration_options(session: Session, site: RelyingParty, staff: Staff, at: datetime) -> str:
    """Give what a browser needs to make a passkey for a person, as JSON."""
    own = session.scalars(select(Passkey.credential_id).where(Passkey.staff == staff.id))
    options = generate_registration_options(
        rp_id=site.host,
        rp_name=_NAME,
        user_id=staff.handle,
        user_name=staff.email,
        user_display_name=staff.name,
        challenge=_challenge(site.keys, _making(staff.id), at),
        timeout=int(LIFE.total_seconds() * 1000),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, require_resident_key=True, user_verification=_VERIFIED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(each)) for each in own],
    )
    return str(options_to_json(options))


def add(session: Session, actor: Actor, staff: int, site: RelyingParty, answered: tuple[str, str]) -> None:
    """Keep a passkey, given a browser's (answer as JSON, name of the device); raises FactorError."""
    answer, name = answered
    challenge = take(session, site, answer, _making(staff), actor.at)
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise FactorError(FactorFault.WRONG_PASSKEY) from error
    credential_id = bytes_to_base64url(made.credential_id)
    if session.get(Passkey, credential_id) is not None:
        raise FactorError(FactorFault.KNOWN_PASSKEY)
    passkey = Passkey(
        credential_id=credential_id,
        staff=staff,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        device_type=made.credential_device_type.value,
        backed_up=made.credential_backed_up,
        name=" ".join(name.split())[:80],
        added_on=day_of(actor.at),
        used_on=None,
    )
    session.add(passkey)
    record(session, actor, Entry(event="factor.added", object_kind="staff", object_id=str(staff), detail=_KIND))


def sign_in_options(site: RelyingParty, at: datetime) -> str:
    """Give what a browser needs to show whatever passkeys it has for this site, as JSON."""
    return _options(site, _SIGNING_IN, at, ())


def step_up_options(session: Session, site: RelyingParty, staff: int, at: datetime) -> str:
    """Give what a browser needs to use one of a person's own passkeys again, as JSON."""
    own = session.scalars(select(Passkey.credential_id).where(Passkey.staff == staff)).all()
    return _options(site, _stepping_up(staff), at, own)


def use_to_sign_in(session: Session, site: RelyingParty, answer: str, at: datetime) -> int | None:
    """Tell whose passkey answered; None when it is nobody's who may sign in."""
    passkey = _answered(session, site, answer, _SIGNING_IN, at)
    if passkey is None:
        return None
    staff = session.get_one(Staff, passkey.staff)
    handle = _user_handle(answer)
    return staff.id if staff.active and (handle is None or hmac.compare_digest(handle, staff.handle)) else None


def use_to_step_up(session: Session, site: RelyingParty, staff: int, answer: str, at: datetime) -> bool:
    """Tell whether a passkey of this very person answered."""
    passkey = _answered(session, site, answer, _stepping_up(staff), at)
    return passkey is not None and passkey.staff == staff


def remove(session: Session, actor: Actor, staff: int, credential_id: str) -> None:
    """Forget a passkey of a person; raises FactorError when it is not theirs."""
    own = delete(Passkey).where(Passkey.credential_id == credential_id, Passkey.staff == staff)
    if session.execute(own.returning(Passkey.credential_id)).first() is None:
        raise FactorError(FactorFault.MISSING)
    record(session, actor, Entry(event="factor.removed", object_kind="staff", object_id=str(staff), detail=_KIND))


def count(session: Session, staff: int) -> int:
    """Count the passkeys of a person."""
    return session.execute(select(func.count()).where(Passkey.staff == staff)).scalar_one()


def take(session: Session, site: RelyingParty, answer: str, purpose: str, at: datetime) -> bytes:
    """Use up the challenge an answer carries; raises FactorError when it is not ours, for this, fresh and new."""
    challenge = _challenge_in(answer)
    made_at = _made_at(site.keys, purpose, challenge)
    if made_at is None or not timedelta(0) <= at - made_at <= LIFE:
        raise FactorError(FactorFault.WRONG_PASSKEY)
    session.execute(delete(PasskeyChallenge).where(PasskeyChallenge.expires_at < at))
    values = {"mark": sha256(challenge).hexdigest(), "expires_at": made_at + LIFE}
    statement = insert_unless_there(PasskeyChallenge, tuple(values), None, session.get_bind().dialect.name)
    kept = {"preserve_rowcount": True}
    if session.connection().execute(statement, values, execution_options=kept).rowcount != 1:
        raise FactorError(FactorFault.WRONG_PASSKEY)
    return challenge


_KIND = {"kind": "passkey"}
_SIGNING_IN = "sign in"


def _making(staff: int) -> str:
    return f"make:{staff}"


def _stepping_up(staff: int) -> str:
    return f"step up:{staff}"


def _options(site: RelyingParty, purpose: str, at: datetime, allowed: Any) -> str:
    options = generate_authentication_options(
        rp_id=site.host,
        challenge=_challenge(site.keys, purpose, at),
        timeout=int(LIFE.total_seconds() * 1000),
        allow_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(each)) for each in allowed],
        user_verification=_VERIFIED,
    )
    return str(options_to_json(options))


def _answered(session: Session, site: RelyingParty, answer: str, purpose: str, at: datetime) -> Passkey | None:
    """Give the passkey that answered a challenge; None when the answer is not right.

    Any answer of a passkey that is known uses the challenge up; others write nothing.
    """
    try:
        passkey = session.get(Passkey, str(json.loads(answer)["id"]))
        if passkey is None:
            return None
        challenge = take(session, site, answer, purpose, at)
        verified = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except (FactorError, WebAuthnException, ValueError, KeyError, TypeError):
        return None
    current = update(Passkey).where(
        Passkey.credential_id == passkey.credential_id, Passkey.sign_count == passkey.sign_count
    )
    values = {
        "sign_count": verified.new_sign_count,
        "backed_up": verified.credential_backed_up,
        "used_on": day_of(at),
    }
    if session.execute(current.values(**values).returning(Passkey.credential_id)).first() is None:
        return None
    return passkey


def _challenge(keys: Keys, purpose: str, at: datetime) -> bytes:
    head = int(at.timestamp()).to_bytes(_TIME) + secrets.token_bytes(_RANDOM)
    return head + _signature(keys[0], purpose, head)


def _made_at(keys: Keys, purpose: str, challenge: bytes) -> datetime | None:
    """Give the moment a challenge was made at; None for one that is not ours, or for something else."""
    head, signature = challenge[: _TIME + _RANDOM], challenge[_TIME + _RANDOM :]
    if not any(hmac.compare_digest(_signature(key, purpose, head), signature) for key in keys):
        return None
    return datetime.fromtimestamp(int.from_bytes(head[:_TIME]), UTC)


def _signature(key: str, purpose: str, head: bytes) -> bytes:
    return hmac.digest(key.encode(), b"passkey\x1f" + purpose.encode() + b"\x1f" + head, "sha256")


def _challenge_in(answer: str) -> bytes:
    try:
        data = json.loads(answer)["response"]["clientDataJSON"]
        return parse_client_data_json(base64url_to_bytes(data)).challenge
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise FactorError(FactorFault.WRONG_PASSKEY) from error


def _user_handle(answer: str) -> bytes | None:
    handle = json.loads(answer)["response"].get("userHandle")
    return base64url_to_bytes(handle) if handle else None
