"""Verdicts, reasons and oddities in the words of the page's language."""

from app.indicators.assignments import Skip
from app.indicators.errors import Hindrance, RulingCode
from app.indicators.risk import Oddity
from app.indicators.verdicts import CaseVerdict, ReturnReason, Tick
from app.web.language import _l

VERDICTS = {
    CaseVerdict.ACCEPT: _l("accept"),
    CaseVerdict.RETURN: _l("return"),
    CaseVerdict.UNABLE: _l("cannot judge"),
}

SAID = {
    CaseVerdict.ACCEPT: _l("accepted"),
    CaseVerdict.RETURN: _l("returned"),
    CaseVerdict.UNABLE: _l("no verdict"),
}
"""What somebody said, of themselves."""

GIVEN = {
    CaseVerdict.ACCEPT: _l("Accepted: %(name)s, %(city)s. Your verdict is stored."),
    CaseVerdict.RETURN: _l("Returned: %(name)s, %(city)s. Your verdict is stored."),
    CaseVerdict.UNABLE: _l("You gave no verdict: %(name)s, %(city)s. It goes to another assessor."),
}

TICKS = {
    Tick.IS_WHAT_IT_SAYS: _l("The document is what it says it is"),
    Tick.COVERS_PERIOD: _l("It covers the period"),
    Tick.COVERS_CITY: _l("It covers the city"),
    Tick.SUPPORTS_VALUE: _l("It supports the value"),
}

REASONS = {
    ReturnReason.MISSING_EVIDENCE: _l("evidence is missing"),
    ReturnReason.OTHER_PERIOD: _l("the evidence is of another period"),
    ReturnReason.OTHER_UNIT: _l("another unit of measurement"),
    ReturnReason.NOT_SUPPORTED: _l("the evidence does not support the value"),
    ReturnReason.CALCULATION: _l("an error in the calculation"),
    ReturnReason.OTHER: _l("another reason (say it in the note)"),
}

ODDITIES = {
    Oddity.LINTER: _l("outside its range or far from all other cities"),
    Oddity.SHARED_EVIDENCE: _l("the same document stands elsewhere too"),
    Oddity.YES_AFTER_NO: _l("“yes” after “no”"),
    Oddity.BIG_CHANGE: _l("changed much more than in other cities"),
    Oddity.NOT_APPLICABLE: _l("not applicable"),
    Oddity.FIRST_VALUE: _l("a value for the first time"),
}

HINDRANCES = {
    Hindrance.NO_REVIEWER: _l("Only assessors give verdicts."),
    Hindrance.OWN_CITY: _l("You have a role in this city, or had one within a year, so you assess none of its values."),
    Hindrance.OWN_VALUE: _l("You entered this value, sent it or added a document to it, so others assess it."),
    Hindrance.GIVEN_ALREADY: _l("Your verdict on this value is in, and it stays as you gave it."),
    Hindrance.GIVEN_TO_OTHERS: _l("Two other assessors were asked to assess this value."),
}

FAULTS = {
    RulingCode.NO_REASON: ("reasons", _l("To return a value, choose at least one reason.")),
    RulingCode.NO_NOTE: ("note", _l("Say in the note to the city what the other reason is.")),
    RulingCode.REASON_WITHOUT_RETURN: ("reasons", _l("You chose a reason for returning, but not “return”.")),
    RulingCode.NOT_LOOKED_AT: ("ticks", _l("Before accepting, confirm the first three points about the evidence.")),
    RulingCode.LONG_NOTE: ("note", _l("The note to the city is longer than 400 characters.")),
    RulingCode.LONG_PRIVATE_NOTE: ("private-note", _l("The private note is longer than 400 characters.")),
    RulingCode.UNSETTLED: ("note", _l("Say in one of the notes why you decide so.")),
}
"""Field of the form that a fault is about, and its sentence."""

LEFT_ALONE = {
    Skip.UNKNOWN: _l("no such value"),
    Skip.DECIDED: _l("decided already"),
    Skip.FULL: _l("both seats are taken"),
    Skip.NOBODY: _l("nobody of those chosen may assess it"),
}
