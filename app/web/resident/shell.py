"""Addresses of the survey's pages as a request names them."""

from flask import request, url_for


def here() -> str:
    """Give the address of this request, without a question mark that asks nothing."""
    return request.full_path.rstrip("?")


def entry_url(endpoint: str, wave: str, way: str | None = None) -> str:
    """Give the address of a way into a wave, with the city that this request's address names."""
    return url_for(f"resident.{endpoint}", wave=wave, way=way, city=request.args.get("city"))
