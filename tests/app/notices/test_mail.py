"""The outbox against a real mail server on this machine."""

import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from app.accounts.models import Staff
from app.audit.journal import Actor
from app.clock import FrozenClock
from app.database import Database
from app.mail_settings import MailSettings, faults
from app.notices import outbox
from app.notices.delivery import BUDGET, Round
from app.notices.mail import Post, Postal, compose
from app.notices.models import OutgoingMail
from app.notices.notices import Message, notify
from app.notices.outbox import WAITS, Mail
from tests.app.notices.people import add_staff
from tests.app.notices.servers import Letters, accepting, mail_server, make_certificate
from tests.conftest import NOW
from tests.ports import free_port

POSTAL = Postal("console@city.example", "https://console.city.example", ())
PUBLISHED = Message("publication.published", "publication:7", "/console/publications/7", {"number": 7})


@pytest.fixture
def letters() -> Letters:
    return Letters()


@pytest.fixture
def server(letters: Letters) -> Iterator[MailSettings]:
    with mail_server(letters, free_port()) as settings:
        yield settings


def deliver(database: Database, server: MailSettings, at: datetime = NOW) -> str:
    with closing(Post(server.relay)) as post:
        return Round(database, FrozenClock(at), POSTAL).deliver(post)


def told(database: Database, *emails: str, language: str = "en", name: str = "A. B.") -> list[int]:
    with database.writing() as session:
        ids = [add_staff(session, email, language=language, name=name) for email in emails]
        notify(session, ids, PUBLISHED, NOW)
    return ids


def mails(database: Database) -> list[OutgoingMail]:
    with database.reading() as session:
        rows = list(session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))
        session.expunge_all()
    return rows


def test_a_mail_goes_out_once_in_the_language_of_who_gets_it(
    database: Database, server: MailSettings, letters: Letters
) -> None:
    told(database, "kk@example.kz", language="kk")
    told(database, "ru@example.kz", language="ru")
    assert deliver(database, server) == "2 sent, 0 waiting, 0 failed, 0 dropped, 0 left"
    assert deliver(database, server, NOW + timedelta(days=1)).startswith("0 sent")
    kazakh, russian = letters.got
    assert kazakh["Subject"] == "№ 7 жарияланым порталға шықты"
    assert russian["Subject"] == "Публикация № 7 размещена на портале"
    assert (kazakh["To"], kazakh["From"], kazakh["Content-Language"]) == ("kk@example.kz", POSTAL.sender, "kk")
    assert kazakh["Auto-Submitted"] == "auto-generated"
    assert "https://console.city.example/console/publications/7" in kazakh.get_content()
    assert [mail.state for mail in mails(database)] == ["sent", "sent"]


