import hashlib
from dataclasses import fields
from fractions import Fraction

import pytest

from scoring.edition import FOLDER, Edition, edition_codes, load_edition, read_edition, strictest_network_share
from scoring.errors import EditionError
from tests.scoring.conftest import GOLDEN

COUNTS_2019 = {
    "ctm": 9,
    "hlt": 10,
    "edu": 9,
    "scy": 8,
    "hcs": 9,
    "its": 9,
    "soc": 8,
    "eco": 8,
    "btd": 8,
    "bld": 7,
    "agr": 6,
    "ict": 10,
}
OPINION_2025 = {
    "mgmt": ("ctm",),
    "safety": ("scy",),
    "transport": ("its",),
    "social": ("hlt", "edu", "soc"),
    "ecology": ("eco",),
    "housing": ("hcs",),
    "economy": ("btd", "agr"),
    "infra": ("bld", "ict"),
}


def changed(code: str, *replacements: tuple[str, str]) -> bytes:
    """Give a shipped file with texts replaced."""
    content = (FOLDER / f"{code}.toml").read_text()
    for old, new in replacements:
        assert old in content
        content = content.replace(old, new, 1)
    return content.encode()


def defects_of(content: bytes) -> tuple[str, ...]:
    with pytest.raises(EditionError) as caught:
        read_edition(content)
    return caught.value.defects


VERIFIED = ("open_figures_2024_verified", "order_2025", "standard_2019_verified")
DIGESTS = {
    "open_figures_2024": "0648f8fa2d0f9a54db9a8af3f3eeec9a8eda6c3128732b593cf71a0098222537",
    "standard_2019": "dd70baccc596a132dc02427388fcfca1f124a7d96a6c009d53ae347044884ab1",
}
"""SHA-256 of the files as the release of November 2026 shipped them, by `sha256sum`: stored runs name them."""


def test_five_editions_are_shipped() -> None:
    assert edition_codes() == tuple(sorted((*DIGESTS, *VERIFIED)))


@pytest.mark.parametrize("code", DIGESTS)
def test_an_edition_that_runs_were_made_under_is_the_same_to_the_byte(code: str) -> None:
    edition = load_edition(code)
    assert edition.digest == DIGESTS[code]
    assert (edition.headline_opinion, edition.network_share) == ("any", Fraction(1, 20))


@pytest.mark.parametrize("code", VERIFIED)
def test_an_edition_says_that_only_verified_opinion_moves_its_headline(code: str) -> None:
    edition = load_edition(code)
    assert (edition.headline_opinion, edition.network_share) == ("verified", Fraction(3, 100))


def test_answers_of_a_wave_are_weighed_once_for_the_strictest_edition() -> None:
    assert strictest_network_share() == Fraction(3, 100)


@pytest.mark.parametrize("code", DIGESTS)
def test_an_edition_may_say_only_what_it_changes_of_another(code: str) -> None:
    base, extended = load_edition(code), load_edition(f"{code}_verified")
    changed_fields = {part.name for part in fields(Edition) if getattr(base, part.name) != getattr(extended, part.name)}
    assert changed_fields == {"code", "title", "in_force_from", "headline_opinion", "network_share", "digest"}
    own = (FOLDER / f"{code}_verified.toml").read_bytes()
    below = (FOLDER / f"{code}.toml").read_bytes()
    assert extended.digest == hashlib.sha256(below + own).hexdigest()


@pytest.mark.parametrize(
    ("base", "defect"),
    [("standard_2018", "edition: extends 'standard_2018', expected one of"), ("standard_2019_verified", "extends")],
)
def test_an_edition_extends_one_that_is_whole(base: str, defect: str) -> None:
    content = changed("standard_2019_verified", ('extends = "standard_2019"', f'extends = "{base}"'))
    assert any(defect in each for each in defects_of(content))


@pytest.mark.parametrize("code", edition_codes())
def test_a_shipped_edition_is_named_in_three_languages_throughout(code: str) -> None:
    edition = load_edition(code)
    named = [edition.title, edition.source]
    named += [each.name for part in (edition.groups, edition.areas, edition.indicators) for each in part]
    assert all(text.strip() for name in named for text in name)
    assert edition.code == code
    assert edition.alpha == Fraction(3, 10)


def test_the_edition_of_2019_has_the_areas_and_the_101_indicators_of_the_paper(standard: Edition) -> None:
    assert {area.code: len(standard.indicators_of(area.code)) for area in standard.areas} == COUNTS_2019
    assert sum(COUNTS_2019.values()) == len(standard.indicators) == 101
    assert {group.code: len(standard.areas_of(group.code)) for group in standard.groups} == {
        "priority": 6,
        "additional": 5,
        "ict": 1,
    }
    assert [group.coefficient for group in standard.groups] == [2, 1, 2]


def test_indicators_whose_names_were_not_published_say_so(standard: Edition) -> None:
    assert standard.indicators_illustrative
    assert all("not published" in indicator.name[2] for indicator in standard.indicators)
    assert {indicator.method for indicator in standard.indicators} == {"yes_no", "percentage"}


def test_the_codes_are_those_of_the_vectors(standard: Edition) -> None:
    header = (GOLDEN / "indicators_17x101.csv").read_text().splitlines()[0].replace('"', "").split(",")
    assert [indicator.code for indicator in standard.indicators] == header[2:]


def test_the_edition_of_2025_has_eight_spheres_and_invents_no_indicator() -> None:
    edition = load_edition("order_2025")
    assert edition.indicators == ()
    assert {area.code: area.opinion_areas for area in edition.areas} == OPINION_2025


