"""What mail says of suggestions, replies and commitments: numbers and links, to whom something waits for."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.accounts.permissions import Role
from app.audit.journal import Actor
from app.clock import KAZAKHSTAN, FrozenClock
from app.database import Database
from app.feedback import commitments, replies, reply_targets
from app.feedback.audit_draws import draw_of
from app.feedback.coding import set_themes
from app.feedback.commitment_checks import CommitmentTerms, StepTold
from app.feedback.commitment_states import CommitmentAct
from app.feedback.commitments import take_step
from app.feedback.groups import put_together
from app.feedback.models import CommentAssignment
from app.feedback.moderation import Decision, DecisionEvent, HidingReason, decide
from app.feedback.reply_models import Commitment
from app.feedback.spans import Span
from app.jobs.tasks.remind_staff import remind_staff
from app.notices.mail import Postal, compose
from app.notices.models import Notice, OutgoingMail
from app.notices.wording import sentence
from surveys.languages import LANGUAGES, Text3
from tests.app.notices.people import add_staff
from tests.builders.answering import Office, begin, by, released, shown, writing
from tests.builders.comments import LOOK, SHOW, URGENT, do, hide, make_comment, make_place
from tests.builders.replies import answer, make_commitment, step
from tests.builders.staff import CITY, NOW, TODAY
from tests.builders.themes import HEATING, draw_for, make_coders
from tests.builders.themes import by as coder

POSTAL = Postal("console@city.example", "https://console.city.example", ())
MONDAY = date(2026, 12, 14)


def run(database: Database, day: date, hour: int = 8) -> None:
    remind_staff(database, FrozenClock(datetime(day.year, day.month, day.day, hour, tzinfo=KAZAKHSTAN)), Path())


def lines(database: Database, day: date) -> dict[str, dict[str, int]]:
    """Give what the morning's mails of a day count, by who gets them."""
    run(database, day)
    rows = select(Staff.email, OutgoingMail.parameters).join(Staff, Staff.id == OutgoingMail.staff)
    with database.reading() as session:
        found = session.execute(rows.where(OutgoingMail.cause == f"digest:{day.isoformat()}")).all()
    return {email.partition("@")[0]: dict(json.loads(parameters)["lines"]) for email, parameters in found}


def make_people(session: Session, **own: str) -> dict[str, int]:
    """Store one of each who has to do with suggestions, by name."""
    roles = {
        "analyst": Role.ANALYST, "moderator": Role.MODERATOR, "lead": Role.LEAD, "other": Role.LEAD,
        "auditor": Role.AUDITOR, "reviewer": Role.REVIEWER, "admin": Role.ADMIN,
    }  # fmt: skip
    cities = {Role.ANALYST, Role.MODERATOR, Role.LEAD}
    return {
        name: add_staff(session, f"{name}@example.kz", role, CITY if role in cities else None, **own)
        for name, role in roles.items()
    } | {"outsider": add_staff(session, "outsider@example.kz", Role.MODERATOR, "oral", **own)}


def test_what_waits_for_whom_is_counted_in_the_morning(database: Database) -> None:
    """Nobody is told of what another person is to do."""
    morning = TODAY + timedelta(days=1)
    with database.writing() as session:
        make_coders(session, 0)
        who = make_people(session)
        for number in range(3):
            make_comment(session, number=number)
        looked, urgent, hidden = (make_comment(session, number=number) for number in (10, 11, 12))
        do(session, looked, who["moderator"], LOOK)
        do(session, urgent, who["analyst"], URGENT)
        do(session, hidden, who["moderator"], hide())
        coded, uncoded = shown(session, 2, 20)
        set_themes(session, coder(who["analyst"]), coded, [HEATING], None, version=None)
        draw_for(session, coded, who["other"])
        session.add(CommentAssignment(comment=uncoded, staff=who["analyst"], before=None, bulk=None))
        session.flush()
        draw_of(session, Actor(None, NOW), TODAY.replace(day=1))
    found = lines(database, morning)
    waits = {"suggestions.urgent": 1, "suggestions.to_decide": 5}
    assert found == {
        "analyst": {"suggestions.assigned": 1, "suggestions.to_code": 1},
        "moderator": {**waits, "suggestions.to_code": 1},
        "lead": {"suggestions.to_code": 1},
        "other": {"suggestions.to_code": 1, "suggestions.second": 1},
        "outsider": {"hidings.to_confirm": 1},
        "reviewer": {"hidings.to_confirm": 1},
        "auditor": {"decisions.to_audit": 1},
    }


