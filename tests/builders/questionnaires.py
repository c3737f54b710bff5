"""Small questionnaires for tests: made by hand, or drawn by hypothesis."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from surveys.languages import Text3
from surveys.questionnaire.definition import (
    AREAS,
    AllOf,
    Answer,
    AnyOf,
    Audience,
    Option,
    Page,
    PageRole,
    Question,
    Questionnaire,
    Rule,
    ShowIf,
)
from surveys.questionnaire.kinds import MOST_NUMBERS, Stored, questions_stored

CITIES = ("astana", "almaty")


def words(name: str) -> Text3:
    """Make a text whose three languages differ."""
    return Text3(f"{name} қазақша", f"{name} по-русски", f"{name} in English")


def options(*codes: str, **changes: Any) -> tuple[Option, ...]:
    """Make options without values; a code such as `almaty.medeu` is offered in that city only."""
    return tuple(
        Option(code=code, label=words(code), city=code.partition(".")[0] if "." in code else None, **changes)
        for code in codes
    )


POINTS = tuple(Option(code=f"p{value}", label=words(f"point {value}"), value=value) for value in (5, 4, 3, 2, 1))
SCALE = (*POINTS, *options("hard_to_say", apart=True))


def rating(code: str, area: str | None = "ctm", **changes: Any) -> Question:
    """Make a scored question of five points and "hard to say"."""
    fields: dict[str, Any] = {"area": area, "options": SCALE, "scored": True}
    return Question(code=code, kind="rating", label=words(code), **(fields | changes))


def closed(code: str, *codes: str, kind: str = "choice", **changes: Any) -> Question:
    """Make a question with these options, not scored."""
    return Question(code=code, kind=kind, label=words(code), options=options(*codes), **changes)


def number(code: str, minimum: int, maximum: int, **changes: Any) -> Question:
    """Make a question answered by a whole number."""
    return Question(code=code, kind="number", label=words(code), minimum=minimum, maximum=maximum, **changes)


def open_text(code: str, area: str = "ctm", **changes: Any) -> Question:
    """Make a question answered in words."""
    return Question(code=code, kind="text", label=words(code), area=area, **changes)


def area_page(area: str, *questions: Question, **changes: Any) -> Page:
    """Make the page of an area; with no question given, one scored question."""
    own = questions or (rating(f"{area}_1", area),)
    return Page(code=area, role=PageRole.AREA, area=area, title=words(area), questions=own, **changes)


def about_page(*questions: Question, **changes: Any) -> Page:
    """Make the page about the respondent."""
    return Page(code="about", role=PageRole.ABOUT, title=words("about"), questions=questions, **changes)


def questionnaire(*pages: Page, **changes: Any) -> Questionnaire:
    """Make a questionnaire of these pages; every respondent meets all its areas unless told otherwise."""
    fields: dict[str, Any] = {
        "code": "test",
        "audience": Audience.RESIDENT,
        "version": 1,
        "title": words("title"),
        "lead": words("lead"),
        "period": words("period"),
        "minutes": 1,
        "areas_per_respondent": len({page.area for page in pages} - {None}),
        "consent": (words("consent"),),
        "consent_version": "1",
        "pages": pages,
    }
    return Questionnaire(**(fields | changes))


def wordy(areas: tuple[str, ...] = AREAS) -> Questionnaire:
    """Make a questionnaire that asks for words and a number in every area."""
    pages = [
        area_page(
            area, rating(f"{area}_1", area), number(f"{area}_n", 0, 9999, area=area), open_text(f"{area}_t", area)
        )
        for area in areas
    ]
    return questionnaire(*pages, about_page(closed("sex", "f", "m")))


@st.composite
def closed_questions(draw: st.DrawFn, code: str, area: str | None) -> Question:
    """Draw a question answered by options, some of them of one city."""
    kind = draw(st.sampled_from(("rating", "choice", "multi")))
    if kind == "rating":
        return rating(code, area, scored=area is not None, reverse=draw(st.booleans()))
    possible = [f"o{number}" for number in range(8)] + [f"{city}.o{number}" for city in CITIES for number in range(3)]
    codes = draw(st.lists(st.sampled_from(possible), min_size=1, max_size=8, unique=True))
    question = closed(code, *codes, kind=kind, area=area)
    if not draw(st.booleans()):
        return question
    *rest, last = question.options
    return replace(question, options=(*rest, replace(last, apart=True)))


@st.composite
def questions(draw: st.DrawFn, code: str, area: str | None) -> Question:
    """Draw a question of any kind; words are asked of areas only."""
    kind = draw(st.sampled_from(("closed", "closed", "closed", "number", "text" if area else "closed")))
    if kind == "number":
        minimum = draw(st.integers(-1_000_000, 1_000_000))
        return number(code, minimum, minimum + draw(st.integers(0, MOST_NUMBERS - 1)), area=area)
    if kind == "text" and area:
        return open_text(code, area, max_chars=draw(st.none() | st.integers(1, 500)))
    return draw(closed_questions(code, area))


@st.composite
def questionnaires(draw: st.DrawFn) -> Questionnaire:
    """Draw a questionnaire with rules from any question to any earlier one of its page or of the areas."""
    areas = draw(st.lists(st.sampled_from(AREAS), min_size=1, max_size=4, unique=True))
    pages = []
    earlier_questions: list[Question] = []
    for area in (*areas, None):
        own: list[Question] = []
        for index in range(draw(st.integers(1, 3))):
            question = draw(questions(f"{area or 'about'}_{index}", area))
            earlier = own if area else [*earlier_questions, *own]
            own.append(_maybe_skipped(draw, question, earlier))
        earlier_questions += own
        pages.append(area_page(area, *own) if area else about_page(*own))
    return questionnaire(*pages, areas_per_respondent=draw(st.integers(1, len(areas))))


def _maybe_skipped(draw: st.DrawFn, question: Question, earlier: list[Question]) -> Question:
    ticked = [own for own in earlier if own.options]
    if not ticked or not draw(st.booleans()):
        return question
    return replace(question, show_if=draw(rules(ticked)))


def rules(own: list[Question]) -> st.SearchStrategy[Rule]:
    """Draw a rule on these closed questions, with "and" and "or" nested in any way."""
    plain = st.sampled_from(own).flatmap(_answered)
    return st.recursive(plain, lambda inner: st.lists(inner, min_size=2, max_size=3).flatmap(_joined), max_leaves=4)


def _answered(question: Question) -> st.SearchStrategy[Rule]:
    codes = st.sets(st.sampled_from([option.code for option in question.options]), min_size=1)
    return codes.map(lambda some: ShowIf(question=question.code, options=frozenset(some)))


def _joined(parts: list[Rule]) -> st.SearchStrategy[Rule]:
    return st.sampled_from((AllOf(tuple(parts)), AnyOf(tuple(parts))))


@st.composite
def answers_to(draw: st.DrawFn, q: Questionnaire, city: str) -> dict[str, Answer]:
    """Draw answers open in a city, to any part of the closed questions and those asking a number."""
    answers: dict[str, Answer] = {}
    for question in questions_stored(q, Stored.BYTE):
        offered = question.offered(city)
        if not offered or not draw(st.booleans()):
            continue
        answers[question.code] = draw(_several(offered) if question.kind == "multi" else _one(offered))
    for question in questions_stored(q, Stored.NUMBER):
        if draw(st.booleans()):
            answers[question.code] = str(draw(st.integers(question.minimum, question.maximum)))
    return answers


def _one(offered: tuple[Option, ...]) -> st.SearchStrategy[Answer]:
    return st.sampled_from([option.code for option in offered])


def _several(offered: tuple[Option, ...]) -> st.SearchStrategy[Answer]:
    # In the order of the questionnaire; one set apart ("none of these") alone.
    alone = [(option.code,) for option in offered if option.apart]
    joint = [option.code for option in offered if not option.apart]
    some = [tuple(code for at, code in enumerate(joint) if bits >> at & 1) for bits in range(1, 2 ** len(joint))]
    return st.sampled_from(alone + some)
