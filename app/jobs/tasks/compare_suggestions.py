"""Finds suggestions that are alike, night by night."""

from pathlib import Path

from app.clock import Clock
from app.database import Database
from app.feedback import neighbours
from app.feedback.similar import find_alike, learn_language
from surveys.languages import LANGUAGES


def compare_suggestions(database: Database, clock: Clock, keys: Path) -> str:  # noqa: ARG001 - every job has this shape
    """Compare the suggestions of each city, wave, area and language with one another; only changes are written."""
    with database.writing() as session:
        changed = neighbours.forget_neighbours(session)
    number = 0
    for lang in LANGUAGES:
        with database.reading() as session:
            groups = neighbours.texts_by_group(session, lang)
        rarity = learn_language(groups.values())
        for texts in groups.values():
            number += len(texts)
            found = find_alike(texts, rarity)
            with database.writing() as session:
                changed += neighbours.keep_neighbours(session, texts, found)
    return f"compared {number} suggestions, changed {changed} neighbours"
