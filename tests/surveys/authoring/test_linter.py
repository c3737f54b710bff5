"""Every rule of the linter finds its seeded defect where it is, and says nothing of what is in order."""

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
SCALE = tuple(Option(code=f"p{5 - index}", value=5 - index, label=Text3(*label)) for index, label in enumerate(LABELS))
HARD_TO_SAY = Option(code="hard", apart=True, label=Text3("Қиналамын", "Затрудняюсь", "Hard to say"))
ROADS = Question(code="roads", kind="rating", area="its", scored=True, label=STEM, options=(*SCALE, HARD_TO_SAY))
SEX = Question(
    code="sex",
    kind="choice",
    label=Text3("Жынысыңыз", "Ваш пол", "Your sex"),
    options=(
        Option(code="f", label=Text3("Әйел", "Женский", "Female")),
        Option(code="m", label=Text3("Ер", "Мужской", "Male")),
        HARD_TO_SAY,
    ),
)


def form(*roads: Question, about: tuple[Question, ...] = (SEX,), **changes: Any) -> Questionnaire:
    return questionnaire(area_page("its", *(roads or (ROADS,))), about_page(*about), period=PERIOD, **changes)


def asks(lang: str, words: str, **changes: Any) -> Questionnaire:
    label = STEM._replace(**{lang: words})
    return form(replace(ROADS, label=label, **changes))


def scale(lang: str, *labels: str) -> Questionnaire:
    points = [
        replace(option, label=option.label._replace(**{lang: words}))
        for option, words in zip(SCALE, labels, strict=True)
    ]
    return form(replace(ROADS, options=(*points, HARD_TO_SAY)))


def allowed(rule: str, lang: str, phrase: str, why: str = "a set phrase") -> dict[str, Any]:
    return {"reviewed": (Allowance(rule=rule, lang=lang, phrase=phrase, why=why),)}


def broken_rules(q: Questionnaire) -> set[tuple[str, str, str]]:
    return {(finding.rule, finding.where.question, finding.where.lang) for finding in lint(q, "test.yaml")}


LONG = Text3(" ".join(["сөз"] * 19), " ".join(["слово"] * 21), " ".join(["word"] * 26))

