"""What is posted about themes: names in three languages, codes, chosen suggestions."""

from collections.abc import Callable

from flask import flash, request

from app.feedback.errors import ThemeError
from app.web import site
from app.web.console.themes.words import THEME_FAULTS
from app.web.language import LANGUAGES
from surveys.languages import Text3

MOST_IDS = 100


def posted_name() -> Text3:
    """Read a name in three languages."""
    return Text3(*(request.form.get(f"name_{lang}", "")[:400] for lang in LANGUAGES))


def posted_ids() -> list[str]:
    """Read the suggestions that were ticked."""
    return list(dict.fromkeys(request.form.getlist("ids")))[:MOST_IDS]


def tried(change: Callable[..., object], done: str) -> str:
    """Do something to a theme in a transaction of its own; gives why it was not done, "" where it was."""
    try:
        with site.database().writing() as session:
            change(session)
    except ThemeError as error:
        return str(THEME_FAULTS[error.fault])
    flash(done)
    return ""
