"""Headers that every answer carries."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask

Headers = list[tuple[str, str]]
Application = Callable[..., Iterable[bytes]]

POLICY = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; object-src 'none'; "
        "connect-src 'self'; manifest-src 'self'; worker-src 'self'; font-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_YEAR = 31_536_000


def init_app(app: Flask, *, https: bool) -> None:
    """Add the headers to every answer of a site; HSTS only where its address is HTTPS."""
    policy = dict(POLICY)
    if https:
        policy["Strict-Transport-Security"] = f"max-age={_YEAR}; includeSubDomains"
    app.wsgi_app = _protected(app.wsgi_app, policy, f"{app.static_url_path}/")  # type: ignore[method-assign]


def _protected(served: Application, policy: dict[str, str], static: str) -> Application:
    """Wrap a site from outside, where no view or error handler can forget it; what an answer sets itself stays."""

    def protect(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        # Addresses of static files change with their content (site.asset), so caches may keep them.
        lasting = "v=" in environ.get("QUERY_STRING", "") and environ["PATH_INFO"].startswith(static)

        def start(status: str, headers: Headers, *trouble: Any) -> Any:
            if lasting and status[:3] in {"200", "304"}:
                headers = [header for header in headers if header[0] != "Cache-Control"]
                headers.append(("Cache-Control", f"public, max-age={_YEAR}, immutable"))
            own = {name for name, _value in headers}
            return start_response(status, headers + [item for item in policy.items() if item[0] not in own], *trouble)

        return served(environ, start)

    return protect
