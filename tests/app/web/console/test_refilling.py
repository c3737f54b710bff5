"""What stands in a drawn page after typed text was put into it: all of it as text, and nothing but what was typed."""

import pytest

from app.web.console.refilling import DrawnPage, Pairs, edited, refill

PATH = "/console/x"
NASTY = "\"><script>alert(1)</script>\n</textarea> & ' &lt; өң"


def filled(form: str, typed: Pairs, address: str = PATH) -> str:
    page = DrawnPage(f"<main>{form}</main>", PATH)
    return edited(page.text, refill(page.forms_to(address), typed))


@pytest.mark.parametrize(
    "field",
    ['<input name="a">', '<input name="a" value="old">', "<textarea name=a>\nold &lt;b&gt;</textarea>"],
)
def test_what_is_put_in_is_text_whatever_it_holds(field: str) -> None:
    page = filled(f"<form>{field}</form><p>after</p>", [("a", NASTY)])
    assert "<script" not in page
    assert page.endswith("<p>after</p></main>")
    (form,) = DrawnPage(page, PATH).forms
    assert [each.value.lstrip("\n") for each in form.controls] == [NASTY]


@pytest.mark.parametrize(
    "field",
    [
        '<input type="password" name="a">',
        '<input type="PASSWORD" name="a">',
        '<input type="hidden" name="a" value="1">',
        '<input type="file" name="a">',
        '<input type="submit" name="a" value="1">',
        '<input name="a" autocomplete="one-time-code">',
        '<button name="a" value="1">Go</button>',
    ],
)
def test_secrets_and_what_the_view_says_itself_stay_as_they_were_drawn(field: str) -> None:
    form = f'<form>{field}<input name="b"></form>'
    assert filled(form, [("a", "1")]) == f"<main>{form}</main>"
    page = filled(form, [("a", "x"), ("b", "typed")])
    assert field in page
    assert 'value="typed"' in page


def test_choices_are_those_that_were_made() -> None:
    form = (
        '<form><input type="checkbox" name="c" value="1" checked><input type="checkbox" name="c" value="2">'
        '<input type="radio" name="r" value="a" checked><input type="radio" name="r" value="b">'
        '<select name="s"><option value="x" selected>X</option><option value="y">Y</option></select></form>'
    )
    page = DrawnPage(filled(form, [("c", "2"), ("r", "b"), ("s", "y")]), PATH)
    on = [each.value for each in page.forms[0].controls if {"checked", "selected"} & each.attributes.keys()]
    assert on == ["2", "b", "y"]


def test_two_forms_of_one_fold_and_one_form_of_two_addresses_leave_the_page_whole() -> None:
    form = '<input name="a"><button formaction="/console/z">Z</button>'
    text = f'<main><details><form action="/console/y">{form}</form><form>{form}</form></details></main>'
    page = DrawnPage(text, PATH)
    edits = [
        edit
        for address in ("/console/y", PATH, "/console/z")
        for edit in refill(page.forms_to(address), [("a", address)])
    ]
    changed = edited(text, edits)
    assert changed == (
        '<main><details open><form action="/console/y"><input name="a" value="/console/y">'
        '<button formaction="/console/z">Z</button></form><form><input name="a" value="/console/x">'
        '<button formaction="/console/z">Z</button></form></details></main>'
    )


def test_what_was_typed_for_another_content_is_not_put_in() -> None:
    form = '<form><input type="hidden" name="mark" value="new"><input name="a"></form>'
    assert filled(form, [("mark", "old"), ("a", "typed")]) == f"<main>{form}</main>"
    assert 'value="typed"' in filled(form, [("mark", "new"), ("a", "typed")])


def test_only_the_form_of_the_address_with_its_own_hidden_fields_is_filled() -> None:
    text = "".join(f'<form><input type="hidden" name="id" value="{each}"><input name="a"></form>' for each in "12")
    assert filled(text, [("id", "2"), ("a", "typed")]).index("typed") > len("<main>") + len(text) // 2
    assert "typed" not in filled(text, [("a", "typed")], "/console/elsewhere")
