"""The reviewer's second pair of eyes: what is valid, but would be asked badly. Rules and severities: findings.RULES."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from surveys.authoring.allowances import Reviewed
from surveys.authoring.findings import QuestionnaireFinding, find, of_defect
from surveys.authoring.readability import leading_words, question_faults, reading_faults, sides
from surveys.authoring.yaml_source import read
from surveys.languages import LANGUAGES, Text3
from surveys.questionnaire.definition import Page, PageRole, Question, Questionnaire
from surveys.questionnaire.kinds import KINDS, Stored, questions_stored

_NO_LINES: Mapping[str, int] = {}


def lint_file(path: Path) -> tuple[QuestionnaireFinding, ...]:
    """Name everything wrong with a questionnaire file: what makes it unusable, and what would be asked badly."""
    reading = read(path)
    findings = [of_defect(defect, reading.lines) for defect in reading.defects]
    if reading.questionnaire is not None:
        findings += lint(reading.questionnaire, path.name, reading.lines)
    return tuple(sorted(dict.fromkeys(findings), key=lambda finding: (finding.where.line, finding.severity)))


def lint(q: Questionnaire, source: str, lines: Mapping[str, int] = _NO_LINES) -> tuple[QuestionnaireFinding, ...]:
    """Name what would be asked badly; `lines` maps locations to the lines of the file they stand on."""
    reviewed = Reviewed(q.reviewed)
    findings = [find(note.rule, note.where, lines, note.detail) for note in _notes(q, source, reviewed)]
    findings += [find(rule, where, lines, detail) for rule, where, detail in reviewed.faults(source)]
    return tuple(dict.fromkeys(findings))


class _Note(NamedTuple):
    rule: str
    where: str
    detail: str = ""


def _notes(q: Questionnaire, source: str, reviewed: Reviewed) -> Iterator[_Note]:
    for where, text in _prose(q, source):
        yield from _of_prose(where, text, reviewed)
    texts = Counter(question.area for question in questions_stored(q, Stored.WORDS))
    for page in q.pages:
        for question in page.questions:
            where = f"{source}, page {page.code}, question {question.code}"
            yield from _of_label(where, question, reviewed)
            yield from _of_answering(where, page, question)
            yield from _of_scale(where, question)
            yield from _of_options(where, question, reviewed)
            if page.role is PageRole.AREA:
                yield from _of_period(where, question.label, q.period)
            if KINDS[question.kind].stored is Stored.WORDS and texts[question.area] > 1:
                yield _Note("several_texts", where)


def _prose(q: Questionnaire, source: str) -> Iterator[tuple[str, Text3]]:
    yield f"{source}, title", q.title
    yield f"{source}, lead", q.lead
    yield f"{source}, period", q.period
    for number, paragraph in enumerate(q.consent, 1):
        yield f"{source}, consent {number}", paragraph
    for page in q.pages:
        yield f"{source}, page {page.code}, title", page.title
        if page.intro is not None:
            yield f"{source}, page {page.code}, intro", page.intro
        with_hint = [(question.code, question.hint) for question in page.questions if question.hint is not None]
        yield from ((f"{source}, page {page.code}, question {code}, hint", hint) for code, hint in with_hint)


def _of_prose(where: str, text: Text3, reviewed: Reviewed) -> Iterator[_Note]:
    yield from _untranslated(where, text, reviewed)
    for lang, words in zip(LANGUAGES, text, strict=True):
        yield from (_Note(rule, f"{where}, {lang}", detail) for rule, detail in reading_faults(lang, words))


def _of_label(where: str, question: Question, reviewed: Reviewed) -> Iterator[_Note]:
    yield from _of_prose(f"{where}, label", question.label, reviewed)
    for lang, words in zip(LANGUAGES, question.label, strict=True):
        joined = question_faults(lang, reviewed.without_allowed("double_barrelled", lang, words))
        leading = leading_words(lang, reviewed.without_allowed("leading_word", lang, words))
        yield from (_Note(rule, f"{where}, label, {lang}", detail) for rule, detail in (*joined, *leading))
        if KINDS[question.kind].is_scale and sides(lang, words) in {(True, False), (False, True)}:
            yield _Note("one_sided", f"{where}, label, {lang}")


def _of_answering(where: str, page: Page, question: Question) -> Iterator[_Note]:
    kind = KINDS[question.kind]
    if kind.most_options and not any(option.apart for option in question.options):
        yield _Note("no_way_out", where)
    if kind.stored is Stored.NUMBER and page.role is PageRole.ABOUT:
        yield _Note("exact_trait", where)


def _of_scale(where: str, question: Question) -> Iterator[_Note]:
    if not KINDS[question.kind].is_scale:
        return
    points = [option for option in question.options if not option.apart]
    for option in points:
        if not all(any(sign.isalpha() for sign in words) for words in option.label):
            yield _Note("unlabelled_scale", f"{where}, option {option.code}")
    for lang in LANGUAGES:
        named = Counter(sides(lang, option.label.pick(lang)) for option in points)
        if named[True, False] != named[False, True]:
            detail = f"{named[True, False]} of praise, {named[False, True]} of blame"
            yield _Note("unbalanced_labels", f"{where}, options, {lang}", detail)


def _of_options(where: str, question: Question, reviewed: Reviewed) -> Iterator[_Note]:
    for option in question.options:
        yield from _untranslated(f"{where}, option {option.code}, label", option.label, reviewed)


def _of_period(where: str, label: Text3, period: Text3) -> Iterator[_Note]:
    for lang, words, stated in zip(LANGUAGES, label, period, strict=True):
        due = [part for part in stated.split() if part.isdecimal()]
        if not set(due) <= set(words.replace(",", " ").split()):
            yield _Note("period_missing", f"{where}, label, {lang}", stated)


def _untranslated(where: str, text: Text3, reviewed: Reviewed) -> Iterator[_Note]:
    for one, other in ((0, 1), (0, 2), (1, 2)):
        words = reviewed.without_allowed("untranslated", LANGUAGES[one], text[one])
        if text[one] == text[other] and any(sign.isalpha() for sign in words):
            yield _Note("untranslated", f"{where}, {LANGUAGES[one]}", f"{text[one]} in {LANGUAGES[other]} as well")
