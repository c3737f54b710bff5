"""The shipped questionnaires keep the rules of the method, whoever edits them."""

import re
from collections import Counter

import pytest

from surveys.authoring.yaml_source import load, shipped
from surveys.languages import LANGUAGES, Text3
from surveys.questionnaire.definition import AREAS, Audience, PageRole, Question, Questionnaire
from surveys.questionnaire.kinds import Stored, questions_stored
from surveys.questionnaire.routing import route

RESIDENT, BUSINESS, STAFF = map(load, shipped())
BOTH = pytest.mark.parametrize("q", [RESIDENT, BUSINESS], ids=["resident", "business"])
ALL = pytest.mark.parametrize("q", [RESIDENT, BUSINESS, STAFF], ids=["resident", "business", "staff"])
OWN_WORDING = {"hlt_clinic", "hcs_heating", "hcs_water", "ict_home"}
"""Items that ask residents about what is their own, and staff about the city's."""

# The names of the areas as the method prints them (METHOD §2).
TITLES = {
    "ctm": ("Қаланы басқару", "Управление городом", "Urban management"),
    "hlt": ("Денсаулық сақтау", "Здравоохранение", "Health"),
    "edu": ("Білім беру", "Образование", "Education"),
    "scy": ("Қауіпсіздік", "Безопасность", "Security"),
    "hcs": ("Тұрғын үй-коммуналдық шаруашылық", "Жилищно-коммунальное хозяйство", "Housing and communal services"),
    "its": ("Көлік", "Транспорт", "Transport"),
    "soc": ("Әлеуметтік сала", "Социальная сфера", "Social sphere"),
    "eco": ("Экология", "Экология", "Ecology"),
    "btd": ("Бизнес пен туризмді дамыту", "Развитие бизнеса и туризма", "Business and tourism development"),
    "bld": ("Құрылыс", "Строительство", "Construction"),
    "agr": ("Ауыл шаруашылығы", "Сельское хозяйство", "Agriculture"),
    "ict": ("АКТ", "ИКТ", "ICT"),
}

STEMS = Text3(
    r"Соңғы 12 айды алғанда, (.*) қанағаттанасыз ба, жоқ па\?",
    r"Насколько Вы удовлетворены или не удовлетворены (.*) за последние 12 месяцев\?",
    r"Over the last 12 months, how satisfied or dissatisfied have you been with (.*)\?",
)
"""Both sides named, so that the question leads to neither; what is left is the thing asked about."""

CONJUNCTIONS = Text3(r"\b(және|мен|бен|пен|әрі|немесе|не)\b", r"\b(и|или|либо|а также)\b", r"\b(and|or|as well as)\b")
LOADED = Text3(
    r"жақсы|нашар|керемет|тамаша|жаман|мәселе",
    r"хорош|плох|отличн|ужасн|проблем|улучш|ухудш",
    r"\b(good|bad|excellent|poor|problem|improv|wors)",
)


def scored(q: Questionnaire) -> list[Question]:
    return [question for question in questions_stored(q, Stored.BYTE) if question.scored]


def used(q: Questionnaire) -> list[Question]:
    return [question for question in questions_stored(q, Stored.BYTE) if question.area and not question.scored]


def objects(q: Questionnaire, lang: str) -> list[str]:
    matches = [re.fullmatch(STEMS.pick(lang), question.label.pick(lang)) for question in scored(q)]
    return [match[1] for match in matches if match]


def texts(q: Questionnaire) -> list[Text3]:
    words = [q.title, q.lead, q.period, *q.consent]
    for page in q.pages:
        words += [page.title, *filter(None, [page.intro])]
        for question in page.questions:
            words += [question.label, *filter(None, [question.hint]), *(option.label for option in question.options)]
    return words


def test_residents_are_asked_about_all_twelve_areas_four_at_a_time() -> None:
    assert RESIDENT.audience is Audience.RESIDENT
    assert RESIDENT.areas == AREAS
    assert RESIDENT.areas_per_respondent == 4


def test_businesses_are_asked_about_the_areas_an_enterprise_meets() -> None:
    assert BUSINESS.audience is Audience.BUSINESS
    assert set(AREAS) - set(BUSINESS.areas) == {"hlt", "soc", "agr"}
    assert BUSINESS.areas_per_respondent == 5


def test_staff_are_asked_the_scored_items_of_residents_on_the_same_scale_in_all_areas() -> None:
    assert STAFF.audience is Audience.STAFF
    assert STAFF.areas == RESIDENT.areas
    assert STAFF.areas_per_respondent == len(STAFF.areas)
    theirs, ours = ({question.code: question for question in scored(q)} for q in (RESIDENT, STAFF))
    assert list(ours) == list(theirs) == [question.code for question in STAFF.questions]
    assert all(ours[code].options == theirs[code].options for code in theirs)
    assert {code for code in theirs if ours[code].label != theirs[code].label} == OWN_WORDING


def test_staff_are_asked_no_trait_and_no_words() -> None:
    """Few people work in one akimat: any trait would soon name somebody, and so would a sentence."""
    assert all(page.role is PageRole.AREA for page in STAFF.pages)
    assert [question.code for question in STAFF.questions if question.weighting or not question.scored] == []
    assert not STAFF.takes_suggestions
    assert RESIDENT.takes_suggestions
    assert BUSINESS.takes_suggestions


