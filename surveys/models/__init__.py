"""Tables of the survey side, a module per subject."""

from surveys.models.comments import Comment, Envelope
from surveys.models.counted_receipts import CountedReceipt
from surveys.models.fieldwork import Wave, WaveChannel, WaveCity
from surveys.models.identity import AccessCode, Participation
from surveys.models.margins import MarginRecord, MarginSource
from surveys.models.places import CityAlias, CityRecord, DistrictRecord
from surveys.models.questionnaires import QuestionnaireVersion
from surveys.models.responses import Response, SpentBallot
from surveys.models.tallies import Tally

__all__ = [
    "AccessCode",
    "CityAlias",
    "CityRecord",
    "Comment",
    "CountedReceipt",
    "DistrictRecord",
    "Envelope",
    "MarginRecord",
    "MarginSource",
    "Participation",
    "QuestionnaireVersion",
    "Response",
    "SpentBallot",
    "Tally",
    "Wave",
    "WaveChannel",
    "WaveCity",
]
