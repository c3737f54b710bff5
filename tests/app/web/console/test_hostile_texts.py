"""What somebody inside writes into names, addresses and files so that colleagues' pages or machines stand still."""

from io import BytesIO

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from app.accounts.models import Staff
from app.accounts.permissions import Role
from app.web import site
from app.web.console.services import services
from app.workspace import views
from app.workspace.models import SavedView
from tests.app.web.console.conftest import SignIn
from tests.builders.staff import make_staff


@pytest.mark.parametrize("page", ["//[x", "http://[x", "https://[::1"])
@pytest.mark.parametrize("role", [None, Role.ANALYST])
def test_what_is_no_address_leads_home(console: Flask, sign_in: SignIn, role: Role | None, page: str) -> None:
    browser = sign_in(role, "aktau") if role else console.test_client()
    said = browser.post("/console/views", data={"draft_page": page})
    told = browser.post("/console/views", headers={"Referer": page})
    refused = browser.post("/console/periods/new", data={"draft_page": page})
    assert {said.status_code, told.status_code, refused.status_code} <= {303, 400, 403}


@pytest.mark.parametrize("name", ["Aigerim\x01", "Aigerim\u202eOva", "\u200b"])
def test_nobody_is_invited_under_a_name_that_shows_another(console: Flask, sign_in: SignIn, name: str) -> None:
    admin = sign_in(Role.ADMIN)
    typed = {"email": "new@example.kz", "language": "kk", "role": "auditor", "city": ""}
    answers = [admin.send("/console/staff/invite", typed | {"name": each}) for each in (name, "Aigerim")]
    with site.services_of(console).database.reading() as session:
        assert session.scalars(select(Staff.name).where(Staff.email == "new@example.kz")).one() == "Aigerim"
    assert answers[0].status_code == 422


def test_a_name_that_no_workbook_can_hold_keeps_nobody_from_the_list(console: Flask, sign_in: SignIn) -> None:
    with site.services_of(console).database.writing() as session:
        make_staff(session, Role.REVIEWER, name="Old\x01 name")
    file = sign_in(Role.ADMIN).get("/console/staff/?as=xlsx")
    assert file.status_code == 200
    cells = [
        cell for row in load_workbook(BytesIO(file.data)).worksheets[0].iter_rows(values_only=True) for cell in row
    ]
    assert "Old\ufffd name" in cells


def test_nobody_fills_the_lists_of_colleagues_with_views(
    console: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "MOST", 3)
    analyst, colleague = sign_in(Role.ANALYST, "aktau"), sign_in(Role.ANALYST, "aktau")
    for number in range(5):
        analyst.send("/console/views", {"name": f"View {number}", "address": "/console/values/", "city": "aktau"})
    analyst.send("/console/views", {"name": "View 1", "address": "/console/values/?state=returned"})
    colleague.send("/console/views", {"name": "View 9", "address": "/console/values/"})
    with site.services_of(console).database.reading() as session:
        names = session.scalars(select(SavedView.name).order_by(SavedView.name)).all()
        assert names == ["View 0", "View 1", "View 2", "View 9"]
        changed = session.scalars(select(SavedView.address).where(SavedView.name == "View 1")).one()
    assert changed == "/console/values/?state=returned"


def test_no_more_workbooks_are_written_at_once_than_there_is_room_for(console: Flask, sign_in: SignIn) -> None:
    admin = sign_in(Role.ADMIN)
    with console.app_context():
        books = services().books
    held = [books.slot() for _turn in range(2)]
    for each in held:
        each.__enter__()
    books._patience = 0.01
    assert admin.get("/console/staff/?as=csv").status_code == 200
    assert admin.get("/console/staff/?as=xlsx").status_code == 503
    for each in held:
        each.__exit__(None, None, None)
    assert admin.get("/console/staff/?as=xlsx").status_code == 200