def test_what_a_moderator_handed_on_is_counted_for_colleagues_alone(database: Database) -> None:
    """Whoever gives a suggestion a second look does not decide it, so their mail does not ask them to."""
    with database.writing() as session:
        handing = add_staff(session, "handing@example.kz", Role.MODERATOR, CITY)
        add_staff(session, "colleague@example.kz", Role.MODERATOR, CITY)
        make_comment(session, number=1)
        do(session, make_comment(session, number=2), handing, LOOK)
    found = lines(database, TODAY + timedelta(days=1))
    assert found == {"handing": {"suggestions.to_decide": 1}, "colleague": {"suggestions.to_decide": 2}}


def test_the_term_of_a_reply_is_told_7_3_and_1_days_before_and_when_it_is_over(database: Database) -> None:
    """Handed over on the 24th of November, 15 working days end on the 15th of December."""
    with database.writing() as session:
        who = make_people(session)
        ids = shown(session, 4)
        do(session, ids[3], who["moderator"], hide(HidingReason.NO_CONTENT))
        released(session, Office(who["analyst"], who["lead"], who["other"]), ids[:1])
    days = [date(2026, 12, number) for number in (7, 8, 11, 14, 15, 17)]
    told = {f"{day:%d}": lines(database, day)["analyst"] for day in days}
    assert {
        day: {kind: n for kind, n in found.items() if kind != "suggestions.to_code"} for day, found in told.items()
    } == {
        "07": {},
        "08": {"suggestions.due_7": 2},
        "11": {"suggestions.due_7": 2},
        "14": {"suggestions.due_1": 2},
        "15": {"suggestions.due_1": 2},
        "17": {"suggestions.overdue": 2},
    }


def test_a_reply_waits_for_others_than_its_writers_and_comes_back_to_its_author(database: Database) -> None:
    with database.writing() as session:
        who = make_people(session)
        first = begin(session, Office(who["analyst"], who["lead"], who["other"]), shown(session, 1))
        second = begin(session, Office(who["lead"], who["lead"], who["other"]), shown(session, 1, 1))
        back = begin(session, Office(who["analyst"], who["lead"], who["other"]), shown(session, 1, 2))
        for reply, writer in ((first, "analyst"), (second, "lead"), (back, "analyst")):
            replies.finish(session, by(who[writer]), reply.id, CITY, version=None)
        replies.send_back(session, by(who["lead"]), back.id, CITY, note="Скажите, когда.", version=None)
    found = lines(database, TODAY + timedelta(days=1))
    told = {name: {k: n for k, n in said.items() if k.startswith("replies")} for name, said in found.items()}
    assert {name: said for name, said in told.items() if said} == {
        "analyst": {"replies.sent_back": 1},
        "lead": {"replies.to_release": 1},
        "other": {"replies.to_release": 2},
    }


