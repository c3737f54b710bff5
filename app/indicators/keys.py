"""The key of a case, as it stands in addresses, in the journal and in selections."""

from typing import NamedTuple


class CaseKey(NamedTuple):
    """A period, a city and an indicator; written 2024/aktau/hlt_3."""

    period: str
    city: str
    indicator: str

    def __str__(self) -> str:
        """Write it with strokes between: no code holds one."""
        return "/".join(self)

    @classmethod
    def parse(cls, text: str) -> "CaseKey | None":
        """Read a written key; None for any other text."""
        parts = text.split("/")
        return cls(*parts) if len(parts) == len(cls._fields) else None
