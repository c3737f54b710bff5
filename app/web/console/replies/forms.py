"""The form of a reply: both languages beside each other, what its kind needs, and what it promises."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import request
from werkzeug.datastructures import ImmutableMultiDict
from wtforms import DateField, RadioField, StringField, TextAreaField, URLField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import Optional

from app.feedback.commitment_checks import LONGEST_TITLE, CommitmentTerms
from app.feedback.commitments import promise_of
from app.feedback.placeholders import Filling, filled, has_gaps, values_of
from app.feedback.replies import LONGEST_REASON, SHORTEST_REASON, Writing
from app.feedback.reply_checks import content_of
from app.feedback.reply_models import REPLY_KINDS, Commitment, ReplyText
from app.feedback.reply_texts import EMPTY, LONGEST, LONGEST_ADDRESS, LONGEST_NAME, ReplyContent, ReplyFacts
from app.web.console.replies.answer_form import AnswerForm
from app.web.console.replies.words import KINDS
from app.web.language import _l
from surveys.languages import LANGUAGES, Text3

_TEXT = {"rows": 10, "maxlength": LONGEST}
_NAME, _TITLE = {"maxlength": LONGEST_NAME}, {"maxlength": LONGEST_TITLE}
_ADDRESS = {"maxlength": LONGEST_ADDRESS, "placeholder": "https://"}
FIELDS_OF: Mapping[str, tuple[str, ...]] = {
    "done": ("done_on", "evidence_address"),
    "will_do": ("title_kk", "title_ru", "title_en", "unit_kk", "unit_ru", "due"),
    "being_looked_at": ("next_word_on",),
    "cannot": (),
    "another_body": ("body_name_kk", "body_name_ru", "body_name_en", "body_address"),
}
"""Fields that a kind of reply has beside its words."""


class ReplyForm(AnswerForm):
    """What is written in a reply."""

    kind = RadioField(_l("What the akimat says"), validate_choice=False)
    kk = TextAreaField(_l("Text in Kazakh"), render_kw=_TEXT | {"lang": "kk"})
    ru = TextAreaField(_l("Text in Russian"), render_kw=_TEXT | {"lang": "ru"})
    en = TextAreaField(_l("Text in English"), render_kw=_TEXT | {"lang": "en", "rows": 6})
    done_on = DateField(_l("Day on which it was done"), [Optional()])
    evidence_address = URLField(_l("Address where it can be seen"), render_kw=_ADDRESS)
    next_word_on = DateField(_l("Day by which you say more"), [Optional()])
    body_name_kk = StringField(_l("Name of the body in Kazakh"), render_kw=_NAME | {"lang": "kk"})
    body_name_ru = StringField(_l("Name of the body in Russian"), render_kw=_NAME | {"lang": "ru"})
    body_name_en = StringField(_l("Name of the body in English"), render_kw=_NAME | {"lang": "en"})
    body_address = StringField(_l("Where to turn"), render_kw={"maxlength": LONGEST_ADDRESS})
    title_kk = StringField(_l("What is promised, in Kazakh"), render_kw=_TITLE | {"lang": "kk"})
    title_ru = StringField(_l("What is promised, in Russian"), render_kw=_TITLE | {"lang": "ru"})
    title_en = StringField(_l("What is promised, in English"), render_kw=_TITLE | {"lang": "en"})
    unit_kk = StringField(_l("Unit of the akimat that does it, in Kazakh"), render_kw=_TITLE | {"lang": "kk"})
    unit_ru = StringField(_l("Unit of the akimat that does it, in Russian"), render_kw=_TITLE | {"lang": "ru"})
    due = DateField(_l("Day by which it is done"), [Optional()])

    def writing(self, city: str = "", theme: Text3 = EMPTY) -> Writing:
        """Give what was typed: of the facts those of its kind alone; a day that cannot be read is none.

        Gaps of a template are filled as far as the fields beside them, the city and the theme say with what.
        """
        kind = self.kind.data if self.kind.data in REPLY_KINDS else REPLY_KINDS[0]
        checked = tuple(code for code in LANGUAGES if code in request.form.getlist("checked"))
        promise = CommitmentTerms(self._three("title"), self._text("unit_kk"), self._text("unit_ru"), _day(self.due))
        facts = self._facts(kind)
        day = facts.done_on or facts.next_word_on or (promise.due if kind == "will_do" else None)
        filling = Filling(city, day, facts.body_name, theme)
        texts = (fill(self._text(code), filling, code) for code in LANGUAGES)
        return Writing(kind, ReplyContent(Text3(*texts), facts), promise if kind == "will_do" else None, checked)

    def _facts(self, kind: str) -> ReplyFacts:
        if kind == "done":
            return ReplyFacts(done_on=_day(self.done_on), evidence_address=self._text("evidence_address"))
        if kind == "being_looked_at":
            return ReplyFacts(next_word_on=_day(self.next_word_on))
        if kind == "another_body":
            return ReplyFacts(body_name=self._three("body_name"), body_address=self._text("body_address"))
        return ReplyFacts()

    def _three(self, name: str) -> Text3:
        return Text3(*(self._text(f"{name}_{code}") for code in LANGUAGES))

    def _text(self, name: str) -> str:
        return str(self[name].data or "")


class ReplyWithdrawalForm(AnswerForm):
    """Why a released reply is taken back."""

    shortest = SHORTEST_REASON
    reason_kk = TextAreaField(_l("Reason in Kazakh"), render_kw={"rows": 2, "maxlength": LONGEST_REASON, "lang": "kk"})
    reason_ru = TextAreaField(_l("Reason in Russian"), render_kw={"rows": 2, "maxlength": LONGEST_REASON, "lang": "ru"})

    def reason(self) -> Text3:
        """Give what was typed."""
        return Text3(self.reason_kk.data or "", self.reason_ru.data or "", "")


class NoteForm(AnswerForm):
    """Why a reply is given back to whoever wrote it."""

    shortest = SHORTEST_REASON
    note = TextAreaField(_l("What has to change"), render_kw={"rows": 2, "maxlength": LONGEST_REASON})


def fill(text: str, filling: Filling, language: str) -> str:
    """Fill what gaps of a text are known of; a text without any is left as it is."""
    return filled(text, values_of(filling, language)) if filling.city and has_gaps(text) else text


def make_reply_form(
    text: ReplyText | None = None,
    kind: str = "",
    promise: Commitment | None = None,
    typed: ImmutableMultiDict[str, str] | None = None,
) -> ReplyForm:
    """Make the form with what is stored, or with what somebody has typed instead."""
    form = ReplyForm(typed, data=None if typed else _stored(text, kind, promise))
    form.kind.choices = [SelectChoice(code, words) for code, words in KINDS.items()]
    return form


def texts_of(writing: Writing) -> dict[str, str]:
    """Give what somebody wrote by the names of the fields, for whoever has to set two beside each other."""
    facts, promise = writing.content.facts, writing.promise or CommitmentTerms()
    days = {"done_on": facts.done_on, "next_word_on": facts.next_word_on, "due": promise.due}
    texts = {code: writing.content.text.pick(code) for code in LANGUAGES}
    texts |= {f"body_name_{code}": facts.body_name.pick(code) for code in LANGUAGES}
    texts |= {f"title_{code}": promise.title.pick(code) for code in LANGUAGES}
    texts |= {"evidence_address": facts.evidence_address, "body_address": facts.body_address}
    texts |= {"unit_kk": promise.unit_kk, "unit_ru": promise.unit_ru}
    return {"kind": str(KINDS[writing.kind])} | texts | {name: _iso(day) for name, day in days.items()}


def writing_of(text: ReplyText, kind: str, promise: Commitment | None) -> Writing:
    """Give what is stored as somebody would write it."""
    return Writing(kind, content_of(text), promise_of(promise) if promise else None)


def _stored(text: ReplyText | None, kind: str, promise: Commitment | None) -> dict[str, Any]:
    if text is None:
        return {"kind": kind}
    terms = promise_of(promise) if promise else CommitmentTerms()
    names = {f"title_{code}": terms.title.pick(code) for code in LANGUAGES}
    own = {name: getattr(text, name) for name in ("kk", "ru", "en", *FIELDS_OF["done"], *FIELDS_OF["another_body"])}
    beside = {"next_word_on": text.next_word_on, "unit_kk": terms.unit_kk, "unit_ru": terms.unit_ru, "due": terms.due}
    return {"kind": kind} | own | names | beside


def _day(field: DateField) -> date | None:
    return field.data if isinstance(field.data, date) else None


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
