"""What the organisers' side of fieldwork refuses, by a reason that the edges put into words."""

from enum import StrEnum

from surveys.errors import SurveyError


class MaterialFault(StrEnum):
    """Why something cannot be made for a wave."""

    NO_WAVE = "no_wave"
    NOT_IN_CITY = "not_in_city"
    NO_CHANNEL = "no_channel"
    LETTERS_ALONE = "letters_alone"
    NO_CODES = "no_codes"
    OVER = "over"


class MaterialError(SurveyError):
    """Something that is not made for this wave, city or channel; `fault` says why."""

    def __init__(self, fault: MaterialFault, words: str) -> None:
        super().__init__(words)
        self.fault = fault
