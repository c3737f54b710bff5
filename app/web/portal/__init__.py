"""The portal: the published rating, cookieless and cacheable."""

from flask import Flask


def register(app: Flask) -> None:
    """Put the portal under /kk, /ru and /en."""
