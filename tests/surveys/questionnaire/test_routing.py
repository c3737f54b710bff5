from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.authoring.rule_checks import rule_defects
from surveys.authoring.yaml_source import load, shipped
from surveys.population.places import load_places
from surveys.questionnaire.definition import (
    AREAS,
    AllOf,
    Answers,
    AnyOf,
    Page,
    PageRole,
    Questionnaire,
    Rule,
    ShowIf,
)
from surveys.questionnaire.routing import answers_on_route, area_order, other_areas, route
from tests.builders.questionnaires import (
    about_page,
    answers_to,
    area_page,
    closed,
    questionnaire,
    questionnaires,
    rating,
)
from tests.builders.references import keep_on_route

NO_EXTRA: frozenset[str] = frozenset()
TWELVE = questionnaire(*map(area_page, AREAS), about_page(closed("sex", "f", "m")), areas_per_respondent=4)


def codes(pages: Iterable[Page]) -> list[str]:
    return [page.code for page in pages]


def walk(q: Questionnaire, answers: Answers) -> list[list[str]]:
    pages = route(q, seed="seed", city="almaty", answers=answers, extra=NO_EXTRA)
    return [[question.code for question in page.questions] for page in pages]


def test_a_respondent_meets_a_few_areas_and_then_about() -> None:
    pages = route(TWELVE, seed="seed", city="almaty", answers={}, extra=NO_EXTRA)
    assert len(pages) == 5
    assert pages[-1].role is PageRole.ABOUT
    assert {page.role for page in pages[:-1]} == {PageRole.AREA}


def test_the_same_seed_gives_the_same_areas_on_every_machine() -> None:
    # From `printf seed | sha512sum`, for ever: who comes back in the middle of a wave meets the same pages.
    assert area_order(TWELVE, "seed")[:4] == ("ict", "bld", "agr", "edu")


def test_each_area_is_asked_and_each_comes_first_equally_often_over_seeds() -> None:
    orders = [area_order(TWELVE, f"respondent {number}") for number in range(6000)]
    times_asked = Counter(area for order in orders for area in order[:4])
    first = Counter(order[0] for order in orders)
    # Binomial: 2000 expected with a deviation of 37, 500 with 21; five deviations never happen by chance.
    assert all(abs(times_asked[area] - 2000) < 185 for area in AREAS)
    assert all(abs(first[area] - 500) < 105 for area in AREAS)


def test_extra_areas_follow_those_of_the_seed_and_leave_the_list_of_other_areas() -> None:
    offered = other_areas(TWELVE, "seed", "almaty", NO_EXTRA)
    assert offered == ("ctm", "hlt", "scy", "hcs", "its", "soc", "eco", "btd")
    extra = frozenset({"its", "ctm"})
    before = codes(route(TWELVE, seed="seed", city="almaty", answers={}, extra=NO_EXTRA))
    after = codes(route(TWELVE, seed="seed", city="almaty", answers={}, extra=extra))
    assert after[:4] == before[:4]
    assert set(after[4:-1]) == extra
    assert other_areas(TWELVE, "seed", "almaty", extra) == ("hlt", "scy", "hcs", "soc", "eco", "btd")


def test_an_extra_area_that_does_not_exist_or_is_already_met_changes_nothing() -> None:
    plain = route(TWELVE, seed="seed", city="almaty", answers={}, extra=NO_EXTRA)
    assert route(TWELVE, seed="seed", city="almaty", answers={}, extra=frozenset({"bld", "zzz"})) == plain


def test_an_area_with_no_question_open_in_the_city_is_not_offered() -> None:
    q = questionnaire(area_page("ctm"), area_page("its", closed("metro", "almaty.yes", "almaty.no", area="its")))
    q = replace(q, areas_per_respondent=1)
    assert "its" in {*area_order(q, "x")[:1], *other_areas(q, "x", "almaty")}
    assert "its" not in other_areas(q, "x", "oral")
    assert codes(route(q, seed="x", city="oral", answers={}, extra=frozenset(AREAS))) == ["ctm"]


