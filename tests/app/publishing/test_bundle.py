"""A bundle holds everything the portal shows, reads back the same, and old ones stay readable."""

import json
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.database import Database
from app.publishing import queries
from app.publishing.bundle import FORMAT, Bundle
from app.publishing.queries import get_bundle
from app.publishing.rows import rounded
from app.ratings.execution import repeat_run
from scoring.opinion.small_groups import FEWEST
from scoring.rounding import half_up

FIRST_FORMAT = Path(__file__).parents[2] / "golden" / "bundle_format_1.json"


def test_a_bundle_reads_back_to_the_byte(bundle: Bundle) -> None:
    text = bundle.to_json()
    again = Bundle.from_json(text)
    assert again == bundle
    assert again.to_json() == text
    assert again.format == FORMAT


def test_a_bundle_of_the_first_format_can_still_be_read() -> None:
    text = FIRST_FORMAT.read_text()
    old = Bundle.from_json(text)
    assert old.format == 1
    assert [row.place for row in old.city_results] == [4, 5, 9]
    assert old.card.asked[0].wording.ru.startswith("Обращались")
    assert (old.place_results, old.sensitivity, old.derivations) == ((), None, {})
    written = json.loads(old.to_json())
    assert {key: written[key] for key in ("city_results", "rule_results", "cities", "areas")} == {
        key: json.loads(text)[key] for key in ("city_results", "rule_results", "cities", "areas")
    }


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [(0.0, 1, "0"), (0.04, 1, "0.0"), (-0.04, 1, "0.0"), (0.05, 1, "0.1"), (12.25, 1, "12.3"), (0.004, 2, "0.0")],
)
def test_nothing_and_almost_nothing_are_different_numbers(value: float, digits: int, shown: str) -> None:
    assert json.dumps(rounded(value, digits)) == shown


def test_every_city_has_its_group_coverage_and_totals_on_other_ground(bundle: Bundle) -> None:
    assert {row.city for row in bundle.place_results} == {city.code for city in bundle.cities}
    for row in bundle.place_results:
        assert row.coverage is not None
        assert 0 < row.coverage <= 100
    assert {row.coverage for row in bundle.place_results} != {100.0}, "three regions left one value out"
    assert len({row.tied_group for row in bundle.place_results}) < len(bundle.cities), "some have no clear difference"


def test_the_rating_without_flagged_answers_is_published_too(published: tuple[Database, Bundle]) -> None:
    database, bundle = published
    assert sum(row.flagged for row in bundle.place_results) > 300
    totals = {row.city: row.total for row in bundle.city_results}
    assert any(row.total_without_flagged != totals[row.city] for row in bundle.place_results)
    with database.reading() as session:
        rating = repeat_run(session, bundle.run)
    exact = dict(zip(rating.cities["city"], rating.cities["residents_n"], strict=True))
    assert {row.city: row.residents_n for row in bundle.city_results} == {city: n - n % 10 for city, n in exact.items()}


def test_nothing_is_said_of_fewer_than_ten_people(bundle: Bundle) -> None:
    few = [row for row in bundle.people if row.mean is None]
    assert few
    assert all((row.n, row.se) == (None, None) for row in few)
    assert all(row.n is not None and row.n >= FEWEST for row in bundle.people if row.mean is not None)
    assert all((row.value is None) == (row.n is None) for row in bundle.shares)
    assert all(row.n >= FEWEST for row in bundle.shares if row.n is not None)
    assert all(row.mean is None for row in bundle.estimates if row.n < FEWEST)


def test_people_are_counted_in_whole_tens(bundle: Bundle) -> None:
    tables = ("city_results", "place_results", "area_results", "tier_results", "estimates", "shares", "people")
    counts = [
        getattr(row, name)
        for table in tables
        for row in getattr(bundle, table)
        for name in ("n", "effective_n", "flagged", "residents_n", "businesses_n", "residents_effective_n")
        if getattr(row, name, None) is not None
    ]
    assert len(counts) > 1000
    assert {count % FEWEST for count in (*counts, bundle.card.residents_n, bundle.card.businesses_n)} == {0}


def test_the_score_of_a_group_of_people_is_in_whole_points(bundle: Bundle) -> None:
    assert all(row.mean == round(row.mean) for row in bundle.people if row.mean is not None)


def test_no_reason_says_exactly_how_few_answered(bundle: Bundle) -> None:
    text = bundle.to_json()
    assert "nobody_answered" not in text
    assert "one_answer" not in text


def test_a_total_without_a_few_flagged_answers_is_not_shown(bundle: Bundle) -> None:
    of_few = [row for row in bundle.place_results if row.flagged < FEWEST]
    assert all((row.total_without_flagged, row.place_without_flagged) == (None, None) for row in of_few)
    assert any(row.total_without_flagged is not None for row in bundle.place_results if row.flagged >= FEWEST)


