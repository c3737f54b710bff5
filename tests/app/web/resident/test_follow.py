"""Following a suggestion by its code, from the page after Send to taking the words back, without script."""

import re
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app.clock import FrozenClock
from app.feedback import following
from app.feedback.models import CommentAssignment, CommentDecision, CommentNeighbour, FollowAnswer
from app.feedback.reply_models import Reply, ReplyTarget
from app.jobs.tasks.file_suggestions import file_suggestions, file_waiting
from app.jobs.tasks.release_suggestions import release_suggestions
from app.models import metadata
from app.web import site
from app.web.resident import limits
from app.web.resident.services import ResidentServices
from surveys.ballots.follow_codes import mark_of
from surveys.languages import LANGUAGES
from surveys.models import Comment, Wave, WithdrawnWords
from surveys.responses import filing
from tests.app.web.resident.walker import Walker
from tests.builders.country import RESIDENTS
from tests.builders.invitations import Visitor
from tests.builders.replies import make_commitment, make_reply, step
from tests.builders.staff import make_staff
from tests.builders.statements import statements_of
from tests.conftest import NOW

FOLLOW = "/s/follow"
CODE = re.compile(r"<strong>([0-9A-Z]{3}(?:-[0-9A-Z]{3}){3})</strong>")
WORDS = "Автобус кешігеді"


def wish(app: Flask, *texts: str, city: str = "oral") -> list[str]:
    """Fill in with suggestions and send; gives their codes, as the page after Send shows them."""
    walker = Walker(Visitor(app).client, RESIDENTS)
    address = walker.begin(city)
    while not address.endswith("/suggestions"):
        walker.go(address)
        address = walker.post(address, **walker.ticks()).location
    walker.go(address)
    fields = {f"area{index}": "its" for index in range(len(texts))}
    fields |= {f"text{index}": text for index, text in enumerate(texts)}
    walker.go(walker.post(address, **fields).location)
    return CODE.findall(walker.client.get(walker.send().location).text)


def open_by(app: Flask, code: str, **fields: str) -> tuple[int, str, str]:
    """Type a code, in English; gives status, address and page."""
    return Visitor(app).fill(f"{FOLLOW}?lang=en", code=code, **fields)


def page_of(app: Flask, code: str) -> str:
    status, _address, page = open_by(app, code)
    assert status == 200
    return page


def services(app: Flask) -> site.Services:
    found: site.Services = app.extensions[site.KEY]
    return found


def hand_over(app: Flask, day: int = 6) -> None:
    """File everything, and hold a round when a week has passed since the one before."""
    own, keys = services(app), services(app).settings.keys
    file_waiting(own.database, FrozenClock(NOW), keys, filing.file_all)
    for days in (day, day + 7):
        release_suggestions(own.database, FrozenClock(NOW + timedelta(days=days)), keys)


def change(app: Flask, code: str, **values: object) -> str:
    """Change the row of a suggestion; gives its id."""
    with services(app).database.writing() as session:
        if values:
            session.execute(update(Comment).where(Comment.follow_hash == mark_of(code)).values(**values))
        return session.scalars(select(Comment.id).where(Comment.follow_hash == mark_of(code))).one()


def test_each_suggestion_gets_a_code_of_its_own_after_sending(public: Flask) -> None:
    codes = wish(public, WORDS, "Көше қараңғы", "Жол шұңқыр")
    assert len(set(codes)) == 3
    assert wish(public) == []


def test_a_suggestion_that_waits_in_its_envelope_is_found_and_can_be_read(public: Flask) -> None:
    (code,) = wish(public, WORDS)
    for typed in (code, code.lower().replace("-", " ")):
        page = page_of(public, typed)
        assert "It waits to be handed to the city administration" in page
        assert WORDS in page


