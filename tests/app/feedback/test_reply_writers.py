"""Who wrote any part of a reply does not release it, whoever saved it last."""

from sqlalchemy.orm import Session

from app.database import Database
from app.feedback import replies
from surveys.languages import Text3
from tests.app.feedback.test_replies import refused
from tests.builders.answering import KK, RU, Office, begin, by, make_office, shown, writing
from tests.builders.staff import CITY


def only_another_lead_releases(session: Session, office: Office, reply: int, *, finished_by: int) -> None:
    replies.finish(session, by(finished_by), reply, CITY, version=None)
    assert refused(replies.release, session, by(office.lead), reply, CITY, version=None) == {("", "own_text")}
    replies.release(session, by(office.other), reply, CITY, version=None)


def test_whoever_wrote_one_of_the_languages_does_not_release_it_either(database: Database) -> None:
    with database.writing() as session:
        office = make_office(session)
        reply = begin(session, office, shown(session, 1), writing(text=Text3("", RU, "")))
        save = {"writing": writing(), "version": None}
        replies.save(session, by(office.lead), reply.id, CITY, **save)
        last = writing(text=Text3(KK, RU + " Точно.", ""), checked=["kk"])
        replies.save(session, by(office.analyst), reply.id, CITY, writing=last, version=None)
        only_another_lead_releases(session, office, reply.id, finished_by=office.analyst)


def test_whoever_wrote_a_fact_does_not_release_it_after_another_s_comma(database: Database) -> None:
    """The address at which everybody is to see that it was done says as much as the words do."""
    with database.writing() as session:
        office = make_office(session)
        reply = begin(session, office, shown(session, 1))
        mine = writing(evidence_address="https://aktau.example/works/13")
        replies.save(session, by(office.lead), reply.id, CITY, writing=mine, version=None)
        comma = writing(
            text=Text3(KK, RU + " Точно.", ""), checked=["kk"], evidence_address="https://aktau.example/works/13"
        )
        replies.save(session, by(office.analyst), reply.id, CITY, writing=comma, version=None)
        only_another_lead_releases(session, office, reply.id, finished_by=office.analyst)


def test_whoever_makes_a_promise_into_a_refusal_does_not_release_it(database: Database) -> None:
    """The words stay as somebody else wrote them, and say something else under another kind."""
    with database.writing() as session:
        office = make_office(session)
        reply = begin(session, office, shown(session, 1), writing("will_do"))
        replies.save(session, by(office.lead), reply.id, CITY, writing=writing("cannot"), version=None)
        only_another_lead_releases(session, office, reply.id, finished_by=office.lead)
