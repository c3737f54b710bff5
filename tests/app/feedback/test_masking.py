"""What was stored under older rules is masked and folded by those of today, and only that changes."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.permissions import Role
from app.audit.models import JournalRow
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.feedback.moderation import Decision, DecisionEvent, HidingReason
from app.feedback.spans import Span
from app.jobs.tasks.mask_suggestions import mask_suggestions
from surveys.models.comments import Comment
from tests.builders.comments import do, make_comment, take_words_back
from tests.builders.staff import make_staff

OLD = "Иванов под окном, машина 123 ABC 02, фото https://example.kz/a/b"
NEW = "Иванов под окном, машина ██████████, фото https://example.kz████"
REDACT = Decision(DecisionEvent.REDACT, HidingReason.PERSONAL_DATA, (Span(0, 6),))


def texts(session: Session) -> dict[str, Comment]:
    return {comment.id: comment for comment in session.scalars(select(Comment))}


def masked_entries(session: Session) -> list[str]:
    return list(session.scalars(select(JournalRow.object_id).where(JournalRow.event == "comment.masked")))


def test_stored_suggestions_are_masked_by_new_rules(database: Database, clock: FrozenClock, settings: Settings) -> None:
    with database.writing() as session:
        moderator = make_staff(session, Role.MODERATOR, "aktau")
        plain, redacted = make_comment(session, OLD, number=1), make_comment(session, OLD, number=2)
        waiting = make_comment(session, OLD, number=3, state="pending")
        fine, gone = make_comment(session, "Жарық жоқ", number=4), make_comment(session, OLD, number=5)
        do(session, redacted, moderator.id, REDACT)
        take_words_back(session, gone)
    said = mask_suggestions(database, clock, settings.keys)
    with database.reading() as session:
        rows, entries = texts(session), masked_entries(session)
    assert said == "masked again 3 suggestions, folded again 3"
    assert {rows[each].text for each in (plain, redacted, waiting)} == {NEW}
    assert rows[redacted].shown_text == NEW.replace("Иванов", "█████")
    assert "123" not in rows[redacted].folded
    assert (rows[fine].text, rows[gone].text) == ("Жарық жоқ", "")
    assert sorted(entries) == [plain, redacted], "of what waits for its round nobody hears"
    assert {row.version for row in rows.values()} == {1, 2}
    assert mask_suggestions(database, clock, settings.keys) == "masked again 0 suggestions, folded again 0"
    with database.reading() as session:
        assert len(masked_entries(session)) == 2


def test_old_rows_get_what_search_compares(database: Database, clock: FrozenClock, settings: Settings) -> None:
    with database.writing() as session:
        make_comment(session, "Жеңіс даңғылы", number=1)
        session.execute(update(Comment).values(folded=""))
    assert mask_suggestions(database, clock, settings.keys) == "masked again 0 suggestions, folded again 1"
    with database.reading() as session:
        assert session.scalars(select(Comment.folded)).one() == "женис дангылы"


def test_nothing_of_the_old_text_is_left_in_the_file(sqlite: Database, clock: FrozenClock, settings: Settings) -> None:
    with sqlite.writing() as session:
        make_comment(session, OLD)
    mask_suggestions(sqlite, clock, settings.keys)
    files = [path for path in sqlite.file.parent.glob(f"{sqlite.file.name}*") if path.is_file()]
    assert [path.name for path in files if b"123 ABC 02" in path.read_bytes()] == []
