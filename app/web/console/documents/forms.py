"""The form of a document, and the reason why one is withdrawn."""

from datetime import date
from typing import Any

from werkzeug.datastructures import ImmutableMultiDict
from wtforms import BooleanField, DateField, SelectField, StringField, TextAreaField, URLField
from wtforms.validators import Optional

from app.initiatives.documents import DOCUMENT_FIELDS, LONGEST_BODY, LONGEST_TITLE, TypedDocument
from app.initiatives.keeping import LONGEST_ADDRESS
from app.initiatives.models import CityDocument
from app.web.console.initiatives.forms import FaultyForm
from app.web.initiatives.words import DOCUMENT_KINDS
from app.web.language import _, _l

_TITLE, _BODY = {"maxlength": LONGEST_TITLE}, {"maxlength": LONGEST_BODY}


class DocumentForm(FaultyForm):
    """What is told of a document."""

    kind = SelectField(_l("Kind of document"), validate_choice=False)
    title_kk = StringField(_l("Title in Kazakh"), render_kw=_TITLE)
    title_ru = StringField(_l("Title in Russian"), render_kw=_TITLE)
    title_en = StringField(_l("Title in English"), render_kw=_TITLE)
    document_day = DateField(_l("Day of the document"), [Optional()])
    address = URLField(_l("Address"), render_kw={"maxlength": LONGEST_ADDRESS, "placeholder": "https://"})
    until_year = StringField(_l("Last year that it plans for"), render_kw={"inputmode": "numeric", "maxlength": 4})
    is_approved = BooleanField(_l("It was approved"))
    approved_on = DateField(_l("Day of the approval"), [Optional()])
    approved_by_kk = StringField(_l("Body that approved it, in Kazakh"), render_kw=_BODY)
    approved_by_ru = StringField(_l("Body that approved it, in Russian"), render_kw=_BODY)
    approved_by_en = StringField(_l("Body that approved it, in English"), render_kw=_BODY)
    decision = StringField(_l("Number of the decision"), render_kw={"maxlength": 80})
    replaces = SelectField(_l("It takes the place of"), validate_choice=False)

    def typed(self) -> TypedDocument:
        """Give what was typed; a day that cannot be read is none."""
        texts = {name: str(self[name].data or "") for name in DOCUMENT_FIELDS if name not in _NO_TEXT}
        return TypedDocument(
            texts=texts,
            document_day=_day(self.document_day.data),
            approved_on=_day(self.approved_on.data),
            is_approved=bool(self.is_approved.data),
        )


class WithdrawalForm(FaultyForm):
    """Why a released document is withdrawn."""

    reason_kk = TextAreaField(_l("Reason in Kazakh"), render_kw={"rows": 2, "maxlength": 400})
    reason_ru = TextAreaField(_l("Reason in Russian"), render_kw={"rows": 2, "maxlength": 400})


_NO_TEXT = frozenset({"document_day", "approved_on", "is_approved"})


def make_document_form(
    others: list[CityDocument],
    row: CityDocument | None = None,
    typed: ImmutableMultiDict[str, str] | None = None,
) -> DocumentForm:
    """Make the form with what is stored, or with what somebody has typed instead; `others` may be replaced."""
    form = DocumentForm(typed, data=None if typed or row is None else _stored(row))
    form.kind.choices = [("", _("please choose")), *((kind, str(words)) for kind, words in DOCUMENT_KINDS.items())]
    form.replaces.choices = [("", _("none"))]
    form.replaces.choices += [(str(each.id), f"{DOCUMENT_KINDS[each.kind]}: {each.title_kk}"[:120]) for each in others]
    return form


def _stored(row: CityDocument) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(row, name) for name in DOCUMENT_FIELDS}
    return values | {name: "" if values[name] is None else str(values[name]) for name in ("until_year", "replaces")}


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None
