"""The client of the sign-in provider, where one is set."""

from typing import Any

from flask import Flask

from app.identity.settings import IdentitySettings

_TIMEOUT = 10


def make_provider(app: Flask, settings: IdentitySettings) -> Any:
    """Make the client; its addresses and keys are read when somebody first signs in. None where no provider is set."""
    if not settings.oidc_issuer:
        return None
    from authlib.integrations.flask_client import OAuth  # noqa: PLC0415 - memory that only a sign-in provider is worth

    return OAuth(app).register(
        name="provider",
        client_id=settings.oidc_client,
        client_secret=settings.oidc_secret,
        server_metadata_url=f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": settings.oidc_scope,
            "code_challenge_method": "S256",
            "default_timeout": _TIMEOUT,
        },
    )
