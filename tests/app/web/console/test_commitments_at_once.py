"""Two people change the same commitment: both texts are shown, and nothing is lost."""

import re
from typing import Any

import pytest
from flask import Flask

from app.database import Database
from tests.app.web.console.test_commitments import CITY, ONE, PAGE, RU, TYPED, Team, row_of, team, told
from tests.app.web.console.test_commitments import version as version_of
from tests.builders.answering import announced

__all__ = ["team"]


def hidden(page: Any) -> dict[str, str]:
    """Give the fields that the first form of the page of a conflict sends again."""
    form = page.text[page.text.index('class="actions"') :]
    form = form[: form.index("</form>")]
    return dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))


def test_the_second_of_two_writers_sees_both_texts_and_may_keep_theirs(
    console: Flask, database: Database, team: Team
) -> None:
    assert console
    team.analyst.send(f"{PAGE}{CITY}/new", TYPED)
    team.lead.send(f"{ONE}/edit", TYPED | {"title_ru": "Первый текст", "version": "1"})
    answer = team.analyst.send(f"{ONE}/edit", TYPED | {"title_ru": "Второй текст", "version": "1"})
    assert answer.status_code == 409
    for words in ("Первый текст", "Второй текст", team.lead.person.name if team.lead.person else ""):
        assert words in answer.text
    kept = team.analyst.send(f"{ONE}/edit", hidden(answer))
    assert kept.status_code == 303
    with row_of(database) as row:
        assert (row.title_ru, row.title_kk) == ("Второй текст", TYPED["title_kk"])


@pytest.mark.parametrize("word", ["move", "report-done", "drop", "progress"])
def test_a_step_beside_another_s_is_shown_with_it(database: Database, team: Team, word: str) -> None:
    with database.writing() as session:
        announced(session, *team.office[:2])
    before = version_of(database)
    first = told("progress", percent="30", body_ru="Начали с перекрёстка.") | {"version": before}
    assert team.analyst.send(f"{ONE}/progress", first).status_code == 303
    own = {"percent": "60", "due": "2027-05-01", "done_on": "2026-11-20", "evidence_address": "https://a.example/1"}
    answer = team.lead.send(f"{ONE}/{word}", told(word, **own) | {"version": before})
    assert answer.status_code == 409
    for words in ("Начали с перекрёстка.", RU, "in progress", "30 %"):
        assert words in answer.text
    assert team.lead.send(f"{ONE}/{word}", hidden(answer)).status_code == 303
    with row_of(database) as row:
        assert row.version == int(before) + 2


def test_what_can_no_more_be_done_is_said_and_the_words_are_kept(database: Database, team: Team) -> None:
    with database.writing() as session:
        announced(session, *team.office[:2])
    before = version_of(database)
    team.lead.send(f"{ONE}/drop", told("drop") | {"version": before})
    answer = team.analyst.send(f"{ONE}/progress", told("progress", percent="60") | {"version": before})
    assert answer.status_code == 409
    late = team.analyst.send(f"{ONE}/progress", hidden(answer), follow_redirects=True)
    assert "This cannot be done as it stands now." in late.text


def test_a_draft_that_was_changed_meanwhile_is_not_given_up(database: Database, team: Team) -> None:
    team.analyst.send(f"{PAGE}{CITY}/new", TYPED)
    team.lead.send(f"{ONE}/edit", TYPED | {"title_ru": "Первый текст", "version": "1"})
    answer = team.analyst.send(f"{ONE}/remove", {"version": "1"}, follow_redirects=True)
    assert "Somebody has changed this commitment meanwhile." in answer.text
    with row_of(database) as row:
        assert row.title_ru == "Первый текст"
