"""One text in the three languages, as a publication keeps it."""

from typing import NamedTuple


class Words(NamedTuple):
    """One text in the three languages."""

    kk: str
    ru: str
    en: str