def test_the_district_is_asked_with_the_districts_of_the_city_and_not_where_there_are_none() -> None:
    q = questionnaire(area_page("ctm"), about_page(closed("district", "almaty.medeu", "astana.esil", "other")))
    (_, about) = route(q, seed="x", city="almaty", answers={}, extra=NO_EXTRA)
    assert [option.code for option in about.questions[0].options] == ["almaty.medeu", "other"]
    assert codes(route(q, seed="x", city="oral", answers={}, extra=NO_EXTRA)) == ["ctm"]


def test_a_page_where_nothing_is_taken_out_is_the_very_page_of_the_questionnaire() -> None:
    pages = route(TWELVE, seed="seed", city="almaty", answers={}, extra=NO_EXTRA)
    assert all(page is TWELVE.page(page.code) for page in pages)


BUS = closed("bus", "yes", "no", area="its")
CROWDED = rating("crowded", "its", show_if=ShowIf(question="bus", options=frozenset({"yes"})))
WORST = closed("worst", "p1", "p2", area="its", show_if=ShowIf(question="crowded", options=frozenset({"p1", "p2"})))
RULES = questionnaire(area_page("its", BUS, CROWDED, WORST))


def test_a_question_shows_only_after_the_answer_that_leads_to_it() -> None:
    assert walk(RULES, {}) == [["bus"]]
    assert walk(RULES, {"bus": "no"}) == [["bus"]]
    assert walk(RULES, {"bus": "yes"}) == [["bus", "crowded"]]
    assert walk(RULES, {"bus": "yes", "crowded": "p2"}) == [["bus", "crowded", "worst"]]


def test_an_answer_that_fell_off_the_route_leads_nowhere_and_is_not_kept() -> None:
    stale = {"bus": "no", "crowded": "p1", "worst": "p1"}
    assert walk(RULES, stale) == [["bus"]]
    assert keep_on_route(RULES, RULES.pages, "almaty", stale) == {"bus": "no"}


def test_a_tick_among_several_leads_on_as_well() -> None:
    several = closed("ways", "bus", "car", kind="multi", area="its")
    then = rating("fare", "its", show_if=ShowIf(question="ways", options=frozenset({"bus"})))
    q = questionnaire(area_page("its", several, then))
    assert walk(q, {"ways": ("car", "bus")}) == [["ways", "fare"]]
    assert walk(q, {"ways": ("car",)}) == [["ways"]]


BY_BUS = ShowIf(question="bus", options=frozenset({"yes"}))
CROWDED_1 = ShowIf(question="crowded", options=frozenset({"p1"}))
OTHER = ShowIf(question="ways", options=frozenset({"car", "foot"}))


@pytest.mark.parametrize(
    ("rule", "answers", "shows"),
    [
        (AllOf((BY_BUS, CROWDED_1)), {"bus": "yes", "crowded": "p1"}, True),
        (AllOf((BY_BUS, CROWDED_1)), {"bus": "yes"}, False),
        (AllOf((BY_BUS, CROWDED_1)), {}, False),
        (AnyOf((BY_BUS, CROWDED_1)), {"crowded": "p1"}, True),
        (AnyOf((BY_BUS, CROWDED_1)), {"bus": "no"}, False),
        (AllOf((AnyOf((BY_BUS, CROWDED_1)), OTHER)), {"bus": "yes", "ways": ("foot",)}, True),
        (AllOf((AnyOf((BY_BUS, CROWDED_1)), OTHER)), {"bus": "yes", "ways": ("tram",)}, False),
        (AnyOf((AllOf((BY_BUS, CROWDED_1)), OTHER)), {"bus": "yes", "ways": ("tram", "car")}, True),
        (AnyOf((AllOf((BY_BUS, CROWDED_1)), OTHER)), {"bus": "yes", "crowded": "p2"}, False),
    ],
)
def test_rules_are_joined_by_and_and_or(rule: Rule, answers: Answers, shows: bool) -> None:
    questions = (BUS, rating("crowded", "its"), closed("ways", "car", "foot", "tram", kind="multi", area="its"))
    q = questionnaire(area_page("its", *questions, rating("fare", "its", show_if=rule)))
    assert ("fare" in walk(q, answers)[0]) is shows
    again = Questionnaire.from_json(q.to_json())
    assert again == q
    assert ("fare" in walk(again, answers)[0]) is shows


