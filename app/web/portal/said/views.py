"""What the pages of the board are given: cities in order, and the themes of a city with what became of them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from app.feedback.board.commitments import PublicCommitment
from app.feedback.board.figures import Asked, CityFigures, percent
from app.feedback.board.replies import PublicReply
from app.feedback.board.suggestions import PublicSuggestion
from app.feedback.board.themes import FEW, UNSORTED, PublicTheme
from app.publishing.bundle import Bundle
from app.publishing.results import AreaResult
from app.web.language import _, alphabetical, pick
from surveys.languages import Text3
from surveys.population.places import City, load_places


class CityRow(NamedTuple):
    """A city of the table."""

    city: City
    figures: CityFigures


_SORTS: Mapping[str, Callable[[CityFigures], int | None]] = {
    "received": lambda figures: figures.received,
    "due": lambda figures: figures.due,
    "in-time": lambda figures: figures.in_time_percent,
    "late": lambda figures: figures.late_percent,
    "never": lambda figures: figures.never_percent,
    "overdue": lambda figures: figures.overdue,
    "hidden": lambda figures: figures.hidden_percent,
}
"""Words of the address by which the table is sorted; with `-` before them the largest comes first."""


def city_rows(figures: Mapping[str, CityFigures], sort: str) -> list[CityRow]:
    """List every city by the alphabet, or by one figure; where there is none a city comes last."""
    rows = [CityRow(city, figures.get(city.code, CityFigures(city.code))) for city in load_places().cities]
    rows.sort(key=lambda row: alphabetical(pick(row.city.name)))
    value = _SORTS.get(sort.removeprefix("-"))
    if value is None:
        return rows
    sign = -1 if sort.startswith("-") else 1

    def key(row: CityRow) -> tuple[bool, int]:
        figure = value(row.figures)
        return (figure is None, sign * (figure or 0))

    return sorted(rows, key=key)


URGENT_FIRST = ("overdue", "disputed", "unanswered", "promised", "reported", "agreed", "answered", "over")
"""Words of words.OUTCOMES, of which the first that fits is told where there is room for one."""


class ThemeCard(NamedTuple):
    """A theme of a city: what was said, what was done, and what those who raised it say."""

    theme: PublicTheme
    below: tuple[PublicTheme, ...]
    """The city's own themes below it that have suggestions."""
    share: int | None
    """Percent of the suggestions that the city shows."""
    voices: tuple[PublicSuggestion, ...]
    """What staff picked to stand for it, else one of the newest: none only where nobody wrote."""
    replies: tuple[PublicReply, ...]
    commitments: tuple[PublicCommitment, ...]
    outcomes: frozenset[str]
    """Words of words.OUTCOMES."""

    @property
    def outcome(self) -> str:
        """Give the word of words.OUTCOMES that is to be known first."""
        return next(each for each in URGENT_FIRST if each in self.outcomes)

    @property
    def is_sorted(self) -> bool:
        """Whether it is a theme, and not what has none yet."""
        return self.theme.code != UNSORTED


class AreaSection(NamedTuple):
    """An area of a city: how people rate it in the newest publication, and the themes they wrote about."""

    code: str
    name: str
    opinion: AreaResult | None
    cards: tuple[ThemeCard, ...]


class CityBoard(NamedTuple):
    """Everything that the board holds of a city."""

    city: City
    figures: CityFigures
    asked: Asked
    themes: Sequence[PublicTheme]
    typical: Mapping[str, Sequence[PublicSuggestion]]
    newest: Mapping[tuple[str | None, str], PublicSuggestion]
    """By theme (None: without one) and area."""
    replies: Sequence[PublicReply]
    commitments: Sequence[PublicCommitment]
    publication: Bundle | None
    """The newest one, where it rates the city."""
    today: date


def sections(board: CityBoard, area: str = "", outcome: str = "") -> list[AreaSection]:
    """Put a city's themes into areas, the most written about first; of one area, or with one outcome alone."""
    by_area: dict[str, list[ThemeCard]] = defaultdict(list)
    for card in cards(board):
        if not outcome or outcome in card.outcomes:
            by_area[card.theme.area].append(_matching(card, outcome, board.today))
    return [
        AreaSection(code, pick(name), _opinion(board, code), tuple(by_area[code]))
        for code, name in board.asked.areas.items()
        if area in {"", code} and (by_area[code] or not outcome)
    ]


