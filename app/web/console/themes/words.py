"""Kinds of suggestions, changes of themes and refusals in words."""

from collections.abc import Mapping

from app.feedback.errors import CodingFault, GroupFault, ThemeFault
from app.web.language import _l

KINDS: Mapping[str, str] = {
    "complaint": _l("complaint"),
    "suggestion": _l("suggestion, what to do"),
    "question": _l("question"),
    "thanks": _l("thanks"),
}

CHANGES: Mapping[str, str] = {
    "made": _l("made"),
    "renamed": _l("renamed; before that it was called"),
    "merged": _l("merged into"),
    "split": _l("part of it became"),
    "retired": _l("retired"),
    "restored": _l("in use again"),
}

CODINGS: Mapping[str, str] = {
    "coded": _l("said"),
    "undone": _l("taken back to"),
    "merged": _l("after two themes were merged"),
    "split": _l("after a theme was split"),
}

CODING_FAULTS: Mapping[CodingFault, str] = {
    CodingFault.TOO_MANY: _l("A suggestion has three themes at most: please untick some."),
    CodingFault.UNKNOWN_THEME: _l("One of the themes is not there: please choose again."),
    CodingFault.RETIRED_THEME: _l("One of the themes is not in use any more: please choose another."),
    CodingFault.UNKNOWN_KIND: _l("Please choose one of the four kinds, or none."),
    CodingFault.HIDDEN: _l("This suggestion is hidden, so it gets no theme."),
    CodingFault.NOTHING_TO_UNDO: _l("There is nothing of yours from the last ten minutes to take back."),
}

LEFT: Mapping[str, str] = {
    "gone": _l("not there any more"),
    "has_it": _l("it was so already"),
    "changed": _l("changed again meanwhile"),
    CodingFault.TOO_MANY: _l("three themes already"),
    CodingFault.UNKNOWN_THEME: _l("of another city"),
    CodingFault.RETIRED_THEME: _l("the theme is not in use any more"),
    CodingFault.HIDDEN: _l("hidden"),
    "in_group": _l("in a group already"),
    "elsewhere": _l("of another area, wave or city than the first"),
    "alone": _l("a group needs two"),
}
"""Why rows of a list are left as they are."""

THEME_FAULTS: Mapping[ThemeFault, str] = {
    ThemeFault.UNKNOWN: _l("There is no such theme."),
    ThemeFault.THREE_LANGUAGES: _l("A theme needs a name in Kazakh, in Russian and in English."),
    ThemeFault.LONG_NAME: _l("A name has 120 letters at most."),
    ThemeFault.SAME_NAME: _l("Another theme of this area is called so already."),
    ThemeFault.WRONG_CODE: _l(
        "A code is the area, a line below and a word in small Latin letters, such as hlt_doctors; 40 signs at most."
    ),
    ThemeFault.CODE_TAKEN: _l("There is a theme with this code already."),
    ThemeFault.WRONG_PARENT: _l("A city’s own theme stands below a national one that is in use."),
    ThemeFault.INTO_ITSELF: _l("A theme is merged into another one."),
    ThemeFault.WRONG_TARGET: _l("Choose a theme of the same area that is in use."),
    ThemeFault.NOTHING_CHOSEN: _l("Choose the suggestions first."),
    ThemeFault.MERGED: _l("This theme was merged: its suggestions are elsewhere."),
}

GROUP_FAULTS: Mapping[GroupFault, str] = {
    GroupFault.NO_TITLE: _l("Please give the group a title."),
    GroupFault.UNKNOWN: _l("There is no such group any more."),
}
