"""The questionnaire on paper, made from the same definition as the screens: one numbered form after another."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from app.printing.typeset import pdf
from surveys.languages import Text3
from surveys.population.places import City
from surveys.questionnaire.definition import Page, Question, Questionnaire
from surveys.questionnaire.kinds import KINDS

WORDS = {
    "number": Text3("Парақ нөмірі", "Номер анкеты", "Form number"),
    "how": Text3(
        "Әр сұраққа бір ғана шаршыны белгілеңіз (☒). Кез келген сұрақты өткізіп жіберуге болады. Толтырылған парақты "
        "оны берген қызметкерге тапсырыңыз: жүйеге оператор енгізеді. Ойыңыздан айнысаңыз, парақты тапсырмаңыз.",
        "На каждый вопрос отметьте один квадрат (☒). Любой вопрос можно пропустить. Заполненную анкету верните тому, "
        "кто её выдал: в систему её введёт оператор. Если передумаете, просто не сдавайте анкету.",
        "Mark one square for each question (☒). Any question may be skipped. Hand the form in to the person you had "
        "it from: an operator types it in. If you change your mind, simply do not hand it in.",
    ),
    "several": Text3("бірнешеуін белгілеуге болады", "можно отметить несколько", "several may be marked"),
    "wishes": Text3("Ұсыныстарыңыз", "Ваши предложения", "Your suggestions"),
    "wish": Text3(
        "Қай сала туралы және не жақсаруы керек? Адамдардың аты-жөнін, телефонын, мекенжайын жазбаңыз.",
        "О какой сфере и что улучшить? Не пишите имён, телефонов и адресов.",
        "About which area, and what should be better? Please write no names, telephones or addresses.",
    ),
    "thanks": Text3(
        "Рахмет! Парақты оны берген қызметкерге қайтарыңыз.",
        "Спасибо! Верните анкету тому, кто её выдал.",
        "Thank you! Please give the form back to the person you had it from.",
    ),
}


class PaperOrder(NamedTuple):
    """Which forms to print."""

    city: City
    lang: str
    numbers: Sequence[str]


def forms_pdf(questionnaire: Questionnaire, order: PaperOrder) -> bytes:
    """Set one form for each number, with every area and the options of the city, in one language."""
    data = {
        "lang": order.lang,
        "title": _said(questionnaire.title, order),
        "city": order.city.name.pick(order.lang),
        "period": _said(questionnaire.period, order),
        "consent": [_said(text, order) for text in questionnaire.consent],
        "pages": [page for each in questionnaire.pages if (page := _page(each, order))["questions"]],
        "words": {name: text.pick(order.lang) for name, text in WORDS.items()},
        "numbers": list(order.numbers),
    }
    return pdf("form", data)


def _page(page: Page, order: PaperOrder) -> dict[str, Any]:
    questions = [_question(question, order) for question in page.questions]
    return {"title": _said(page.title, order), "questions": [question for question in questions if question]}


def _question(question: Question, order: PaperOrder) -> dict[str, Any]:
    """Describe a question; empty when it is not asked in the city. Numbers and texts get a line to write on."""
    if not question.is_asked_in(order.city.code):
        return {}
    return {
        "label": _said(question.label, order),
        "hint": _said(question.hint, order) if question.hint else "",
        "many": KINDS[question.kind].several,
        "options": [_said(option.label, order) for option in question.offered(order.city.code)],
    }


def _said(text: Text3, order: PaperOrder) -> str:
    forms = {"city": order.city.name, "city_in": order.city.name_in, "city_of": order.city.name_of}
    return text.pick(order.lang).format(**{name: form.pick(order.lang) for name, form in forms.items()})
