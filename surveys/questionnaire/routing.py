"""Which pages one respondent meets: a seeded choice of areas, rules, and the options of the city. Pure."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from surveys.questionnaire.definition import Answer, Answers, Page, PageRole, Question, Questionnaire

_LOT = 5
"""Bytes from one area's lot to the next: twelve areas share 64."""


class RouteAnswers(NamedTuple):
    """What one pass over the pages found: the pages shown and the answers that still stand."""

    pages: tuple[Page, ...]
    answers: dict[str, Answer]


@lru_cache(maxsize=1024)
def area_order(questionnaire: Questionnaire, seed: str) -> tuple[str, ...]:
    """Shuffle the areas by the seed, each drawing its lot from one hash: every order is equally likely over seeds."""
    digest = hashlib.sha512(seed.encode()).digest()
    lots = {area: digest[_LOT * index :] for index, area in enumerate(questionnaire.areas)}
    return tuple(sorted(lots, key=lots.__getitem__))


def route(
    q: Questionnaire, *, seed: str, city: str, answers: Answers, extra: frozenset[str] = frozenset()
) -> tuple[Page, ...]:
    """List the pages of one respondent: the seed's areas, the extra ones, then About.

    Each page holds only the questions and options that are open in the city and by the answers so far;
    a page left without questions is not on the route.
    """
    if not q.has_rules:
        return _pages_in(q, seed, city, extra)
    return walk(_pages_to_ask(q, seed, extra), city, answers).pages


@lru_cache(maxsize=4096)
def _pages_in(q: Questionnaire, seed: str, city: str, extra: frozenset[str]) -> tuple[Page, ...]:
    """Give the route of one respondent where no rule looks at answers: the same at each of their pages."""
    return walk(_pages_to_ask(q, seed, extra), city, {}).pages


def answers_on_route(
    q: Questionnaire, *, seed: str, city: str, answers: Answers, extra: frozenset[str] = frozenset()
) -> Answers:
    """Keep the checked answers to questions that one respondent meets on the way; the others are not stored."""
    if q.has_rules:
        return walk(_pages_to_ask(q, seed, extra), city, answers).answers
    areas, local = _questions(q)
    areas_asked = {*extra, None, *area_order(q, seed)[: q.areas_per_respondent]}
    if areas_asked.issuperset(q.areas):
        result = dict(answers)
    else:
        result = {code: answer for code, answer in answers.items() if areas.get(code, "") in areas_asked}
    for code in local.intersection(result):
        before, whole = result.pop(code), q.question(code)
        here = _in_city(whole, city)
        if here and (answer := _still_offered(whole, here, before)):
            result[code] = answer
    return result


@lru_cache(maxsize=64)
def _questions(q: Questionnaire) -> tuple[dict[str, str | None], frozenset[str]]:
    """Tell the area of each question's page, None on About, and which questions have options of single cities."""
    areas = {question.code: page.area for page in q.pages for question in page.questions}
    return areas, frozenset(x.code for x in q.questions if any(option.city is not None for option in x.options))


@lru_cache(maxsize=4096)
def other_areas(q: Questionnaire, seed: str, city: str, extra: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """List the areas that could still be added to the route, in the questionnaire's order."""
    areas_asked = {*area_order(q, seed)[: q.areas_per_respondent], *extra}
    return tuple(area for area in _areas_open_in(q, city) if area not in areas_asked)


@lru_cache(maxsize=512)
def _areas_open_in(q: Questionnaire, city: str) -> tuple[str, ...]:
    """List the areas that ask anything at all in a city."""
    open_here = {page.area for page in q.pages if any(question.offered(city) for question in page.questions)}
    return tuple(area for area in q.areas if area in open_here)


@lru_cache(maxsize=1024)
def _pages_to_ask(q: Questionnaire, seed: str, extra: frozenset[str]) -> tuple[Page, ...]:
    """List the pages of the seed's areas and the extra ones, then About; rules are not looked at."""
    order = area_order(q, seed)
    areas = order[: q.areas_per_respondent] + tuple(area for area in order[q.areas_per_respondent :] if area in extra)
    return tuple(q.pages[index] for key in (*areas, None) for index in _page_indexes(q)[key])


@lru_cache(maxsize=64)
def _page_indexes(q: Questionnaire) -> dict[str | None, tuple[int, ...]]:
    """Tell where the pages of each area stand in the questionnaire; those of About under None."""
    numbered = list(enumerate(q.pages))
    areas: dict[str | None, tuple[int, ...]] = {
        area: tuple(index for index, page in numbered if page.area == area) for area in q.areas
    }
    return areas | {None: tuple(index for index, page in numbered if page.role is PageRole.ABOUT)}


def walk(pages: Iterable[Page], city: str, answers: Answers) -> RouteAnswers:
    """Pass over pages in the order they are met, keeping what shows in the city by the answers that still stand.

    Rules look only at answers met before them on this very walk, so one pass decides every rule.
    """
    shown_pages: list[Page] = []
    standing: dict[str, Answer] = {}
    for page in pages:
        if page.show_if and not page.show_if.holds(standing):
            continue
        if (codes := _always_asked(page)) is not None:
            shown_pages.append(page)
            standing |= {code: answer for code in codes if (answer := answers.get(code))}
            continue
        questions: list[Question] = []
        for question in page.questions:
            here = _in_city(question, city)
            if here is None or (question.show_if and not question.show_if.holds(standing)):
                continue
            questions.append(here)
            answer = _still_offered(question, here, answers.get(question.code))
            if answer:
                standing[question.code] = answer
        if questions:
            shown_pages.append(_with_questions(page, tuple(questions)))
    return RouteAnswers(tuple(shown_pages), standing)


@lru_cache(maxsize=4096)
def _always_asked(page: Page) -> tuple[str, ...] | None:
    """List the questions of a page that shows them all, with all their options, to everybody; None for any other."""
    is_plain = all(q.show_if is None and all(option.city is None for option in q.options) for q in page.questions)
    return tuple(question.code for question in page.questions) if is_plain and page.questions else None


@lru_cache(maxsize=4096)
def _in_city(question: Question, city: str) -> Question | None:
    if all(option.city is None for option in question.options):
        return question
    offered = question.offered(city)
    return replace(question, options=offered) if offered else None


def _still_offered(whole: Question, here: Question, answer: Answer | None) -> Answer | None:
    if answer is None or whole is here:
        return answer
    removed = {option.code for option in whole.options} - {option.code for option in here.options}
    if isinstance(answer, str):
        return None if answer in removed else answer
    return tuple(code for code in answer if code not in removed)


@lru_cache(maxsize=4096)
def _with_questions(page: Page, questions: tuple[Question, ...]) -> Page:
    # The page itself where nothing was taken out: forms are cached by page.
    return page if questions == page.questions else replace(page, questions=questions)
