"""The portal says what is sure, what is not, and why a number is missing: page, CSV and JSON alike."""

import csv
import io
import json
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.publishing.bundle import Bundle
from app.publishing.results import AreaResult, EstimateResult, PeopleResult, ShareResult
from app.web.language import speak
from app.web.portal import data
from app.web.public import create_public
from app.web.rating import choices, pages, samples_and_answers, words
from app.web.rating.missing_values import symbol
from scoring.output.findings import SEVERITIES
from surveys.population.collation import kazakh_key
from tests.app.publishing.test_bundle import FIRST_FORMAT

LANGUAGES = ("kk", "ru", "en")
PAGES = (
    "/ratings/1/",
    "/ratings/1/method",
    "/ratings/1/choices",
    "/ratings/1/areas/hlt",
    "/ratings/1/cities/almaty",
    "/ratings/1/cities/almaty/explain",
    "/data",
)


@pytest.fixture
def site(published: tuple[Database, Bundle], settings: Settings, clock: FrozenClock) -> Flask:
    app = create_public(settings, published[0], clock)
    app.testing = True
    return app


@pytest.fixture
def portal(site: Flask) -> FlaskClient:
    return site.test_client()


@pytest.fixture
def speaking(site: Flask) -> Iterator[None]:
    with site.test_request_context("/kk/"):
        speak("kk")
        yield


def old_bundle() -> Bundle:
    return Bundle.from_json(FIRST_FORMAT.read_text())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_whole_in_every_language(portal: FlaskClient, path: str, language: str) -> None:
    page = portal.get(f"/{language}{path}")
    assert page.status_code == 200
    assert "Set-Cookie" not in page.headers
    assert page.headers["Cache-Control"] == "public, max-age=60"
    assert "%%" not in page.text
    assert "{city" not in page.text
    assert ">None<" not in page.text
    assert portal.get(f"/{language}{path}", headers={"If-None-Match": page.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("kk", "ешкімнің жеке басы тексерілген жоқ"),
        ("ru", "личность участников не проверялась"),
        ("en", "Nobody's identity was verified"),
    ],
)
def test_open_voices_are_named_on_the_ranking_and_on_every_city(
    portal: FlaskClient, language: str, sentence: str
) -> None:
    for path in ("/", "/ratings/1/", "/ratings/1/cities/oral"):
        assert sentence in portal.get(f"/{language}{path}").text


@pytest.mark.usefixtures("speaking")
@pytest.mark.usefixtures("speaking")
def test_the_range_of_a_place_is_shown_with_and_without_rounding_to_points(portal: FlaskClient, bundle: Bundle) -> None:
    spans = choices.spans(bundle)
    assert any(span.continuous and span.continuous.high != span.result.high for span in spans)
    text = portal.get("/kk/ratings/1/choices").get_data(as_text=True)
    (table,) = re.findall(r'id="spans-title".*?</table>', text, re.DOTALL)
    for span, row in zip(spans, re.findall(r"<tr>\s*<th scope=.row.*?</tr>", table, re.DOTALL), strict=True):
        assert span.continuous
        cells = [re.sub(r"\s+", "", cell) for cell in re.findall(r"<td>(.*?)</td>", row, re.DOTALL)]
        for column, result in ((0, span.result), (2, span.continuous)):
            low, high = (f"{bound:g}" for bound in (result.low, result.high))
            assert cells[column] == (low if low == high else f"{low}–{high}")


@pytest.mark.usefixtures("speaking")
def test_each_table_of_choices_names_the_cities_moved_in_that_study(bundle: Bundle) -> None:
    moved = {variant.key: {bar.name: bar.moved for bar in variant.bars} for variant in choices.variants(bundle)}
    assert moved["all"].keys() > moved["continuous"].keys()
    assert all(len(cities) <= 3 for bars in moved.values() for cities in bars.values())
    assert any(moved["all"][name] != cities for name, cities in moved["continuous"].items())


