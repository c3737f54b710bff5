"""docs/rights.md says what the program does: it is printed from the table that is read at every request."""

from pathlib import Path

from app.accounts.permissions import Permission, Role, rights
from app.accounts.rights_page import rights_page

PAGE = Path(__file__).parents[2] / "docs" / "rights.md"


def test_the_page_is_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == rights_page(), "python -m app staff rights > docs/rights.md"


def test_every_permission_is_in_the_table_once_and_held_by_somebody() -> None:
    table = rights()
    assert set(table) == set(Permission)
    assert [each for each in Permission if not any(table[each][role] for role in Role)] == []


def test_an_admin_sees_no_data() -> None:
    allowed = {each for each in Permission if rights()[each][Role.ADMIN]}
    assert allowed == {"SEE_PERIODS", "READ_JOURNAL", "SEE_STAFF", "MANAGE_STAFF", "CONFIRM_RESET"}
