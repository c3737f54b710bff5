"""Forms of requests and publications."""

from wtforms import Form, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.publishing.models import MOST_REASON
from app.web.language import _l
from surveys.languages import Text3

TOO_LONG = _l("At most 400 characters")
MISSING = _l("Please write why")
_ROWS = {"rows": 3, "maxlength": MOST_REASON}


def _reason(label: str, language: str) -> TextAreaField:
    return TextAreaField(
        label,
        [InputRequired(MISSING), Length(max=MOST_REASON, message=TOO_LONG)],
        render_kw=_ROWS | {"lang": language},
    )


class ApproveForm(Form):
    """What was seen, and a note for colleagues."""

    output_digest = HiddenField()
    edition_digest = HiddenField()
    note = TextAreaField(
        _l("Note for colleagues, if you wish"), [Length(max=MOST_REASON, message=TOO_LONG)], render_kw=_ROWS
    )


class ObjectForm(Form):
    """Why it is stopped."""

    reason = TextAreaField(
        _l("Why do you object?"),
        [InputRequired(MISSING), Length(max=MOST_REASON, message=TOO_LONG)],
        render_kw=_ROWS,
    )


class ReasonsForm(Form):
    """One reason in three languages."""

    kk = _reason(_l("In Kazakh"), "kk")
    ru = _reason(_l("In Russian"), "ru")
    en = _reason(_l("In English"), "en")

    def texts(self) -> Text3:
        """Give what was typed."""
        return Text3(str(self.kk.data or ""), str(self.ru.data or ""), str(self.en.data or ""))


class RequestForm(Form):
    """What is asked for: a note, and what the publication corrects, with the reason in three languages."""

    note = TextAreaField(_l("Note for those who approve"), [Length(max=MOST_REASON, message=TOO_LONG)], render_kw=_ROWS)
    corrects = StringField(
        _l("Number of the publication that this one corrects"),
        render_kw={"inputmode": "numeric", "maxlength": 6, "autocomplete": "off"},
    )
    kk = TextAreaField(_l("What is corrected, in Kazakh"), render_kw=_ROWS | {"lang": "kk"})
    ru = TextAreaField(_l("What is corrected, in Russian"), render_kw=_ROWS | {"lang": "ru"})
    en = TextAreaField(_l("What is corrected, in English"), render_kw=_ROWS | {"lang": "en"})

    def number(self) -> int | None:
        """Give the number of the publication that is corrected; None where none was typed, 0 for what is no number."""
        text = str(self.corrects.data or "").strip()
        if not text:
            return None
        return int(text) if text.isdecimal() and len(text) < 10 else 0

    def texts(self) -> Text3:
        """Give what is corrected."""
        return Text3(str(self.kk.data or ""), str(self.ru.data or ""), str(self.en.data or ""))