def test_every_state_is_told_to_its_writer(public: Flask) -> None:
    first, second = wish(public, WORDS, "Көше қараңғы")
    hand_over(public)
    assert "A moderator has not read it yet." in page_of(public, first)
    change(public, first, state="shown_redacted", shown_text="Автобус ████████")
    page = page_of(public, first)
    assert WORDS in page
    assert "Автобус ████████" in page
    with services(public).database.writing() as session:
        hidden = session.scalars(select(Comment).where(Comment.follow_hash == mark_of(second))).one()
        hidden.state = "hidden"
        row = {"moderator": None, "spans": "", "state": "hidden", "at": NOW}
        session.add(CommentDecision(comment=hidden.id, event="hide", reason="insult", **row))
    page = page_of(public, second)
    assert "It is hidden" in page
    assert "it insults somebody" in page


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_pages_speak_each_language(public: Flask, lang: str) -> None:
    (code,) = wish(public, WORDS)
    status, _address, page = Visitor(public).fill(f"{FOLLOW}?lang={lang}", code=code)
    assert (status, f'<html lang="{lang}"' in page, WORDS in page) == (200, True, True)
    status, _address, asked = Visitor(public).fill(f"{FOLLOW}?lang={lang}", code=code, take_back="yes")
    assert (status, 'name="sure"' in asked) == (200, True)


def test_a_language_button_keeps_the_suggestion_on_the_page(public: Flask) -> None:
    (code,) = wish(public, WORDS)
    status, _address, page = open_by(public, code, switch="ru")
    assert (status, "Ваше предложение" in page, WORDS in page) == (200, True, True)


def test_wrong_codes_are_told_and_counted_until_one_has_to_wait(public: Flask) -> None:
    visitor = Visitor(public)
    for typed, sentence in (("", "twelve letters"), ("4F7K-90QX-2MBA-D5TR-8WEN", "withdrawal code")):
        status, _address, page = visitor.fill(f"{FOLLOW}?lang=en", code=typed)
        assert (status, sentence in page) == (422, True)
    most = limits.WRONG_BY_BROWSER.limit.amount
    answers = [visitor.fill(FOLLOW, code=f"4F7-K90-QX2-{number:03}")[0] for number in range(most + 1)]
    assert answers == [422] * most + [429]
    (code,) = wish(public, WORDS)
    assert visitor.fill(FOLLOW, code=code)[0] == 429
    assert page_of(public, code)


def test_a_place_has_sixty_tries_a_minute_with_however_many_browsers(public: Flask) -> None:
    most = limits.WRONG_BY_ADDRESS.limit.amount
    answers = [Visitor(public).fill(FOLLOW, code=f"4F7-K90-QX2-{number:03}")[0] for number in range(most + 5)]
    assert answers == [422] * most + [429] * 5


def test_a_wrong_code_is_counted_while_somebody_else_looks_into_the_envelopes(public: Flask) -> None:
    """What is filed was asked already: a flood would try there without end."""
    visitor, most = Visitor(public), limits.WRONG_BY_BROWSER.limit.amount
    own = services(public)
    assert isinstance(own, ResidentServices)
    with own.slow.envelopes.slot():
        answers = [visitor.fill(FOLLOW, code=f"4F7-K90-QX2-{number:03}")[0] for number in range(most + 1)]
    assert answers == [503] * most + [429]


def reply_to(app: Flask, comment: str, *, kind: str = "done") -> int:
    """Let a reply reach a suggestion that is shown."""
    done = {"done_on": date(2026, 12, 1), "evidence_address": "https://oral.gov.kz/road"}
    with services(app).database.writing() as session:
        row = session.get_one(Comment, comment)
        row.state = "shown"
        place = {"city": row.city, "wave": row.wave, "area": row.area}
        words = (("Жөнделді", "Отремонтировано", ""),)
        return make_reply(session, [comment], days=(date(2026, 12, 4),), words=words, kind=kind, **place, **done)


def answers(app: Flask) -> list[tuple[str, str]]:
    with services(app).database.reading() as session:
        return [(row.answer, row.month) for row in session.scalars(select(FollowAnswer))]


