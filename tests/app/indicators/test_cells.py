"""What is stored, written into a file, is read from it as the same to the letter."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.indicators.cells import WrittenMeasure, write_measure
from app.indicators.errors import ImportRefusedError
from app.indicators.measures import MeasureCells, measure
from app.indicators.numbers import LARGEST
from scoring.edition import Indicator
from surveys.languages import LANGUAGES
from tests.builders.indicators import ANSWERED, COVERED, CRIMES, INDICATORS, LIFE, SHARE
from tests.effort import examples

CODES = sorted(INDICATORS)
NUMBERS = st.integers(-(10**9), 10**9) | st.integers(-LARGEST, LARGEST)
TEXTS = (
    st.sampled_from(["", "0,0", "-", "х", "...", "иә", "нет", "0.5%", "61,5", "1,2340", "0,125"])
    | NUMBERS.map(str)
    | st.decimals(-(10**6), 10**6, places=3).map(str)
    | st.decimals(-100, 100, places=9).map(lambda number: f"{number}%")
)
CELLS = st.tuples(TEXTS, TEXTS, TEXTS, st.sampled_from(["", "missing", "не применимо", "ұсынылды"]))


@settings(max_examples=examples(2000), deadline=None)
@given(cells=CELLS, code=st.sampled_from(CODES), lang=st.sampled_from(LANGUAGES))
def test_whatever_the_import_takes_it_reads_again_from_what_is_written_of_it(
    cells: tuple[str, str, str, str], code: str, lang: str
) -> None:
    indicator = INDICATORS[code]
    try:
        stored = measure(MeasureCells(1, *cells), indicator)
    except ImportRefusedError:
        return
    assert measure(MeasureCells(1, *write_measure(stored, indicator, lang)), indicator) == stored


@pytest.mark.parametrize(
    ("typed", "indicator", "lang", "written"),
    [
        (("иә",), ANSWERED, "ru", WrittenMeasure("да")),
        (("61.5",), SHARE, "kk", WrittenMeasure("61,5")),
        (("61.5",), SHARE, "en", WrittenMeasure("61.5")),
        (("1.1250",), SHARE, "en", WrittenMeasure("1.125")),
        (("1,1250",), SHARE, "kk", WrittenMeasure("1,1250")),
        (("0,125",), SHARE, "ru", WrittenMeasure("0,125")),
        (("", "1", "3"), SHARE, "kk", WrittenMeasure("", "1", "3")),
        (("", "485", "500"), COVERED, "kk", WrittenMeasure("", "485", "500")),
        (("75,1",), LIFE, "kk", WrittenMeasure("75,1")),
        (("412,5",), CRIMES, "kk", WrittenMeasure("412,5")),
        (("...",), SHARE, "ru", WrittenMeasure("...", status="нет данных")),
        (("", "", "", "n/a"), SHARE, "ru", WrittenMeasure(status="не применимо")),
    ],
)
def test_a_value_is_written_as_a_person_would(
    typed: tuple[str, ...], indicator: Indicator, lang: str, written: WrittenMeasure
) -> None:
    words = {"n/a": "not applicable"}
    stored = measure(MeasureCells(1, *(words.get(text, text) for text in typed)), indicator)
    assert write_measure(stored, indicator, lang) == written
