"""Tables of the survey side, a module per subject."""

from surveys.models.comments import Comment, Envelope, WithdrawnWords
from surveys.models.counted_receipts import CountedReceipt, ReceiptList
from surveys.models.fieldwork import Wave, WaveChannel, WaveCity
from surveys.models.identity import AccessCode, Participation
from surveys.models.margins import MarginRecord, MarginSource
from surveys.models.paper import FormSeries, ModeCount, OperatorDay, PassRecord
from surveys.models.places import CityAlias, CityRecord, DistrictRecord
from surveys.models.questionnaires import QuestionnaireVersion
from surveys.models.responses import Response, SpentBallot
from surveys.models.tallies import Tally
from surveys.models.withdrawals import WithdrawalCount, WithdrawnAnswer

__all__ = [
    "AccessCode",
    "CityAlias",
    "CityRecord",
    "Comment",
    "CountedReceipt",
    "DistrictRecord",
    "Envelope",
    "FormSeries",
    "MarginRecord",
    "MarginSource",
    "ModeCount",
    "OperatorDay",
    "Participation",
    "PassRecord",
    "QuestionnaireVersion",
    "ReceiptList",
    "Response",
    "SpentBallot",
    "Tally",
    "Wave",
    "WaveChannel",
    "WaveCity",
    "WithdrawalCount",
    "WithdrawnAnswer",
    "WithdrawnWords",
]