@ALL
def test_areas_bear_the_names_of_the_method(q: Questionnaire) -> None:
    assert {page.area: tuple(page.title) for page in q.pages if page.area} == {area: TITLES[area] for area in q.areas}


@BOTH
def test_each_area_has_one_item_on_digital_use_and_two_or_three_scored_ones(q: Questionnaire) -> None:
    assert [question.area for question in used(q)] == list(q.areas)
    assert set(Counter(question.area for question in scored(q)).values()) <= {2, 3}


@BOTH
def test_use_is_a_yes_or_no_and_satisfaction_a_scale_of_five_with_hard_to_say_apart(q: Questionnaire) -> None:
    for question in used(q):
        assert [option.code for option in question.options] == ["yes", "no", "hard_to_say"]
        assert all(option.value is None for option in question.options)
    for question in scored(q):
        assert question.kind == "rating"
        assert [option.value for option in question.options] == [5, 4, 3, 2, 1, None]
    assert all(question.options[-1].apart for question in used(q) + scored(q))


@ALL
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_item_states_its_period_and_its_city(q: Questionnaire, lang: str) -> None:
    for question in used(q) + scored(q):
        words = question.label.pick(lang)
        assert "12" in words, words
        assert "{city" in words, words


@ALL
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_scored_item_has_the_balanced_stem(q: Questionnaire, lang: str) -> None:
    assert len(objects(q, lang)) == len(scored(q))


@ALL
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_scored_item_asks_about_one_thing_without_loaded_words(q: Questionnaire, lang: str) -> None:
    double = [words for words in objects(q, lang) if re.search(CONJUNCTIONS.pick(lang), words)]
    loaded = [words for words in objects(q, lang) if re.search(LOADED.pick(lang), words, re.IGNORECASE)]
    assert double == []
    assert loaded == []


@ALL
def test_no_two_items_ask_the_same(q: Questionnaire) -> None:
    for lang in LANGUAGES:
        labels = [question.label.pick(lang) for question in q.questions]
        assert len(set(labels)) == len(labels)


@BOTH
def test_nothing_is_required_and_every_trait_can_be_kept_to_oneself(q: Questionnaire) -> None:
    assert not any(question.required for question in q.questions)
    about = [page for page in q.pages if page.role is PageRole.ABOUT]
    assert [page.code for page in about] == ["about"]
    assert all(question.options[-1].apart for question in about[0].questions)


def test_traits_give_the_cells_their_dimensions() -> None:
    traits = ["sex", "age", "district", "employer"]
    assert [question.weighting for question in RESIDENT.questions if question.weighting] == traits
    assert [question.weighting for question in BUSINESS.questions if question.weighting] == ["size", "sector"]


@pytest.mark.parametrize(("city", "districts"), [("astana", 4), ("almaty", 8), ("shymkent", 4), ("qaragandy", None)])
def test_the_district_is_asked_only_where_the_city_has_districts(city: str, districts: int | None) -> None:
    pages = route(RESIDENT, seed="anyone", city=city, answers={}, extra=frozenset())
    asked = {question.code: question for question in pages[-1].questions}
    offered = [option for option in asked["district"].options if option.city == city] if "district" in asked else None
    assert (len(offered) if offered is not None else None) == districts


@ALL
def test_russian_texts_hold_no_kazakh_letters_and_kazakh_ones_are_kazakh(q: Questionnaire) -> None:
    kazakh = re.compile("[әғқңөұүһі]", re.IGNORECASE)
    for text in texts(q):
        assert not kazakh.search(text.ru), text.ru
        if len(text.kk) > 25:  # shorter ones may be a word both languages share
            assert kazakh.search(text.kk), text.kk


@ALL
def test_people_are_addressed_politely(q: Questionnaire) -> None:
    for text in texts(q):
        assert not re.search(r"\b(сен|сенің|сендер)\b", text.kk, re.IGNORECASE), text.kk
        assert not re.search(r"\b(ты|тебя|тебе|твой|вы|вас|вам|ваш\w*)\b", text.ru), text.ru


@BOTH
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_consent_says_what_a_person_must_know(q: Questionnaire, lang: str) -> None:
    consent = " ".join(paragraph.pick(lang) for paragraph in q.consent)
    facts = {
        "kk": [
            "ерікті",
            "16 жас",
            "ЖСН",
            "телефон",
            "Қазақстанда",
            "мерзімсіз",
            "модератор",
            "e-Otinish",
            "жарияланады",
        ],
        "ru": [
            "добровольное",
            "16 лет",
            "ИИН",
            "телефон",
            "Казахстане",
            "срока",
            "модератор",
            "e-Otinish",
            "публикуются",
        ],
        "en": ["voluntary", "16", "IIN", "phone", "Kazakhstan", "time limit", "moderator", "e-Otinish", "published"],
    }
    assert [fact for fact in facts[lang] if fact not in consent] == []


@ALL
def test_the_minutes_promised_fit_the_questions_asked(q: Questionnaire) -> None:
    routes = [route(q, seed=str(n), city="almaty", answers={}, extra=frozenset()) for n in range(200)]
    asked = [sum(len(page.questions) for page in pages) for pages in routes]
    assert 3 <= sum(asked) / len(asked) / q.minutes <= 4  # 15 to 20 seconds a question, read aloud at a calm pace
    assert max(asked) <= 5 * q.minutes
