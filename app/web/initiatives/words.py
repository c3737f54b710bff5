"""States of initiatives, kinds of documents, and what became of figures, in words."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from app.initiatives.comparison import ComparedFigure, Doubt, FigureChange, FigureKind
from app.initiatives.states import InitiativeState
from app.web.language import _l, _lc, number, pick
from surveys.languages import Text3

if TYPE_CHECKING:
    from scoring.edition import Edition


class StateBadge(NamedTuple):
    """A state in words, and the colour beside them."""

    words: str
    kind: str = ""


STATES: Mapping[InitiativeState, StateBadge] = {
    InitiativeState.PLANNED: StateBadge(_lc("initiative", "planned")),
    InitiativeState.SUBMITTED: StateBadge(_lc("initiative", "with the examiners"), "new"),
    InitiativeState.EXAMINED: StateBadge(_lc("initiative", "examiners differ"), "warn"),
    InitiativeState.RETURNED: StateBadge(_lc("initiative", "returned to the city"), "warn"),
    InitiativeState.NOT_SUPPORTED: StateBadge(_lc("initiative", "not supported"), "bad"),
    InitiativeState.SUPPORTED: StateBadge(_lc("initiative", "supported"), "good"),
    InitiativeState.RUNNING: StateBadge(_lc("initiative", "under way"), "new"),
    InitiativeState.FINISHED: StateBadge(_lc("initiative", "finished"), "good"),
    InitiativeState.EVALUATED: StateBadge(_lc("initiative", "evaluated"), "good"),
    InitiativeState.WITHDRAWN: StateBadge(_lc("initiative", "given up before it was supported")),
    InitiativeState.STOPPED: StateBadge(_lc("initiative", "given up"), "bad"),
}

DOCUMENT_KINDS: Mapping[str, str] = {
    "strategy": _l("Strategy"),
    "architecture": _l("Architecture"),
}

FIGURES: Mapping[FigureKind, str] = {
    FigureKind.INDICATOR: _l("Indicator"),
    FigureKind.AREA: _l("Indicators of the area"),
    FigureKind.OPINION: _l("Opinion of residents and businesses"),
}
CHANGES: Mapping[FigureChange, str] = {
    FigureChange.ROSE: _l("higher than before"),
    FigureChange.FELL: _l("lower than before"),
    FigureChange.STAYED: _l("as before"),
    FigureChange.CANNOT_TELL: _l("cannot be told"),
}
DOUBTS: Mapping[Doubt, str] = {
    Doubt.OVERLAP: _l("the ranges overlap"),
    Doubt.MISSING: _l("a figure is missing"),
    Doubt.OTHER_EDITION: _l("the two publications rate by different indicators"),
    Doubt.OTHER_QUESTIONS: _l("people were asked other questions"),
    Doubt.BEGUN_BEFORE: _l("the earlier figures are from days on which it had begun"),
    Doubt.NOT_FINISHED: _l("the later figures are from days on which it was not finished"),
}


PUBLIC_STEPS: Mapping[str, str] = {
    "support": _lc("initiative", "supported by the ministry"),
    "start": _lc("initiative", "begun"),
    "report": _lc("initiative", "how far it is"),
    "finish": _lc("initiative", "finished"),
    "stop": _lc("initiative", "given up"),
    "evaluate": _lc("initiative", "set beside figures from before and after"),
}
"""Steps that everybody reads."""


class FigureLine(NamedTuple):
    """A figure before and after as it is read."""

    name: str
    before: str
    after: str
    change: str
    """What became of it, and why it cannot be told where it cannot."""
    kind: str
    """Colour beside the words."""


_COLOURS = {FigureChange.ROSE: "good", FigureChange.FELL: "bad"}


def figure_line(figure: ComparedFigure, edition: str) -> FigureLine:
    """Say a figure: its name, both numbers with their ranges, and what became of it."""
    doubt = f": {DOUBTS[figure.doubt]}" if figure.doubt else ""
    return FigureLine(
        name=_name(figure, edition),
        before=_number(figure.before, figure.before_low, figure.before_high),
        after=_number(figure.after, figure.after_low, figure.after_high),
        change=f"{CHANGES[figure.change]}{doubt}",
        kind=_COLOURS.get(figure.change, ""),
    )


def areas_of(edition: str) -> dict[str, str]:
    """Give the areas of an edition by code, in its order, in the language of the page."""
    return {area.code: pick(Text3(*area.name)) for area in _edition(edition).areas}


def indicator_names(edition: str, codes: tuple[str, ...]) -> list[str]:
    """Name indicators of an edition, each with its code."""
    known = _edition(edition)
    found = [known.indicator(code) for code in codes]
    return [f"{pick(Text3(*each.name))} ({each.code})" for each in found if each]


def _edition(code: str) -> "Edition":
    from scoring.edition import load_edition  # noqa: PLC0415 - which processes of the survey alone need not hold

    return load_edition(code)


def _name(figure: ComparedFigure, edition: str) -> str:
    if figure.kind is FigureKind.INDICATOR:
        indicator = _edition(edition).indicator(figure.code)
        return f"{pick(Text3(*indicator.name))} ({figure.code})" if indicator else figure.code
    return str(FIGURES[figure.kind])


def _number(value: float | None, low: float | None, high: float | None) -> str:
    if value is None:
        return "–"
    own = number(value, 1)
    return own if low is None or high is None else f"{own} ({number(low, 1)}–{number(high, 1)})"