def test_the_reply_is_read_and_its_writer_says_whether_it_is_better_and_may_change_that(public: Flask) -> None:
    (code,) = wish(public, WORDS)
    hand_over(public)
    comment = change(public, code)
    assert "There is no answer" in page_of(public, code)
    reply = reply_to(public, comment)
    page = page_of(public, code)
    assert all(words in page for words in ("Отремонтировано", "not there in English", "https://oral.gov.kz/road"))
    for said in ("no", "partly"):
        status, _address, page = open_by(public, code, reply=str(reply), answer=said)
        assert (status, "What you said is kept." in page) == (200, True)
        assert answers(public) == [(said, "2026-11")]
    assert "You said: Partly" in page_of(public, code)
    for wrong in (
        {"reply": str(reply), "answer": "great"},
        {"reply": "99", "answer": "yes"},
        {"reply": "²", "answer": "no"},
    ):
        open_by(public, code, **wrong)
    assert answers(public) == [("partly", "2026-11")]


def test_a_day_that_was_moved_stands_beside_the_words_that_promised_the_first_one(public: Flask) -> None:
    (code,) = wish(public, WORDS)
    hand_over(public)
    reply = reply_to(public, change(public, code))
    first, now = date(2027, 6, 30), date(2027, 9, 30)
    with services(public).database.writing() as session:
        steps = [step("announce", due=first), step("move", due=now)]
        make_commitment(session, *steps, city="oral", reply=reply, first_due=first, due=now)
    page = page_of(public, code)
    assert "The promised day was moved. First: June 30, 2027. Now: September 30, 2027." in page
    assert "Отремонтировано" in page


def test_nobody_is_asked_about_what_is_not_done_hidden_or_two_waves_old(public: Flask) -> None:
    (code,) = wish(public, WORDS)
    hand_over(public)
    comment = change(public, code)
    assert 'name="answer"' not in page_of(public, code)
    reply_to(public, comment, kind="cannot")
    assert 'name="answer"' not in page_of(public, code)
    with services(public).database.writing() as session:
        session.execute(update(Reply).values(kind="done"))
    assert 'name="answer"' in page_of(public, code)
    change(public, code, state="hidden")
    assert 'name="answer"' not in page_of(public, code)
    change(public, code, state="shown")
    with services(public).database.writing() as session:
        wave = session.get_one(Wave, RESIDENTS)
        wave.opens_on -= timedelta(days=60)
        for number in (1, 2):
            days = {"opens_on": wave.opens_on + timedelta(days=number), "closes_on": wave.closes_on}
            session.add(Wave(code=f"later-{number}", version=wave.version, audience="resident", state="open",
                             gate_names="open", illustrative=False, **days))  # fmt: skip
            session.flush()
            city = {"wave": f"later-{number}", "city": "oral", "target_n": 1}
            session.execute(metadata.tables["wave_city"].insert().values(**city))
    assert 'name="answer"' not in page_of(public, code)