def test_the_page_of_choices_says_what_the_total_is_without_those_who_work_in_an_akimat(
    portal: FlaskClient, bundle: Bundle
) -> None:
    text = portal.get("/en/ratings/1/choices").text.partition('id="outsiders-title"')[2]
    names = {city.code: city.name.en for city in bundle.cities}
    totals = {row.city: row.total for row in bundle.city_results}
    found = set()
    for row in bundle.place_results:
        line = re.search(rf">{names[row.city]}</a></th>(.*?)</tr>", text, re.DOTALL)
        assert line, row.city
        cells = re.findall(r"<td[^>]*>(.*?)</td>", line[1])
        if not row.employees:
            assert (cells[0], cells[3]) == ("fewer than 10", "Fewer than ten such answers: nothing is said.")
        elif row.total_without_employees is not None and totals[row.city] is not None:
            points = round(row.total_without_employees - totals[row.city], 1)
            word = "higher" if points > 0 else "lower" if points < 0 else "the same"
            assert (cells[0], cells[2]) == (str(row.employees), f"{row.total_without_employees:.1f}")
            assert word in cells[3]
            assert not points or f"{abs(points):.1f} points" in cells[3]
            found.add(word)
    assert found


def test_publications_in_which_nobody_was_asked_where_they_work_say_nothing_of_it() -> None:
    assert choices.outsiders(old_bundle()) == []


def test_inside_a_group_nobody_stands_ahead(bundle: Bundle) -> None:
    ranking = pages.ranking(bundle)
    groups = [group for group in ranking.groups if len(group.rows) > 1]
    assert groups
    for group in groups:
        names = [row.name.name.kk for row in group.rows]
        assert names == sorted(names, key=kazakh_key)
        assert len({row.place.tied_group for row in group.rows if row.place}) == 1
    assert [group.first for group in ranking.groups[1:]] == [group.last + 1 for group in ranking.groups[:-1]]


def test_the_front_page_gives_no_place_to_a_city_of_a_group(portal: FlaskClient) -> None:
    text = portal.get("/en/").text
    picture = text[text.index('class="groups"') : text.index("</ol>")]
    for cells in re.findall(r"<li class=\"tied\">(.*?)</ul>", picture, re.DOTALL):
        assert re.search(r"Places \d+–\d+, shared", cells)
        assert not re.search(r"Place \d", cells)
    assert "could be" in picture


@pytest.mark.usefixtures("speaking")
def test_groups_of_an_old_publication_come_from_its_ranges_of_places() -> None:
    ranking = pages.ranking(old_bundle())
    assert [[row.name.code for row in group.rows] for group in ranking.groups] == [["aktau", "almaty"], ["oral"]]


@pytest.mark.usefixtures("speaking")
def test_an_area_page_orders_cities_by_the_alphabet(bundle: Bundle) -> None:
    names = [row.city.name.kk for row in pages.area_cities(bundle, bundle.areas[0])]
    assert names == sorted(names, key=kazakh_key)


def test_flagged_answers_and_coverage_are_shown_with_the_totals(portal: FlaskClient, bundle: Bundle) -> None:
    text = portal.get("/en/ratings/1/cities/shymkent").text
    row = next(row for row in bundle.place_results if row.city == "shymkent")
    for label, value in (
        ("Flagged answers", f"{row.flagged}"),
        ("Total without flagged answers", f"{row.total_without_flagged:.1f}"),
        ("Indicators reported, %", f"{row.coverage:.1f}"),
        ("Total over reported indicators alone", f"{row.total_available_case:.1f}"),
    ):
        assert f"<dt>{label}</dt><dd>{value}</dd>" in text


@pytest.mark.usefixtures("speaking")
@pytest.mark.usefixtures("speaking")
def test_a_question_of_all_cities_stands_in_the_form_its_sentence_needs() -> None:
    text = "{city_in} тұрасыз ба, {city_of} тұрғынысыз ба, {city} ма?"
    assert samples_and_answers.worded(text, None) == "[қалада] тұрасыз ба, [қаланың] тұрғынысыз ба, [қала] ма?"


def test_every_check_of_the_linter_has_its_words() -> None:
    assert words.FINDINGS.keys() == SEVERITIES.keys()


def test_a_finding_is_said_on_the_page_of_the_city_it_touches(bundle: Bundle) -> None:
    names = pages.city_names(bundle)
    karaganda = samples_and_answers.city_remarks(bundle, names["karaganda"])
    assert any(remark.text == str(words.FINDINGS["outlier"]) for remark in karaganda)
    assert not any(
        remark.text == str(words.FINDINGS["outlier"])
        for remark in samples_and_answers.city_remarks(bundle, names["taraz"])
    )


