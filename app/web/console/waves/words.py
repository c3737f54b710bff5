"""What states, ways in, steps and refusals of waves are called."""

from app.fieldwork.step_counts import CHECK, CONSENT, MORE, START, SUGGESTIONS
from app.web.language import _l, _lc
from surveys.fieldwork.waves import PlanFault

STATES = {
    "planned": (_lc("wave", "planned"), "new"),
    "open": (_lc("wave", "open"), "good"),
    "closed": (_lc("wave", "closed"), "warn"),
    "frozen": (_l("frozen"), ""),
}
"""State → its word and the colour beside it."""

STATE_NAMES = {state: name for state, (name, _colour) in STATES.items()}

MEANINGS = {
    "planned": _l("The wave waits for its first day. Nobody can answer yet."),
    "open": _l("Answers are being taken."),
    "closed": _l("The form takes no answers. Phones may still send what they kept."),
    "frozen": _l("Nothing of the wave changes any more. Its key is destroyed."),
}

AUDIENCES = {"resident": _l("residents"), "business": _l("businesses"), "staff": _l("akimat staff")}

GATES = {
    "open": _l("open link"),
    "code": _l("letter with a code"),
    "sms": _l("code by SMS"),
    "oidc": _l("sign-in"),
}

OWN_STEPS = {
    START: _l("Choice of the city"),
    CONSENT: _l("Consent"),
    MORE: _l("More areas"),
    SUGGESTIONS: _l("Suggestions"),
    CHECK: _l("Check and send"),
}

PLAN_FAULTS = {
    PlanFault.NO_VERSION: ("questionnaire", _l("Choose a questionnaire")),
    PlanFault.TAKEN: ("code", _l("There is a wave with this code already")),
    PlanFault.RESERVED: ("code", _l("This code is an address of the survey itself: choose another one")),
    PlanFault.NO_WAY_IN: ("gates", _l("Choose at least one way in")),
    PlanFault.SMS_FOR_BUSINESS: ("gates", _l("Businesses come by code or sign-in: a telephone is not an enterprise")),
    PlanFault.STAFF_BY_CODE: (
        "gates",
        _l("Akimat staff come by the code of a letter alone: choose that way in and no other"),
    ),
    PlanFault.DAYS_REVERSED: ("closes_on", _l("The last day is before the first")),
}
"""Why a wave cannot be planned so → the field and the sentence."""