SEEDED = [
    (asks("kk", "Соңғы 12 айда {city_in} жолға және көпірге қанағаттанасыз ба, жоқ па?"), "double_barrelled", "kk"),
    (asks("kk", "Соңғы 12 айда {city_in} жол мен көпірге қанағаттанасыз ба, жоқ па?"), "double_barrelled", "kk"),
    (asks("kk", "Соңғы 12 айда {city_in} дәрігер бен емханаға қанағаттанасыз ба, жоқ па?"), "double_barrelled", "kk"),
    (asks("kk", "Соңғы 12 айда {city_in} көпір пен жолға қанағаттанасыз ба, жоқ па?"), "double_barrelled", "kk"),
    (asks("kk", "Соңғы 12 айда {city_in} жол кең әрі таза, қанағаттанасыз ба, жоқ па?"), "double_barrelled", "kk"),
    (asks("ru", "Насколько за 12 месяцев изменились дороги и мосты {city_of}?"), "double_barrelled", "ru"),
    (asks("ru", "Пользовались ли Вы за 12 месяцев трамваем или автобусом {city_of}?"), "double_barrelled", "ru"),
    (asks("ru", "Как часто за 12 месяцев Вы видели дороги, а также мосты {city_of}?"), "double_barrelled", "ru"),
    (asks("en", "In the last 12 months, have you used roads and bridges {city_in}?"), "double_barrelled", "en"),
    (asks("en", "In the last 12 months, have you used a bus or a tram {city_in}?"), "double_barrelled", "en"),
    (asks("kk", "Соңғы 12 айда {city_in} жақсы жолдарға қанағаттанасыз ба, жоқ па?"), "leading_word", "kk"),
    (asks("ru", "Разве за 12 месяцев дороги {city_of} не изменились?"), "leading_word", "ru"),
    (asks("ru", "Насколько за 12 месяцев улучшились дороги {city_of}?"), "leading_word", "ru"),
    (asks("en", "Do you agree that over the last 12 months roads {city_in} changed?"), "leading_word", "en"),
    (asks("en", "How much have the excellent roads {city_in} changed over the last 12 months?"), "leading_word", "en"),
    (asks("kk", "Соңғы 12 айда {city_in} жолдарға қанағаттанасыз ба?"), "one_sided", "kk"),
    (asks("ru", "Насколько Вы удовлетворены за 12 месяцев дорогами {city_of}?"), "one_sided", "ru"),
    (asks("en", "Over the last 12 months, how satisfied have you been with roads {city_in}?"), "one_sided", "en"),
    (form(lead=Text3(LONG.kk, "Коротко.", "Short.")), "long_sentence", "kk"),
    (form(lead=Text3("Қысқа.", LONG.ru, "Short.")), "long_sentence", "ru"),
    (form(lead=Text3("Қысқа.", "Коротко.", LONG.en)), "long_sentence", "en"),
    (asks("ru", "за 12 месяцев {city_of} " + "дорогами" * 20 + "?"), "long_question", "ru"),
    (form(title=Text3("Экология", "Экология", "Ecology")), "untranslated", "kk"),
    (form(title=Text3("Ecology", "Экология", "Ecology")), "untranslated", "kk"),
    (form(title=Text3("Қала", "Survey", "Survey")), "untranslated", "ru"),
    (form(about=(replace(SEX, options=SEX.options[:2]),)), "no_way_out", ""),
    (scale("ru", "5", *[label[1] for label in LABELS[1:]]), "unlabelled_scale", ""),
    (scale("en", "Very satisfied", "Satisfied", "Quite satisfied", "Dissatisfied", "So so"), "unbalanced_labels", "en"),
    (scale("ru", "Отлично", "Очень хорошо", "Хорошо", "Нормально", "Плохо"), "unbalanced_labels", "ru"),
    (scale("kk", "Тамаша", "Өте жақсы", "Жақсы", "Орташа", "Нашар"), "unbalanced_labels", "kk"),
    (asks("kk", "Соңғы 12 айда {city}да жолдарға қанағаттанасыз ба, жоқ па?"), "glued_suffix", "kk"),
    (asks("ru", "Сколько дорог за 12 месяцев видели Вы в {city}-е?"), "glued_suffix", "ru"),
    (asks("kk", "Соңғы 12 айда {city_in} қаласының жолы қалай өзгерді?"), "doubled_case", "kk"),
    (asks("ru", "Сколько дорог за 12 месяцев видели Вы в {city_in}?"), "doubled_case", "ru"),
    (asks("en", "Over the last 12 months, what about the roads of {city_of}?"), "doubled_case", "en"),
    (asks("ru", "Дороги {city_of}: что изменилось?"), "period_missing", "ru"),
    (asks("ru", "{city_in} изменились за 12 месяцев дороги?"), "small_start", "ru"),
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
    assert (rule, lang) in {(found_rule, found_lang) for found_rule, _, found_lang in broken_rules(q)}


def test_every_rule_has_a_seeded_defect() -> None:
    assert {rule for _, rule, _ in SEEDED} == RULES.keys()


@pytest.mark.parametrize(
    ("q", "rule"),
    [
        (asks("ru", "Насколько за 12 месяцев изменился парк «Огонь и вода» {city_of}?" ), "double_barrelled"),
        (form(title=Text3("Экология", "Экология", "Ecology")), "untranslated"),
    ],
)  # fmt: skip
def test_a_reviewed_phrase_stands_and_nothing_but_the_phrase(q: Questionnaire, rule: str) -> None:
    phrases = {"double_barrelled": ("ru", "Огонь и вода"), "untranslated": ("kk", "Экология")}
    assert rule in {found_rule for found_rule, _, _ in broken_rules(q)}
    lang, phrase = phrases[rule]
    reviewed = replace(q, **allowed(rule, lang, phrase))
    assert broken_rules(reviewed) == set()


def test_a_reviewed_phrase_hides_no_second_conjunction() -> None:
    q = asks("ru", "Насколько за 12 месяцев изменились парк «Огонь и вода» и сквер {city_of}?")
    assert ("double_barrelled", "roads", "ru") in broken_rules(
        replace(q, **allowed("double_barrelled", "ru", "Огонь и вода"))
    )


def test_a_scale_with_a_middle_and_an_option_apart_is_balanced() -> None:
    even = [label for index, label in enumerate(LABELS) if index != 2]
    points = tuple(Option(code=f"p{index}", label=Text3(*label)) for index, label in enumerate(even))
    q = form(replace(ROADS, scored=False, options=(*points, HARD_TO_SAY)))
    assert broken_rules(q) == set()


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
    old, new, rule, where, line = seeded
    source = shipped()[0]
    text = source.read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "scales.yaml").write_bytes(source.with_name("scales.yaml").read_bytes())
    path = tmp_path / "resident.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    (finding,) = [finding for finding in lint_file(path) if finding.rule == rule]
    assert path.read_text(encoding="utf-8").splitlines()[finding.where.line - 1].startswith(line)
    assert str(finding).startswith(f"resident.yaml:{finding.where.line}: {where}: {finding.severity}: ")


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
    assert ("no_way_out", "bus", "") in broken_rules(form(ROADS, closed("bus", "yes", "no", area="its")))