def test_a_derivation_walks_down_to_counts(portal: FlaskClient) -> None:
    text = portal.get("/en/ratings/1/cities/almaty/explain").text
    for sentence in (
        "B = (1 − α) · S + α · P",
        "reported: 77.32",
        "of the population",
        "put together",
        "whole tens",
    ):
        assert sentence in text
    tree = portal.get("/data/1/explain/almaty.json")
    assert tree.json["kind"] == "total"
    assert portal.get("/en/ratings/1/cities/nowhere/explain").status_code == 404
    assert portal.get("/data/1/explain/nowhere.json").status_code == 404


@pytest.mark.parametrize("name", data.TABLES)
def test_csv_and_json_hold_the_same_numbers(portal: FlaskClient, name: str) -> None:
    document = json.loads(portal.get(f"/data/1/{name}.json").text)
    answer = portal.get(f"/data/1/{name}.csv")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    lines = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert len(lines) == len(document["rows"])
    for line, row in zip(lines, document["rows"], strict=True):
        gaps = row.get("no_number", {})
        for column, text in line.items():
            assert text == (gaps[column] if row[column] is None else str(row[column]).removeprefix("'"))
    assert document["rows"] or name in {"findings", "with-unverified"}


def test_every_file_is_listed_under_its_name(portal: FlaskClient) -> None:
    assert list(words.TABLES) == list(data.TABLES)
    text = portal.get("/ru/data").text
    for name in data.TABLES:
        assert f'href="/data/1/{name}.csv"' in text
    assert portal.get("/data/1/nothing.csv").status_code == 404


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_text_can_run_in_a_spreadsheet_and_numbers_stay_numbers(start: str) -> None:
    assert data.safe(f"{start}1+1") == f"'{start}1+1"
    assert (data.safe(-1.5), data.safe(0), data.safe("Ақтау")) == (-1.5, 0, "Ақтау")


def estimate(reason: str, mean: float | None = None) -> EstimateResult:
    return EstimateResult(
        audience="resident",
        city="a",
        tier="open",
        area="hlt",
        mean=mean,
        se=None,
        n=5,
        effective_n=5.0,
        design_effect=None,
        reason=reason,
    )


def share(n: int) -> ShareResult:
    return ShareResult(audience="resident", city="a", question="q", measure="top_two", value=None, se=None, n=n)


def area(**notes: str) -> AreaResult:
    numbers = dict.fromkeys(("indicators", "available_case", "residents", "residents_se", "businesses"))
    numbers |= dict.fromkeys(("businesses_se", "opinion", "opinion_se", "blended"))
    counts = {"reported": 0, "applicable": 2, "residents_n": 0, "businesses_n": 0}
    return AreaResult(city="a", area="hlt", note="", **numbers, **counts, **notes)


PEOPLE = PeopleResult(
    audience="resident",
    city="a",
    area="hlt",
    dimension="sex",
    category="f",
    mean=None,
    se=None,
    n=None,
    reason="too_few",
)


@pytest.mark.parametrize(
    ("row", "column", "sign"),
    [
        (PEOPLE, "mean", "х"),
        (share(3), "value", "х"),
        (share(0), "value", "..."),
        (estimate("few_people"), "mean", "х"),
        (estimate("too_few"), "mean", "..."),
        (estimate("", mean=50.0), "design_effect", "-"),
        (area(businesses_note="not_asked"), "businesses", "-"),
        (area(residents_note="few_people"), "residents_se", "х"),
        (area(residents_note="too_wide"), "residents", "..."),
        (area(residents_note="not_asked", businesses_note="not_asked"), "opinion", "-"),
        (area(residents_note="few_people", businesses_note="not_asked"), "opinion", "х"),
        (area(residents_note="nobody_answered", businesses_note="not_asked"), "opinion", "..."),
        (area(), "indicators", "..."),
    ],
)
def test_no_number_has_four_signs(row: object, column: str, sign: str) -> None:
    assert symbol(row, column) == sign


@pytest.mark.parametrize(
    ("language", "how"), [("kk", "интернет арқылы: "), ("ru", "через интернет: "), ("en", "on the web: ")]
)
def test_the_method_card_says_how_people_answered(portal: FlaskClient, language: str, how: str) -> None:
    assert portal.get(f"/{language}/ratings/1/method").text.count(how) == len(("resident", "business"))
