"""Builds the bundle of a publication from a stored run: words are added, numbers are rounded once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.publishing.bundle import (
    AreaName,
    AreaResult,
    Asked,
    Bundle,
    CityName,
    CityResult,
    Method,
    MethodCard,
    RuleResult,
    Words,
)
from app.ratings.models import Run
from scoring.edition import Edition
from scoring.rating import Rating
from scoring.rounding import half_up
from surveys.definition import Question
from surveys.instrument import get_compiled
from surveys.models import Response, Wave
from surveys.places import load_places

SCORE_DIGITS = 1
ERROR_DIGITS = 2

CONDUCTED_BY = Words(kk="«Қала пікірі» жүйесі", ru="Система «Мнение города»", en="The City Opinion system")
ORDERED_BY = Words(
    kk="Көрсету нұсқасы: тапсырыс берушісі жоқ",
    ru="Демонстрация: заказчика нет",
    en="Demonstration: nobody ordered or paid for it",
)
MODE = Words(
    kk="Ашық сілтеме арқылы онлайн сауалнама; жауап берушілер өз еркімен қатысқан",
    ru="Онлайн-опрос по открытой ссылке; участники откликнулись сами",
    en="Online survey by open link; respondents chose to take part themselves",
)


@dataclass(frozen=True, slots=True)
class Source:
    """What a bundle is built from."""

    run: Run
    edition: Edition
    rating: Rating
    waves: tuple[Wave, ...]


def build_bundle(session: Session, source: Source, *, number: int, today: date) -> Bundle:
    """Make the bundle of a run under the next number."""
    cities = _rows(source.rating.cities)
    names = load_places()
    return Bundle(
        number=number,
        published_on=today,
        run=source.run.id,
        input_digest=source.run.input_digest,
        output_digest=source.run.output_digest,
        method=_method(source),
        areas=tuple(
            AreaName(code=area.code, name=Words(*area.name), group=area.group) for area in source.edition.areas
        ),
        cities=tuple(_city_name(names.city(row["city"])) for row in cities),
        city_results=tuple(_result(CityResult, row) for row in cities),
        area_results=tuple(_result(AreaResult, row) for row in _rows(source.rating.areas)),
        rule_results=tuple(_result(RuleResult, row) for row in _rows(source.rating.rules)),
        card=_card(session, source, cities),
    )


def _method(source: Source) -> Method:
    edition = source.edition
    return Method(
        edition=edition.code,
        title=Words(*edition.title),
        edition_digest=edition.digest,
        headline=edition.headline,
        alpha=float(Fraction(source.run.alpha)),
        business_share={area.code: float(area.business_share) for area in edition.areas},
        minimum_n=edition.minimum_n,
        groups={group.code: float(group.coefficient) for group in edition.groups},
        indicators_illustrative=edition.indicators_illustrative,
        opinion_illustrative=any(wave.illustrative for wave in source.waves),
        stands_for=Words(*edition.stands_for) if edition.stands_for else None,
        source=Words(*edition.source),
    )


def _card(session: Session, source: Source, cities: list[dict[str, Any]]) -> MethodCard:
    codes = [wave.code for wave in source.waves]
    first, last = session.execute(
        select(func.min(Response.day), func.max(Response.day)).where(Response.wave.in_(codes))
    ).one()
    widths = [row["high"] - row["low"] for row in cities if row["high"] is not None]
    return MethodCard(
        conducted_by=CONDUCTED_BY,
        ordered_by=ORDERED_BY,
        collected_from=first or source.run.finished_on,
        collected_to=last or source.run.finished_on,
        mode=MODE,
        residents_n=sum(row["residents_n"] for row in cities),
        businesses_n=sum(row["businesses_n"] for row in cities),
        half_width=half_up(max(widths) / 2, SCORE_DIGITS) if widths else None,
        asked=tuple(_asked(session, source.waves)),
    )


def _asked(session: Session, waves: Iterable[Wave]) -> Iterable[Asked]:
    for wave in waves:
        for question in get_compiled(session, wave.version).questionnaire.closed:
            if question.area is not None:
                yield _wording(wave.audience, question, question.area)


def _wording(audience: str, question: Question, area: str) -> Asked:
    return Asked(
        audience=audience,
        area=area,
        scored=question.scored,
        wording=Words(*question.label),
        options=tuple(Words(*option.label) for option in question.options),
    )


def _city_name(city: Any) -> CityName:
    region = Words(*city.region) if city.region else None
    forms = {form: Words(*getattr(city, form)) for form in ("name", "name_in", "name_of")}
    return CityName(code=city.code, region=region, **forms)


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Give the rows as dictionaries with None for every kind of missing value."""
    return [
        {str(name): None if pd.isna(value) else value for name, value in row.items()}
        for row in frame.to_dict("records")
    ]


def _result(kind: Callable[..., Any], row: Mapping[str, Any]) -> Any:
    return kind(**{name: _published(name, value) for name, value in row.items()})


def _published(name: str, value: Any) -> Any:
    if isinstance(value, float):
        return half_up(value, ERROR_DIGITS if name == "se" or name.endswith("_se") else SCORE_DIGITS)
    return int(value) if hasattr(value, "__int__") and not isinstance(value, str) else value
