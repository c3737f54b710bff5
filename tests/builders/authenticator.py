"""A passkey in software: it answers challenges as a browser and a device do, rightly or wrongly as asked."""

import hashlib
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, encode_cbor

_PRESENT, _VERIFIED, _ELIGIBLE, _BACKED_UP, _ATTESTED = 0x01, 0x04, 0x08, 0x10, 0x40


class Authenticator:
    """One device with one passkey for one site."""

    def __init__(self, host: str = "127.0.0.1", origin: str = "http://127.0.0.1:8001") -> None:
        self.host, self.origin = host, origin
        self.credential_id = secrets.token_bytes(32)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.sign_count = 0
        self.handle = b""
        self.verifies = True
        """Whether the device recognises its owner."""

    def make(self, options: str) -> str:
        """Answer the options of a registration."""
        given = json.loads(options)
        self.handle = base64url_to_bytes(given["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        attested = bytes(16) + len(self.credential_id).to_bytes(2) + self.credential_id + encode_cbor(cose)
        data = self._data(_ATTESTED) + attested
        client = self._client("webauthn.create", given["challenge"])
        attestation = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        return self._json({"clientDataJSON": client, "attestationObject": attestation})

    def answer(self, options: str) -> str:
        """Answer the options of a sign-in or of a step-up."""
        given = json.loads(options)
        data, client = self._data(0), self._client("webauthn.get", given["challenge"])
        signed = data + hashlib.sha256(client).digest()
        signature = self.key.sign(signed, ec.ECDSA(SHA256()))
        parts = {"clientDataJSON": client, "authenticatorData": data, "signature": signature, "userHandle": self.handle}
        return self._json(parts)

    def _data(self, flags: int) -> bytes:
        flags |= _PRESENT | _ELIGIBLE | _BACKED_UP | (_VERIFIED if self.verifies else 0)
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.sign_count.to_bytes(4)

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _json(self, response: dict[str, bytes]) -> str:
        named = bytes_to_base64url(self.credential_id)
        answer: dict[str, Any] = {"id": named, "rawId": named, "type": "public-key"}
        return json.dumps(answer | {"response": {name: bytes_to_base64url(each) for name, each in response.items()}})
