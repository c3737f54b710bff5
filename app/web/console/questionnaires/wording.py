"""Where and what exactly was found in a questionnaire or in an XLSForm, in the three languages of the console.

Validation, linter and reader of forms give English, for the command line; here each of their phrases has its sentence.
"""

import re
from collections.abc import Iterable

from app.web.language import _, _l, listed

Phrases = tuple[tuple[str, object], ...]
"""Pattern of an English phrase → the same as a sentence with the names of its groups."""

GAPS: Phrases = (
    ("inside a group that cannot be carried", _l("It stands inside a group that cannot be taken over")),
    ("no type: none of the five kinds of question", _l("The row has no type")),
    ("(?P<what>.*): none of the five kinds of question", _l("“%(what)s” is none of the five kinds of question")),
    ("repeated questions", _l("Repeated questions")),
    ("a group inside a group", _l("A group inside a group")),
    ("a note: .*", _l("A note: only title, lead, period, consent and a page's introduction have a place")),
    ("a question outside a group: .*", _l("A question outside a group: a group is a page")),
    ("no list (?P<what>.*) on the sheet of choices", _l("There is no list “%(what)s” on the sheet of choices")),
    (
        "(?P<what>.*): a number has a least and .*",
        _l("“%(what)s”: a number has a least and a greatest value, a text a length"),
    ),
    ("(?P<what>.*): yes or nothing is due", _l("“%(what)s”: yes or nothing is due")),
    ("has no place on this row", _l("It has no place on this row")),
    ("a second row of settings", _l("A second row of settings")),
    ("a questionnaire has no such sheet", _l("A questionnaire has no such sheet")),
    (r"more than (?P<what>\d+) sheets", _l("More than %(what)s sheets")),
    (r"more than (?P<what>\d+) rows", _l("More than %(what)s rows")),
    (r"more than (?P<what>\d+) columns", _l("More than %(what)s columns")),
    ("a column that stands twice", _l("A column that stands twice")),
    (
        "a text in a language .*",
        _l("A text in a language that is not named as Kazakh (kk), Russian (ru) or English (en)"),
    ),
    ("a questionnaire has no such column", _l("A questionnaire has no such column")),
    ("a formula", _l("A formula")),
    ("an error of the spreadsheet", _l("An error of the spreadsheet")),
    ("a date or time", _l("A date or time")),
    (r"more than (?P<what>\d+) characters", _l("A condition of more than %(what)s characters")),
    (r"more than (?P<what>\d+) parentheses .*", _l("A condition with more than %(what)s parentheses in one another")),
    (
        "(?s:(?P<what>.*) where (?:the condition should|a question such|the name of a choice|.* is due: a cond).*)",
        _l("A condition that cannot be taken over, from “%(what)s” on: only an answer by = or selected() is read"),
    ),
    ("the condition ends too early", _l("A condition that ends too early")),
)
"""Reasons of surveys.xlsform."""

DETAILS: Phrases = (
    (r"a mapping is due, not \w+ (?P<what>.*)", _l("names and their values belong here, not %(what)s")),
    (r"(?P<key>\w+): a text is due, not \w+ (?P<what>.*)", _l("%(key)s: a text is due, not %(what)s")),
    (r"(?P<key>\w+): a whole number is due, not \w+ (?P<what>.*)", _l("%(key)s: a whole number is due, not %(what)s")),
    (r"(?P<key>\w+): true or false is due, not \w+ (?P<what>.*)", _l("%(key)s: true or false is due, not %(what)s")),
    (r"(?P<key>\w+): a list is due, not \w+ (?P<what>.*)", _l("%(key)s: a list is due, not %(what)s")),
    (r"options: a code is due, not \w+ (?P<what>.*)", _l("the code of an option is due, not %(what)s")),
    (r"a text is due, not \w+ (?P<what>.*)", _l("a text is due, not %(what)s")),
    ("a key is a text", _l("a key is a text")),
    (r"\w+ (?P<what>'.*'); known: (?P<known>.*)", _l("%(what)s; known: %(known)s")),
    (r"\w+ (?P<what>'.*')", "%(what)s"),
    ("version and minutes count from 1", _l("version and minutes count from 1")),
    (r"\d+ areas per respondent of 0", _l("no page has an area of city life (qp_area of its group in an XLSForm)")),
    (
        r"(?P<asked>\d+) areas per respondent of (?P<there>\d+)",
        _l("areas asked of one respondent: %(asked)s, areas in the questionnaire: %(there)s"),
    ),
    ("role (?P<role>.*), area none", _l("role %(role)s, no area")),
    ("role (?P<role>.*), area (?P<area>.*)", _l("role %(role)s, area %(area)s")),
    ("(?P<one>.*) on a page of (?P<other>.*)", _l("area of the question: %(one)s, of the page: %(other)s")),
    (r"a code of this city starts with (?P<what>.*)\.", _l("it should start with “%(what)s.”")),
    ("values (?P<what>[-0-9, ]*)", _l("points: %(what)s")),
    (r"(?:page |question |option )?(?P<what>.*), (?P<n>\d+) times", _l("“%(what)s”, times: %(n)s")),
    (r"(?P<n>\d+) characters of (?P<most>\d+)", _l("characters: %(n)s, allowed: %(most)s")),
    (r"(?P<n>\d+) words of (?P<most>\d+)", _l("words: %(n)s, allowed: %(most)s")),
    ("the city is named only in (?P<langs>.*)", _l("the city is named only %(langs)s")),
    (r"(?P<good>\d+) of praise, (?P<bad>\d+) of blame", _l("points of praise: %(good)s, of blame: %(bad)s")),
    ("(?s:(?P<what>.*) in (?P<langs>kk|ru|en) as well)", _l("“%(what)s” stands %(langs)s as well")),
    ("(?P<langs>(?:kk|ru|en) = (?:kk|ru|en))", "%(langs)s"),
    ("none of its questions can show", _l("none of its questions can show")),
    ("no answers lead here", _l("no answers lead here")),
    ("(?P<what>.*) cannot have been answered by then", _l("“%(what)s” cannot have been answered by then")),
    ("(?P<what>.*) has no (?P<option>.*)", _l("“%(what)s” has no option “%(option)s”")),
    (r"more than (?P<n>\d+) bytes", _l("bytes allowed: %(n)s")),
    (r"byte (?P<n>\d+)", _l("from byte %(n)s on")),
    (r"(?P<n>\d+) where (?P<most>\d+) fit a byte", _l("options: %(n)s, allowed: %(most)s")),
    ("(?P<what>.*) of a (?P<kind>.*) question", _l("“%(what)s” of a question of the kind “%(kind)s”")),
    ("minimum and maximum fix its place in the bytes", _l("write both minimum and maximum")),
    (r"(?P<a>-?\d+) to (?P<b>-?\d+); (?P<n>\d+) values at most", _l("%(a)s to %(b)s; values allowed: %(n)s")),
    (r"at most (?P<n>\d+), either side of 0", _l("at most %(n)s, either side of 0")),
    (r"max_chars counts from 1 to (?P<n>\d+)", _l("max_chars is a number from 1 to %(n)s")),
    (
        "words are stored and read as suggestions on an area",
        _l("what is written is stored and read as a suggestion on an area"),
    ),
    ("rule (?P<what>.*); those that can be reviewed: (?P<known>.*)", _l("rule “%(what)s”; known: %(known)s")),
    ("language (?P<what>.*)", _l("language “%(what)s”")),
    (r"“(?P<what>.*)” has fewer than (?P<n>\d+) words", _l("“%(what)s”: fewest words: %(n)s")),
    ("no reason given", _l("no reason given")),
)
"""Details of surveys.authoring and surveys.questionnaire; any other detail is a quotation from the file."""