def test_commitments_are_due_overdue_and_disputed(database: Database) -> None:
    """What is disputed is overdue too once the term to say a new day in is over."""
    with database.writing() as session:
        make_people(session)
        for days in (1, 3, 7, 8, -1):
            due = MONDAY + timedelta(days=days)
            make_commitment(session, due=due, first_due=due)
        make_commitment(session, step("report_done"), due=MONDAY)
        make_commitment(session, step("drop"), due=MONDAY - timedelta(days=9))
        make_commitment(session, step("dispute", MONDAY - timedelta(days=1)), due=MONDAY - timedelta(days=9))
        make_commitment(session, step("dispute", MONDAY - timedelta(days=40)), due=MONDAY - timedelta(days=90))
    found = lines(database, MONDAY)
    assert found["analyst"] == {
        "commitments.due_7": 1,
        "commitments.due_3": 1,
        "commitments.due_1": 1,
        "commitments.overdue": 2,
        "commitments.disputed": 2,
    }
    assert found["lead"] == found["analyst"]
    assert not {"moderator", "auditor", "reviewer", "outsider"} & set(found)


def test_cities_are_reminded_in_the_console_alone_once_for_each_term(database: Database) -> None:
    """The mail of the morning says it: a reminder sends no second one."""
    with database.writing() as session:
        lead = make_people(session)["lead"]
        shown(session, 3)
        due = date(2026, 12, 18)
        make_commitment(session, due=due, first_due=due)
    for number in range(40):
        for hour in (8, 9, 17):
            run(database, TODAY + timedelta(days=number), hour)
    with database.reading() as session:
        own = list(session.scalars(select(Notice).where(Notice.staff == lead).order_by(Notice.id)))
        told = [(f"{row.at.astimezone(KAZAKHSTAN):%d.%m}", row.kind) for row in own]
        mailed = session.scalars(select(OutgoingMail.kind).where(OutgoingMail.staff == lead)).all()
    assert sorted(told, key=lambda each: (each[1], each[0][3:], each[0])) == [
        ("04.12", "commitment.due"),
        ("11.12", "commitment.due"),
        ("15.12", "commitment.due"),
        ("17.12", "commitment.due"),
        ("21.12", "commitment.overdue"),
        ("28.12", "commitment.overdue"),
        ("08.12", "suggestions.due"),
        ("14.12", "suggestions.due"),
        ("21.12", "suggestions.overdue"),
        ("28.12", "suggestions.overdue"),
    ]
    assert set(mailed) == {"digest"}


def test_an_urgent_suggestion_is_told_at_once_and_once(database: Database) -> None:
    """In the transaction of the mark: no job and no morning is waited for."""
    with database.writing() as session:
        who = make_people(session)
        comment = make_comment(session, "MARKED")
        do(session, comment, who["moderator"], URGENT)
        do(session, comment, who["analyst"], URGENT)
    with database.reading() as session:
        rows = session.execute(select(OutgoingMail.staff, OutgoingMail.kind, OutgoingMail.next_at)).all()
    assert sorted(rows) == [(who["lead"], "comment.urgent", NOW), (who["other"], "comment.urgent", NOW)]


MARKED = "MARKEDWORD"
TOLD = Text3(
    f"{MARKED}: жөндеу жұмыстары басталды, әлі жүріп жатыр.", f"{MARKED}: ремонт начался и ещё не окончен.", ""
)


def test_no_mail_of_a_year_has_a_word_of_a_suggestion_a_reply_or_a_promise(sqlite: Database) -> None:
    """A year of a city in which everything that is written has a word that no mail may have (DESK §16, §20 row 27)."""
    with sqlite.writing() as session:
        make_coders(session, 0)
        make_place(session)
        who = make_people(session)
        for staff in session.scalars(select(Staff)):
            staff.language = LANGUAGES[staff.id % len(LANGUAGES)]
    for month in range(12):
        day = TODAY + timedelta(days=30 * month)
        with sqlite.writing() as session:
            _one_month(session, who, month, datetime(day.year, day.month, day.day, 9, tzinfo=KAZAKHSTAN))
        for number in range(0, 30, 4):
            run(sqlite, day + timedelta(days=number))
    with sqlite.reading() as session:
        rows = session.execute(select(OutgoingMail, Staff).join(Staff, Staff.id == OutgoingMail.staff)).all()
        letters = [(mail.kind, staff.language, compose(mail, staff, POSTAL)) for mail, staff in rows]
        notices = [
            sentence(each.kind, json.loads(each.parameters), language)
            for each in session.scalars(select(Notice))
            for language in LANGUAGES
        ]
    kinds = {"digest", "comment.urgent", "reply.to_release", "commitment.disputed"}
    assert {(kind, language) for kind, language, _letter in letters} >= {("digest", each) for each in LANGUAGES}
    assert {kind for kind, _language, _letter in letters} == kinds
    said = [letter.as_string() + letter.get_content() for _kind, _language, letter in letters] + notices
    assert len(letters) > 300
    assert [each for each in said if MARKED in each] == []
    digests = [json.loads(mail.parameters)["lines"] for mail, _staff in rows if mail.kind == "digest"]
    assert len({kind for lines_of_one in digests for kind, _number in lines_of_one}) > 12


