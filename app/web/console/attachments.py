"""Files that are to be saved, and not opened in the browser."""

from collections.abc import Callable
from typing import TypeVar

from flask import Response

from app.web.console.services import services

Made = TypeVar("Made")

TYPES = {
    "csv": "text/csv",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "yaml": "application/yaml",
}


def in_turn(work: Callable[[], Made]) -> Made:
    """Have a child write a workbook, or read one, when it is this request's turn; raises BusyError, which is a 503."""
    with services().books.slot():
        return work()


def attachment(content: bytes, name: str) -> Response:
    """Answer with a file under a name of ours, whose ending says what it is."""
    response = Response(content, mimetype=TYPES[name.rpartition(".")[2]])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