def test_two_schedulers_send_each_mail_once(database: Database, server: MailSettings, letters: Letters) -> None:
    told(database, *(f"p{n}@example.kz" for n in range(30)))
    letters.seconds = 0.01
    threads = [threading.Thread(target=deliver, args=(database, server)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(address for (address,) in letters.receivers) == sorted(f"p{n}@example.kz" for n in range(30))
    assert {mail.state for mail in mails(database)} == {"sent"}


def test_a_passing_refusal_is_tried_again_later_and_later_and_then_has_failed(
    database: Database, server: MailSettings, letters: Letters
) -> None:
    told(database, "busy@example.kz")
    letters.answers["busy@example.kz"] = "451 greylisted, busy@example.kz"
    moment, outcomes = NOW, []
    for wait in (*WAITS, None):
        assert deliver(database, server, moment - timedelta(seconds=1)).startswith("0 sent, 0 waiting, 0 failed")
        deliver(database, server, moment)
        (mail,) = mails(database)
        outcomes.append((mail.state, mail.attempts, mail.last_error))
        moment += wait or timedelta(0)
    assert outcomes == [*(("waiting", n, "451") for n in range(1, 6)), ("failed", 6, "451")]
    assert [int(wait.total_seconds()) // 60 for wait in WAITS] == [1, 5, 30, 120, 720]
    with database.reading() as session:
        assert session.scalar(select(outbox.failed_mails())) == 1


def test_a_mail_that_waited_goes_out_with_the_same_id(
    database: Database, server: MailSettings, letters: Letters
) -> None:
    (staff,) = told(database, "busy@example.kz")
    with database.reading() as session:
        mail, to = session.scalars(select(OutgoingMail)).one(), session.get_one(Staff, staff)
        ids = {compose(mail, to, POSTAL)["Message-ID"] for _ in range(2)}
    letters.answers["busy@example.kz"] = "421 later"
    deliver(database, server)
    letters.answers.clear()
    deliver(database, server, NOW + timedelta(minutes=2))
    assert {message["Message-ID"] for message in letters.got} == ids
    assert len(ids) == 1


def test_a_lasting_refusal_has_failed_at_once_and_stops_no_other(
    database: Database, server: MailSettings, letters: Letters
) -> None:
    told(database, "gone@example.kz", "here@example.kz")
    letters.answers["gone@example.kz"] = "550 no such user gone@example.kz"
    assert deliver(database, server) == "1 sent, 0 waiting, 1 failed, 0 dropped, 0 left"
    first, second = mails(database)
    assert (first.state, first.last_error, second.state) == ("failed", "550", "sent")


def test_a_server_that_is_not_there_lets_mail_wait(database: Database) -> None:
    told(database, "a@example.kz")
    nobody = MailSettings(server=f"smtp://127.0.0.1:{free_port()}", sender="console@city.example")
    assert deliver(database, nobody) == "0 sent, 1 waiting, 0 failed, 0 dropped, 0 left"
    assert mails(database)[0].last_error == "ConnectionRefusedError"


def test_a_slow_server_holds_no_transaction_and_no_other_writer(database: Database) -> None:
    told(database, *(f"p{n}@example.kz" for n in range(3)))
    waits, goes_on = threading.Event(), threading.Event()

    class Slow:
        def send(self, _message: object) -> None:
            waits.set()
            assert goes_on.wait(30)

    thread = threading.Thread(target=Round(database, FrozenClock(NOW), POSTAL).deliver, args=(Slow(),))
    thread.start()
    assert waits.wait(30)
    # A connection of its own, as another process has: it would wait here, or be refused as locked.
    other = Database(database.url)
    with other.writing() as session:
        session.execute(update(OutgoingMail).values(kind=OutgoingMail.kind))
        notify(session, [add_staff(session)], PUBLISHED, NOW)
    other.close()
    goes_on.set()
    thread.join(30)
    assert [mail.state for mail in mails(database)] == ["sent"] * 3 + ["waiting"]


def test_what_a_round_has_no_time_for_is_left_to_the_next(database: Database, server: MailSettings) -> None:
    told(database, "a@example.kz", "b@example.kz", "c@example.kz")
    seconds = iter([0.0, 1.0, BUDGET + 1])
    with closing(Post(server.relay)) as post:
        done = Round(database, FrozenClock(NOW), POSTAL, timer=lambda: next(seconds)).deliver(post)
    assert done == "1 sent, 0 waiting, 0 failed, 0 dropped, 2 left"
    assert [(mail.state, mail.attempts) for mail in mails(database)] == [("sent", 1), ("waiting", 0), ("waiting", 0)]
    assert deliver(database, server).startswith("2 sent")


@pytest.mark.parametrize("name", ["A\r\nBcc: spy@evil.example", "A\n\nBody", "Ә, «Ж» <x@y>", "=?utf-8?q?x?="])
def test_a_name_gets_into_no_header(database: Database, server: MailSettings, letters: Letters, name: str) -> None:
    told(database, "a@example.kz", name=name)
    deliver(database, server)
    (message,), ((receiver,),) = letters.got, letters.receivers
    assert receiver == "a@example.kz"
    assert set(message.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Language", "Content-Type",
        "Content-Transfer-Encoding", "MIME-Version", "X-Peer", "X-MailFrom", "X-RcptTo",
    } & set(message.keys())  # fmt: skip
    assert "evil" not in message.as_string()
    assert name not in message.get_content()


@pytest.mark.parametrize("email", ["a@example.kz\r\nBcc: spy@evil.example", "a@example.kz, spy@evil.example", "a b"])
def test_an_address_that_would_be_more_than_one_is_sent_nothing(
    database: Database, server: MailSettings, letters: Letters, email: str
) -> None:
    told(database, email)
    assert deliver(database, server) == "0 sent, 0 waiting, 1 failed, 0 dropped, 0 left"
    assert letters.got == []
    assert mails(database)[0].last_error == "address"


ELSEWHERE = "127.1"
"""A name of this machine that does not say so: a server there counts as one on another machine."""


def test_a_server_elsewhere_that_knows_no_tls_gets_nothing(sqlite: Database, letters: Letters) -> None:
    told(sqlite, "a@example.kz")
    with mail_server(letters, port := free_port()):
        elsewhere = MailSettings(server=f"smtp://user:secret@{ELSEWHERE}:{port}", sender="c@city.example")
        assert deliver(sqlite, elsewhere).startswith("0 sent, 1 waiting")
    assert mails(sqlite)[0].last_error == "SMTPNotSupportedError"
    assert letters.got == []


def test_a_password_and_mail_go_over_tls_to_a_server_whose_certificate_holds(
    sqlite: Database, letters: Letters, tmp_path: Path
) -> None:
    told(sqlite, "a@example.kz")
    certificate = make_certificate(tmp_path, ELSEWHERE)
    seen: list[tuple[bytes, bytes]] = []
    controls = {"tls_context": certificate.server, "auth_required": True, "authenticator": accepting(seen)}
    with mail_server(letters, port := free_port(), **controls):
        relay = MailSettings(server=f"smtp://user:p%40ss@{ELSEWHERE}:{port}", sender="c@city.example").relay
        with closing(Post(relay)) as post:  # it trusts what the system trusts
            assert Round(sqlite, FrozenClock(NOW), POSTAL).deliver(post).startswith("0 sent, 1 waiting")
        assert mails(sqlite)[0].last_error == "SSLCertVerificationError"
        with closing(Post(relay, context=certificate.client)) as post:
            assert Round(sqlite, FrozenClock(NOW + WAITS[0]), POSTAL).deliver(post).startswith("1 sent")
    assert seen == [(b"user", b"p@ss")]


def test_a_server_that_speaks_tls_at_once_is_spoken_to_so(sqlite: Database, letters: Letters, tmp_path: Path) -> None:
    told(sqlite, "a@example.kz")
    certificate = make_certificate(tmp_path, ELSEWHERE)
    with mail_server(letters, port := free_port(), ssl_context=certificate.server):
        relay = MailSettings(server=f"smtps://{ELSEWHERE}:{port}", sender="c@city.example").relay
        with closing(Post(relay, context=certificate.client)) as post:
            assert Round(sqlite, FrozenClock(NOW), POSTAL).deliver(post).startswith("1 sent")


def test_people_whose_account_was_closed_get_no_more_mail(
    database: Database, server: MailSettings, letters: Letters
) -> None:
    gone, _here = told(database, "gone@example.kz", "here@example.kz")
    with database.writing() as session:
        session.get_one(Staff, gone).active = False
    assert deliver(database, server) == "1 sent, 0 waiting, 0 failed, 1 dropped, 0 left"
    assert letters.receivers == [["here@example.kz"]]


def test_no_value_and_nobodys_words_get_into_a_mail(sqlite: Database, server: MailSettings, letters: Letters) -> None:
    """Whatever callers know: a mail says what the sentence of its kind names, and nothing else."""
    marked = {"value": "MARKED-41.5", "note": "MARKED-words", "name": "MARKED-person"}
    with sqlite.writing() as session:
        staff = add_staff(session, "a@example.kz", name="MARKED-name")
        for message in (
            Message("value.returned", "v", "/console/values/2024/aktau/hlt_3",
                    {"period": "2024", "city": "aktau", "indicator": "hlt_3", **marked}),
            Message("publication.withdrawn", "w", "/console/publications/7", {"number": 7, **marked}),
        ):  # fmt: skip
            notify(session, [staff], message, NOW)
    deliver(sqlite, server)
    assert len(letters.got) == 2
    assert [message for message in letters.got if "MARKED" in message.as_string() + message.get_content()] == []


def test_an_administrator_sends_a_failed_mail_again_or_gives_it_up(
    database: Database, server: MailSettings, letters: Letters
) -> None:
    told(database, "a@example.kz", "b@example.kz")
    letters.answers = {"a@example.kz": "550 no", "b@example.kz": "550 no"}
    deliver(database, server)
    first, second = (mail.id for mail in mails(database))
    with database.writing() as session:
        assert outbox.send_again(session, Actor(None, NOW), first)
        assert outbox.give_up(session, Actor(None, NOW), second)
        assert not outbox.give_up(session, Actor(None, NOW), second)
        assert session.scalar(select(outbox.failed_mails())) == 0
    letters.answers.clear()
    assert deliver(database, server).startswith("1 sent")


def test_without_a_server_nothing_waits_for_one(database: Database) -> None:
    told(database, "a@example.kz")
    with database.writing() as session:
        assert outbox.drop_waiting(session) == 1
        assert outbox.drop_waiting(session) == 0


def test_the_same_mail_is_not_put_into_the_outbox_twice(database: Database) -> None:
    (staff,) = told(database, "a@example.kz")
    with database.writing() as session:
        outbox.enqueue(session, staff, Mail("account.idle", "idle:3", "/console", {"day": "2026-12-02"}), NOW)
        outbox.enqueue(session, staff, Mail("account.idle", "idle:3", "/console", {"day": "2026-12-02"}), NOW)
    assert len(mails(database)) == 2


@pytest.mark.parametrize(
    ("server", "sender", "number"),
    [
        ("", "", 0),
        ("smtp://127.0.0.1", "console@localhost", 0),
        ("smtps://user:SECRET%40@mail.example.kz:465", "console@example.kz", 0),
        ("smtp://mail.example.kz", "", 1),
        ("smtp://mail.example.kz", "Console <console@example.kz>", 1),
        ("smtp://mail.example.kz", "a@example.kz\nBcc: b@example.kz", 1),
        ("smtp://mail.example.kz", "somebody", 1),
        ("http://mail.example.kz", "console@example.kz", 1),
        ("mail.example.kz", "console@example.kz", 1),
        ("smtp://user:SECRET/@mail.example.kz:587", "console@example.kz", 1),
        ("smtp://:SECRET@mail.example.kz", "console@example.kz", 1),
        ("mail", "", 2),
    ],
)
def test_settings_that_cannot_be_used_are_named_without_the_password(server: str, sender: str, number: int) -> None:
    settings = MailSettings(server=server, sender=sender)
    found = faults(settings)
    assert len(found) == number
    assert "SECRET" not in repr(settings) + " ".join(found)
