"""Reads a table of a definition file field by field and remembers every defect, so that all are named at once."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, TypeVar

LANGUAGES = ("kk", "ru", "en")
Kind = TypeVar("Kind")


class Fields:
    """One table of a file; a field that is missing or wrong is noted in `defects`, and a stand-in is given back."""

    def __init__(self, data: Mapping[str, Any], where: str, defects: list[str]) -> None:
        self._data = data
        self._read: set[str] = set()
        self.where = where
        self.defects = defects

    def has(self, key: str) -> bool:
        """Tell whether the field is there."""
        return key in self._data

    def text(self, key: str, default: str | None = None) -> str:
        """Read a text that is not empty."""
        value = self._take(key, default)
        if isinstance(value, str) and (value.strip() or value == default):
            return value
        return self._refuse(key, value, "a text", "")

    def choice(self, key: str, options: Sequence[str], default: str | None = None) -> str:
        """Read one of the options."""
        value = self._take(key, default)
        if value in options:
            return str(value)
        return self._refuse(key, value, f"one of {', '.join(options)}", options[0])

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        """Read true or false."""
        value = self._take(key, default)
        if isinstance(value, bool):
            return value
        return self._refuse(key, value, "true or false", stand_in=False)

    def integer(self, key: str, default: int | None = None) -> int:
        """Read a whole number above 0."""
        value = self._take(key, default)
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
        return self._refuse(key, value, "a whole number above 0", 1)

    def exact(self, key: str) -> Fraction:
        """Read an exact number: a whole one, or a decimal written as a text, for a float would not be exact."""
        value = self._take(key, None)
        if isinstance(value, int) and not isinstance(value, bool):
            return Fraction(value)
        try:
            return Fraction(value) if isinstance(value, str) else self._refuse(key, value, _EXACT, Fraction(0))
        except ValueError:
            return self._refuse(key, value, _EXACT, Fraction(0))

    def share(self, key: str) -> Fraction:
        """Read an exact number from 0 to 1."""
        value = self.exact(key)
        if 0 <= value <= 1:
            return value
        return self._refuse(key, value, "between 0 and 1", Fraction(0))

    def day(self, key: str) -> date:
        """Read a date."""
        value = self._take(key, None)
        if isinstance(value, date):
            return value
        return self._refuse(key, value, "a date", date.min)

    def three(self, key: str) -> tuple[str, str, str]:
        """Read a name in the three languages."""
        value = self._take(key, None)
        if not isinstance(value, Mapping):
            return self._refuse(key, value, f"a name in {', '.join(LANGUAGES)}", ("", "", ""))
        names = Fields(value, f"{self.where}: {key}", self.defects)
        kk, ru, en = (names.text(language) for language in LANGUAGES)
        names.close()
        return kk, ru, en

    def texts(self, key: str, default: tuple[str, ...]) -> tuple[str, ...]:
        """Read a list of texts."""
        value = self._take(key, list(default))
        if isinstance(value, list) and value and all(isinstance(each, str) and each for each in value):
            return tuple(value)
        return self._refuse(key, value, "a list of texts", default)

    def counts(self, key: str) -> dict[str, int]:
        """Read a table of whole numbers; empty when the field is absent."""
        value = self._take(key, {})
        if isinstance(value, Mapping) and all(isinstance(each, int) and each > 0 for each in value.values()):
            return dict(value)
        return self._refuse(key, value, "a table of whole numbers", {})

    def tables(self, key: str) -> list["Fields"]:
        """Read an array of tables, each placed by its code; empty when the field is absent."""
        value = self._take(key, [])
        if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
            return self._refuse(key, value, "an array of tables", [])
        return [
            Fields(each, f"{key} {each.get('code', f'number {number}')}", self.defects)
            for number, each in enumerate(value, start=1)
        ]

    def close(self) -> None:
        """Add a defect for every field that was not read: it is misspelt, or means something the engine does not do."""
        self.defects.extend(f"{self.where}: unknown field {key}" for key in self._data if key not in self._read)

    def _take(self, key: str, default: object) -> Any:
        self._read.add(key)
        return self._data.get(key, default)

    def _refuse(self, key: str, value: object, expected: str, stand_in: Kind) -> Kind:
        problem = f"{key} is missing" if value is None else f"{key} is {value!r}"
        self.defects.append(f"{self.where}: {problem}, expected {expected}")
        return stand_in


_EXACT = 'a whole number or a decimal in quotes such as "0.30"'
