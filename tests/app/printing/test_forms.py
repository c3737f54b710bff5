"""The questionnaire on paper: what is said there holds for paper."""

from typing import Any

import pytest

from app.printing import forms
from app.printing.forms import PaperOrder, forms_pdf
from app.web.language import _, speaking
from surveys.authoring.yaml_source import load, shipped
from surveys.languages import LANGUAGES
from surveys.population.places import load_places

HAND_IN = {"kk": "тапсырыңыз", "ru": "верните тому, кто её выдал", "en": "Hand the form in"}
BUTTONS = {"kk": "түйме", "ru": "кнопк", "en": "button"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("questionnaire", list(map(load, shipped())), ids=lambda q: q.code)
def test_a_form_on_paper_says_where_to_hand_it_in_and_names_no_button(
    public: Any, monkeypatch: pytest.MonkeyPatch, questionnaire: Any, language: str
) -> None:
    with public.app_context(), speaking(language):
        send = _("Send")
    monkeypatch.setattr(forms, "pdf", lambda _template, data: data)
    form: Any = forms_pdf(questionnaire, PaperOrder(load_places().city("oral"), language, ["1234-5678-9012"]))
    sentences = "\n".join([*form["consent"], *form["words"].values()])
    assert not [word for word in (f"«{send}»", f"“{send}”", BUTTONS[language]) if word in sentences]
    assert HAND_IN[language] in form["words"]["how"]
