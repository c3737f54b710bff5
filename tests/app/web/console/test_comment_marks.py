"""What was searched for is marked in the letters of the text; what may be a name is marked for moderators."""

from hypothesis import given
from hypothesis import strategies as st

from app.accounts.permissions import Role
from app.database import Database
from app.feedback.search import read_search
from app.web.console.comments.marking import parts_of, shortened
from tests.app.web.console.conftest import SignIn
from tests.builders.comments import make_comment

TEXT = "Начальник Иванов И. И. обещал: Жеңіс даңғылында жарық болады <b>"


def test_a_moderator_sees_what_was_found_and_what_may_be_a_name(database: Database, sign_in: SignIn) -> None:
    browser = sign_in(Role.MODERATOR)
    with database.writing() as session:
        comment = make_comment(session, TEXT)
    page = browser.get("/console/comments/?q=женис+жарык").text
    assert '<mark class="hit">Жеңіс</mark> даңғылында <mark class="hit">жарық</mark>' in page
    assert '<mark class="name" title="may be a name">Иванов И. И.</mark>' in page
    assert "&lt;b&gt;" in page
    assert '<mark class="hit">Жеңіс</mark>' in browser.get(f"/console/comments/aktau/{comment}?q=женис").text
    assert "Иванов" not in browser.get('/console/comments/?q="жарық+женис"').text


def test_others_see_no_marks_on_names(database: Database, sign_in: SignIn) -> None:
    browser = sign_in(Role.LEAD)
    with database.writing() as session:
        make_comment(session, TEXT)
    page = browser.get("/console/comments/?q=женис").text
    assert "Начальник Иванов И. И. обещал" in page


@given(st.text("Жеңіс Иванов.@ab", max_size=60), st.text("жен иваab", max_size=8))
def test_the_parts_of_a_text_are_the_text(text: str, typed: str) -> None:
    parts = parts_of(text, read_search(typed), with_names=True)
    assert "".join(part.text for part in parts) == text


def test_a_long_text_is_cut_between_words() -> None:
    short = shortened("слово " * 100)
    assert short.endswith("слово…")
    assert len(short) <= 161
