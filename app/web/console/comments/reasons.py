"""The reasons of hiding as the public rules say them, where somebody decides by them."""

from typing import NamedTuple

from app.feedback.board.rules import load_rules
from app.web.console.comments.words import REASONS
from app.web.language import current_language


class ReasonLine(NamedTuple):
    """A reason: its code, its name, and when it holds."""

    code: str
    name: str
    text: str


def list_reasons() -> list[ReasonLine]:
    """List the reasons in the language of the page, in the order of their numbers."""
    texts = {each.code: each.text.pick(current_language()) for each in load_rules().reasons}
    return [ReasonLine(str(reason), str(words), texts[str(reason)]) for reason, words in REASONS.items()]
