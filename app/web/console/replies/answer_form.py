"""A form that the rules of replies, templates and commitments find faults in."""

from collections.abc import Iterable

from wtforms import Form

from app.feedback.placeholders import NAMES
from app.feedback.reply_errors import AnswerFault, Flaw
from app.feedback.reply_texts import SHORTEST
from app.web.console.replies.words import FAULTS


class AnswerForm(Form):
    """A form whose faults come from the rules of what is answered, in words of the reader's language."""

    shortest = SHORTEST
    """Letters that a text has at least, as a fault says it."""

    def show(self, flaws: Iterable[Flaw]) -> None:
        """Put the sentence of each fault beside its field; one of the whole is in `lines` alone."""
        self.whole: list[str] = []
        for flaw in flaws:
            words = sentence(flaw.code, self.shortest)
            if flaw.field in self:
                self[flaw.field].errors = [*self[flaw.field].errors, words]
            else:
                self.whole.append(words)

    def lines(self) -> list[tuple[str, str]]:
        """List the faults for the summary: each with the id of its field and its name; one of the whole has none."""
        own = [(each.id, f"{each.label.text}: {words}") for each in self for words in each.errors]
        return [*(("", words) for words in getattr(self, "whole", ())), *own]


def sentence(fault: AnswerFault, shortest: int = SHORTEST) -> str:
    """Say a fault; `shortest` is how long the text has to be at least."""
    gaps = ", ".join(f"{{{name}}}" for name in NAMES)
    return str(FAULTS[fault]) % {"shortest": shortest, "gaps": gaps}
