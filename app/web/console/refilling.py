"""Puts what was typed into the form of a page that was drawn without it; knows pages, and nobody's forms.

A page that a view drew is read once; where a form of it is sent to the given address, its fields get what was typed.
Secrets and files stay empty, hidden fields and buttons as the view drew them.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

Pairs = list[tuple[str, str]]
"""Names and values of a form, as they were posted."""

_CHOICES = frozenset({"checkbox", "radio"})
_LEFT = frozenset({"hidden", "submit", "button", "reset", "image", "file", "password"})
_CODE = "one-time-code"
_MARK = "mark"
"""Name of the hidden field of a form whose text confirms one content: what was typed for another is not put in."""


class Edit(NamedTuple):
    """What stands at a place of the page instead."""

    start: int
    end: int
    text: str


@dataclass(slots=True)
class Control:
    """One field of a form, or one choice of it."""

    kind: str
    attributes: dict[str, str | None]
    start: int
    end: int
    """Behind its opening tag."""
    name: str
    value: str = ""
    close: int = 0
    """Where the closing tag of a text begins."""


@dataclass(slots=True)
class DrawnForm:
    """A form of a page: where it is sent, and its fields."""

    addresses: set[str]
    folds: list[Control]
    """The closed parts of the page that it stands in."""
    controls: list[Control] = field(default_factory=list)


class DrawnPage(HTMLParser):
    """A page with its forms."""

    def __init__(self, text: str, path: str) -> None:
        """Read a page that stands at a path."""
        super().__init__()
        self.text = text
        self.body = 0
        """Where the page itself begins, behind menu and title."""
        self.forms: list[DrawnForm] = []
        self._path = path
        self._lines = [0]
        for line in text.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)
        self._by_id: dict[str, DrawnForm] = {}
        self._elsewhere: list[tuple[str, Control]] = []
        self._form: DrawnForm | None = None
        self._folds: list[Control] = []
        self._list = ""
        self._area: Control | None = None
        self.feed(text)
        self.close()
        for name, control in self._elsewhere:
            if form := self._by_id.get(name):
                form.controls.append(control)
                if other := control.attributes.get("formaction"):
                    form.addresses.add(self._at(other))

    def forms_to(self, address: str) -> list[DrawnForm]:
        """List the forms that are sent to an address."""
        return [form for form in self.forms if address in form.addresses]

    def forms_with(self, name: str, value: str) -> list[DrawnForm]:
        """List the forms that have a field of this name and value."""
        return [form for form in self.forms if any((each.name, each.value) == (name, value) for each in form.controls)]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take what begins here."""
        line, column = self.getpos()
        start = self._lines[line - 1] + column
        end = start + len(self.get_starttag_text() or "")
        own = Control(tag, dict(attrs), start, end, dict(attrs).get("name") or "", dict(attrs).get("value") or "")
        match tag:
            case "main":
                self.body = end
            case "details":
                self._folds.append(own)
            case "form":
                self._begin(own)
            case "select":
                self._list = own.name
            case "option":
                own.name = self._list
                self._add(own)
            case "input" | "textarea" | "button":
                self._take(own)

    def handle_endtag(self, tag: str) -> None:
        """Take what ends here."""
        if tag == "form":
            self._form = None
        elif tag == "details" and self._folds:
            self._folds.pop()
        elif tag == "textarea" and self._area:
            line, column = self.getpos()
            self._area.close = self._lines[line - 1] + column
            self._area = None

    def handle_data(self, data: str) -> None:
        """Take the text of a field of many lines."""
        if self._area:
            self._area.value += data

    def _begin(self, tag: Control) -> None:
        self._form = DrawnForm({self._at(tag.attributes.get("action"))}, list(self._folds))
        self.forms.append(self._form)
        if name := tag.attributes.get("id"):
            self._by_id[name] = self._form

    def _take(self, control: Control) -> None:
        if control.kind == "input":
            control.kind = (control.attributes.get("type") or "text").lower()
        if control.kind == "textarea":
            self._area = control
        if control.kind in _CHOICES and "value" not in control.attributes:
            control.value = "on"
        if (other := control.attributes.get("formaction")) and self._form:
            self._form.addresses.add(self._at(other))
        self._add(control)

    def _add(self, control: Control) -> None:
        if name := control.attributes.get("form"):
            self._elsewhere.append((name, control))
        elif self._form:
            self._form.controls.append(control)

    def _at(self, action: str | None) -> str:
        return urlsplit(urljoin(self._path, action or "")).path


