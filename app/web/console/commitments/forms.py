"""Forms of commitments: what is promised, and what is told of a step."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from werkzeug.datastructures import ImmutableMultiDict
from wtforms import DateField, IntegerField, SelectField, StringField, TextAreaField, URLField
from wtforms.validators import Optional

from app.feedback.commitment_checks import LONGEST_NOTE, LONGEST_TITLE, SHORTEST_NOTE, CommitmentTerms, StepTold
from app.feedback.models import Theme
from app.feedback.reply_texts import LONGEST_ADDRESS
from app.web.console.replies.answer_form import AnswerForm
from app.web.console.themes.scope import areas, called
from app.web.language import _, _l, alphabetical
from surveys.languages import Text3

_LINE = {"maxlength": LONGEST_TITLE}
_NOTE = {"rows": 3, "maxlength": LONGEST_NOTE}


_REASONS = (_l("Reason in Kazakh"), _l("Reason in Russian"), _l("Reason in English, may stay empty"))
BODIES: Mapping[str, tuple[str, str, str]] = {
    "progress": (_l("Note in Kazakh"), _l("Note in Russian"), _l("Note in English, may stay empty")),
    "report-done": (
        _l("What was done, in Kazakh"),
        _l("What was done, in Russian"),
        _l("What was done, in English, may stay empty"),
    ),
    "move": _REASONS,
    "drop": _REASONS,
}
"""What the words of a step are, by its word in the address."""


class PromiseForm(AnswerForm):
    """What is promised, by whom and by when; a draft may lack anything but what it is about."""

    shortest = SHORTEST_NOTE

    about = SelectField(_l("What it is about"), validate_choice=False)
    title_kk = StringField(_l("What is promised, in Kazakh"), render_kw=_LINE)
    title_ru = StringField(_l("What is promised, in Russian"), render_kw=_LINE)
    title_en = StringField(_l("What is promised, in English"), render_kw=_LINE)
    unit_kk = StringField(_l("Unit that does it, in Kazakh"), render_kw=_LINE)
    unit_ru = StringField(_l("Unit that does it, in Russian"), render_kw=_LINE)
    due = DateField(_l("By which day"), [Optional()])

    def terms(self) -> CommitmentTerms:
        """Give what was typed as a promise; a day that cannot be read is none."""
        titles = Text3(self.title_kk.data or "", self.title_ru.data or "", self.title_en.data or "")
        return CommitmentTerms(titles, self.unit_kk.data or "", self.unit_ru.data or "", _day(self.due.data))


class CommitmentStepForm(AnswerForm):
    """What is told of a step of keeping a promise."""

    shortest = SHORTEST_NOTE

    due = DateField(_l("New day"), [Optional()])
    done_on = DateField(_l("Day on which it was done"), [Optional()])
    percent = IntegerField(_l("Percent done, 0 to 99"), [Optional()], render_kw={"min": 0, "max": 99})
    body_kk = TextAreaField(render_kw=_NOTE | {"lang": "kk"})
    body_ru = TextAreaField(render_kw=_NOTE | {"lang": "ru"})
    body_en = TextAreaField(render_kw=_NOTE | {"lang": "en"})
    evidence_address = URLField(
        _l("Address at which everybody can see it"), render_kw={"maxlength": LONGEST_ADDRESS, "placeholder": "https://"}
    )

    def __init__(self, typed: ImmutableMultiDict[str, str] | None = None, *, prefix: str) -> None:
        """Make the form of a step, named by its word in the address: of its words it says what they are."""
        super().__init__(typed, prefix=prefix)
        for field, label in zip((self.body_kk, self.body_ru, self.body_en), BODIES.get(prefix, _REASONS), strict=True):
            field.label.text = label

    def told(self) -> StepTold:
        """Give what was typed; a day or number that cannot be read is none."""
        return StepTold(
            Text3(self.body_kk.data or "", self.body_ru.data or "", self.body_en.data or ""),
            percent=self.percent.data,
            due=_day(self.due.data),
            done_on=_day(self.done_on.data),
            evidence_address=self.evidence_address.data or "",
        )


def make_promise_form(
    themes: Sequence[Theme],
    stored: CommitmentTerms | None = None,
    typed: ImmutableMultiDict[str, str] | None = None,
    about: str = "",
) -> PromiseForm:
    """Make the form with what is stored, or with what somebody has typed instead."""
    form = PromiseForm(typed, data=None if typed else {"about": about} | _data(stored))
    form.about.choices = _offered(themes)
    return form


def place_of(form: PromiseForm) -> tuple[str, str | None] | None:
    """Read the area and theme that a form is about; None where it says nothing that was offered."""
    choices: Any = form.about.choices
    if not form.about.data or form.about.data not in {code for group in choices.values() for code, _name in group}:
        return None
    area, _slash, theme = form.about.data.partition("/")
    return area, theme or None


def _offered(themes: Sequence[Theme]) -> dict[str, list[tuple[str, str]]]:
    """Give by area the area as a whole and its themes, as area/theme."""
    offered: dict[str, list[tuple[str, str]]] = {_("Please choose"): [("", "–")]}
    for area, name in sorted(areas().items(), key=lambda each: alphabetical(each[1])):
        own = [(f"{area}/{each.code}", called(each)) for each in themes if each.area == area and not each.retired]
        whole = (area, _("%(area)s as a whole", area=name))
        offered[name] = [whole, *sorted(own, key=lambda each: alphabetical(each[1]))]
    return offered


def _data(stored: CommitmentTerms | None) -> dict[str, Any]:
    if stored is None:
        return {}
    titles = {f"title_{code}": stored.title.pick(code) for code in ("kk", "ru", "en")}
    return titles | {"unit_kk": stored.unit_kk, "unit_ru": stored.unit_ru, "due": stored.due}


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None
