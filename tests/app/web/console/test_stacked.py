"""Tables of the console are cards on a phone, and each figure says there what it is."""

import re
from pathlib import Path

TEMPLATES = Path(__file__).parents[4] / "app/templates/console"
OTHERWISE = {"imports/preview.html", "runs/run.html", "journal/journal.html"}
"""Faults of a file have rules of their own, places of cities are narrow, and rows of the journal are numbered."""


def test_tables_become_cards_in_which_figures_are_named() -> None:
    wrong = []
    files = {str(file.relative_to(TEMPLATES)): file for file in TEMPLATES.rglob("*.html")}
    for name in sorted(files.keys() - OTHERWISE):
        text = files[name].read_text()
        wrong += [f"{name}: {tag}" for tag in re.findall(r"<table[^>]*>", text) if "stacked" not in tag]
        figures = re.findall(r'<td class="number[^"]*">.{0,30}', text)
        wrong += [f"{name}: {cell}" for cell in figures if "label" not in cell.partition(">")[2]]
    assert files.keys() >= OTHERWISE
    assert wrong == []


def test_no_form_stands_in_a_paragraph() -> None:
    """A paragraph ends where a form begins, and its buttons would stand outside the row they were put into."""
    wrong = []
    for file in sorted(TEMPLATES.rglob("*.html")):
        text = file.read_text()
        presses = re.findall(r"{% macro (\w+)\([^)]*\)[^%]*%}\s*<form", text)
        inside = re.compile(
            r"<p\b[^>]*>(?:(?!</p>).)*?(?:<form" + "".join(rf"|{{{{ {each}\(" for each in presses) + ")", re.DOTALL
        )
        wrong += [f"{file.relative_to(TEMPLATES)}: {match[0][:60]}" for match in inside.finditer(text)]
    assert wrong == []
