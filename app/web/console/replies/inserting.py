"""Templates in the form of a reply: offered by kind, put where the cursor is, and never over what was typed."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from flask import request
from sqlalchemy.orm import Session

from app.feedback.placeholders import Filling
from app.feedback.reply_models import REPLY_KINDS
from app.feedback.reply_templates import OfferedTemplate, offered
from app.web.console.replies.forms import ReplyForm, fill
from app.web.console.replies.words import KINDS
from app.web.language import LANGUAGES, pick
from surveys.languages import Text3


class TemplateChoice(NamedTuple):
    """A template as the form offers it, with what is known filled in."""

    key: str
    name: str
    kind: str
    text: Text3


TemplatesByKind = Mapping[str, Sequence[TemplateChoice]]
"""By the words of the kind."""


def template_choices(session: Session, city: str, area: str, theme: Text3) -> TemplatesByKind:
    """Give the templates that suit a reply, by the words of their kinds."""
    found = offered(session, city, area)
    filling = Filling(city, theme=theme)
    return {str(KINDS[kind]): [_choice(each, filling) for each in found if each.kind == kind] for kind in REPLY_KINDS}


def is_asked_for() -> bool:
    """Tell whether the button was pressed that inserts a template, in a browser without script."""
    return bool(request.form.get("insert"))


def insert(form: ReplyForm, choices: TemplatesByKind) -> None:
    """Put the chosen template below what was typed, in each language; the kind only where none was chosen."""
    key = request.form.get("template", "")
    chosen = next((each for own in choices.values() for each in own if each.key == key), None)
    if chosen is None:
        return
    for code in LANGUAGES:
        typed, more = str(form[code].data or "").rstrip(), chosen.text.pick(code)
        form[code].data = "\n\n".join(part for part in (typed, more) if part)
    if not form.kind.data:
        form.kind.data = chosen.kind


def _choice(each: OfferedTemplate, filling: Filling) -> TemplateChoice:
    texts = (fill(each.text.pick(code), filling, code) for code in LANGUAGES)
    return TemplateChoice(each.key, pick(each.name), each.kind, Text3(*texts))
