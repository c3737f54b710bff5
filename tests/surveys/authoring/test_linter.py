"""Every rule of the linter finds its seeded defect at its place, and says nothing of what is in order."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from surveys.authoring.findings import HARD, RULES, Severity
from surveys.authoring.linter import lint, lint_file
from surveys.authoring.readability import MOST_CHARACTERS, SPEECH
from surveys.authoring.yaml_source import shipped
from surveys.languages import LANGUAGES, Text3
from surveys.questionnaire.definition import Allowance, Option, Question, Questionnaire
from tests.builders.questionnaires import (
    about_page,
    area_page,
    closed,
    number,
    open_text,
    questionnaire,
    questionnaires,
)

STEM = Text3(
    "Соңғы 12 айда {city_in} жолдарға қанағаттанасыз ба, жоқ па?",
    "Удовлетворены ли Вы за 12 месяцев дорогами {city_of}, не удовлетворены ли?",
    "In the last 12 months, how satisfied, how dissatisfied have you been with roads {city_in}?",
)
PERIOD = Text3("Соңғы 12 ай", "Последние 12 месяцев", "Last 12 months")
LABELS = (
    ("Толық қанағаттанамын", "Полностью удовлетворён(а)", "Completely satisfied"),
    ("Негізінен қанағаттанамын", "Скорее удовлетворён(а)", "Mostly satisfied"),
    ("Қанағаттанатын да, қанағаттанбайтын да жағы бар", "В чём-то удовлетворён(а), в чём-то нет",
     "Partly satisfied, partly dissatisfied"),
    ("Негізінен қанағаттанбаймын", "Скорее не удовлетворён(а)", "Mostly dissatisfied"),
    ("Мүлдем қанағаттанбаймын", "Совсем не удовлетворён(а)", "Completely dissatisfied"),
)  # fmt: skip
SCALE = tuple(Option(code=f"p{5 - place}", value=5 - place, label=Text3(*label)) for place, label in enumerate(LABELS))
APART = Option(code="hard", apart=True, label=Text3("Қиналамын", "Затрудняюсь", "Hard to say"))
ROADS = Question(code="roads", kind="rating", area="its", scored=True, label=STEM, options=(*SCALE, APART))
SEX = Question(
    code="sex",
    kind="choice",
    label=Text3("Жынысыңыз", "Ваш пол", "Your sex"),
    options=(
        Option(code="f", label=Text3("Әйел", "Женский", "Female")),
        Option(code="m", label=Text3("Ер", "Мужской", "Male")),
        APART,
    ),
)


def form(*roads: Question, about: tuple[Question, ...] = (SEX,), **changes: Any) -> Questionnaire:
    return questionnaire(area_page("its", *(roads or (ROADS,))), about_page(*about), period=PERIOD, **changes)


def asked(lang: str, words: str, **changes: Any) -> Questionnaire:
    label = STEM._replace(**{lang: words})
    return form(replace(ROADS, label=label, **changes))


def scale(lang: str, *labels: str) -> Questionnaire:
    points = [
        replace(option, label=option.label._replace(**{lang: words}))
        for option, words in zip(SCALE, labels, strict=True)
    ]
    return form(replace(ROADS, options=(*points, APART)))


def allowed(rule: str, lang: str, phrase: str, why: str = "a set phrase") -> dict[str, Any]:
    return {"reviewed": (Allowance(rule=rule, lang=lang, phrase=phrase, why=why),)}


def found(q: Questionnaire) -> set[tuple[str, str, str]]:
    return {(finding.rule, finding.place.question, finding.place.lang) for finding in lint(q, "test.yaml")}


LONG = Text3(" ".join(["сөз"] * 19), " ".join(["слово"] * 21), " ".join(["word"] * 26))

SEEDED = [
    (asked("kk", "Соңғы 12 айда {city_in} жолға және көпірге қанағаттанасыз ба, жоқ па?"), "double_barrelled", "kk"),
    (asked("kk", "Соңғы 12 айда {city_in} жол мен көпірге қанағаттанасыз ба, жоқ па?"), "double_barrelled", "kk"),
    (asked("kk", "Соңғы 12 айда {city_in} дәрігер бен емханаға қанағаттанасыз ба, жоқ па?"), "double_barrelled", "kk"),
    (asked("kk", "Соңғы 12 айда {city_in} көпір пен жолға қанағаттанасыз ба, жоқ па?"), "double_barrelled", "kk"),
    (asked("kk", "Соңғы 12 айда {city_in} жол кең әрі таза, қанағаттанасыз ба, жоқ па?"), "double_barrelled", "kk"),
    (asked("ru", "Насколько за 12 месяцев изменились дороги и мосты {city_of}?"), "double_barrelled", "ru"),
    (asked("ru", "Пользовались ли Вы за 12 месяцев трамваем или автобусом {city_of}?"), "double_barrelled", "ru"),
    (asked("ru", "Как часто за 12 месяцев Вы видели дороги, а также мосты {city_of}?"), "double_barrelled", "ru"),
    (asked("en", "In the last 12 months, have you used roads and bridges {city_in}?"), "double_barrelled", "en"),
    (asked("en", "In the last 12 months, have you used a bus or a tram {city_in}?"), "double_barrelled", "en"),
    (asked("kk", "Соңғы 12 айда {city_in} жақсы жолдарға қанағаттанасыз ба, жоқ па?"), "leading_word", "kk"),
    (asked("ru", "Разве за 12 месяцев дороги {city_of} не изменились?"), "leading_word", "ru"),
    (asked("ru", "Насколько за 12 месяцев улучшились дороги {city_of}?"), "leading_word", "ru"),
    (asked("en", "Do you agree that over the last 12 months roads {city_in} changed?"), "leading_word", "en"),
    (asked("en", "How much have the excellent roads {city_in} changed over the last 12 months?"), "leading_word", "en"),
    (asked("kk", "Соңғы 12 айда {city_in} жолдарға қанағаттанасыз ба?"), "one_sided", "kk"),
    (asked("ru", "Насколько Вы удовлетворены за 12 месяцев дорогами {city_of}?"), "one_sided", "ru"),
    (asked("en", "Over the last 12 months, how satisfied have you been with roads {city_in}?"), "one_sided", "en"),
    (form(lead=Text3(LONG.kk, "Коротко.", "Short.")), "long_sentence", "kk"),
    (form(lead=Text3("Қысқа.", LONG.ru, "Short.")), "long_sentence", "ru"),
    (form(lead=Text3("Қысқа.", "Коротко.", LONG.en)), "long_sentence", "en"),
    (asked("ru", "за 12 месяцев {city_of} " + "дорогами" * 20 + "?"), "long_question", "ru"),
    (form(title=Text3("Экология", "Экология", "Ecology")), "untranslated", "kk"),
    (form(title=Text3("Ecology", "Экология", "Ecology")), "untranslated", "kk"),
    (form(title=Text3("Қала", "Survey", "Survey")), "untranslated", "ru"),
    (form(about=(replace(SEX, options=SEX.options[:2]),)), "no_way_out", ""),
    (scale("ru", "5", *[label[1] for label in LABELS[1:]]), "unlabelled_scale", ""),
    (scale("en", "Very satisfied", "Satisfied", "Quite satisfied", "Dissatisfied", "So so"), "unbalanced_labels", "en"),
    (scale("ru", "Отлично", "Очень хорошо", "Хорошо", "Нормально", "Плохо"), "unbalanced_labels", "ru"),
    (scale("kk", "Тамаша", "Өте жақсы", "Жақсы", "Орташа", "Нашар"), "unbalanced_labels", "kk"),
    (asked("kk", "Соңғы 12 айда {city}да жолдарға қанағаттанасыз ба, жоқ па?"), "glued_suffix", "kk"),
    (asked("ru", "Сколько дорог за 12 месяцев видели Вы в {city}-е?"), "glued_suffix", "ru"),
    (asked("kk", "Соңғы 12 айда {city_in} қаласының жолы қалай өзгерді?"), "doubled_case", "kk"),
    (asked("ru", "Сколько дорог за 12 месяцев видели Вы в {city_in}?"), "doubled_case", "ru"),
    (asked("en", "Over the last 12 months, what about the roads of {city_of}?"), "doubled_case", "en"),
    (asked("ru", "Дороги {city_of}: что изменилось?"), "period_missing", "ru"),
    (asked("ru", "{city_in} изменились за 12 месяцев дороги?"), "small_start", "ru"),
    (form(about=(SEX, number("age", 16, 120))), "exact_trait", ""),
    (form(ROADS, open_text("why", "its"), open_text("what", "its")), "several_texts", ""),
    (form(**allowed("double_barrelled", "ru", "дороги и мосты города")), "unused_allowance", ""),
    (form(**allowed("double_barrelled", "ru", "и")), "bad_allowance", ""),
    (form(**allowed("double_barrelled", "de", "Straßen und Brücken")), "bad_allowance", ""),
    (form(**allowed("long_sentence", "ru", "дороги и мосты города")), "bad_allowance", ""),
    (form(**allowed("leading_word", "ru", "хорошие дороги", why=" ")), "bad_allowance", ""),
]  # fmt: skip


def test_a_questionnaire_in_order_has_no_findings() -> None:
    assert lint(form(), "test.yaml") == ()


@pytest.mark.parametrize(("q", "rule", "lang"), SEEDED, ids=lambda value: value if isinstance(value, str) else "")
def test_each_seeded_defect_is_found_in_its_language(q: Questionnaire, rule: str, lang: str) -> None:
    assert (rule, lang) in {(found_rule, found_lang) for found_rule, _, found_lang in found(q)}


def test_every_rule_has_a_seeded_defect() -> None:
    assert {rule for _, rule, _ in SEEDED} == RULES.keys()


@pytest.mark.parametrize(
    ("q", "rule"),
    [
        (asked("ru", "Насколько за 12 месяцев изменился парк «Огонь и вода» {city_of}?" ), "double_barrelled"),
        (form(title=Text3("Экология", "Экология", "Ecology")), "untranslated"),
    ],
)  # fmt: skip
def test_a_reviewed_phrase_stands_and_nothing_but_the_phrase(q: Questionnaire, rule: str) -> None:
    phrases = {"double_barrelled": ("ru", "Огонь и вода"), "untranslated": ("kk", "Экология")}
    assert rule in {found_rule for found_rule, _, _ in found(q)}
    lang, phrase = phrases[rule]
    reviewed = replace(q, **allowed(rule, lang, phrase))
    assert found(reviewed) == set()


def test_a_reviewed_phrase_hides_no_second_conjunction() -> None:
    q = asked("ru", "Насколько за 12 месяцев изменились парк «Огонь и вода» и сквер {city_of}?")
    assert ("double_barrelled", "roads", "ru") in found(replace(q, **allowed("double_barrelled", "ru", "Огонь и вода")))


def test_a_scale_with_a_middle_and_an_option_apart_is_balanced() -> None:
    even = [label for place, label in enumerate(LABELS) if place != 2]
    points = tuple(Option(code=f"p{place}", label=Text3(*label)) for place, label in enumerate(even))
    q = form(replace(ROADS, scored=False, options=(*points, APART)))
    assert found(q) == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_sentence_of_as_many_words_as_allowed_is_not_too_long(lang: str) -> None:
    words = ["қала", "город", "city"][LANGUAGES.index(lang)]
    lead = form().lead._replace(**{lang: " ".join([words] * SPEECH[lang].most_words) + ". {city}."})
    assert not any(finding.rule == "long_sentence" for finding in lint(form(lead=lead), "test.yaml"))
    assert len("я" * MOST_CHARACTERS) == 150


@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.stem)
def test_the_shipped_questionnaires_are_clean(path: Path) -> None:
    assert lint_file(path) == ()


TWICE = """        weighting: age
        show_if:
          all_of:
            - {question: sex, options: [f]}
            - {question: sex, options: [m]}
