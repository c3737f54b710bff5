"""Two people changed the same draft of a document."""

from flask import abort

from app.accounts.models import Staff
from app.initiatives import documents
from app.initiatives.documents import DOCUMENT_FIELDS
from app.initiatives.errors import UnknownDocumentError
from app.initiatives.models import CityDocument
from app.web import site
from app.web.console import conflicts
from app.web.console.conflicts import Other, Side
from app.web.console.documents.forms import DocumentForm


def both(city: str, number: int, form: DocumentForm) -> tuple[str, int]:
    """Show what somebody else has stored meanwhile beside what was typed."""
    with site.database().reading() as session:
        try:
            row = documents.find_document(session, city, number)
        except UnknownDocumentError:
            abort(404)
        writer = session.get_one(Staff, row.written_by).name
    sides = [
        Side(str(form[each].label.text), _text(form[each].data), _text(getattr(row, each))) for each in DOCUMENT_FIELDS
    ]
    page = f"/console/documents/{city}/{number}"
    return conflicts.both(sides, Other(writer, row.changed_at), version=row.version, page=page)


def _side(form: DocumentForm, row: CityDocument, name: str) -> Side:
    return Side(str(form[name].label.text), _text(form[name].data), _text(getattr(row, name)))


def _text(value: object) -> str:
    return "" if value in (None, False) else "✓" if value is True else str(value)
