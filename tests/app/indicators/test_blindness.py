"""Nobody learns of a first verdict before the second is in, whatever they look at."""

import json
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import JournalRow
from app.database import Database
from app.indicators.cases import get_case
from app.indicators.examination import visible_verdicts
from app.indicators.queries import current_values
from app.indicators.verdicts import CaseVerdict, ReturnReason
from app.notices.models import Notice
from tests.builders.examination import (
    ACCEPTED,
    KEY,
    RETURNED,
    UNABLE,
    People,
    say,
    told_of,
)


def all_that_is_seen(session: Session, people: People) -> str:
    """Give everything that anybody but the first assessor is shown: verdicts, notes, journal, notices, values, case."""
    others = [each for each in people if each != people.one]
    return json.dumps(
        {
            "verdicts": [str(visible_verdicts(session, KEY, each)) for each in others],
            "city": str(told_of(session, KEY)),
            "journal": [
                (row.event, row.actor, row.object_id, row.city, row.detail)
                for row in session.scalars(select(JournalRow))
            ],
            "notices": [(row.staff, row.cause, row.parameters) for row in session.scalars(select(Notice))],
            "values": str([*current_values(session, KEY.period), *current_values(session, KEY.period, "latest")]),
            "case": str(get_case(session, KEY)),
        },
        default=str,
    )


WORDS = [
    ACCEPTED,
    replace(ACCEPTED, note="MARKED", private_note="MARKED"),
    RETURNED,
    replace(RETURNED, reasons=tuple(ReturnReason), note="MARKED", private_note="MARKED"),
]


def test_everything_that_others_see_is_the_same_whatever_the_first_verdict_says(
    database: Database, people: People
) -> None:
    seen = set()
    for word in WORDS:
        with database.reading() as session:
            say(session, KEY, people.one, word)
            seen.add(all_that_is_seen(session, people))
            assert [row.verdict for row in visible_verdicts(session, KEY, people.one)] == [word.verdict]
    assert len(seen) == 1
    assert "MARKED" not in seen.pop()


def test_once_both_are_in_everybody_who_may_sees_both(database: Database, people: People) -> None:
    with database.writing() as session:
        say(session, KEY, people.one, replace(ACCEPTED, private_note="MARKED"))
        assert visible_verdicts(session, KEY, people.two) == []
        say(session, KEY, people.two, RETURNED)
        for viewer in people:
            shown = visible_verdicts(session, KEY, viewer)
            assert [row.verdict for row in shown] == [CaseVerdict.ACCEPT, CaseVerdict.RETURN]
        assert told_of(session, KEY) == []  # a split is not decided


def test_one_who_could_not_tell_is_as_blind_as_one_who_has_not_assessed(database: Database, people: People) -> None:
    with database.writing() as session:
        say(session, KEY, people.one, RETURNED)
        say(session, KEY, people.two, UNABLE)
        assert [row.verdict for row in visible_verdicts(session, KEY, people.two)] == [CaseVerdict.UNABLE]
        assert visible_verdicts(session, KEY, people.three) == []


def test_the_city_reads_the_notes_that_became_the_outcome_and_not_the_overruled_or_private_ones(
    database: Database, people: People
) -> None:
    with database.writing() as session:
        say(session, KEY, people.one, replace(ACCEPTED, note="дұрыс", private_note="жеке"))
        say(session, KEY, people.two, replace(RETURNED, private_note="жеке"))
        say(session, KEY, people.three, replace(RETURNED, note="Құжат басқа жылдікі"))
        notes = told_of(session, KEY)
    assert [note.note for note in notes] == [RETURNED.note, "Құжат басқа жылдікі"]
    assert {note.reasons for note in notes} == {(ReturnReason.OTHER_PERIOD,)}
    assert "name" not in notes[0]._fields
