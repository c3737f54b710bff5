"""The questionnaire as frozen data: three mandatory texts everywhere, one canonical JSON, one digest."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from surveys.decoding import decode
from surveys.errors import DecodingError, Defect, DefinitionError
from surveys.languages import Text3

AREAS = ("ctm", "hlt", "edu", "scy", "hcs", "its", "soc", "eco", "btd", "bld", "agr", "ict")
"""Areas of city life a question may be about: codes of the 2019 edition of the reference standard."""

DIMENSIONS = ("sex", "age", "district", "size", "sector", "employer")
"""Traits that may place a respondent in a weighting cell, in the order they are written there.

No population is known by the last: it lets a rating be computed without those who work in the akimat.
"""

PLACEHOLDERS = frozenset({"city", "city_in", "city_of"})
"""Names that may stand in braces in a text: the respondent's city, in the form the grammar needs."""

Answer = str | tuple[str, ...]
Answers = Mapping[str, Answer]
"""Question code → option code, option codes, text, or number as text; an unanswered question is absent."""


class Audience(StrEnum):
    """Whom a questionnaire asks."""

    RESIDENT = "resident"
    BUSINESS = "business"
    STAFF = "staff"
    """Those who work in an administration: their answers rate nothing (docs/adr/0045-staff-answers-apart.md)."""


PUBLIC_AUDIENCES = (Audience.RESIDENT, Audience.BUSINESS)
"""Those whose answers rate a city and are counted in public."""

MAX_TEXT = 500
"""Longest answer in words when a question sets no limit of its own, and the highest limit it may set."""


class PageRole(StrEnum):
    """What a page is for: an area of city life, or the respondent's coarse traits."""

    AREA = "area"
    ABOUT = "about"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One answer to tick; `apart` ones (hard to say) stand outside the scale and are never scored."""

    code: str
    label: Text3
    value: int | None = None
    apart: bool = False
    city: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowIf:
    """Holds when an earlier question was answered by one of these options."""

    question: str
    options: frozenset[str]

    def holds(self, answers: Answers) -> bool:
        """Tell whether one of the options is among the answers."""
        answer = answers.get(self.question, ())
        return not self.options.isdisjoint((answer,) if isinstance(answer, str) else answer)

    def leaves(self) -> "tuple[ShowIf, ...]":
        """List the plain rules this one is made of: itself."""
        return (self,)


@dataclass(frozen=True, slots=True)
class AllOf:
    """Holds when every one of its rules does."""

    all_of: "tuple[Rule, ...]"

    def holds(self, answers: Answers) -> bool:
        """Tell whether all rules hold."""
        return all(rule.holds(answers) for rule in self.all_of)

    def leaves(self) -> tuple[ShowIf, ...]:
        """List the plain rules this one is made of."""
        return tuple(leaf for rule in self.all_of for leaf in rule.leaves())


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Holds when at least one of its rules does."""

    any_of: "tuple[Rule, ...]"

    def holds(self, answers: Answers) -> bool:
        """Tell whether some rule holds."""
        return any(rule.holds(answers) for rule in self.any_of)

    def leaves(self) -> tuple[ShowIf, ...]:
        """List the plain rules this one is made of."""
        return tuple(leaf for rule in self.any_of for leaf in rule.leaves())


