"""Builds the bundle of a publication from a stored run: words are added, numbers are rounded once."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.publishing.agreements import agreement_at
from app.publishing.bundle import (
    FORMAT,
    AreaName,
    Bundle,
    CategoryName,
    CityName,
    GroupName,
    IndicatorName,
    MethodCard,
    PublishedCorrection,
    PublishedHead,
    PublishedMethod,
    PublishedModes,
    PublishedQuestion,
    TopicName,
)
from app.publishing.choices import sensitivity
from app.publishing.results import CityResult
from app.publishing.rows import (
    SCORE_DIGITS,
    LeftOut,
    area_rows,
    city_rows,
    estimate_rows,
    examination_rows,
    other_rows,
    people_rows,
    place_rows,
    unverified_rows,
)
from app.ratings.models import Run
from scoring.edition import Edition, Indicator
from scoring.frames import Inputs
from scoring.opinion.samples import of_employees
from scoring.opinion.small_groups import FEWEST, tens
from scoring.output.publishable import withheld
from scoring.output.rating import Rating
from scoring.output.tables import Result
from scoring.rounding import half_up
from surveys.fieldwork.modes import published_modes
from surveys.languages import Text3
from surveys.models import Response, Wave
from surveys.population.places import load_places
from surveys.questionnaire.definition import Question
from surveys.questionnaire.versions import get_compiled

CONDUCTED_BY = Text3(kk="«Қала пікірі» жүйесі", ru="Система «Мнение города»", en="The City Opinion system")
ORDERED_BY = Text3(
    kk="Көрсету нұсқасы: тапсырыс берушісі жоқ",
    ru="Демонстрация: заказчика нет",
    en="Demonstration: nobody ordered or paid for it",
)
MODE = Text3(
    kk="Ашық сілтеме арқылы онлайн сауалнама; жауап берушілер өз еркімен қатысқан",
    ru="Онлайн-опрос по открытой ссылке; участники откликнулись сами",
    en="Online survey by open link; respondents chose to take part themselves",
)

VERIFIED_MODE = Text3(
    kk="Онлайн сауалнама: ашық сілтеме арқылы немесе жеке басын растап; жауап берушілер өз еркімен қатысқан",
    ru="Онлайн-опрос: по открытой ссылке или с подтверждением личности; участники откликнулись сами",
    en="Online survey, by open link or with a verified identity; respondents chose to take part themselves",
)


@dataclass(frozen=True, slots=True)
class Source:
    """What a bundle is built from: a run with its inputs and its result."""

    run: Run
    edition: Edition
    inputs: Inputs
    rating: Rating
    result: Result
    """What the rating was laid out from."""
    waves: tuple[Wave, ...]
    examination: pd.DataFrame
    """How its values were examined (app.ratings.values.RunValues)."""

    @property
    def alpha(self) -> Fraction:
        """Share of opinion in the run."""
        return Fraction(self.run.alpha)


@dataclass(frozen=True, slots=True)
class Imprint:
    """What a publication says of itself: number, day, where the journal ends, what it corrects, why inputs changed."""

    number: int
    day: date
    journal_head: PublishedHead | None
    corrects: PublishedCorrection | None = None
    inputs_changed: Text3 | None = None


def build_bundle(session: Session, source: Source, imprint: Imprint, derivations: Mapping[str, bytes]) -> Bundle:
    """Make the bundle of a run; it names the files of `derivations` by their digests."""
    edition, rating = source.edition, source.rating
    cities = city_rows(rating)
    names = load_places()
    few = withheld(source.result)
    return Bundle(
        format=FORMAT,
        number=imprint.number,
        published_on=imprint.day,
        run=source.run.id,
        input_digest=source.run.input_digest,
        output_digest=source.run.output_digest,
        method=_method(source),
        areas=tuple(AreaName(code=area.code, name=Text3(*area.name), group=area.group) for area in edition.areas),
        groups=tuple(GroupName(code=group.code, name=Text3(*group.name)) for group in edition.groups),
        topics=tuple(_topics(session, source)),
        indicators=tuple(map(_indicator_name, edition.indicators)),
        categories=tuple(_categories(session, source.waves)),
        cities=tuple(_city_name(names.city(row.city)) for row in cities),
        city_results=cities,
        area_results=area_rows(rating, edition),
        place_results=place_rows(rating, *_left_out(source)),
        unverified_results=unverified_rows(rating),
        estimates=estimate_rows(rating, edition),
        people=people_rows(rating, few),
        sensitivity=sensitivity(source.result, source.alpha),
        derivations={city: hashlib.sha256(content).hexdigest() for city, content in derivations.items()},
        examinations=examination_rows(source.examination),
        agreement=tuple(filter(None, [agreement_at(session, source.run)])),
        corrects=imprint.corrects,
        inputs_changed=imprint.inputs_changed,
        journal_head=imprint.journal_head,
        card=_card(session, source, cities),
        **other_rows(rating, few),
    )


def _indicator_name(each: Indicator) -> IndicatorName:
    return IndicatorName(
        code=each.code,
        area=each.area,
        name=Text3(*each.name),
        unit=Text3(*each.unit),
        per=each.per,
        low=None if each.low is None else float(each.low),
        high=None if each.high is None else float(each.high),
    )


def _left_out(source: Source) -> tuple[LeftOut, LeftOut]:
    """Count the answers of each city that were flagged, and those of people who work in an akimat."""
    cells = source.inputs.cells
    everyone = cells["area"] == ""
    return _added_up(cells[everyone & (cells["flagged"] > 0)]), _added_up(cells[everyone & of_employees(source.inputs)])


def _added_up(cells: pd.DataFrame) -> dict[str, tuple[int, int]]:
    """Add up the answers of cells by city, and those of them that have a weight."""
    weighing = cells["n"].where(cells["base_weight"] > 0, 0)
    both = cells.assign(weighing=weighing).groupby("city")[["n", "weighing"]].sum()
    return {str(city): (int(n), int(weighing)) for city, n, weighing in both.reset_index().to_numpy().tolist()}


def _method(source: Source) -> PublishedMethod:
    edition = source.edition
    return PublishedMethod(
        edition=edition.code,
        title=Text3(*edition.title),
        edition_digest=edition.digest,
        headline=edition.headline,
        alpha=float(source.alpha),
        business_share={area.code: float(area.business_share) for area in edition.areas},
        minimum_n=edition.minimum_n,
        groups={group.code: float(group.coefficient) for group in edition.groups},
        indicators_illustrative=edition.indicators_illustrative,
        opinion_illustrative=any(wave.illustrative for wave in source.waves),
        stands_for=Text3(*edition.stands_for) if edition.stands_for else None,
        source=Text3(*edition.source),
        blend_n=edition.blend_n,
        business_n=edition.business_n,
        open_share=float(edition.open_share),
        widest=float(edition.widest),
        blend_widest=float(edition.blend_widest),
        headline_opinion=edition.headline_opinion,
        network_share=float(edition.network_share),
    )


def _card(session: Session, source: Source, cities: tuple[CityResult, ...]) -> MethodCard:
    codes = [wave.code for wave in source.waves]
    first, last = session.execute(
        select(func.min(Response.day), func.max(Response.day)).where(Response.wave.in_(codes))
    ).one()
    widths = [row.high - row.low for row in cities if row.high is not None and row.low is not None]
    return MethodCard(
        conducted_by=CONDUCTED_BY,
        ordered_by=ORDERED_BY,
        collected_from=first or source.run.finished_on,
        collected_to=last or source.run.finished_on,
        mode=VERIFIED_MODE if "verified" in set(source.rating.weights["tier"]) else MODE,
        residents_n=tens(sum(_people(source, "resident").values())),
        businesses_n=tens(sum(_people(source, "business").values())),
        half_width=half_up(max(widths) / 2, SCORE_DIGITS) if widths else None,
        asked=tuple(_questions(session, source.waves)),
        modes=tuple(_modes(session, source)),
    )


def _people(source: Source, audience: str) -> dict[str, int]:
    """Count the answers of each city that has ten: a sum with the others, less these, would tell of the others."""
    column = "residents_n" if audience == "resident" else "businesses_n"
    by_city = source.rating.cities.set_index("city")[column]
    return {str(city): int(n) for city, n in by_city.items() if n >= FEWEST}


def _modes(session: Session, source: Source) -> Iterator[PublishedModes]:
    """Give how residents and businesses answered, in groups that give no small one away."""
    by_audience: dict[str, list[str]] = {}
    for wave in source.waves:
        by_audience.setdefault(wave.audience, []).append(wave.code)
    for audience, codes in sorted(by_audience.items(), reverse=True):
        for group in published_modes(session, codes, tuple(_people(source, audience))):
            yield PublishedModes(audience=audience, modes=group.modes, n=group.n, percent=group.percent)


def _questions(session: Session, waves: Iterable[Wave]) -> Iterable[PublishedQuestion]:
    for wave in waves:
        for question in get_compiled(session, wave.version).closed:
            if question.area is not None:
                yield _question(wave.audience, question, question.area)


def _question(audience: str, question: Question, area: str) -> PublishedQuestion:
    return PublishedQuestion(
        audience=audience,
        area=area,
        scored=question.scored,
        wording=Text3(*question.label),
        options=tuple(Text3(*option.label) for option in question.options),
        question=question.code,
        codes=tuple(option.code for option in question.options),
    )


def _topics(session: Session, source: Source) -> Iterator[TopicName]:
    """Name the areas that the questionnaires ask about and the edition uses, each once, residents first."""
    area_of = {topic: area.code for area in source.edition.areas for topic in area.opinion_areas}
    topics_named = set()
    for wave in sorted(source.waves, key=lambda wave: wave.audience, reverse=True):
        for page in get_compiled(session, wave.version).questionnaire.pages:
            if page.area in area_of and page.area not in topics_named:
                topics_named.add(page.area)
                yield TopicName(code=page.area, area=area_of[page.area], name=Text3(*page.title))


def _categories(session: Session, waves: Iterable[Wave]) -> Iterator[CategoryName]:
    """Name the categories of people as the questionnaires do, each once."""
    keys_named = set()
    for wave in waves:
        for question in get_compiled(session, wave.version).closed:
            for option in question.options if question.weighting else ():
                city = option.city or ""
                key = (wave.audience, question.weighting or "", city, option.code.removeprefix(f"{city}."))
                if key not in keys_named and not option.apart:
                    keys_named.add(key)
                    audience, dimension, city, category = key
                    yield CategoryName(
                        audience=audience, dimension=dimension, city=city, category=category, name=Text3(*option.label)
                    )


def _city_name(city: Any) -> CityName:
    region = Text3(*city.region) if city.region else None
    forms = {form: Text3(*getattr(city, form)) for form in ("name", "name_in", "name_of")}
    return CityName(code=city.code, region=region, **forms)