def test_the_rating_without_those_who_work_in_an_akimat_is_published_in_tens_and_never_for_few(
    published: tuple[Database, Bundle],
) -> None:
    database, bundle = published
    with database.reading() as session:
        beside = repeat_run(session, bundle.run).without_employees
    assert beside is not None
    exact = {row["city"]: row for row in beside.to_dict("records")}
    few, many = [], []
    for row in bundle.place_results:
        n = exact[row.city]["employees"]
        assert row.employees == n - n % 10
        (many if n >= FEWEST else few).append(row)
    assert few
    assert all((row.total_without_employees, row.place_without_employees) == (None, None) for row in few)
    assert (
        {row.city: row.total_without_employees for row in many}
        == {row.city: half_up(exact[row.city]["total"], 1) for row in many}
        != {}
    )
    assert "employer" not in {row.dimension for row in bundle.people}


def test_an_estimate_that_may_not_be_published_is_not_in_the_bundle(bundle: Bundle) -> None:
    assert {row.reason for row in bundle.estimates} >= {"", "too_few"}
    for row in bundle.estimates:
        assert (row.mean is None) == (row.reason != "")
        assert row.reason or (row.effective_n or 0) >= bundle.method.minimum_n


def test_an_audience_without_a_number_has_a_reason(bundle: Bundle) -> None:
    for row in bundle.area_results:
        assert (row.residents is None) == (row.residents_note != "")
        assert (row.businesses is None) == (row.businesses_note != "")
    assert {row.businesses_note for row in bundle.area_results} >= {"not_asked", "too_few"}


def test_every_code_that_is_shown_has_its_words(bundle: Bundle) -> None:
    topics = {topic.code for topic in bundle.topics}
    assert {topic.area for topic in bundle.topics} == {area.code for area in bundle.areas}
    assert {row.area for row in bundle.people} >= topics
    named = {(each.audience, each.dimension, each.category) for each in bundle.categories}
    for row in bundle.people:
        if row.dimension != "lang" and row.category != "not_given":
            assert (row.audience, row.dimension, row.category) in named
    questions = {(each.audience, each.question) for each in bundle.card.asked}
    assert {(row.audience, row.question) for row in bundle.shares} <= questions


def test_sensitivity_gives_the_range_of_each_citys_place(bundle: Bundle) -> None:
    assert bundle.sensitivity is not None
    places = {row.city: row.place for row in bundle.city_results}
    for row in bundle.sensitivity.ranges:
        assert row.place == places[row.city]
        assert 1 <= row.low <= row.median <= row.high <= len(places)
    for rows in (bundle.sensitivity.indices, bundle.sensitivity.ranges, bundle.sensitivity.moved):
        assert {row.variant for row in rows} == {"all", "continuous"}
    both = [(row.city, row.variant) for row in bundle.sensitivity.ranges]
    assert len(both) == len(set(both)) == 2 * len({city for city, _variant in both})


def test_ranges_and_moves_published_before_the_variants_stay_readable(bundle: Bundle) -> None:
    written = json.loads(bundle.to_json())
    for table in ("ranges", "moved"):
        for row in written["sensitivity"][table]:
            del row["variant"]
    old = Bundle.from_json(json.dumps(written)).sensitivity
    assert old is not None
    assert {row.variant for row in old.ranges} == {"all"}
    assert {row.variant for row in old.moved} == {""}


def test_a_bundle_is_parsed_once(published: tuple[Database, Bundle], monkeypatch: pytest.MonkeyPatch) -> None:
    database, bundle = published
    monkeypatch.setattr(queries, "_bundles", {})

    def read(session: Session) -> Bundle | None:
        return get_bundle(session, bundle.number)

    with database.reading() as session:
        first = read(session)
    with database.reading() as session:
        assert read(session) is first


def test_how_people_answered_is_published_in_groups_of_tens(published: tuple[Database, Bundle]) -> None:
    _database, bundle = published
    assert {(each.audience, each.modes, each.percent) for each in bundle.card.modes} == {
        ("resident", ("web",), 100),
        ("business", ("web",), 100),
    }
    by_audience = {each.audience: each.n for each in bundle.card.modes}
    numbers = {"resident": bundle.card.residents_n, "business": bundle.card.businesses_n}
    assert by_audience == {audience: n - n % 10 for audience, n in numbers.items()}


def test_a_card_without_modes_can_still_be_read(bundle: Bundle) -> None:
    data = json.loads(bundle.to_json())
    del data["card"]["modes"]
    assert Bundle.from_json(json.dumps(data)).card.modes == ()
