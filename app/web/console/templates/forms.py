"""The form of a template: both languages in one."""

from typing import Any

from werkzeug.datastructures import ImmutableMultiDict
from wtforms import SelectField, StringField, TextAreaField

from app.feedback.reply_templates import LONGEST_NAME, TemplateTerms
from app.feedback.reply_texts import LONGEST
from app.web.console.replies.answer_form import AnswerForm
from app.web.console.replies.words import KINDS
from app.web.console.themes.scope import areas
from app.web.language import _, _l
from surveys.languages import Text3

_TEXT = {"rows": 8, "maxlength": LONGEST}
FIELDS = ("name", "kind", "area", "kk", "ru", "en")


class TemplateForm(AnswerForm):
    """What a template says."""

    name = StringField(_l("Name, for colleagues"), render_kw={"maxlength": LONGEST_NAME})
    kind = SelectField(_l("Kind of reply"), validate_choice=False)
    area = SelectField(_l("Area"), validate_choice=False)
    kk = TextAreaField(_l("Text in Kazakh"), render_kw=_TEXT | {"lang": "kk"})
    ru = TextAreaField(_l("Text in Russian"), render_kw=_TEXT | {"lang": "ru"})
    en = TextAreaField(_l("Text in English"), render_kw=_TEXT | {"lang": "en"})

    def terms(self) -> TemplateTerms:
        """Give what was typed; an area that does not exist is none."""
        area = self.area.data if self.area.data in areas() else None
        text = Text3(self.kk.data or "", self.ru.data or "", self.en.data or "")
        return TemplateTerms(self.kind.data or "", area, self.name.data or "", text)


def make_template_form(
    terms: TemplateTerms | None = None, typed: ImmutableMultiDict[str, str] | None = None
) -> TemplateForm:
    """Make the form with what is stored, or with what somebody has typed instead."""
    form = TemplateForm(typed, data=None if typed or terms is None else texts_of(terms))
    form.kind.choices = [("", _("please choose")), *((code, str(words)) for code, words in KINDS.items())]
    form.area.choices = [("", _("every area")), *areas().items()]
    return form


def texts_of(terms: TemplateTerms) -> dict[str, Any]:
    """Give what a template says by the names of the fields."""
    own = {"name": terms.name, "kind": terms.kind, "area": terms.area or ""}
    return own | {"kk": terms.text.kk, "ru": terms.text.ru, "en": terms.text.en}
