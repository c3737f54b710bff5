import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.database import Database
from app.notices import notices
from app.notices.models import Notice, OutgoingMail
from app.notices.notices import Message, notify
from app.notices.wording import DIGEST, KINDS, catalogue, digest_line, sentence, subject_of, text_of
from scoring.edition import edition_codes, load_edition
from surveys.languages import Text3
from tests.app.notices.people import add_staff
from tests.conftest import NOW

RETURNED = Message(
    "value.returned",
    cause="value.returned:2024/aktau/hlt_3/2",
    address="/console/values/2024/aktau/hlt_3",
    parameters={"period": "2024", "city": "aktau", "indicator": "hlt_3"},
)
PARAMETERS = {
    "period": "2024", "city": "aktau", "indicator": "hlt_3", "request": 4, "number": 7, "role": "lead/aktau",
    "day": "2026-12-02", "count": 12,
}  # fmt: skip


def test_the_same_cause_is_told_once_to_each_person(database: Database) -> None:
    with database.writing() as session:
        first, second = add_staff(session), add_staff(session)
        notify(session, [first], RETURNED, NOW)
        notify(session, [second, first, first], RETURNED, NOW + timedelta(hours=3))
        assert sorted(session.scalars(select(Notice.staff))) == [first, second]
        assert sorted(session.scalars(select(OutgoingMail.staff))) == [first, second]


def test_a_notice_goes_with_the_transaction_of_its_cause(database: Database) -> None:
    with database.writing() as session:
        staff = add_staff(session)

    def change() -> None:
        with database.writing() as session:
            notify(session, [staff], RETURNED, NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change()
    with database.reading() as session:
        assert session.scalars(select(Notice)).all() == []
        assert session.scalars(select(OutgoingMail)).all() == []


def test_what_comes_by_the_dozen_is_one_mail_an_hour_and_a_notice_each(database: Database) -> None:
    with database.writing() as session:
        staff = add_staff(session)
        for number in range(40):
            parameters = {"period": "2024", "city": "aktau", "indicator": f"hlt_{number}"}
            message = Message("value.returned", f"value.returned:{number}", "/console/values", parameters)
            notify(session, [staff], message, NOW + timedelta(minutes=number))
        assert notices.count_unread(session, staff) == 40
        mail = session.scalars(select(OutgoingMail)).one()
        assert json.loads(mail.parameters) == {"period": "2024", "city": "aktau"}
        assert mail.address == "/console/notices"


def test_notices_are_read_by_their_owner_alone(database: Database) -> None:
    with database.writing() as session:
        owner, other = add_staff(session), add_staff(session)
        for number in range(60):
            message = Message("publication.withdrawn", f"w:{number}", "/console/publications/1", {"number": number})
            notify(session, [owner, other], message, NOW)
        page = notices.list_notices(session, owner)
        rest = notices.list_notices(session, owner, before=page[-1].id)
        assert (len(page), len(rest)) == (50, 10)
        assert [json.loads(row.parameters)["number"] for row in (*page, *rest)] == list(reversed(range(60)))
        assert notices.follow(session, other, page[0].id, NOW) == ""
        for _ in range(2):
            assert notices.follow(session, owner, page[0].id, NOW) == "/console/publications/1"
        assert notices.follow(session, owner, page[1].id, NOW)
        assert (
            len(notices.list_notices(session, owner, unread=True, before=page[2].id)) == 50
        )  # 57 are older and unread
        assert notices.mark_all_read(session, owner, NOW, until=page[0].id) == 58
        assert (notices.count_unread(session, owner), notices.count_unread(session, other)) == (0, 60)


def test_a_notice_that_could_not_be_shown_is_refused_where_it_is_made(sqlite: Database) -> None:
    with sqlite.writing() as session:
        staff = add_staff(session)
        for message in (
            Message("value.vanished", "a", "/console/values"),
            Message("value.returned", "b", "/console/values", {"period": "2024"}),
            Message("publication.published", "c", "https://elsewhere.example", {"number": 1}),
        ):
            with pytest.raises((KeyError, ValueError)):
                notify(session, [staff], message, NOW)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_kind_is_said_in_every_language_with_its_parameters(language: str) -> None:
    said = [
        text
        for kind in KINDS
        for text in (
            sentence(kind, PARAMETERS, language),
            subject_of(kind, PARAMETERS, language),
            text_of(kind, PARAMETERS, language),
        )
    ]
    assert [text for text in said if "%(" in text or "\n" in text] == []
    assert all(text_of(kind, PARAMETERS, language) for kind in KINDS)
    assert all(digest_line(kind, 3, language).endswith(": 3") for kind in DIGEST)
    if language != "en":
        catalogue_of = catalogue(language)
        assert [
            each.sentence
            for each in KINDS.values()
            if each.sentence and catalogue_of.gettext(each.sentence) == each.sentence
        ] == []


def test_a_city_and_a_role_are_said_by_their_names() -> None:
    of_a_lead = sentence("role.granted", {"role": "lead/aktau"}, "ru")
    assert of_a_lead == "Вам назначена роль: руководитель от акимата, Актау"
    assert sentence("role.granted", {"role": "auditor"}, "kk") == "Сізге рөл берілді: аудитор"


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_an_indicator_is_called_by_its_name(language: str) -> None:
    named = {each.code: Text3(*each.name) for each in load_edition(edition_codes()[-1]).indicators}
    words = sentence("value.returned", RETURNED.parameters, language)
    assert named["hlt_3"].pick(language) in words
    assert "hlt_3" not in words
