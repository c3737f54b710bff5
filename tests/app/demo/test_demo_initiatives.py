"""The demo's initiatives: in every state that people bring them to, labelled, and supported before they begin."""

from collections import Counter

from sqlalchemy import select

from app.database import Database
from app.demo.initiative_texts import LABEL
from app.demo.initiatives import seed_initiatives, seed_later_initiatives
from app.initiatives.models import CityDocument, CityInitiative, InitiativeNeighbour, InitiativeText
from tests.conftest import NOW


def test_initiatives_and_documents_are_in_many_states_and_say_that_they_are_examples(sqlite: Database) -> None:
    with sqlite.writing() as session:
        made = seed_initiatives(session, NOW) + seed_later_initiatives(session, NOW)
        rows = session.scalars(select(CityInitiative)).all()
        assert made == len(rows)
        states = Counter(row.state for row in rows)
        expected = {"planned", "submitted", "examined", "returned", "not_supported", "supported", "running"}
        assert states.keys() == expected | {"finished", "stopped"}
        assert all(row.decided_on <= row.started_on for row in rows if row.started_on and row.decided_on)
        titles = (*session.scalars(select(InitiativeText.title_kk)), *session.scalars(select(CityDocument.title_kk)))
        assert all(title.startswith(f"{LABEL.kk}: ") for title in titles)
        documents = Counter(session.scalars(select(CityDocument.state)))
        assert documents == {"released": 3, "draft": 1}
        assert session.scalars(select(InitiativeNeighbour)).first(), "two cities do the same"
