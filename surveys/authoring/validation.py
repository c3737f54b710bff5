"""Every fault of a questionnaire that can be found before anybody answers it, named with where it is."""

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
    Audience,
    Option,
    Page,
    PageRole,
    Question,
    Questionnaire,
)
from surveys.questionnaire.kinds import KINDS, Stored

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
    yield from _repeated(
        source, "duplicate_weighting", (question.weighting for question in q.questions if question.weighting)
    )
    shared: set[tuple[Option, ...]] = set()
    for page in q.pages:
        where = f"{source}, page {page.code}"
        yield from _defects_of_page(where, page)
        for question in page.questions:
            at = f"{where}, question {question.code}"
            yield from _defects_of_question(at, page, question)
            if q.audience is Audience.STAFF and _tells_who(page, question):
                yield Defect(at, "not_asked_of_staff")
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


def _tells_who(page: Page, question: Question) -> bool:
    """Tell whether the answer would soon name one of the few who work in an akimat: a trait, or their own words."""
    return page.role is PageRole.ABOUT or KINDS[question.kind].stored is Stored.WORDS


def _defects_of_page(where: str, page: Page) -> Iterator[Defect]:
    yield from _bad_code(where, page.code)
    yield from text_defects(f"{where}, title", page.title)
    yield from _optional(f"{where}, intro", page.intro)
    if not page.questions:
        yield Defect(where, "no_questions")
    if (page.role is PageRole.AREA) != (page.area is not None):
        yield Defect(where, "area_and_role_differ", f"role {page.role}, area {page.area or 'none'}")
    if page.area is not None and page.area not in AREAS:
        yield Defect(where, "unknown_area", page.area)


def _defects_of_question(where: str, page: Page, question: Question) -> Iterator[Defect]:
    yield from _bad_code(where, question.code)
    yield from text_defects(f"{where}, label", question.label)
    yield from _optional(f"{where}, hint", question.hint)
    if question.area != page.area:
        yield Defect(where, "area_and_page_differ", f"{question.area or 'none'} on a page of {page.area or 'none'}")
    yield from _repeated(where, "duplicate_code", (f"option {option.code}" for option in question.options))
    yield from KINDS[question.kind].defects(where, question)
    yield from _defects_of_weighting(where, question)
    for option in question.options:
        yield from _defects_of_option(f"{where}, option {option.code}", question, option)
    if question.scored:
        yield from _defects_of_scale(where, question)


def _defects_of_weighting(where: str, question: Question) -> Iterator[Defect]:
    if question.weighting is None:
        return
    if question.weighting not in DIMENSIONS:
        yield Defect(where, "unknown_weighting", question.weighting)
    if not KINDS[question.kind].can_weigh:
        yield Defect(where, "weighting_needs_a_choice", question.kind)


def _defects_of_option(where: str, question: Question, option: Option) -> Iterator[Defect]:
    yield from _bad_code(where, option.code)
    if question.scored and not option.apart and option.value is None:
        yield Defect(where, "option_without_value")
    if option.apart and option.value is not None:
        yield Defect(where, "value_apart_from_scale", str(option.value))
    if option.city is not None and not option.code.startswith(f"{option.city}."):
        yield Defect(where, "city_not_in_code", f"a code of this city starts with {option.city}.")


def _defects_of_scale(where: str, question: Question) -> Iterator[Defect]:
    if not KINDS[question.kind].can_be_scored:
        yield Defect(where, "kind_cannot_be_scored", question.kind)
    if question.area is None:
        yield Defect(where, "scored_without_area")
    values = [option.value for option in question.options if not option.apart and option.value is not None]
    if values and tuple(values) not in (SCALE, SCALE[::-1]):
        yield Defect(where, "unbalanced_scale", "values " + ", ".join(map(str, values)))


def _defects_of_labels(where: str, question: Question) -> Iterator[Defect]:
    for option in question.options:
        at = f"{where}, option {option.code}"
        if question.scored and not any(words.strip() for words in option.label):
            yield Defect(at, "unlabelled_point")
        else:
            yield from text_defects(f"{at}, label", option.label, LABEL_LIMIT)
    yield from _repeated(where, "duplicate_label", (option.label.kk for option in question.options if option.label.kk))


def _optional(where: str, text: Text3 | None) -> Iterator[Defect]:
    if text is not None:
        yield from text_defects(where, text, PROSE_LIMIT)


def _bad_code(where: str, code: str) -> Iterator[Defect]:
    if not _CODE.fullmatch(code):
        yield Defect(where, "bad_code", repr(code[:60]))


def _repeated(where: str, code: str, things: Iterable[str]) -> Iterator[Defect]:
    for thing, times in Counter(things).items():
        if times > 1:
            yield Defect(where, code, f"{thing}, {times} times")
