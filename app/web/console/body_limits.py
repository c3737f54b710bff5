"""How much of a request is read, by who sends it: reading megabytes of fields takes seconds and half a gigabyte."""

from flask import request
from sqlalchemy.exc import SQLAlchemyError

from app.accounts import sessions
from app.web import site
from app.web.console import access

FORM = 2 * 1024 * 1024
"""Bytes of a form without its files: a draft of 200,000 letters, six bytes each on their way, and what is around it."""

OF_NOBODY = 64 * 1024
"""Bytes of a request of somebody who is not known: an e-mail, a password, a code. The server reads no more of them."""


def is_of_known() -> bool:
    """Tell whether this request comes from a browser that has a session, or had one: what was typed there is kept."""
    token = access.token_of_request()
    try:
        with site.database().reading() as rows:
            return bool(token) and sessions.owner_of(rows, token) is not None
    except SQLAlchemyError:  # the page that says so needs no body
        return False


def allow_little() -> None:
    """Let as much of this request be read as somebody needs who is not known yet."""
    request.max_content_length = OF_NOBODY


def is_too_much() -> bool:
    """Tell whether this request brings more than is read of somebody who is not known: a file, mostly."""
    return (request.content_length or 0) > OF_NOBODY


def allow_form() -> None:
    """Let as much of this request be read as a form of somebody who is known may have, and its files."""
    has_files = request.mimetype == "multipart/form-data"
    request.max_content_length = None if has_files else FORM  # None: what the console takes at most
    request.max_form_memory_size = FORM
