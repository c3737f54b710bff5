"""One respondent's way through a wave: which step comes after which, worked out anew at every request."""

from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.web.resident.drafts import Draft
from surveys.ballots.ballots import Ballot
from surveys.fieldwork.channels import PLAIN, list_channels
from surveys.models import Wave, WaveCity
from surveys.questionnaire.compiled import Compiled
from surveys.questionnaire.definition import Page, PageRole
from surveys.questionnaire.routing import area_order, other_areas, route
from surveys.questionnaire.versions import get_compiled

CONSENT, MORE, SUGGESTIONS, CHECK = "consent", "more", "suggestions", "check"
"""Steps that are not pages of the questionnaire."""


@dataclass(frozen=True, slots=True)
class WaveView:
    """A wave as the survey needs it."""

    code: str
    audience: str
    is_open: bool
    is_invited: bool
    compiled: Compiled
    cities: frozenset[str]
    gates: frozenset[str] = frozenset({"open"})
    channels: frozenset[str] = frozenset({PLAIN})

    def channel(self, named: str) -> str:
        """Give a declared channel back; any other word counts as the plain link."""
        return named if named in self.channels else PLAIN

    def invitation(self, named: str) -> str:
        """Give the word of a link that no channel declares: whoever shares it was invited by the same person."""
        return "" if named in self.channels else named


def wave_view(session: Session, code: str) -> WaveView | None:
    """Read a wave; None when there is none or it has not opened yet."""
    wave = session.get(Wave, code)
    if wave is None or wave.state == "planned":
        return None
    cities = frozenset(session.scalars(select(WaveCity.city).where(WaveCity.wave == code)))
    return WaveView(
        code=code,
        audience=wave.audience,
        is_open=wave.state == "open",
        is_invited="open" not in wave.gates,
        compiled=get_compiled(session, wave.version),
        cities=cities,
        gates=wave.gates,
        channels=frozenset(list_channels(session, code)),
    )


def list_open_waves(session: Session) -> list[WaveView]:
    """List the waves that take answers now, residents first; some ask for a code or a sign-in."""
    codes = session.scalars(select(Wave.code).where(Wave.state == "open"))
    views = [view for code in codes if (view := wave_view(session, code))]
    return sorted(views, key=lambda view: (view.audience != "resident", view.code))


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
        own = [page.code for page in self.pages if page.area in first]
        chosen = [page.code for page in self.pages if page.role is PageRole.AREA and page.area not in first]
        about = [page.code for page in self.pages if page.role is PageRole.ABOUT]
        more = [MORE] if self.further_areas or self.draft.extra else []
        return [CONSENT, *own, *more, *chosen, *about, SUGGESTIONS, CHECK]

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
        place = steps.index(step) if step in steps else 0
        return steps[place - 1] if place else None
