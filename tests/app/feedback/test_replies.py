"""Replies: one writes and another releases, and what is not released nobody sees."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.accounts.permissions import Role
from app.audit.models import JournalRow
from app.database import Database
from app.feedback import clock, replies, reply_targets
from app.feedback.clock import AnswerFigures
from app.feedback.reply_checks import promised_by
from app.feedback.reply_errors import AnswerError, AnswerFault, StaleAnswerError, UnknownAnswerError
from app.feedback.reply_models import Commitment, CommitmentEvent, Reply, ReplyRelease, ReplyTarget, ReplyText
from app.feedback.reply_storing import texts_of
from app.notices.models import Notice, OutgoingMail
from surveys.languages import Text3
from surveys.models.comments import Comment
from tests.builders.answering import (
    KK,
    REASON,
    RU,
    WORDS,
    begin,
    by,
    codes,
    days,
    empty,
    make_office,
    released,
    shown,
    writing,
)
from tests.builders.comments import WAVE, make_comment
from tests.builders.replies import code_comment, make_theme
from tests.builders.staff import CITY, NOW, TODAY, make_staff

LATER = NOW + timedelta(days=3)


def refused(act: Callable[..., Any], *args: Any, **words: Any) -> set[tuple[str, str]]:
    with pytest.raises(AnswerError) as error:
        act(*args, **words)
    return codes(error.value)


def public(session: Session, reply: int) -> list[str]:
    """Give the Russian texts that everybody may read."""
    rows = select(ReplyText.ru).join(
        ReplyRelease, (ReplyRelease.reply == ReplyText.reply) & (ReplyRelease.version == ReplyText.version)
    )
    return list(session.scalars(rows.where(ReplyText.reply == reply).order_by(ReplyText.version)))


def test_no_reply_is_released_by_whoever_wrote_it(database: Database) -> None:
    """DESK §20 row 22."""
    with database.writing() as session:
        office = make_office(session)
        choice = reply_targets.choose(session, CITY, shown(session, 1))
        reply = replies.begin(session, by(office.lead), CITY, writing(), choice)
        replies.finish(session, by(office.lead), reply.id, CITY, version=None)
        release = replies.release, session
        assert refused(*release, by(office.lead), reply.id, CITY, version=None) == {("", "own_text")}
        assert public(session, reply.id) == []
        replies.release(session, by(office.other), reply.id, CITY, version=None)
        assert public(session, reply.id) == [RU]


def test_the_database_refuses_it_too(database: Database) -> None:
    with database.writing() as session:
        office = make_office(session)
        reply = begin(session, office, shown(session, 1)).id
    row = ReplyRelease(
        reply=reply, version=1, written_by=office.lead, released_by=office.lead, released_on=TODAY, at=NOW
    )
    with pytest.raises(SQLAlchemyError), database.writing() as session:
        session.add(row)


@pytest.mark.parametrize(
    ("what", "faults"),
    [
        (empty(), {("kk", "missing"), ("ru", "missing"), ("done_on", "missing"), ("evidence_address", "missing")}),
        (writing(text=Text3(KK, "", "")), {("ru", "missing")}),
        (writing(text=Text3("", RU, "")), {("kk", "missing")}),
        (writing(text=Text3(KK, f"{RU} {{date}}", "")), {("ru", "placeholder")}),
        (writing(done_on=None), {("done_on", "missing")}),
        (writing(evidence_address=""), {("evidence_address", "missing")}),
        (writing("being_looked_at", next_word_on=None), {("next_word_on", "missing")}),
        (writing("another_body", body_address=""), {("body_address", "missing")}),
        (
            writing("will_do")._replace(promise=None),
            {(field, "missing") for field in ("title_kk", "title_ru", "unit_kk", "unit_ru", "due")},
        ),
    ],
    ids=["empty", "kk alone", "ru alone", "gap", "no day", "no evidence", "no next word", "nowhere", "no promise"],
)
def test_what_lacks_something_is_not_even_ready(database: Database, what: Any, faults: set[tuple[str, str]]) -> None:
    """DESK §20 row 22: one language, an open placeholder, *done* without date or evidence."""
    with database.writing() as session:
        office = make_office(session)
        reply = begin(session, office, shown(session, 1), what)
        assert refused(replies.finish, session, by(office.analyst), reply.id, CITY, version=None) == faults
        assert refused(replies.release, session, by(office.lead), reply.id, CITY, version=None) == {("", "wrong_state")}


def test_a_text_that_is_older_than_the_other_language_is_not_released(database: Database) -> None:
    with database.writing() as session:
        office = make_office(session)
        reply = begin(session, office, shown(session, 1))
        newer = Text3(KK + " Кеше.", RU, "")
        replies.save(session, by(office.analyst), reply.id, CITY, writing=writing(text=newer), version=None)
        assert refused(replies.finish, session, by(office.analyst), reply.id, CITY, version=None) == {("ru", "older")}
        checked = writing(text=newer, checked=["ru"])
        replies.save(session, by(office.analyst), reply.id, CITY, writing=checked, version=None)
        replies.finish(session, by(office.analyst), reply.id, CITY, version=None)


def test_nothing_of_a_draft_or_of_a_correction_in_work_is_public(database: Database) -> None:
    """Peers consul 3709 and decidim 5716: nothing is public before it is finished."""
    with database.writing() as session:
        office = make_office(session)
        reply = released(session, office, shown(session, 2))
        wrong = writing(text=Text3(KK + " 2", RU + " 2", ""), done_on=TODAY - timedelta(days=9))
        replies.save(session, by(office.analyst), reply.id, CITY, writing=wrong, version=None)
        replies.finish(session, by(office.analyst), reply.id, CITY, version=None)
        assert (reply.state, reply.correction, reply.done_on) == ("released", "ready", TODAY)
        assert public(session, reply.id) == [RU]
        replies.release(session, by(office.lead), reply.id, CITY, version=None)
        assert (reply.correction, reply.done_on) == (None, TODAY - timedelta(days=9))
        assert public(session, reply.id) == [RU, RU + " 2"], "the earlier text stays readable"


def test_a_correction_that_is_given_up_leaves_what_was_released(database: Database) -> None:
    with database.writing() as session:
        office = make_office(session)
        reply = released(session, office, shown(session, 1))
        other = writing(text=Text3(KK + " 2", RU + " 2", ""))
        replies.save(session, by(office.analyst), reply.id, CITY, writing=other, version=None)
        replies.give_up(session, by(office.analyst), reply.id, CITY, version=None)
        assert (reply.state, reply.correction) == ("released", None)
        replies.save(session, by(office.analyst), reply.id, CITY, writing=writing(), version=None)
        assert (reply.state, reply.correction) == ("released", None), "what is public already is no correction"


@pytest.mark.parametrize("kind", ["done", "will_do"])
def test_a_draft_that_is_given_up_is_kept_and_forgets_what_it_promises(database: Database, kind: str) -> None:
    with database.writing() as session:
        office = make_office(session)
        reply = begin(session, office, shown(session, 1), writing(kind))
        replies.give_up(session, by(office.analyst), reply.id, CITY, version=None)
        assert (reply.state, reply.withdrawn_on) == ("withdrawn", TODAY)
        assert promised_by(session, reply.id) is None


def test_a_withdrawn_reply_keeps_its_reasons_and_its_suggestions_are_unanswered(database: Database) -> None:
    long_ago = TODAY - timedelta(days=40)
    with database.writing() as session:
        office = make_office(session)
        reply = released(session, office, shown(session, 1, released_on=long_ago))
        assert clock.figures(session, TODAY) == {CITY: AnswerFigures(late=1)}
        half = Text3("Күні қате көрсетілген.", "", "")
        call = replies.withdraw, session, by(office.lead), reply.id, CITY
        assert refused(*call, reason=half, version=None) == {("reason_ru", "missing")}
        replies.withdraw(session, by(office.lead), reply.id, CITY, reason=REASON, version=None)
        assert (reply.withdrawn_on, reply.withdrawn_reason_ru) == (TODAY, REASON.ru)
        assert clock.figures(session, TODAY) == {CITY: AnswerFigures(never=1)}
        assert refused(replies.save, session, by(office.analyst), reply.id, CITY, writing=writing(), version=None)


def test_a_reply_reaches_what_everybody_may_read_and_counts_the_rest(database: Database) -> None:
    with database.writing() as session:
        office = make_office(session)
        make_theme(session, "hcs-roads")
        states = ["shown"] * 41 + ["hidden"] * 2 + ["hidden_provisional", "released", "second_look", "pending"]
        ids = [make_comment(session, number=number, state=state) for number, state in enumerate(states)]
        for each in ids:
            code_comment(session, each, "hcs-roads")
        choice = reply_targets.choose(session, CITY, reply_targets.of_theme(CITY, WAVE, "hcs-roads"))
        assert (len(choice.fit), choice.left) == (41, {"hidden": 3, "undecided": 2})
        assert (choice.wave, choice.area) == (WAVE, "hcs")
        reply = replies.begin(session, by(office.analyst), CITY, writing(), choice, theme="hcs-roads")
        assert reply_targets.count_targets(session, reply.id) == {"reached": 41}
        strange = reply_targets.choose(session, CITY, [ids[0], "f" * 32, make_comment(session, number=99, city="oral")])
        assert (strange.fit, strange.left) == ((ids[0],), {"gone": 2})


def test_what_is_hidden_meanwhile_is_not_reached(database: Database) -> None:
    with database.writing() as session:
        office = make_office(session)
        first, second = shown(session, 2)
        reply = begin(session, office, [first, second])
        replies.finish(session, by(office.analyst), reply.id, CITY, version=None)
        hide(session, first)
        replies.release(session, by(office.lead), reply.id, CITY, version=None)
        assert list(session.scalars(select(ReplyTarget.comment))) == [second]


def hide(session: Session, comment: str) -> None:
    session.get_one(Comment, comment).state = "hidden"
    session.flush()


def test_what_was_answered_is_left_out_of_the_next_reply_unless_it_is_wanted(database: Database) -> None:
    with database.writing() as session:
        office = make_office(session)
        first, second = shown(session, 2)
        released(session, office, [first])
        assert reply_targets.choose(session, CITY, [first, second]).left == {"answered": 1}
        assert len(reply_targets.choose(session, CITY, [first, second], with_answered=True).fit) == 2


def test_being_looked_at_is_said_twice_at_most(database: Database) -> None:
    """The same suggestion is not put off for ever, and no correction puts it off either."""
    with database.writing() as session:
        office = make_office(session)
        first, second = shown(session, 2)
        for _time in range(2):
            released(session, office, [first], writing("being_looked_at"))
        third = begin(session, office, [first, second], writing("being_looked_at"))
        finish = replies.finish, session, by(office.analyst), third.id, CITY
        assert refused(*finish, version=None) == {("", "twice")}
        assert replies.leave_out(session, by(office.analyst), third.id, CITY, version=None) == 1
        replies.finish(session, by(office.analyst), third.id, CITY, version=None)
        fourth = begin(session, office, [first], writing("cannot"))
        replies.finish(session, by(office.analyst), fourth.id, CITY, version=None)


def test_the_kind_of_a_released_reply_stays(database: Database) -> None:
    """Or "being looked at", said in time, would become an answer in time."""
    with database.writing() as session:
        office = make_office(session)
        reply = released(session, office, shown(session, 1), writing("being_looked_at"))
        call = replies.save, session, by(office.analyst), reply.id, CITY
        assert refused(*call, writing=writing("done"), version=None) == {("kind", "kind_changed")}


def test_new_suggestions_of_a_theme_are_added_by_an_act_and_reached_on_that_day(database: Database) -> None:
    long_ago = TODAY - timedelta(days=40)
    with database.writing() as session:
        office = make_office(session)
        make_theme(session, "hcs-roads")

        def coded(number: int) -> str:
            return code_comment(
                session, make_comment(session, number=number, state="shown", released_on=long_ago), "hcs-roads"
            )

        coded(1)
        choice = reply_targets.choose(session, CITY, reply_targets.of_theme(CITY, WAVE, "hcs-roads"))
        early = by(office.analyst, NOW - timedelta(days=30))
        reply = replies.begin(session, early, CITY, writing("cannot"), choice, theme="hcs-roads")
        replies.finish(session, early, reply.id, CITY, version=None)
        replies.release(session, by(office.lead, early.at), reply.id, CITY, version=None)
        coded(2)
        assert clock.figures(session, TODAY) == {CITY: AnswerFigures(in_time=1, never=1)}, "nothing is added by itself"
        assert replies.add_targets(session, by(office.lead), reply.id, CITY, version=None) == 1
        assert clock.figures(session, TODAY) == {CITY: AnswerFigures(in_time=1, late=1)}
        assert refused(replies.add_targets, session, by(office.lead), reply.id, CITY, version=None) == {
            ("", "nothing_new")
        }


def test_a_promise_is_announced_by_the_release_and_not_before(database: Database) -> None:
    with database.writing() as session:
        office = make_office(session)
        reply = begin(session, office, shown(session, 1), writing("will_do"))
        row = session.scalars(select(Commitment)).one()
        assert (row.state, row.reply) == ("draft", reply.id)
        replies.finish(session, by(office.analyst), reply.id, CITY, version=None)
        replies.release(session, by(office.lead, LATER), reply.id, CITY, version=None)
        session.refresh(row)
        assert (row.state, row.first_due) == ("announced", days(60))
        assert session.scalars(select(CommitmentEvent.event)).all() == ["announce"]
        replies.withdraw(session, by(office.lead), reply.id, CITY, reason=REASON, version=None)
        assert row.state == "announced", "a promise is not taken back with the letter"


def test_another_kind_forgets_what_was_promised(database: Database) -> None:
    with database.writing() as session:
        office = make_office(session)
        reply = begin(session, office, shown(session, 1), writing("will_do"))
        replies.save(session, by(office.analyst), reply.id, CITY, writing=writing("cannot"), version=None)
        assert session.scalars(select(Commitment)).all() == []
        replies.save(session, by(office.lead), reply.id, CITY, writing=writing("will_do"), version=None)
        replies.finish(session, by(office.analyst), reply.id, CITY, version=None)
        assert refused(replies.release, session, by(office.lead), reply.id, CITY, version=None) == {("", "own_text")}


def test_notices_tell_of_what_happened_and_go_with_it(database: Database) -> None:
    """Peer decidim 3041: nobody is told of a reply that was not released."""
    with database.writing() as session:
        office = make_office(session)
        reply = begin(session, office, shown(session, 1)).id
        replies.finish(session, by(office.analyst), reply, CITY, version=None)
        told = {(row.staff, row.kind) for row in session.scalars(select(Notice))}
        assert told == {(office.lead, "reply.to_release"), (office.other, "reply.to_release")}
    with database.reading() as session:  # whose changes are never kept, as those of a release that fails
        replies.release(session, by(office.lead), reply, CITY, version=None)
    with database.writing() as session:
        assert "reply.released" not in set(session.scalars(select(Notice.kind)))
        replies.release(session, by(office.lead), reply, CITY, version=None)
        assert {row.staff for row in session.scalars(select(Notice)) if row.kind == "reply.released"} == {
            office.analyst
        }
        asked = select(Notice.read_at).where(Notice.kind == "reply.to_release")
        assert None not in session.scalars(asked).all(), "what was asked is done"
        mails = session.scalars(select(OutgoingMail)).all()
        assert not any(RU[:20] in mail.parameters or KK[:20] in mail.parameters for mail in mails)


def test_whoever_sends_a_reply_back_says_why_and_its_author_is_told(database: Database) -> None:
    with database.writing() as session:
        office = make_office(session)
        reply = begin(session, office, shown(session, 1))
        replies.finish(session, by(office.analyst), reply.id, CITY, version=None)
        call = replies.send_back, session, by(office.lead), reply.id, CITY
        assert refused(*call, note=" ", version=None) == {("note", "missing")}
        replies.send_back(session, by(office.lead), reply.id, CITY, note="Назовите улицу.", version=None)
        assert (reply.state, reply.note) == ("draft", "Назовите улицу.")
        assert office.analyst in {row.staff for row in session.scalars(select(Notice)) if row.kind == "reply.sent_back"}


def test_the_second_of_two_is_told_and_another_city_has_no_such_reply(database: Database) -> None:
    with database.writing() as session:
        office = make_office(session)
        reply = begin(session, office, shown(session, 1))
        replies.save(session, by(office.lead), reply.id, CITY, writing=writing("cannot"), version=1)
        with pytest.raises(StaleAnswerError):
            replies.save(session, by(office.analyst), reply.id, CITY, writing=writing("will_do"), version=1)
        with pytest.raises(UnknownAnswerError):
            replies.save(session, by(office.analyst), reply.id, "oral", writing=writing(), version=None)


def test_the_same_again_changes_nothing(database: Database) -> None:
    with database.writing() as session:
        office = make_office(session)
        reply = begin(session, office, shown(session, 1), writing("will_do"))
        rows = len(session.scalars(select(JournalRow.seq)).all())
        replies.save(session, by(office.analyst), reply.id, CITY, writing=writing("will_do"), version=1)
        assert reply.version == 1
        assert len(session.scalars(select(JournalRow.seq)).all()) == rows
        assert len(texts_of(session, reply.id).versions) == 1


def test_the_journal_holds_no_word_of_a_reply(database: Database) -> None:
    with database.writing() as session:
        office = make_office(session)
        reply = released(session, office, shown(session, 1))
        replies.withdraw(session, by(office.lead), reply.id, CITY, reason=REASON, version=None)
        details = "".join(session.scalars(select(JournalRow.detail)))
        assert not any(words[:12] in details for words in (*WORDS[:2], REASON.kk, REASON.ru))
        assert session.scalars(select(Reply.state)).all() == ["withdrawn"]


def test_a_reply_to_nothing_is_not_begun(database: Database) -> None:
    with database.writing() as session:
        office = make_office(session)
        hidden = [make_comment(session, state="hidden")]
        assert refused(begin, session, office, hidden) == {("", str(AnswerFault.NO_TARGETS))}
        assert make_staff(session, Role.LEAD).id