def test_a_whole_page_can_depend_on_an_area_asked_before() -> None:
    rule = ShowIf(question="bus", options=frozenset({"yes"}))
    q = questionnaire(area_page("its", BUS), about_page(closed("fare", "a", "b"), show_if=rule))
    assert walk(q, {"bus": "yes"}) == [["bus"], ["fare"]]
    assert walk(q, {"bus": "no", "fare": "a"}) == [["bus"]]


def test_districts_of_another_city_are_dropped_when_the_city_changes() -> None:
    several = closed("lived", "almaty.medeu", "astana.esil", "other", kind="multi")
    q = questionnaire(area_page("ctm"), about_page(closed("district", "almaty.medeu", "astana.esil"), several))
    answers = {"district": "almaty.medeu", "lived": ("almaty.medeu", "other"), "ctm_1": "p1"}
    assert keep_on_route(q, q.pages, "almaty", answers) == answers
    assert keep_on_route(q, q.pages, "astana", answers) == {"lived": ("other",), "ctm_1": "p1"}
    assert keep_on_route(q, q.pages, "oral", answers) == {"ctm_1": "p1"}


@given(st.data())
def test_keeping_what_is_on_the_route_twice_keeps_the_same_and_changes_no_page(data: st.DataObject) -> None:
    q = data.draw(questionnaires())
    city = data.draw(st.sampled_from(("astana", "almaty", "oral")))
    answers = data.draw(answers_to(q, "almaty"))
    extra = frozenset(data.draw(st.sets(st.sampled_from(AREAS))))
    pages = route(q, seed="seed", city=city, answers=answers, extra=extra)
    on_route = keep_on_route(q, pages, city, answers)
    assert on_route.items() <= answers.items() or city != "almaty"
    assert keep_on_route(q, pages, city, on_route) == on_route
    assert route(q, seed="seed", city=city, answers=on_route, extra=extra) == pages


@given(questionnaires(), st.text())
def test_any_seed_gives_every_area_once(q: Questionnaire, seed: str) -> None:
    assert sorted(area_order(q, seed)) == sorted(q.areas)


@given(st.data())
def test_no_question_that_somebody_meets_is_called_unreachable(data: st.DataObject) -> None:
    q = data.draw(questionnaires())
    unreachable = {defect.where.partition("question ")[2] for defect in rule_defects(q, "drawn")}
    for _ in range(10):
        city = data.draw(st.sampled_from(("astana", "almaty", "oral")))
        pages = route(q, seed="s", city=city, answers=data.draw(answers_to(q, city)), extra=frozenset(AREAS))
        assert unreachable.isdisjoint(question.code for page in pages for question in page.questions)


SHIPPED = [load(path) for path in shipped()]


@given(st.data())
def test_the_answers_kept_are_those_to_questions_on_the_pages_of_the_route(data: st.DataObject) -> None:
    q = data.draw(st.one_of(st.sampled_from(SHIPPED), questionnaires()))
    city = data.draw(st.sampled_from([city.code for city in load_places().cities]))
    answers = data.draw(answers_to(q, data.draw(st.sampled_from((city, "almaty")))))
    questions = {"seed": data.draw(st.text("01", max_size=3)), "city": city, "answers": answers}
    extra = data.draw(st.frozensets(st.sampled_from(q.areas))) if q.areas else NO_EXTRA
    pages = route(q, **questions, extra=extra)
    assert answers_on_route(q, **questions, extra=extra) == keep_on_route(q, pages, city, answers)
