"""The words of the board's codes: kinds of replies, states and steps of commitments, what became of a theme."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from app.feedback.board.commitments import PublicCommitment
from app.web.language import _, _l, _lc, current_language, day, readable
from surveys.languages import Text3

REPLIES: Mapping[str, str] = {
    "done": _lc("reply", "Done"),
    "will_do": _lc("reply", "Will be done"),
    "being_looked_at": _lc("reply", "Being looked at, not answered yet"),
    "cannot": _lc("reply", "Cannot be done"),
    "another_body": _lc("reply", "For another body to do"),
}
STATES: Mapping[str, str] = {
    "announced": _lc("commitment", "Promised"),
    "in_progress": _lc("commitment", "In progress"),
    "reported_done": _lc("commitment", "Reported as done; those who raised it have not said yet"),
    "agreed": _lc("commitment", "Done, and those who raised it agree"),
    "disputed": _lc("commitment", "Reported as done, and those who raised it do not agree"),
    "dropped": _lc("commitment", "Given up"),
}
STEPS: Mapping[str, str] = {
    "announce": _l("The akimat made a promise"),
    "progress": _l("The akimat told how far it is"),
    "move": _l("The akimat moved the day"),
    "report_done": _l("The akimat reported it as done"),
    "agree": _l("Those who raised it agree that it is done"),
    "dispute": _l("Those who raised it do not agree that it is done"),
    "drop": _l("The akimat gave it up"),
    "reply": _l("The akimat replied"),
    "correction": _l("The akimat corrected its reply"),
    "withdrawal": _l("The akimat withdrew its reply"),
}
"""Who did what: every line of a timeline begins with one of them."""

OUTCOMES: Mapping[str, str] = {
    "unanswered": _l("No reply yet"),
    "answered": _l("Answered"),
    "promised": _l("Promised, not done yet"),
    "overdue": _l("Overdue"),
    "reported": _l("The akimat reports it as done"),
    "disputed": _l("Those who raised it do not agree"),
    "agreed": _l("Those who raised it agree"),
    "over": _l("Given up"),
}
"""What became of a theme: the filter of a city's page."""


class Worded(NamedTuple):
    """A text in the language of the page, or in Kazakh where there is none: `lang` says which."""

    text: str
    lang: str

    @property
    def is_other(self) -> bool:
        """Whether it is not in the language of the page."""
        return self.lang != current_language()


def worded(texts: Text3) -> Worded:
    """Take out of a text what the reader can read of it."""
    return Worded(*(readable(texts) or ("", "kk")))


def week(monday: date) -> str:
    """Name a week by its first day."""
    return _("in the week from %(day)s", day=day(monday))


def days_moved(reply: int, commitments: Iterable[PublicCommitment]) -> list[str]:
    """Say which day counts of what a reply promised, where it was moved: the reply's own words keep the first one."""
    return [
        _("The promised day was moved. First: %(first)s. Now: %(now)s.", first=day(each.first_due), now=day(each.due))
        for each in commitments
        if each.reply == reply and each.due != each.first_due
    ]
