"""One theme in a city and wave: its suggestions, what stands for it, what is like them, how far two agree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from app.accounts.permissions import Permission, Person
from app.feedback.code_reading import CODES, GROUP_ID, GROUP_TITLE, beside_theme, is_about
from app.feedback.listing import COPIES, comments_seen
from app.feedback.models import Theme
from app.feedback.second_coding import CodedTwice, Said, ThemeAgreement, agreement_on, coded_twice, themes_above
from app.feedback.theme_listing import ThemeFigures, read_figures
from app.web.console import tables
from app.web.console.coding.views import SuggestionLine, line_of
from app.web.console.comments.listing import LISTING, sight_of
from app.web.console.tables import Args, TablePage
from app.web.console.themes.listing import address_of, due_of
from app.web.console.themes.scope import areas, called, wave_label
from app.web.console.themes.words import KINDS
from app.web.language import number, percent
from app.working_calendar import WorkingCalendar
from surveys.models.comments import Comment

OWN_LISTING = replace(LISTING, filters=(), path="")
"""The suggestions of the page: which ones its path says."""


class CodedLine(NamedTuple):
    """A suggestion about the theme, and what else is said of it."""

    line: SuggestionLine
    others: Sequence[str]
    """Names of its other themes, or of the city's own one that it is about."""
    kind: str
    group: int | None
    group_title: str
    copies: int
    is_typical: bool
    is_answered: bool


class NearLine(NamedTuple):
    """A suggestion beside the theme: typical, or alike and about nothing yet."""

    id: str
    text: str
    lang: str
    percent: int


class DifferLine(NamedTuple):
    """A suggestion on which the two coders differ about this theme."""

    address: str
    text: str
    lang: str
    first: str
    second: str


class AgreementFigures(NamedTuple):
    """How far two coders agree on the theme, in words; empty where it is not told."""

    n: int
    agreed: str
    kappa: str
    is_unclear: bool


class ThemeLink(NamedTuple):
    """A theme that this one can be merged into."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class ThemePage:
    """Everything that the page of a theme shows."""

    code: str
    name: str
    area: str
    city: str
    wave: str
    wave_words: str
    parent: ThemeLink | None
    below: Sequence[ThemeLink]
    """The city's own themes below it."""
    merged_into: ThemeLink | None
    is_own: bool
    is_retired: bool
    figures: ThemeFigures
    share: str
    due: str
    is_overdue: bool
    page: TablePage
    back: str
    """The page as a list of suggestions knows it: by this address all that match are chosen."""
    lines: Sequence[CodedLine]
    typical: Sequence[NearLine]
    near: Sequence[NearLine]
    here: AgreementFigures
    country: AgreementFigures
    differing: Sequence[DifferLine]
    targets: Sequence[ThemeLink]
    can_code: bool


def read_theme(
    session: Session, person: Person, place: tuple[str, str, str], args: Args, day: tuple[date, WorkingCalendar]
) -> ThemePage | None:
    """Read a theme in a city and wave (`place`: code, city, wave); None where there is no such theme or wave."""
    code, city, wave = place
    found = read_figures(session, code, city, wave, person.id)
    if found is None or code not in found[0]:
        return None
    themes, figures = found
    theme = themes[code]
    page = tables.read(session, OWN_LISTING, _coded(person, place), args)
    twice = coded_twice(session, theme.area, city, wave)
    due = due_of(figures.oldest, *day)
    return ThemePage(
        code=code,
        name=called(theme),
        area=areas().get(theme.area, theme.area),
        city=city,
        wave=wave,
        wave_words=wave_label(figures.place),
        parent=_target(themes, theme.parent),
        below=[
            ThemeLink(each.code, called(each)) for each in themes.values() if each.parent == code and not each.retired
        ],
        merged_into=_target(themes, theme.merged_into),
        is_own=theme.city is not None,
        is_retired=theme.retired,
        figures=figures,
        share=percent(100 * figures.n / figures.shown, 0) if figures.shown else "",
        due=due[0],
        is_overdue=due[1],
        page=page,
        back=f"{address_of(*place)}?{urlencode({'theme': code, 'city': city, 'wave': wave})}",
        lines=[_line(row, code, themes, figures.typical) for row in page.rows],
        **_beside(session, place, person.id, figures),
        **_agreement(theme, city, twice, themes),
        targets=_targets(themes, theme),
        can_code=person.may(Permission.CODE_COMMENTS, city),
    )


