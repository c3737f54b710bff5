"""Words of the console for initiatives and documents: steps, points of the checklist, opinions, what is refused."""

from collections.abc import Mapping

from app.initiatives.documents import DocumentState
from app.initiatives.errors import FieldFault, Lack, OpinionFault, WhyNot
from app.initiatives.opinions import ChecklistPoint, Opinion
from app.initiatives.states import InitiativeStep
from app.web.initiatives.words import STATES, StateBadge
from app.web.language import _l, _lc

INITIATIVE_STATES: Mapping[str, str] = {str(state): badge.words for state, badge in STATES.items()}

STEPS: Mapping[InitiativeStep, str] = {
    InitiativeStep.CREATE: _lc("initiative", "planned"),
    InitiativeStep.SAVE: _lc("initiative", "text changed"),
    InitiativeStep.SUBMIT: _lc("initiative", "submitted to the ministry"),
    InitiativeStep.RECALL: _lc("initiative", "recalled"),
    InitiativeStep.SUPPORT: _lc("initiative", "supported by the ministry"),
    InitiativeStep.RETURN: _lc("initiative", "returned by the ministry"),
    InitiativeStep.REFUSE: _lc("initiative", "not supported by the ministry"),
    InitiativeStep.DIFFER: _lc("initiative", "the two examiners differ"),
    InitiativeStep.WITHDRAW: _lc("initiative", "given up"),
    InitiativeStep.START: _lc("initiative", "begun"),
    InitiativeStep.REPORT: _lc("initiative", "progress told"),
    InitiativeStep.FINISH: _lc("initiative", "finished"),
    InitiativeStep.STOP: _lc("initiative", "given up"),
    InitiativeStep.EVALUATE: _lc("initiative", "set beside figures from before and after"),
}

POINTS: Mapping[ChecklistPoint, str] = {
    ChecklistPoint.WHAT_IT_DOES: _l("It is clear what it does"),
    ChecklistPoint.WHAT_IT_MOVES: _l("It can move the area and the indicators that it names"),
    ChecklistPoint.COST_AND_YEARS: _l("Cost and years are plausible"),
    ChecklistPoint.SAME_ELSEWHERE: _l("It does not repeat what another city has already"),
    ChecklistPoint.REGISTERS: _l("It uses the state's registers and interfaces instead of its own"),
    ChecklistPoint.PERSONAL_DATA: _l("Personal data: none, or on a legal basis"),
    ChecklistPoint.LANGUAGES: _l("It can be used in Kazakh and in Russian, and by people with disabilities"),
    ChecklistPoint.WHO_RUNS_IT: _l("Somebody runs it later"),
}

OPINIONS: Mapping[Opinion, str] = {
    Opinion.SUPPORT: _l("support"),
    Opinion.RETURN: _l("return to the city"),
    Opinion.NOT_SUPPORT: _l("do not support"),
    Opinion.UNABLE: _l("could not judge"),
}

OPINION_FAULTS: Mapping[OpinionFault, tuple[str, str]] = {
    OpinionFault.NO_NOTE: ("note", _l("Please write to the city what it should change, or why it is not supported.")),
    OpinionFault.POINT_OPEN: (
        "points",
        _l("A point is not ticked. Please write the condition under which it is supported, or return it."),
    ),
    OpinionFault.CONDITIONS_HALF: (
        "conditions_ru",
        _l("Conditions are public: please write them in Kazakh and in Russian."),
    ),
    OpinionFault.CONDITIONS_WITHOUT_SUPPORT: (
        "conditions_kk",
        _l("Conditions belong to support alone. Please write to the city in the note instead."),
    ),
    OpinionFault.LONG_CONDITIONS: ("conditions_kk", _l("The conditions are longer than 600 characters.")),
    OpinionFault.LONG_NOTE: ("note", _l("The note is longer than 600 characters.")),
    OpinionFault.LONG_PRIVATE_NOTE: ("private_note", _l("The private note is longer than 400 characters.")),
    OpinionFault.UNREASONED: ("private_note", _l("Please say in one of the two notes why you decide so.")),
}
"""Field and sentence."""

WHY_NOT: Mapping[WhyNot, str] = {
    WhyNot.NO_REVIEWER: _l("Only examiners of the ministry give an opinion."),
    WhyNot.OWN_CITY: _l("You have, or had within a year, a role in this city: somebody else examines its initiatives."),
    WhyNot.OWN_WORK: _l("You have worked on this initiative yourself: somebody else examines it."),
    WhyNot.GIVEN_ALREADY: _l("You have given your opinion on this text."),
}

LACKS: Mapping[Lack, str] = {
    Lack.NEEDED: _l("Please fill this in."),
    Lack.TOO_SHORT: _l("Please write %(number)s characters or more."),
    Lack.TOO_LONG: _l("Please write %(number)s characters at most."),
    Lack.UNPRINTABLE: _l("There is a sign in it that cannot be shown. Please write it in plain letters."),
    Lack.UNKNOWN_AREA: _l("Please choose an area."),
    Lack.UNKNOWN_CODE: _l("The ministry's list has no such initiative."),
    Lack.UNKNOWN_INDICATOR: _l("There is no such indicator."),
    Lack.NOT_A_NUMBER: _l("Please write a whole number in digits; years have four."),
    Lack.YEARS: _l("It ends before it begins. Please correct one of the two years."),
    Lack.CHOICE: _l("Please choose."),
    Lack.ADDRESS: _l("Please write a whole address that begins with https://"),
    Lack.DAY: _l("Please give the day. It is chosen or written as 2026-12-31."),
    Lack.DAY_TO_COME: _l("This day is still to come."),
    Lack.DAY_BEFORE_START: _l("This day lies before the one on which it began."),
    Lack.NOT_BOTH: _l("Everybody reads it: please write it in Kazakh and in Russian."),
    Lack.UNKNOWN_DOCUMENT: _l("This document cannot be replaced: it is of another kind, or not in force."),
    Lack.UNKNOWN_PUBLICATION: _l("Please choose a publication that stands."),
    Lack.ORDER: _l("The publication from after must be a later one."),
}

DOCUMENT_STATES: Mapping[str, StateBadge] = {
    DocumentState.DRAFT: StateBadge(_lc("document", "draft"), "new"),
    DocumentState.RELEASED: StateBadge(_lc("document", "in force"), "good"),
    DocumentState.REPLACED: StateBadge(_lc("document", "replaced")),
    DocumentState.WITHDRAWN: StateBadge(_lc("document", "withdrawn"), "bad"),
}


def fault_sentence(fault: FieldFault) -> str:
    """Say what is wrong with a field, and what to do."""
    return str(LACKS[fault.lack]) % {"number": fault.number}
