"""What a decision changes, who may take it, and that none is ever lost."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.permissions import Person, Role
from app.audit.journal import Actor
from app.audit.models import JournalRow
from app.database import Database
from app.feedback.errors import DecisionError, DecisionFault, StaleCommentError, UnknownCommentError
from app.feedback.listing import IS_URGENT
from app.feedback.models import REASONS, CommentDecision
from app.feedback.moderation import (
    CommentState,
    Decision,
    DecisionEvent,
    HidingReason,
    decide,
    next_state,
    take_mark_back,
    undo,
)
from app.feedback.queries import in_force
from app.feedback.second_looks import waits_for_others
from app.feedback.spans import Span
from app.notices.models import Notice
from surveys.models.comments import Comment
from tests.builders.comments import CONFIRM, LOOK, OVERTURN, SHOW, TEXT, URGENT, do, hide, make_comment, state_of
from tests.builders.staff import NOW, make_staff

NAMED = "Иванов И. И. с улицы Абая, тел. 8 701 123 45 67, обещал и не сделал двор"
NAME, PHONE = Span(0, 12), Span(32, 47)
REDACT = Decision(DecisionEvent.REDACT, HidingReason.PERSONAL_DATA, (NAME, PHONE))
STREET = Span(15, 25)
MORE = Decision(DecisionEvent.REDACT, HidingReason.INSULT, (STREET,))
SETTLE = Decision(DecisionEvent.SETTLE)
UNCOVER = SHOW._replace(uncovers=True)


def staff(session: Session, role: Role = Role.MODERATOR, city: str | None = "aktau", **more: object) -> Person:
    return make_staff(session, role, city, **more)  # type: ignore[arg-type]


def refused(session: Session, comment: str, person: int | None, decision: Decision) -> DecisionFault:
    with pytest.raises(DecisionError) as error:
        do(session, comment, person, decision)
    return error.value.fault


@pytest.mark.parametrize("state", CommentState)
@pytest.mark.parametrize(
    "event", [DecisionEvent.SHOW, DecisionEvent.REDACT, DecisionEvent.HIDE, DecisionEvent.SECOND_LOOK]
)
def test_a_moderators_decision_leads_from_every_state_to_its_own(state: CommentState, event: str) -> None:
    targets = {
        DecisionEvent.SHOW: CommentState.SHOWN,
        DecisionEvent.REDACT: CommentState.SHOWN_REDACTED,
        DecisionEvent.HIDE: CommentState.HIDDEN_PROVISIONAL,
        DecisionEvent.SECOND_LOOK: CommentState.SECOND_LOOK,
    }
    assert next_state(state, DecisionEvent(event), HidingReason.INSULT) is targets[DecisionEvent(event)]
    assert next_state(state, DecisionEvent.URGENT) is state


def test_only_what_waits_for_an_outsider_is_confirmed_or_overturned() -> None:
    confirmed = {state: next_state(state, DecisionEvent.CONFIRM) for state in CommentState}
    overturned = {state: next_state(state, DecisionEvent.OVERTURN) for state in CommentState}
    waits = CommentState.HIDDEN_PROVISIONAL
    assert confirmed == dict.fromkeys(CommentState) | {waits: CommentState.HIDDEN}
    assert overturned == dict.fromkeys(CommentState) | {waits: CommentState.SHOWN}


def test_criticism_is_no_reason_for_hiding_in_code_and_database(database: Database) -> None:
    assert set(REASONS) == {str(reason) for reason in HidingReason}
    assert next_state(CommentState.RELEASED, DecisionEvent.HIDE, HidingReason.NO_CONTENT) is CommentState.HIDDEN
    with database.writing() as session:
        comment, person = make_comment(session), staff(session)
        do(session, comment, person.id, hide())
    told = "INSERT INTO comment_decision (comment, event, reason, spans, state, at) "
    values = f"VALUES ('{comment}', 'hide', 'criticism', '', 'hidden', '2026-11-24')"
    with pytest.raises(IntegrityError), database.writing() as session:
        session.execute(text(told + values))
    with database.writing() as session:
        assert refused(session, comment, person.id, Decision(DecisionEvent.HIDE)) is DecisionFault.NO_REASON


def test_hidden_shown_and_hidden_again_as_often_as_wanted_and_every_decision_stays(database: Database) -> None:
    with database.writing() as session:
        comment, person = make_comment(session), staff(session)
        states = [do(session, comment, person.id, each) for each in (hide(), SHOW, hide(), SHOW, LOOK, hide())]
        assert states[::2] == [
            CommentState.HIDDEN_PROVISIONAL,
            CommentState.HIDDEN_PROVISIONAL,
            CommentState.SECOND_LOOK,
        ]
        assert len(session.scalars(select(CommentDecision)).all()) == 6
        assert session.get_one(Comment, comment).text == TEXT
        assert session.get_one(Comment, comment).version == 7


def test_a_decision_is_frozen(database: Database) -> None:
    with database.writing() as session:
        do(session, make_comment(session), staff(session).id, SHOW)
    for change in ("UPDATE comment_decision SET state = 'hidden'", "DELETE FROM comment_decision"):
        with pytest.raises(Exception, match="frozen"), database.writing() as session:
            session.execute(text(change))


def test_the_citys_own_moderator_does_not_confirm_a_hiding_nor_a_colleague_nor_who_was_there_last_year(
    database: Database,
) -> None:
    with database.writing() as session:
        comment = make_comment(session)
        hider, colleague = staff(session), staff(session, Role.ANALYST)
        last_year = {"from_day": NOW.date() - timedelta(days=900), "until_day": NOW.date() - timedelta(days=300)}
        former, outsider = staff(session, **last_year), staff(session, city="oral")
        long_ago = staff(session, from_day=NOW.date() - timedelta(900), until_day=NOW.date() - timedelta(400))
        assert do(session, comment, hider.id, hide()) is CommentState.HIDDEN_PROVISIONAL
        assert refused(session, comment, hider.id, CONFIRM) is DecisionFault.OWN_DECISION
        for person in (colleague, former):
            assert refused(session, comment, person.id, CONFIRM) is DecisionFault.OWN_CITY
            assert refused(session, comment, person.id, OVERTURN) is DecisionFault.OWN_CITY
        assert refused(session, comment, None, CONFIRM) is DecisionFault.OWN_CITY
        assert do(session, comment, outsider.id, CONFIRM) is CommentState.HIDDEN
        assert in_force(session, comment) == (CommentState.HIDDEN, HidingReason.INSULT, "")
        assert do(session, comment, hider.id, SHOW, hide()) is CommentState.HIDDEN_PROVISIONAL
        assert do(session, comment, long_ago.id, OVERTURN) is CommentState.SHOWN


def test_a_reviewer_who_hid_it_as_the_citys_moderator_does_not_confirm_it(database: Database) -> None:
    with database.writing() as session:
        comment, person = make_comment(session), staff(session, Role.REVIEWER, None)
        do(session, comment, person.id, hide())
        assert refused(session, comment, person.id, CONFIRM) is DecisionFault.OWN_DECISION


def test_what_says_nothing_is_hidden_by_one_person(database: Database) -> None:
    with database.writing() as session:
        comment, person = make_comment(session, "-"), staff(session)
        assert do(session, comment, person.id, hide(HidingReason.NO_CONTENT)) is CommentState.HIDDEN


def test_blacked_out_parts_are_shown_to_nobody_and_the_original_stays(database: Database) -> None:
    with database.writing() as session:
        comment, person = make_comment(session, NAMED), staff(session)
        assert do(session, comment, person.id, REDACT) is CommentState.SHOWN_REDACTED
        row = session.get_one(Comment, comment)
        assert row.shown_text == "█████ с улицы Абая, тел. █████, обещал и не сделал двор"
        assert row.text == NAMED
        assert "иванов" not in row.folded  # nobody finds what they may not read
        assert refused(session, comment, person.id, SHOW) is DecisionFault.COVERED
        assert do(session, comment, person.id, UNCOVER) is CommentState.SHOWN
        assert session.get_one(Comment, comment).shown_text is None
        assert "иванов" in session.get_one(Comment, comment).folded


def test_what_is_black_stays_black_when_more_is_and_when_it_is_shown_again(database: Database) -> None:
    """One press never publishes what was blacked out, whatever was decided in between."""
    with database.writing() as session:
        comment, person, outsider = make_comment(session, NAMED), staff(session), staff(session, city="oral")
        for between in ((), (hide(),), (LOOK,), (hide(), LOOK, hide())):
            do(session, comment, person.id, REDACT, *between)
            if between:
                assert do(session, comment, person.id, SHOW) is CommentState.SHOWN_REDACTED
            assert do(session, comment, person.id, MORE) is CommentState.SHOWN_REDACTED
            assert session.get_one(Comment, comment).shown_text == "█████ с █████, тел. █████, обещал и не сделал двор"
            found = in_force(session, comment)
            assert found
            assert found.reason == HidingReason.PERSONAL_DATA  # so that it is erased in time
            do(session, comment, person.id, UNCOVER)
        do(session, comment, person.id, REDACT, hide(), hide(HidingReason.THREAT))
        assert do(session, comment, outsider.id, CONFIRM) is CommentState.HIDDEN
        assert do(session, comment, person.id, SHOW) is CommentState.SHOWN_REDACTED


def test_a_redaction_is_narrowed_only_by_who_was_asked(database: Database) -> None:
    with database.writing() as session:
        comment, person = make_comment(session, NAMED), staff(session)
        do(session, comment, person.id, REDACT, MORE._replace(uncovers=True))
        assert session.get_one(Comment, comment).shown_text == NAMED.replace("улицы Абая", "█████")


@pytest.mark.parametrize(
    ("decision", "fault"),
    [
        (REDACT._replace(reason=None), DecisionFault.NO_REASON),
        (REDACT._replace(reason=HidingReason.ADVERTISING), DecisionFault.NO_REASON),
        (REDACT._replace(spans=()), DecisionFault.NOTHING_MARKED),
        (REDACT._replace(spans=(Span(9, 4), Span(900, 910))), DecisionFault.NOTHING_MARKED),
        (REDACT._replace(spans=(Span(0, 60),)), DecisionFault.TOO_MUCH_MARKED),
        (REDACT._replace(spans=(Span(-5, 900),)), DecisionFault.TOO_MUCH_MARKED),
    ],
)
def test_a_redaction_that_is_not_whole_changes_nothing(
    database: Database, decision: Decision, fault: DecisionFault
) -> None:
    with database.writing() as session:
        comment, person = make_comment(session, NAMED), staff(session)
        assert refused(session, comment, person.id, decision) is fault
        assert state_of(session, comment) == CommentState.RELEASED
        assert session.scalars(select(CommentDecision)).all() == []


def test_overturning_shows_what_was_shown_before_and_not_the_names_in_it(database: Database) -> None:
    with database.writing() as session:
        comment, person, outsider = make_comment(session, NAMED), staff(session), staff(session, city="oral")
        do(session, comment, person.id, REDACT, hide())
        assert do(session, comment, outsider.id, OVERTURN) is CommentState.SHOWN_REDACTED
        assert "Иванов" not in str(session.get_one(Comment, comment).shown_text)


def test_undoing_brings_back_what_was_before_step_by_step(database: Database) -> None:
    with database.writing() as session:
        comment, person = make_comment(session, NAMED), staff(session)
        do(session, comment, person.id, REDACT, hide(), SHOW)
        states = [undo(session, Actor(person.id, NOW), comment).state for _step in range(3)]
        assert states == [CommentState.HIDDEN_PROVISIONAL, CommentState.SHOWN_REDACTED, CommentState.RELEASED]
        with pytest.raises(DecisionError, match=DecisionFault.NOTHING_TO_UNDO):
            undo(session, Actor(person.id, NOW), comment)
        assert len(session.scalars(select(CommentDecision)).all()) == 6  # each undoing is a row of its own


def test_what_was_handed_on_is_decided_by_a_colleague_and_by_oneself_where_there_is_none(database: Database) -> None:
    with database.writing() as session:
        comment, person = make_comment(session), staff(session)
        assert do(session, comment, person.id, LOOK, SHOW) is CommentState.SHOWN  # nobody else is there
        colleague, _elsewhere = staff(session), staff(session, city="oral")
        do(session, comment, person.id, LOOK)
        waiting = select(Comment.id).where(waits_for_others(person.id, NOW.date()))
        assert session.scalars(waiting).all() == [comment]
        for decision in (SHOW, hide(), REDACT._replace(spans=(Span(0, 3),))):
            assert refused(session, comment, person.id, decision) is DecisionFault.HANDED_ON
        assert undo(session, Actor(person.id, NOW), comment).state == CommentState.SHOWN
        do(session, comment, person.id, LOOK)
        assert do(session, comment, colleague.id, SHOW) is CommentState.SHOWN
        assert session.scalars(waiting).all() == []


def test_nobody_undoes_what_another_decided(database: Database) -> None:
    with database.writing() as session:
        comment, person, colleague = make_comment(session), staff(session), staff(session)
        do(session, comment, person.id, SHOW)
        with pytest.raises(DecisionError, match=DecisionFault.NOT_ONES_OWN):
            undo(session, Actor(colleague.id, NOW), comment)


def test_of_two_moderators_at_once_the_second_is_told_and_nothing_is_lost(database: Database) -> None:
    with database.writing() as session:
        comment, one, two = make_comment(session), staff(session), staff(session)
        decide(session, Actor(one.id, NOW), comment, SHOW, 1)
        with pytest.raises(StaleCommentError) as error:
            decide(session, Actor(two.id, NOW), comment, hide(), 1)
        assert (error.value.version, error.value.stored) == (1, 2)
        assert state_of(session, comment) == CommentState.SHOWN


def test_the_same_decision_twice_leaves_one_row(database: Database) -> None:
    with database.writing() as session:
        comment, person = make_comment(session, NAMED), staff(session)
        do(session, comment, person.id, SHOW, SHOW, REDACT, REDACT, hide(), hide())
        assert len(session.scalars(select(CommentDecision)).all()) == 3


@pytest.mark.parametrize("state", ["pending", "taken_back"])
def test_what_was_not_released_or_was_taken_back_is_not_decided(database: Database, state: str) -> None:
    with database.writing() as session:
        comment, person = make_comment(session, state=state), staff(session)
        with pytest.raises(UnknownCommentError):
            do(session, comment, person.id, SHOW)


def test_the_lead_is_told_at_once_of_danger_and_only_once(database: Database) -> None:
    with database.writing() as session:
        comment = make_comment(session)
        moderator, lead, _other = staff(session), staff(session, Role.LEAD), staff(session, Role.LEAD, "oral")
        assert do(session, comment, moderator.id, URGENT, URGENT) is CommentState.RELEASED
        notices = session.scalars(select(Notice)).all()
        assert [(each.staff, each.kind) for each in notices] == [(lead.id, "comment.urgent")]
        assert TEXT not in str([vars(each) for each in notices])


def test_a_mark_of_danger_is_taken_back_by_its_owner_or_a_moderator_and_told_anew(database: Database) -> None:
    """Kpi 2189: a status once set can be unset; what was decided of the suggestion stays as it was."""
    with database.writing() as session:
        comment = make_comment(session)
        analyst, lead, moderator = staff(session, Role.ANALYST), staff(session, Role.LEAD), staff(session)
        do(session, comment, moderator.id, SHOW)
        do(session, comment, analyst.id, URGENT)
        do(session, comment, moderator.id, URGENT)
        with pytest.raises(DecisionError) as error:
            take_mark_back(session, Actor(analyst.id, NOW), comment, of_others=False)
        assert error.value.fault is DecisionFault.NOT_ONES_OWN
        take_mark_back(session, Actor(moderator.id, NOW), comment, of_others=True)
        assert session.scalars(select(Comment.id).where(IS_URGENT)).all() == []
        assert state_of(session, comment) == CommentState.SHOWN
        unread = session.execute(select(Notice.staff, Notice.kind).where(Notice.read_at.is_(None))).all()
        assert [tuple(row) for row in unread] == [(lead.id, "comment.calmed")]
        with pytest.raises(DecisionError):
            take_mark_back(session, Actor(moderator.id, NOW), comment, of_others=True)
        do(session, comment, analyst.id, URGENT)
        assert session.scalars(select(Comment.id).where(IS_URGENT)).all() == [comment]
        urgent = select(Notice.staff).where(Notice.read_at.is_(None), Notice.kind == "comment.urgent")
        assert session.scalars(urgent).all() == [lead.id]
        take_mark_back(session, Actor(analyst.id, NOW), comment, of_others=False)
        assert undo(session, Actor(moderator.id, NOW), comment).state == CommentState.RELEASED


def test_a_mark_of_danger_stands_until_the_lead_says_that_it_was_taken_care_of(database: Database) -> None:
    with database.writing() as session:
        comment, moderator, lead = make_comment(session), staff(session), staff(session, Role.LEAD)
        assert refused(session, comment, lead.id, SETTLE) is DecisionFault.NOTHING_TO_UNDO
        do(session, comment, moderator.id, URGENT, SHOW)
        assert session.scalars(select(Comment.id).where(IS_URGENT)).all() == [comment]
        assert refused(session, comment, moderator.id, SETTLE) is DecisionFault.NOT_TOLD
        assert do(session, comment, lead.id, SETTLE) is CommentState.SHOWN
        assert session.scalars(select(Comment.id).where(IS_URGENT)).all() == []
        assert session.scalars(select(Notice.staff).where(Notice.read_at.is_(None))).all() == []
        assert session.scalars(select(JournalRow.event)).all()[-1] == "comment.danger_settled"
        do(session, comment, moderator.id, URGENT)
        assert session.scalars(select(Comment.id).where(IS_URGENT)).all() == [comment]
        assert session.scalars(select(Notice.staff).where(Notice.read_at.is_(None))).all() == [lead.id]


def test_where_there_is_no_lead_their_colleagues_are_told(database: Database) -> None:
    with database.writing() as session:
        comment, moderator, analyst = make_comment(session), staff(session), staff(session, Role.ANALYST)
        do(session, comment, moderator.id, URGENT)
        assert set(session.scalars(select(Notice.staff))) == {moderator.id, analyst.id}


def test_the_journal_has_every_decision_and_no_word_of_a_suggestion(database: Database) -> None:
    with database.writing() as session:
        comment, person = make_comment(session, NAMED), staff(session)
        do(session, comment, person.id, REDACT, hide(), URGENT)
        undo(session, Actor(person.id, NOW), comment)
        rows = session.scalars(select(JournalRow).order_by(JournalRow.seq)).all()
        events = ["comment.redacted", "comment.hidden", "comment.urgent", "comment.undone"]
        assert [row.event for row in rows] == events
        assert {(row.object_id, row.city, row.actor) for row in rows} == {(comment, "aktau", person.id)}
        assert "Иванов" not in "".join(row.detail for row in rows)
