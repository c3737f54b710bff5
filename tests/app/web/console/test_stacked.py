"""Tables of fieldwork, periods and staff are cards on a phone, and each figure says there what it is."""

import re
from pathlib import Path

TEMPLATES = Path(__file__).parents[4] / "app/templates/console"
SUBJECTS = ("waves", "questionnaires", "materials", "periods", "staff")


def test_tables_become_cards_in_which_figures_are_named() -> None:
    wrong = []
    for template in sorted(file for subject in SUBJECTS for file in (TEMPLATES / subject).glob("*.html")):
        text = template.read_text()
        wrong += [f"{template.name}: {tag}" for tag in re.findall(r"<table[^>]*>", text) if "stacked" not in tag]
        figures = re.findall(r'<td class="number[^>]*>.{0,30}', text)
        wrong += [f"{template.name}: {cell}" for cell in figures if '<span class="label">' not in cell]
    assert wrong == []