PARTS: Phrases = (
    ("title", _l("title")),
    ("lead", _l("introduction")),
    ("period", _l("period")),
    (r"consent (?P<n>\d+)", _l("consent, paragraph %(n)s")),
    ("consent_version", _l("version of the consent")),
    ("label", _l("wording")),
    ("hint", _l("hint")),
    ("intro", _l("introduction of the page")),
    ("options", _l("options")),
    ("option (?P<code>.*)", _l("option %(code)s")),
    ("show_if", _l("rule of showing")),
    (r"rule #(?P<n>\d+)", _l("condition %(n)s")),
    (r"reviewed #(?P<n>\d+)", _l("reviewed wording no. %(n)s")),
    (r"line (?P<n>\d+)", _l("row %(n)s")),
)
"""Parts of a questionnaire as validation names them; any other is the name of a key."""

FORM_PLACES = {
    "code": _l("sheet settings, column form_id: the name of the questionnaire in small Latin letters"),
    "version": _l("sheet settings, column version: a whole number, one more with every changed text"),
    "audience": _l("sheet settings, column qp_audience: resident, business or staff"),
    "minutes": _l("sheet settings, column qp_minutes: how many minutes it takes, a whole number"),
    "areas_per_respondent": _l(
        "sheet settings, column qp_areas_per_respondent: about how many areas one person is asked"
    ),
    "consent_version": _l("sheet settings, column qp_consent_version: the version of the consent, such as 2027-1"),
    "title": _l("sheet settings, column form_title: what the questionnaire is called"),
    "lead": _l("sheet survey: a row of the type note named lead above the first group, with the introduction"),
    "period": _l(
        "sheet survey: a row of the type note named period above the first group, with the period asked about"
    ),
}
"""Key of a questionnaire → where it stands in an XLSForm, and what to write there."""

NO_CONSENT = _l("sheet survey: rows of the type note named consent above the first group, a paragraph each")


IN_LANGUAGE = {"kk": _l("in Kazakh"), "ru": _l("in Russian"), "en": _l("in English")}


def gap(reason: str) -> str:
    """Say why a questionnaire cannot hold something of a form."""
    return phrase(GAPS, reason) or reason


def detail(found: str) -> str:
    """Say what exactly was found."""
    return phrase(DETAILS, found) or found


def part(named: str) -> str:
    """Say of which part of a questionnaire something is said."""
    return ", ".join(phrase(PARTS, each) or each for each in named.split(", ") if each)


def in_form(rule: str, found: str) -> str:
    """Say which sheet and column of an XLSForm lacks something; empty when it is another fault."""
    if rule == "no_consent":
        return _("fill in: %(place)s", place=NO_CONSENT)
    if rule == "missing_key" and found in FORM_PLACES:
        return _("fill in: %(place)s", place=FORM_PLACES[found])
    return ""


def phrase(table: Iterable[tuple[str, object]], english: str) -> str:
    """Give the sentence of an English phrase; empty when the table has none."""
    for pattern, sentence in table:
        if match := re.fullmatch(pattern, english):
            return str(sentence) % {name: _said(name, value) for name, value in match.groupdict().items()}
    return ""


def in_language(code: str) -> str:
    """Say in which language a text is; what is none of the three stays as it is."""
    return str(IN_LANGUAGE.get(code, code))


def _said(name: str, value: str) -> str:
    """Write what a phrase names; codes of languages by their names."""
    return listed(in_language(code) for code in re.split(", | = ", value)) if name == "langs" else value
