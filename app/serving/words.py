"""What the server itself says to whoever sent too slowly or too much: in three languages, for it knows no other."""

from gettext import translation
from pathlib import Path

TRANSLATIONS = Path(__file__).parents[2] / "translations"


def _l(message: str) -> str:
    """Mark a text for the catalogues."""
    return message


_SENTENCES = {
    408: _l("The request took too long to arrive and nothing was stored. Go back and send it again."),
    431: _l("The text sent is too large"),
}


def refusals() -> dict[int, bytes]:
    """Give the whole answer of each refusal, head and text; the connection ends with it."""
    catalogues = [translation("messages", TRANSLATIONS, [language]) for language in ("kk", "ru")]
    texts = {
        status: "\n".join([*(each.gettext(text) for each in catalogues), text, ""]).encode()
        for status, text in _SENTENCES.items()
    }
    return {status: _head(status, text) + text for status, text in texts.items()}


def _head(status: int, text: bytes) -> bytes:
    phrase = {408: "Request Timeout", 431: "Request Header Fields Too Large"}[status]
    lines = (
        f"HTTP/1.1 {status} {phrase}",
        "content-type: text/plain; charset=utf-8",
        f"content-length: {len(text)}",
        "cache-control: no-store",
        "x-content-type-options: nosniff",
        "connection: close",
    )
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode()
