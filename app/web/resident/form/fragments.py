"""Pages drawn once and split where they differ from reader to reader: a view of one only fills the holes.

Only the templates say how a page looks: a hole is a value like any other to them.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask import render_template
from markupsafe import escape

from app.web.asking.shell import Shell
from app.web.csrf import token
from app.web.language import current_language
from app.web.look.choice import back_address

_EDGE = "\x00"
"""Stands around the name of a hole: no text of ours and no HTML holds it."""


class PageTemplate:
    """A page in one language and one look, without what belongs to one reader."""

    def __init__(self, html: str) -> None:
        """Split a drawn page at its holes."""
        parts = html.split(_EDGE)
        self._texts, self._names = parts[::2], parts[1::2]

    def filled(self, values: Mapping[str, str]) -> str:
        """Join the fragments around the values; a hole without one stays empty."""
        parts = [self._texts[0]]
        for name, text in zip(self._names, self._texts[1:], strict=True):
            parts += (values.get(name, ""), text)
        return "".join(parts)


def hole(name: str) -> str:
    """Give what stands for a value while a page is drawn for splitting."""
    return f"{_EDGE}{name}{_EDGE}"


def step(template: str, wave: str, *, back: bool = True, **context: Any) -> PageTemplate:
    """Draw a step with holes for what `around` fills; the context has its own."""
    shell = Shell(wave, hole("action"), hole("back") if back else None, hole("position"), hole("steps"))
    site = {"csrf_token": lambda: hole("token"), "settings_address": lambda: hole("settings")}
    return PageTemplate(render_template(template, shell=shell, **context, **site))


def around(shell: Shell) -> dict[str, str]:
    """Give what surrounds a step for the reader of this request."""
    return surroundings(shell, token(), back_address())


def surroundings(shell: Shell, form_token: str, here: str) -> dict[str, str]:
    """Give what surrounds a step: the form's token, and the address that leads from the settings back here."""
    return {
        "token": form_token,
        "settings": _settings_address(current_language(), here),
        "action": str(escape(shell.action)),
        "back": str(escape(shell.back or "")),
        "position": str(shell.position),
        "steps": str(shell.steps),
    }


@lru_cache(maxsize=4096)
def _settings_address(language: str, here: str) -> str:
    # As url_for would write it, at a fifth of the cost.
    query = urlencode({"lang": language, "back": here}, safe="!$'()*,/:;?@")
    return str(escape(f"/settings?{query}"))