def _one_month(session: Session, who: dict[str, int], month: int, at: datetime) -> None:
    """Let suggestions come and be decided, coded, answered and promised about; every text has the word."""
    ids = [
        make_comment(session, f"{MARKED} ұсыныс {month} {n}", number=month * 100 + n, released_on=at.date(), lang="kk")
        for n in range(8)
    ]
    for event, comment in zip((SHOW, SHOW, SHOW, LOOK, URGENT, hide()), ids, strict=False):
        do(session, comment, who["moderator"], event, at=at)
    redacted = Decision(DecisionEvent.REDACT, HidingReason.INSULT, (Span(0, len(MARKED)),))
    decide(session, Actor(who["moderator"], at), ids[6], redacted, None)
    set_themes(session, Actor(who["analyst"], at), ids[0], [HEATING], None, version=None)
    draw_for(session, ids[0], who["other"])
    put_together(session, Actor(who["analyst"], at), ids[:2], f"{MARKED} топ", f"b{month}")
    session.add(CommentAssignment(comment=ids[1], staff=who["analyst"], before=None, bulk=None))
    office = Office(who["analyst"], who["lead"], who["other"])
    waits = begin(session, office, ids[1:2], writing(text=TOLD))
    replies.finish(session, Actor(who["analyst"], at), waits.id, CITY, version=None)
    if month % 2:
        replies.send_back(session, Actor(who["lead"], at), waits.id, CITY, note=f"{MARKED} неге?", version=None)
    _promise(session, office, ids[0], at)
    draw_of(session, Actor(None, at), at.date().replace(day=1))


def _promise(session: Session, office: Office, comment: str, at: datetime) -> None:
    """Promise something, report it as done, and let those who raised it dispute that."""
    title = Text3(f"{MARKED} жөндеу", f"{MARKED} ремонт", "")
    terms = CommitmentTerms(title, f"{MARKED} басқармасы", f"{MARKED} управление", at.date() + timedelta(days=20))
    reply = begin(session, office, [comment], writing("will_do", TOLD)._replace(promise=terms))
    replies.finish(session, Actor(office.analyst, at), reply.id, CITY, version=None)
    replies.release(session, Actor(office.lead, at), reply.id, CITY, version=None)
    row = session.scalars(select(Commitment).where(Commitment.reply == reply.id)).one()
    told = StepTold(TOLD, done_on=at.date(), evidence_address=f"https://aktau.example/{MARKED}")
    if row.id % 3 == 0:
        actor, first = Actor(office.lead, at), 90_000 + row.id * 100
        take_step(session, actor, row.id, CITY, step=CommitmentAct.REPORT_DONE, told=told, version=None)
        raised = [make_comment(session, MARKED, number=first + n, state="shown") for n in range(12)]
        reply_targets.put(session, reply.id, raised, at.date())
        answer(session, reply.id, raised, *["no"] * 12, month=f"{at:%Y-%m}")
        commitments.turn_by_answers(session, Actor(None, at), row.id)