def holds(page: DrawnPage, typed: Pairs) -> bool:
    """Tell whether a page has everything that was typed somewhere in its forms, shown or not."""
    there = {(each.name, _plain(each.value)) for form in page.forms for each in form.controls}
    return all((name, _plain(value)) in there for name, value in typed if value.strip())


def refill(forms: Iterable[DrawnForm], typed: Pairs) -> list[Edit]:
    """Say what to change in a page so that the right one of these forms has what was typed; nothing where none is."""
    forms = [form for form in forms if any(_is_open(each) for each in form.controls) and _is_of_content(form, typed)]
    if not forms:
        return []
    form = next((each for each in forms if _is_same(each, typed)), forms[0])
    values: defaultdict[str, list[str]] = defaultdict(list)
    for name, value in typed:
        values[name].append(value)
    edits = [edit for control in form.controls for edit in _filled(control, values)]
    unfolded = [_again(each, "details", each.attributes | {"open": None}) for each in form.folds]
    return edits + unfolded if edits else []


def edited(text: str, edits: Iterable[Edit]) -> str:
    """Change a page; of two changes of one place, as of the fold around two forms, the first counts."""
    parts, done = [], 0
    for edit in sorted(edits, key=lambda each: (each.start, each.end)):
        if edit.start >= done:
            parts += [text[done : edit.start], edit.text]
            done = edit.end
    return "".join([*parts, text[done:]])


def _is_open(control: Control) -> bool:
    return control.kind not in _LEFT and control.attributes.get("autocomplete") != _CODE


def _is_of_content(form: DrawnForm, typed: Pairs) -> bool:
    given = {value for name, value in typed if name == _MARK}
    return not given or all(each.value in given for each in form.controls if each.name == _MARK)


def _is_same(form: DrawnForm, typed: Pairs) -> bool:
    """Of several forms for one address it is the one whose hidden fields are those that were sent."""
    names = {name for name, _value in typed}
    hidden = [(each.name, each.value) for each in form.controls if each.kind == "hidden" and each.name in names]
    return all(pair in typed for pair in hidden)


def _filled(control: Control, values: dict[str, list[str]]) -> list[Edit]:
    if not _is_open(control) or control.kind == "button" or not control.name:
        return []
    given = values.get(control.name, [])
    if control.kind in _CHOICES or control.kind == "option":
        mark = "selected" if control.kind == "option" else "checked"
        is_on, was_on = control.value in given, mark in control.attributes
        if is_on == was_on or (control.kind == "option" and not given):
            return []
        kept = {name: value for name, value in control.attributes.items() if name != mark}
        return [_again(control, _tag(control), kept | {mark: None} if is_on else kept)]
    if not given:
        return []
    value = given.pop(0)
    if control.kind == "textarea":
        # The first line break after the tag is not part of the text.
        return [Edit(control.end, control.close, "\n" + escape(value))]
    return [_again(control, "input", control.attributes | {"value": value})]


def _tag(control: Control) -> str:
    return "option" if control.kind == "option" else "input"


def _again(control: Control, tag: str, attributes: dict[str, str | None]) -> Edit:
    words = [name if value is None else f'{name}="{escape(value)}"' for name, value in attributes.items()]
    return Edit(control.start, control.end, f"<{' '.join([tag, *words])}>")


def _plain(value: str) -> str:
    return value.replace("\r\n", "\n").strip()
