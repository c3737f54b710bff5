"""Tables of the survey side, a module per subject."""

from surveys.models.comments import Comment
from surveys.models.counted_receipts import CountedReceipt
from surveys.models.fieldwork import Wave, WaveChannel, WaveCity
from surveys.models.identity import AccessCode, Participation
from surveys.models.margins import Margin, MarginSource
from surveys.models.places import City, CityAlias, District
from surveys.models.questionnaires import QuestionnaireVersion
from surveys.models.responses import Response, SpentBallot
from surveys.models.tallies import Tally

__all__ = [
    "AccessCode",
    "City",
    "CityAlias",
    "Comment",
    "CountedReceipt",
    "District",
    "Margin",
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
