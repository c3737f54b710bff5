import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.authoring.yaml_source import load, shipped
from surveys.population.collation import fold_for_search, kazakh_key, mend_latin
from surveys.population.places import PlaceError, load_places

PLACES = load_places()


def test_there_are_twenty_cities_seventeen_of_the_2019_rating() -> None:
    assert len(PLACES.cities) == 20
    assert sum(city.in_2019_rating for city in PLACES.cities) == 17


@pytest.mark.parametrize(("city", "districts"), [("astana", 4), ("almaty", 8), ("shymkent", 4), ("oral", 0)])
def test_districts_add_up_to_their_city(city: str, districts: int) -> None:
    of_city = [district for district in PLACES.districts if district.city == city]
    assert len(of_city) == districts
    if of_city:
        assert sum(part.men for part in of_city) == PLACES.city(city).men
        assert sum(part.women for part in of_city) == PLACES.city(city).women


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("Қарағанды", "karaganda"),
        ("караганды", "karaganda"),
        ("г. Караганда", "karaganda"),
        ("АКТОБЕ", "aktobe"),
        ("Нур-Султан", "astana"),
        ("Нұр-Сұлтан", "astana"),
        ("Капчагай", "konaev"),
        ("Uralsk", "oral"),
        ("Усть Каменогорск", "oskemen"),
        ("Түркістан қаласы", "turkistan"),
        ("Turkistan", "turkistan"),
    ],
)
def test_a_city_is_found_by_any_spelling(spelling: str, code: str) -> None:
    assert PLACES.find_city(spelling).code == code


def test_an_unknown_city_names_the_nearest_ones() -> None:
    with pytest.raises(PlaceError) as refused:
        PLACES.find_city("Карагандда")
    assert refused.value.suggestions == ("karaganda",)


def test_the_questionnaire_offers_the_districts_of_the_places_file() -> None:
    (resident,) = (load(path) for path in shipped() if path.stem == "resident")
    offered = {
        (option.city, option.code.partition(".")[2]): option.label
        for option in resident.question("district").options
        if option.city
    }
    assert offered == {(district.city, district.code): district.name for district in PLACES.districts}


def test_kazakh_order_is_not_code_point_order() -> None:
    names = ["Шымкент", "Қарағанды", "Астана", "Ақтау", "Өскемен", "Орал"]
    assert sorted(names, key=kazakh_key) == ["Ақтау", "Астана", "Қарағанды", "Орал", "Өскемен", "Шымкент"]


def test_a_plain_spelling_finds_the_kazakh_one() -> None:
    assert fold_for_search("Женис") == fold_for_search("Жеңіс")


def test_latin_look_alikes_are_mended_only_inside_cyrillic_words() -> None:
    assert mend_latin("Қызылордa өңірi əлемі wifi") == "Қызылордa өңірі әлемі wifi"


@given(st.text(max_size=50))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold_for_search(fold_for_search(text)) == fold_for_search(text)
