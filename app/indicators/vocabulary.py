"""The words of an indicator file in three languages: column names, yes and no, statuses, the Bureau's signs."""

import unicodedata
from enum import StrEnum

from surveys.languages import Text3


class SheetColumn(StrEnum):
    """A column the import reads; its value is the English header."""

    CITY = "city"
    INDICATOR = "indicator"
    VALUE = "value"
    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    STATUS = "status"
    SOURCE = "source"
    BASIS = "basis"
    NOTE = "note"


class Status(StrEnum):
    """Whether a value was given; a value that was not is never a "No"."""

    REPORTED = "reported"
    MISSING = "missing"
    NOT_APPLICABLE = "not_applicable"


class ValueFlag(StrEnum):
    """What is remarkable about a stored value: outside its range, or which sign stood in place of a number."""

    NONE = ""
    ABOVE_100 = "above_100"
    BELOW_0 = "below_0"
    ABOVE_BOUNDS = "above_bounds"
    BELOW_BOUNDS = "below_bounds"
    NO_PHENOMENON = "no_phenomenon"
    NEGLIGIBLE = "negligible"
    CONFIDENTIAL = "confidential"
    NO_DATA = "no_data"


OUT_OF_RANGE = frozenset({ValueFlag.ABOVE_100, ValueFlag.BELOW_0, ValueFlag.ABOVE_BOUNDS, ValueFlag.BELOW_BOUNDS})
"""Flags that a reviewer should look at: the value is stored as given and clipped by scoring."""


class Basis(StrEnum):
    """What kind of source a value rests on."""

    NONE = ""
    REGISTER = "register"
    STATISTICS = "statistics"
    OWN_RECORDS = "own_records"
    SURVEY = "survey"
    ESTIMATE = "estimate"
    OTHER = "other"


LONGEST_SOURCE = 400
"""Characters of a source note."""

LONGEST_NOTE = 400
"""Characters of a note to a value."""

COMMENT = "#"
"""A column whose header begins with this is for people; the import does not read it."""

HEADERS = {
    SheetColumn.CITY: Text3(kk="қала", ru="город", en="city"),
    SheetColumn.INDICATOR: Text3(kk="көрсеткіш", ru="показатель", en="indicator"),
    SheetColumn.VALUE: Text3(kk="мәні", ru="значение", en="value"),
    SheetColumn.NUMERATOR: Text3(kk="алымы", ru="числитель", en="numerator"),
    SheetColumn.DENOMINATOR: Text3(kk="бөлімі", ru="знаменатель", en="denominator"),
    SheetColumn.STATUS: Text3(kk="мәртебесі", ru="статус", en="status"),
    SheetColumn.SOURCE: Text3(kk="дереккөзі", ru="источник", en="source"),
    SheetColumn.BASIS: Text3(kk="дереккөз түрі", ru="вид источника", en="basis"),
    SheetColumn.NOTE: Text3(kk="ескертпе", ru="примечание", en="note"),
}
"""Names of the columns: those that templates write, and that imports accept besides the English ones."""

STATUSES = {
    Status.REPORTED: Text3(kk="ұсынылды", ru="представлено", en="reported"),
    Status.MISSING: Text3(kk="деректер жоқ", ru="нет данных", en="missing"),
    Status.NOT_APPLICABLE: Text3(kk="қолданылмайды", ru="не применимо", en="not applicable"),
}

BASES = {
    Basis.REGISTER: Text3(kk="мемлекеттік тізілім", ru="государственный реестр", en="state register"),
    Basis.STATISTICS: Text3(kk="ресми статистика", ru="официальная статистика", en="official statistics"),
    Basis.OWN_RECORDS: Text3(kk="өз есебіміз", ru="собственный учёт", en="own records"),
    Basis.SURVEY: Text3(kk="сауалнама", ru="опрос", en="survey"),
    Basis.ESTIMATE: Text3(kk="есептік бағалау", ru="расчётная оценка", en="estimate"),
    Basis.OTHER: Text3(kk="басқа", ru="другое", en="other"),
}

YES = Text3(kk="иә", ru="да", en="yes")
NO = Text3(kk="жоқ", ru="нет", en="no")


def folded(text: str) -> str:
    """Reduce a word to what is compared: one kind of space, small letters, composed accents."""
    return " ".join(unicodedata.normalize("NFC", text).replace("_", " ").casefold().split())


_COLUMNS = {folded(name): column for column, names in HEADERS.items() for name in names} | {
    "мән": SheetColumn.VALUE,
    "алым": SheetColumn.NUMERATOR,
    "бөлім": SheetColumn.DENOMINATOR,
    "мәртебе": SheetColumn.STATUS,
    "дереккөз": SheetColumn.SOURCE,
    "ескерту": SheetColumn.NOTE,
    "комментарий": SheetColumn.NOTE,
}
_STATUSES = {folded(name): status for status, names in STATUSES.items() for name in names} | {
    "неприменимо": Status.NOT_APPLICABLE,
}
_BASES = {folded(basis): basis for basis in Basis} | {
    folded(name): basis for basis, names in BASES.items() for name in names
}
_YES_OR_NO = {
    **dict.fromkeys([*YES, "1", "true", "истина", "ақиқат"], True),
    **dict.fromkeys([*NO, "0", "false", "ложь", "жалған"], False),
}
"""Spreadsheets save a ticked TRUE in their own language, so those words count too."""
_SIGNS = {
    **dict.fromkeys("-\u2010\u2011\u2012–—\u2212", ValueFlag.NO_PHENOMENON),
    "0,0": ValueFlag.NEGLIGIBLE,
    **dict.fromkeys(["х", "x"], ValueFlag.CONFIDENTIAL),  # Cyrillic and Latin
    **dict.fromkeys(["...", "…"], ValueFlag.NO_DATA),
}
"""The Bureau of National Statistics' legend for a place without a number: four different things."""


def column_named(header: str) -> SheetColumn | None:
    """Find the column a header names in any of the three languages."""
    return _COLUMNS.get(folded(header))


def is_column(header: str) -> bool:
    """Tell whether a header names a column in any of the three languages."""
    return column_named(header) is not None


def status_named(text: str) -> Status | None:
    """Find the status a word names in any of the three languages."""
    return _STATUSES.get(folded(text))


def basis_named(text: str) -> Basis | None:
    """Find the kind of source a word names in any of the three languages; NONE for no word."""
    return _BASES.get(folded(text))


def yes_or_no(text: str) -> bool | None:
    """Read yes or no in any of the three languages, or 1 and 0; None for anything else, never No."""
    return _YES_OR_NO.get(folded(text))


def sign(text: str) -> ValueFlag:
    """Recognise a sign of the Bureau's legend; NONE for any other text."""
    return _SIGNS.get(folded(text), ValueFlag.NONE)