"""
LATER = "    show_if: {question: sex, options: [f]}\n    title:\n      kk: Көлік\n"

IN_FILES = [
    ("работой полиции {city_in}", "работой полиции и судов {city_in}", "double_barrelled",
     "page scy, question scy_police, label, language ru", "          ru: Насколько"),
    ("      ru: Здравоохранение\n", "", "missing_language", "page hlt, title, language ru", "    title:"),
    ("ru: Образование\n", "ru: Білім беру\n", "same_text", "page edu, title", "    title:"),
    ("ru: Управление городом", "ru: Управление {city_of}", "placeholders_differ", "page ctm, title", "    title:"),
    ("    title:\n      kk: Көлік\n", LATER, "later_question", "page its", "  - code: its"),
    ("        weighting: age\n", TWICE, "unreachable", "page about, question age", "      - code: age"),
    ("{city_in} полицияның", "{city_in} жақсы полицияның", "leading_word",
     "page scy, question scy_police, label, language kk", "          kk: Соңғы"),
    ("phrase: Экология", "phrase: Экономика", "unused_allowance", "reviewed #3", "  - rule: untranslated"),
]  # fmt: skip


@pytest.mark.parametrize("seeded", IN_FILES, ids=lambda seeded: seeded[2])
def test_a_defect_seeded_into_a_shipped_file_is_found_on_its_line(
    seeded: tuple[str, str, str, str, str], tmp_path: Path
) -> None:
    old, new, rule, place, line = seeded
    source = shipped()[0]
    text = source.read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "scales.yaml").write_bytes(source.with_name("scales.yaml").read_bytes())
    path = tmp_path / "resident.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    (finding,) = [finding for finding in lint_file(path) if finding.rule == rule]
    assert path.read_text(encoding="utf-8").splitlines()[finding.place.line - 1].startswith(line)
    assert str(finding).startswith(f"resident.yaml:{finding.place.line}: {place}: {finding.severity}: ")


def test_a_file_that_is_no_questionnaire_is_a_finding_too(tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text("a: [", encoding="utf-8")
    (finding,) = lint_file(path)
    assert (finding.rule, finding.severity) == ("not_yaml", Severity.ERROR)


def test_every_defect_that_validation_can_name_has_words() -> None:
    folder = shipped()[0].parents[1]
    modules = ("document", "rule_checks", "validation", "text_checks", "yaml_source")
    files = ("questionnaire/kinds.py", *(f"authoring/{module}.py" for module in modules))
    source = "\n".join((folder / file).read_text(encoding="utf-8") for file in files)
    calls = re.findall(r"(?:Defect|note|_repeated)\((.*)", source)
    named = {code for call in calls for code in re.findall(r'"([a-z0-9]+(?:_[a-z0-9]+)+)"', call)} - {"max_chars"}
    assert len(named) > 40
    assert named <= HARD.keys()
    assert HARD.keys().isdisjoint(RULES.keys())


@given(questionnaires())
def test_any_questionnaire_can_be_linted(q: Questionnaire) -> None:
    assert {finding.rule for finding in lint(q, "drawn")} <= RULES.keys()


def test_hard_to_say_is_expected_of_every_closed_question() -> None:
    assert ("no_way_out", "bus", "") in found(form(ROADS, closed("bus", "yes", "no", area="its")))