def _beside(session: Session, place: tuple[str, str, str], viewer: int, figures: ThemeFigures) -> dict[str, Any]:
    """Read what stands for the theme, and what is like it."""
    rows = session.execute(beside_theme(*place, viewer, figures.typical.split())).all()
    return {kind: [_near(row) for row in rows if row.kind == kind] for kind in ("typical", "near")}


def _coded(person: Person, place: tuple[str, str, str]) -> Any:
    code, city, wave = place
    here = (is_about(code, person.id, (city, wave)), Comment.city == city, Comment.wave == wave)
    return (
        comments_seen(sight_of(person))
        .where(*here)
        .add_columns(
            CODES.label("codes"), GROUP_ID.label("grp"), GROUP_TITLE.label("group_title"), COPIES.label("near_copies")
        )
    )


def _line(row: Any, code: str, themes: Mapping[str, Theme], typical: str) -> CodedLine:
    others = [called(themes[each]) for each in sorted((row.codes or "").split()) if each != code and each in themes]
    return CodedLine(
        line=line_of(row),
        others=others,
        kind=str(KINDS[row.kind]) if row.kind else "",
        group=row.grp,
        group_title=row.group_title or "",
        copies=row.near_copies,
        is_typical=row.id in typical.split(),
        is_answered=row.is_answered,
    )


def _near(row: Any) -> NearLine:
    return NearLine(row.id, row.text, row.lang, round(row.score * 100))


def _target(themes: Mapping[str, Theme], code: str | None) -> ThemeLink | None:
    return _as_link(themes[code]) if code is not None and code in themes else None


def _as_link(theme: Theme) -> ThemeLink:
    return ThemeLink(theme.code, called(theme))


def _targets(themes: Mapping[str, Theme], theme: Theme) -> list[ThemeLink]:
    """List what a city's own theme can be merged into."""
    if theme.city is None:
        return []
    fit = [each for each in themes.values() if each.area == theme.area and not each.retired and each.code != theme.code]
    return [_as_link(each) for each in fit]


def _agreement(theme: Theme, city: str, twice: Sequence[CodedTwice], themes: Mapping[str, Theme]) -> dict[str, Any]:
    above = themes_above(list(themes.values()))
    here = agreement_on(theme.code, [each for each in twice if each.city == city], above)
    country = agreement_on(theme.code, twice, above)

    def says(said: Said) -> bool:
        return any(theme.code in above.get(code, {code}) for code in said.themes)

    differing = [each for each in twice if each.text and says(each.first) != says(each.second)]
    return {
        "here": _told(here),
        "country": _told(country),
        "differing": [
            DifferLine(
                f"/console/coding/{each.city}/{each.comment}", each.text or "", each.lang,
                _listed(each.first, themes), _listed(each.second, themes),
            )
            for each in differing
        ],
    }  # fmt: skip


def _listed(said: Said, themes: Mapping[str, Theme]) -> str:
    return "; ".join(called(themes[code]) if code in themes else code for code in said.themes) or "–"


def _told(agreement: ThemeAgreement) -> AgreementFigures:
    agreed = "" if agreement.agreed is None else percent(float(100 * agreement.agreed), 0)
    kappa = "" if agreement.kappa is None else number(float(agreement.kappa), 2)
    return AgreementFigures(agreement.n, agreed, kappa, agreement.is_unclear)