def test_words_are_taken_back_after_a_question_and_nothing_of_them_is_left(public: Flask) -> None:
    code, other = wish(public, WORDS, "Көше қараңғы")
    hand_over(public)
    comment, neighbour = change(public, code), change(public, other)
    reply = reply_to(public, comment)
    open_by(public, code, reply=str(reply), answer="no")
    with services(public).database.writing() as session:
        staff = make_staff(session, None).id
        session.add(CommentAssignment(comment=comment, staff=staff))
        for pair in ((comment, neighbour), (neighbour, comment)):
            session.add(CommentNeighbour(comment=pair[0], other=pair[1], score=0.5))
        row = {"moderator": staff, "spans": "", "state": "shown", "at": NOW}
        session.add(CommentDecision(comment=comment, event="show", reason=None, **row))
    status, _address, asked = open_by(public, code, take_back="yes")
    assert (status, "Take your words back?" in asked) == (200, True)
    assert WORDS in page_of(public, code), "it was asked, and nothing done yet"
    status, address, _page = open_by(public, code, take_back="yes", sure="yes")
    assert (status, address) == (303, "/s/follow/done")
    page = page_of(public, code)
    assert "It was taken back" in page
    assert WORDS not in page
    assert 'name="take_back"' not in page
    with services(public).database.reading() as session:
        row = session.get_one(Comment, comment)
        assert (row.state, row.text, row.folded, row.shown_text) == ("taken_back", "", "", None)
        assert session.scalars(select(CommentDecision.event)).all() == ["show"]
        left = [table for table in (CommentAssignment, CommentNeighbour, FollowAnswer, ReplyTarget)
                if session.execute(select(func.count()).select_from(table)).scalar_one()]  # fmt: skip
        assert left == []
    file = services(public).database.file
    files = [file, file.with_name(file.name + "-wal")]
    assert not [each.name for each in files if each.exists() and WORDS.encode() in each.read_bytes()]
    assert "Көше қараңғы" in page_of(public, other)


def test_words_that_wait_in_an_envelope_are_taken_back_and_are_never_handed_over(public: Flask) -> None:
    code, other = wish(public, WORDS, "Көше қараңғы")
    own, keys = services(public), services(public).settings.keys
    assert open_by(public, code, take_back="yes", sure="yes")[0] == 303
    assert "It was taken back" in page_of(public, code)
    file_suggestions(own.database, FrozenClock(NOW), keys)
    with own.database.reading() as session:
        assert session.scalars(select(WithdrawnWords.mark)).all() == [], "the text left the envelope"
    assert "It was taken back" in page_of(public, code)
    hand_over(public)
    assert "It was taken back" in page_of(public, code)
    assert "The city administration has it" in page_of(public, other)
    with own.database.reading() as session:
        rows = session.execute(select(Comment.state, Comment.text, Comment.released_on).order_by(Comment.state)).all()
    assert [tuple(row) for row in rows] == [
        ("released", "Көше қараңғы", date(2026, 11, 30) + timedelta(days=7)),
        ("taken_back", "", None),
    ]


def test_whatever_refers_to_a_suggestion_goes_with_it_or_is_known_to_stay() -> None:
    stays = {"comment_decision.comment", "comment_purge.comment"}
    goes = {f"{column.class_.__tablename__}.{column.key}" for column in following.GOES_WITH_IT}
    by_codes = {f"{name}.comment" for name in ("comment_code", "comment_coding", "second_coding", "comment_in_group")}
    refers = {
        f"{table.name}.{key.parent.name}"
        for table in metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == "comment"
    }
    assert refers == stays | goes | by_codes


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_code_is_read_of_a_form_alone_that_brings_its_token(public: Flask, method: str) -> None:
    """A request that only asks may have a body too, and nothing looks for a token in it."""
    (code,) = wish(public, WORDS)
    fields = {"code": code, "take_back": "yes", "sure": "yes"}
    answer = public.test_client().open(FOLLOW, method=method, data=fields)
    assert (answer.status_code, code in answer.text) == (200, False)
    assert WORDS in page_of(public, code), "nothing was taken back"


def test_no_page_carries_a_code_in_an_address(public: Flask) -> None:
    (code,) = wish(public, WORDS)
    page = page_of(public, code)
    assert not [address for address in re.findall(r'(?:href|action|src)="([^"]*)"', page) if code in address]


def test_a_page_takes_eight_statements_at_most(public: Flask) -> None:
    (code,) = wish(public, WORDS)
    hand_over(public)
    reply_to(public, change(public, code))
    visitor = Visitor(public)
    with statements_of(services(public).database) as sent:
        visitor.fill(FOLLOW, code=code)
    assert len([each for each in sent if not each.startswith(("BEGIN", "COMMIT", "PRAGMA"))]) <= 8
