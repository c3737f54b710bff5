"""Files that are to be saved, and not opened in the browser."""

from flask import Response

TYPES = {
    "csv": "text/csv",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "yaml": "application/yaml",
}


def attachment(content: bytes, name: str) -> Response:
    """Answer with a file under a name of ours, whose ending says what it is."""
    response = Response(content, mimetype=TYPES[name.rpartition(".")[2]])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