def cards(board: CityBoard) -> list[ThemeCard]:
    """List the national themes of which the board has anything, and what has no theme yet."""
    roots = _roots(board.themes)
    below, replies, commitments = defaultdict(list), defaultdict(list), defaultdict(list)
    for theme in board.themes:
        if theme.parent and theme.own:
            below[roots[theme.code]].append(theme)
    for reply in board.replies:
        for key in {_key(roots, code, reply.area) for code in reply.themes}:
            replies[key].append(reply)
    for commitment in board.commitments:
        commitments[_key(roots, commitment.theme, commitment.area)].append(commitment)
    shown = board.figures.shown + board.figures.redacted
    found = []
    for theme in _with_unsorted(board):
        key = _key(roots, theme.code, theme.area)
        if roots.get(theme.code, theme.code) != theme.code or not (theme.whole or replies[key] or commitments[key]):
            continue
        found.append(
            ThemeCard(
                theme=theme,
                below=tuple(below[key]),
                share=percent(theme.whole, shown) if theme.whole >= FEW else None,
                voices=_voices(board, (theme, *below[key])),
                replies=tuple(sorted(replies[key], key=lambda reply: reply.withdrawn_on is not None)),
                commitments=tuple(commitments[key]),
                outcomes=outcomes(replies[key], commitments[key], board.today),
            )
        )
    return sorted(found, key=lambda card: (not card.is_sorted, -card.theme.whole, alphabetical(pick(card.theme.name))))


def _matching(card: ThemeCard, outcome: str, today: date) -> ThemeCard:
    """Leave of a card the replies and promises that make it one of an outcome; all where it is one for lack of them."""
    if outcome in {"", "unanswered", "over"}:
        return card
    replies = tuple(each for each in card.replies if outcome in outcomes([each], (), today))
    commitments = tuple(each for each in card.commitments if outcome in outcomes((), [each], today))
    return card._replace(replies=replies, commitments=commitments)


def outcomes(replies: Iterable[PublicReply], commitments: Iterable[PublicCommitment], today: date) -> frozenset[str]:
    """Say in words of words.OUTCOMES what became of what was said."""
    promises = tuple(commitments)
    states = {each.state for each in promises}
    is_answered = any(each.withdrawn_on is None and each.kind != "being_looked_at" for each in replies)
    facts = {
        "unanswered": not is_answered and not promises,
        "answered": is_answered,
        "promised": bool(states & {"announced", "in_progress"}),
        "overdue": any(each.is_overdue(today) for each in promises),
        "reported": "reported_done" in states,
        "disputed": "disputed" in states,
        "agreed": "agreed" in states,
    }
    facts["over"] = not any(facts.values())
    return frozenset(outcome for outcome, is_so in facts.items() if is_so)


def family(themes: Iterable[PublicTheme], code: str) -> list[PublicTheme]:
    """Give a theme and those below it, itself first; nothing where there is no such theme."""
    known = {theme.code: theme for theme in themes if theme.code != UNSORTED}
    if code not in known:
        return []
    return [known[code], *(theme for theme in known.values() if theme.parent == code)]


def theme_name(theme: PublicTheme | None) -> str:
    """Name a theme, or what has none."""
    return _("Not sorted into themes yet") if theme is None or theme.code == UNSORTED else pick(theme.name)


def _roots(themes: Iterable[PublicTheme]) -> dict[str, str]:
    """Give by code the national theme that a theme belongs to; one that was merged belongs to the other."""
    known = {theme.code: theme for theme in themes if theme.code != UNSORTED}

    def root(theme: PublicTheme) -> str:
        further = known.get(theme.merged_into or "") or known.get(theme.parent or "")
        return root(further) if further else theme.code

    return {code: root(theme) for code, theme in known.items()}


def _key(roots: Mapping[str, str], code: str, area: str) -> Any:
    """Tell of which card something is: of its national theme, or of what is unsorted in an area."""
    return roots.get(code) or (UNSORTED, area)


def _with_unsorted(board: CityBoard) -> list[PublicTheme]:
    """Add to the themes what has none in the areas where only replies or commitments have none."""
    there = {theme.area for theme in board.themes if theme.code == UNSORTED}
    empty = PublicTheme(UNSORTED, "", None, Text3("", "", ""), None, 0, 0)
    return [*board.themes, *(empty._replace(area=area) for area in board.asked.areas if area not in there)]


def _voices(board: CityBoard, themes: Sequence[PublicTheme]) -> tuple[PublicSuggestion, ...]:
    """Give what staff picked for some themes, each suggestion once; where they picked nothing, one of the newest."""
    picked = {each.id: each for theme in themes for each in board.typical.get(theme.code, ())}
    if picked:
        return tuple(picked.values())
    codes = {None if theme.code == UNSORTED else theme.code for theme in themes}
    area = themes[0].area if None in codes else None
    found = (each for (code, where), each in board.newest.items() if code in codes and area in {None, where})
    newest = sorted(found, key=lambda each: (-each.week.toordinal(), each.id))
    return tuple(newest[:1])


def _opinion(board: CityBoard, topic: str) -> AreaResult | None:
    """Find how people rate what a questionnaire's area feeds; None where the publication has no such area or city."""
    if board.publication is None:
        return None
    bundle = board.publication
    area = next((each.area for each in bundle.topics if each.code == topic), topic)
    rows = (row for row in bundle.area_results if (row.city, row.area) == (board.city.code, area))
    return next(rows, None)
