"""A sign-in provider on loopback whose tokens a test may spoil: in their claims, their head, or their signature."""

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

Claims = dict[str, Any]


def _unsigned(head: Claims, claims: Claims) -> str:
    parts = (base64.urlsafe_b64encode(json.dumps(each).encode()).decode().rstrip("=") for each in (head, claims))
    return ".".join((*parts, ""))


@dataclass
class SigningProvider:
    """What a provider says; change it before somebody signs in."""

    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "ours"}))
    other_key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "ours"}))
    spoil: Callable[[Claims], Claims] = field(default=lambda claims: claims)
    signs: str = "rightly"
    """`rightly`, `with another key`, `not at all`, or `by a key that it brings along`."""
    issuer: str = ""
    """Who it says it is, if not itself."""
    address: str = ""
    nonce: str = ""
    verifier: str = ""

    def metadata(self) -> Claims:
        """Give what is known of the provider."""
        return {
            "issuer": self.issuer or self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def token(self) -> str:
        """Make the token of whoever signs in."""
        now = int(time.time())
        claims = {"iss": self.address, "aud": "city", "sub": "aigerim", "iat": now, "exp": now + 300}
        claims = self.spoil(claims | {"nonce": self.nonce})
        head: Claims = {"alg": "RS256", "kid": "ours"}
        if self.signs == "not at all":
            return _unsigned({"alg": "none"}, claims)
        if self.signs == "by a key that it brings along":
            head |= {"jwk": self.other_key.as_dict(private=False), "jku": f"{self.address}/foreign"}
        return jwt.encode(head, claims, self.key if self.signs == "rightly" else self.other_key)

    def answer(self, path: str, form: dict[str, list[str]]) -> Claims:
        """Answer a request of the site."""
        if path == "/token":
            self.verifier = form.get("code_verifier", [""])[0]
            return {"access_token": "an-access-token", "token_type": "Bearer", "id_token": self.token()}
        if path == "/keys":
            return {"keys": [self.key.as_dict(private=False)]}
        if path == "/foreign":
            return {"keys": [self.other_key.as_dict(private=False)]}
        return self.metadata()

    def sign_in(self, leave: str) -> str:
        """Sign in as a browser sent to an address would; gives the query it comes back with."""
        asked = parse_qs(urlsplit(leave).query)
        self.nonce = asked["nonce"][0]
        return f"code=a-code&state={asked['state'][0]}"


@contextmanager
def running() -> Iterator[SigningProvider]:
    """Run a provider until the block ends."""
    provider = SigningProvider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._give({})

        def do_POST(self) -> None:
            size = int(self.headers.get("Content-Length", "0"))
            self._give(parse_qs(self.rfile.read(size).decode()))

        def _give(self, form: dict[str, list[str]]) -> None:
            body = json.dumps(provider.answer(urlsplit(self.path).path, form)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()