def test_businesses_weigh_a_quarter_and_half_in_business_and_tourism() -> None:
    shares = {area.code: area.business_share for area in load_edition("standard_2019").areas}
    assert shares.pop("btd") == Fraction(1, 2)
    assert set(shares.values()) == {Fraction(1, 4)}


def test_open_figures_rate_seven_areas_and_say_that_a_region_stands_in() -> None:
    edition = load_edition("open_figures_2024")
    assert [area.code for area in edition.areas] == ["hlt", "edu", "scy", "its", "soc", "eco", "btd"]
    assert all(edition.indicators_of(area.code) for area in edition.areas)
    assert edition.stands_for is not None
    assert all(indicator.why for indicator in edition.indicators)


def test_a_digest_is_of_the_file_to_the_byte() -> None:
    content = (FOLDER / "standard_2019.toml").read_bytes()
    assert read_edition(content).digest == load_edition("standard_2019").digest
    assert read_edition(content + b"# a remark\n").digest != load_edition("standard_2019").digest


def test_an_indicator_is_found_by_its_code(standard: Edition) -> None:
    result = standard.indicator("hlt_3")
    assert result is not None
    assert result.area == "hlt"
    assert standard.indicator("hlt_99") is None


def test_an_edition_that_is_not_there_is_refused_with_the_codes_that_are() -> None:
    with pytest.raises(EditionError, match="no edition 'standard_2020': there are open_figures_2024"):
        load_edition("standard_2020")


@pytest.mark.parametrize(
    ("code", "old", "new", "defect"),
    [
        ("standard_2019", 'alpha = "0.30"', "alpha = 0.30", "edition: alpha is 0.3, expected a whole number or"),
        ("standard_2019", 'alpha = "0.30"', 'alpha = "much"', "edition: alpha is 'much', expected a whole number or"),
        ("standard_2019", 'alpha = "0.30"', 'alpha = "1.5"', "edition: alpha is Fraction(3, 2), expected between"),
        ("standard_2019", 'headline = "linear"', 'headline = "median"', "edition: headline is 'median', expected one"),
        ("standard_2019", "in_force_from = 2019-01-01", 'in_force_from = "2019"', "edition: in_force_from is '2019'"),
        ("standard_2019", "minimum_n = 60", "minimum_n = 0", "edition: minimum_n is 0, expected a whole number above"),
        ("standard_2019", 'widest = "10"', 'widest = "0"', "edition: widest is 0, expected above 0"),
        (
            "order_2025",
            'network_share = "0.03"',
            'network_share = "0"',
            "edition: network_share is 0, expected above 0",
        ),
        (
            "order_2025",
            '_opinion = "verified"',
            '_opinion = "some"',
            "edition: headline_opinion is 'some', expected one",
        ),
        ("standard_2019", "illustrative = true", "illustrative = 1", "edition: indicators_illustrative is 1, expected"),
        ("standard_2019", "coefficient = 2", "coefficient = -2", "group priority: coefficient is -2, expected"),
        ("standard_2019", 'code = "hlt"', 'code = "edu"', "area edu: given 2 times"),
        ("standard_2019", 'group = "ict"', 'group = "it"', "area ict: no group 'it'"),
        ("standard_2019", 'group = "ict"', 'group = "it"', "group ict: no area in it"),
        ("standard_2019", 'group = "ict"', 'groop = "ict"', "area ict: unknown field groop"),
        ("standard_2019", 'ru = "Здравоохранение", ', "", "area hlt: name: ru is missing, expected a text"),
        ("standard_2019", "{ yes_no = 4, percentage = 5 }", "4", "area ctm: unnamed is 4, expected a table of"),
        ("order_2025", 'opinion_areas = ["ctm"]', "opinion_areas = []", "area mgmt: opinion_areas is [], expected"),
        ("order_2025", "[title]", "[name]", "edition: title is missing, expected a name in kk, ru, en"),
        ("open_figures_2024", 'area = "eco"', 'area = "sky"', "indicator air_pollution_index: no area 'sky'"),
        ("open_figures_2024", "low = 200\n", "low = 0\n", "indicator air_pollution_index: low and high are both 0"),
        (
            "open_figures_2024",
            "low = 10\nhigh = 0",
            "low = 0\nhigh = 10",
            "indicator unemployment_rate: direction 'less',",
        ),
        ("open_figures_2024", 'method = "ratio"', 'method = "guess"', "indicator crimes_cleared: method is 'guess'"),
    ],
)
def test_a_defect_is_named_with_its_place(code: str, old: str, new: str, defect: str) -> None:
    assert any(each.startswith(defect) for each in defects_of(changed(code, (old, new))))


def test_all_defects_are_named_at_once() -> None:
    result = defects_of(
        changed(
            "standard_2019", ('alpha = "0.30"', "alpha = 2"), ('code = "agr"', 'code = "bld"'), ("[source]", "[from]")
        )
    )
    assert len(result) >= 4


@pytest.mark.parametrize("content", [b"= 1", b"\xff"])
def test_a_file_that_is_not_toml_is_refused(content: bytes) -> None:
    assert "not a TOML file" in defects_of(content)[0]


def test_groups_and_areas_must_be_tables() -> None:
    assert "edition: group is 1, expected an array of tables" in defects_of(b"group = 1")
    assert "edition: no group" in defects_of(b"")


def test_an_area_may_have_a_share_of_opinion_of_its_own() -> None:
    edition = read_edition(changed("standard_2019", ('code = "eco"\n', 'code = "eco"\nalpha = "0.5"\n')))
    assert {area.code for area in edition.areas if area.alpha is not None} == {"eco"}
