"""Every fault of a questionnaire that can be found before anybody answers it, named with its place."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from surveys.authoring.rule_checks import rule_defects
from surveys.authoring.text_checks import LABEL_LIMIT, PROSE_LIMIT, text_defects
from surveys.errors import Defect
from surveys.languages import Text3
from surveys.questionnaire.definition import (
    AREAS,
    DIMENSIONS,
    Option,
    Page,
    PageRole,
    Question,
    Questionnaire,
)
from surveys.questionnaire.kinds import KINDS

SCALE: Final = (1, 2, 3, 4, 5)
"""Points of every scored question: the range that scoring turns into 0–100."""

_CODE = re.compile(r"[a-z0-9][a-z0-9._+-]{0,39}")


def find_defects(q: Questionnaire, source: str) -> tuple[Defect, ...]:
    """Name every defect of a questionnaire; `source` is where it was read from. Empty when it may be used."""
    return tuple(dict.fromkeys(_all_defects(q, source)))


def _all_defects(q: Questionnaire, source: str) -> Iterator[Defect]:
    yield from _defects_of_cover(q, source)
    yield from _repeated(source, "duplicate_code", (f"page {page.code}" for page in q.pages))
    yield from _repeated(source, "duplicate_code", (f"question {question.code}" for question in q.questions))
    yield from _repeated(source, "duplicate_weighting", (asked.weighting for asked in q.questions if asked.weighting))
    shared: set[tuple[Option, ...]] = set()
    for page in q.pages:
        place = f"{source}, page {page.code}"
        yield from _defects_of_page(place, page)
        for question in page.questions:
            at = f"{place}, question {question.code}"
            yield from _defects_of_question(at, page, question)
            if question.options not in shared:  # a shared scale is named once, where it is first met
                yield from _defects_of_labels(at, question)
                shared.add(question.options)
    yield from rule_defects(q, source)


def _defects_of_cover(q: Questionnaire, source: str) -> Iterator[Defect]:
    yield from _bad_code(source, q.code)
    yield from _bad_code(f"{source}, consent_version", q.consent_version)
    yield from text_defects(f"{source}, title", q.title)
    yield from text_defects(f"{source}, lead", q.lead, PROSE_LIMIT)
    yield from text_defects(f"{source}, period", q.period)
    for number, paragraph in enumerate(q.consent, 1):
        yield from text_defects(f"{source}, consent {number}", paragraph, PROSE_LIMIT)
    if not q.consent:
        yield Defect(source, "no_consent")
    if min(q.version, q.minutes) < 1:
        yield Defect(source, "out_of_range", "version and minutes count from 1")
    if not 1 <= q.areas_per_respondent <= len(q.areas):
        yield Defect(source, "out_of_range", f"{q.areas_per_respondent} areas per respondent of {len(q.areas)}")


def _defects_of_page(place: str, page: Page) -> Iterator[Defect]:
    yield from _bad_code(place, page.code)
    yield from text_defects(f"{place}, title", page.title)
    yield from _optional(f"{place}, intro", page.intro)
    if not page.questions:
        yield Defect(place, "no_questions")
    if (page.role is PageRole.AREA) != (page.area is not None):
        yield Defect(place, "area_and_role_differ", f"role {page.role}, area {page.area or 'none'}")
    if page.area is not None and page.area not in AREAS:
        yield Defect(place, "unknown_area", page.area)


def _defects_of_question(place: str, page: Page, question: Question) -> Iterator[Defect]:
    yield from _bad_code(place, question.code)
    yield from text_defects(f"{place}, label", question.label)
    yield from _optional(f"{place}, hint", question.hint)
    if question.area != page.area:
        yield Defect(place, "area_and_page_differ", f"{question.area or 'none'} on a page of {page.area or 'none'}")
    yield from _repeated(place, "duplicate_code", (f"option {option.code}" for option in question.options))
    yield from KINDS[question.kind].defects(place, question)
    yield from _defects_of_weighting(place, question)
    for option in question.options:
        yield from _defects_of_option(f"{place}, option {option.code}", question, option)
    if question.scored:
        yield from _defects_of_scale(place, question)


def _defects_of_weighting(place: str, question: Question) -> Iterator[Defect]:
    if question.weighting is None:
        return
    if question.weighting not in DIMENSIONS:
        yield Defect(place, "unknown_weighting", question.weighting)
    if not KINDS[question.kind].can_weigh:
        yield Defect(place, "weighting_needs_a_choice", question.kind)


def _defects_of_option(place: str, question: Question, option: Option) -> Iterator[Defect]:
    yield from _bad_code(place, option.code)
    if question.scored and not option.apart and option.value is None:
        yield Defect(place, "option_without_value")
    if option.apart and option.value is not None:
        yield Defect(place, "value_apart_from_scale", str(option.value))
    if option.city is not None and not option.code.startswith(f"{option.city}."):
        yield Defect(place, "city_not_in_code", f"a code of this city starts with {option.city}.")


def _defects_of_scale(place: str, question: Question) -> Iterator[Defect]:
    if not KINDS[question.kind].can_be_scored:
        yield Defect(place, "kind_cannot_be_scored", question.kind)
    if question.area is None:
        yield Defect(place, "scored_without_area")
    values = [option.value for option in question.options if not option.apart and option.value is not None]
    if values and tuple(values) not in (SCALE, SCALE[::-1]):
        yield Defect(place, "unbalanced_scale", "values " + ", ".join(map(str, values)))


def _defects_of_labels(place: str, question: Question) -> Iterator[Defect]:
    for option in question.options:
        at = f"{place}, option {option.code}"
        if question.scored and not any(words.strip() for words in option.label):
            yield Defect(at, "unlabelled_point")
        else:
            yield from text_defects(f"{at}, label", option.label, LABEL_LIMIT)
    yield from _repeated(place, "duplicate_label", (option.label.kk for option in question.options if option.label.kk))


def _optional(place: str, text: Text3 | None) -> Iterator[Defect]:
    if text is not None:
        yield from text_defects(place, text, PROSE_LIMIT)


def _bad_code(place: str, code: str) -> Iterator[Defect]:
    if not _CODE.fullmatch(code):
        yield Defect(place, "bad_code", repr(code[:60]))


def _repeated(place: str, code: str, things: Iterable[str]) -> Iterator[Defect]:
    for thing, times in Counter(things).items():
        if times > 1:
            yield Defect(place, code, f"{thing}, {times} times")
