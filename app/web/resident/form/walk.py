"""One respondent's way through a wave: which step comes after which, worked out anew at every request."""

from dataclasses import dataclass
from functools import cached_property

from app.web.resident.drafts import Draft
from app.web.resident.waves import WaveView
from surveys.ballots.ballots import Ballot
from surveys.questionnaire.definition import Page
from surveys.questionnaire.routing import area_order, other_areas, route

CONSENT, MORE, SUGGESTIONS, CHECK = "consent", "more", "suggestions", "check"
"""Steps that are not pages of the questionnaire."""


@dataclass(frozen=True)
class Walk:
    """The steps of one draft."""

    wave: WaveView
    draft: Draft
    ballot: Ballot

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        """Pages of the questionnaire on this respondent's route."""
        return route(
            self.wave.compiled.questionnaire,
            seed=self.ballot.seed,
            city=self.draft.city,
            answers=self.draft.answers,
            extra=frozenset(self.draft.extra),
        )

    @cached_property
    def steps(self) -> list[str]:
        """Addresses of all steps in order."""
        q = self.wave.compiled.questionnaire
        first = area_order(q, self.ballot.seed)[: q.areas_per_respondent]
        own, others = list[str](), list[str]()
        for page in self.pages:  # those of About come last
            (own if page.area in first else others).append(page.code)
        more = [MORE] if self.further_areas or self.draft.extra else []
        wishes = [SUGGESTIONS] if q.takes_suggestions else []
        return [CONSENT, *own, *more, *others, *wishes, CHECK]

    @cached_property
    def further_areas(self) -> tuple[str, ...]:
        """Areas that could still be answered about, those already chosen left out."""
        q = self.wave.compiled.questionnaire
        return other_areas(q, self.ballot.seed, self.draft.city, frozenset(self.draft.extra))

    def page(self, code: str) -> Page | None:
        """Find a page on the route."""
        return next((page for page in self.pages if page.code == code), None)

    def after(self, step: str) -> str:
        """Give the next step."""
        steps = self.steps
        return steps[min(steps.index(step) + 1, len(steps) - 1)] if step in steps else CHECK

    def before(self, step: str) -> str | None:
        """Give the step before; None at the first."""
        steps = self.steps
        index = steps.index(step) if step in steps else 0
        return steps[index - 1] if index else None