Rule = ShowIf | AllOf | AnyOf
"""When a page or question shows; no rule can say "not", so more answers never hide what fewer have shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question; `weighting` names the dimension of the weighting cell its answer gives."""

    code: str
    kind: str
    """A key of surveys.questionnaire.kinds.KINDS."""
    label: Text3
    hint: Text3 | None = None
    area: str | None = None
    options: tuple[Option, ...] = ()
    scored: bool = False
    reverse: bool = False
    required: bool = False
    weighting: str | None = None
    show_if: Rule | None = None
    max_chars: int | None = None
    minimum: int | None = None
    maximum: int | None = None

    @property
    def longest_text(self) -> int:
        """Most characters (code points, line ends counted once) of an answer in words; what a live count shows."""
        return self.max_chars or MAX_TEXT

    def __hash__(self) -> int:
        """Hash by code, so that caches keyed by a question do not read through its texts."""
        return hash(self.code)

    def is_asked_in(self, city: str) -> bool:
        """Tell whether a city meets it: one with options only where some of them are open."""
        return not self.options or bool(self.offered(city))

    def offered(self, city: str) -> tuple[Option, ...]:
        """List the options open in a city: none at all when the question is only for other cities."""
        cities = {option.city for option in self.options} - {None}
        if cities and city not in cities:
            return ()
        return tuple(option for option in self.options if option.city in (None, city))


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One screen of questions."""

    code: str
    role: PageRole
    title: Text3
    area: str | None = None
    intro: Text3 | None = None
    questions: tuple[Question, ...] = ()
    show_if: Rule | None = None

    def __hash__(self) -> int:
        """Hash by code, so that caches keyed by a page do not read through its questions."""
        return hash(self.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """A phrase that a reviewer let stand against a rule of the linter, and why."""

    rule: str
    lang: str
    phrase: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Questionnaire:
    """A whole questionnaire; two with equal canonical JSON are the same version."""

    code: str
    audience: Audience
    version: int
    title: Text3
    lead: Text3
    period: Text3
    minutes: int
    areas_per_respondent: int
    consent: tuple[Text3, ...]
    consent_version: str
    pages: tuple[Page, ...]
    reviewed: tuple[Allowance, ...] = field(default=(), compare=False, metadata={"asked": False})
    """What a reviewer allowed; nobody is asked it, so it is no part of the version."""

    @property
    def takes_suggestions(self) -> bool:
        """Whether words may be left at the end: those of staff would stand among residents' on the public board."""
        return self.audience is not Audience.STAFF

    def __hash__(self) -> int:
        """Hash by digest, so that caches keyed by a questionnaire cost one look-up."""
        return hash(self.digest())

    def __eq__(self, other: object) -> bool:
        """Compare by digest, as a version is told from another; field by field would cost more than what is cached."""
        return isinstance(other, Questionnaire) and self.digest() == other.digest()

    @cached_property
    def areas(self) -> tuple[str, ...]:
        """Areas asked about, in the order of the pages."""
        return tuple(dict.fromkeys(page.area for page in self.pages if page.area is not None))

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Every question, in the order of the pages."""
        return tuple(question for page in self.pages for question in page.questions)

    @cached_property
    def has_rules(self) -> bool:
        """Whether what is asked depends on answers given before."""
        rules = [page.show_if for page in self.pages] + [question.show_if for question in self.questions]
        return any(rule is not None for rule in rules)

    @cached_property
    def _by_code(self) -> dict[str, Question]:
        return {question.code: question for question in self.questions}

    def question(self, code: str) -> Question:
        """Find a question; raises KeyError."""
        return self._by_code[code]

    def page(self, code: str) -> Page:
        """Find a page; raises KeyError."""
        for page in self.pages:
            if page.code == code:
                return page
        raise KeyError(code)

    @cached_property
    def _json(self) -> str:
        return json.dumps(_plain(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @cached_property
    def _digest(self) -> str:
        return hashlib.sha256(self._json.encode()).hexdigest()

    def to_json(self) -> str:
        """Write canonical JSON: sorted keys, no spaces, fields at their default left out."""
        return self._json

    def digest(self) -> str:
        """Give the SHA-256 of the canonical JSON, in hex."""
        return self._digest

    @classmethod
    def from_json(cls, text: str) -> "Questionnaire":
        """Read canonical JSON back; raises DefinitionError when the text is not one of ours.

        A kind of question that is not known (any more) is refused by compile_questionnaire.
        """
        try:
            return decode(cls, text)
        except DecodingError as error:
            raise DefinitionError([Defect("JSON", "not_a_questionnaire", error.why)]) from error


def _plain(value: Any) -> Any:
    # Defaults are left out so that a field added later leaves the digests of frozen versions as they are.
    if is_dataclass(value):
        values = {
            of.name: (getattr(value, of.name), of.default) for of in fields(value) if of.metadata.get("asked", True)
        }
        return {name: _plain(item) for name, (item, default) in values.items() if default is MISSING or item != default}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value
