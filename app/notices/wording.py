"""What notices and mail say, in the reader's language: counts, codes and names of cities; no value, nobody's words.

The sentences come from the catalogues of the screens, by the standard library's gettext: a job has no request.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path
from typing import NamedTuple

from babel.dates import format_skeleton

from scoring.edition import edition_codes, load_edition
from surveys.languages import Text3
from surveys.population.places import load_places

TRANSLATIONS = Path(__file__).parents[2] / "translations"
_LOCALES = {"kk": "kk_KZ", "ru": "ru_KZ", "en": "en_GB"}

Parameters = Mapping[str, str | int]
"""Codes, counts and days (ISO) that a sentence names."""


def _l(message: str) -> str:
    """Mark a text for the catalogues."""
    return message


class NoticeKind(NamedTuple):
    """A kind of notice: the sentence in the console, and subject and text of its mail; without a subject no mail."""

    sentence: str
    subject: str = ""
    text: str = ""
    """Empty where the mail says the sentence itself."""


_ROLES = {
    "analyst": _l("analyst"),
    "moderator": _l("moderator"),
    "lead": _l("lead of the akimat"),
    "reviewer": _l("assessor"),
    "publisher": _l("publisher"),
    "auditor": _l("auditor"),
    "admin": _l("administrator"),
}

KINDS: Mapping[str, NoticeKind] = {
    "value.returned": NoticeKind(
        _l("%(city)s, %(period)s: the value of %(indicator)s came back for correction"),
        _l("%(city)s, %(period)s: values came back for correction"),
        _l(
            "Values of %(city)s for %(period)s came back for correction. "
            "What is to be corrected, and by when, stands in the console."
        ),
    ),
    "value.refused": NoticeKind(
        _l("%(city)s, %(period)s: the time to correct %(indicator)s is over, and its value is not accepted"),
    ),
    "value.reopen_asked": NoticeKind(_l("%(city)s, %(period)s: the city asks to open %(indicator)s again")),
    "value.split": NoticeKind(
        _l("%(city)s, %(period)s: two assessors differ on %(indicator)s, and a third is needed"),
        _l("%(period)s: a third assessor is needed"),
        _l("Two assessors of %(period)s differ. A third person is needed to decide."),
    ),
    "approval.asked": NoticeKind(
        _l("Request %(request)s to publish a rating waits for your approval"),
        _l("A rating waits for your approval"),
    ),
    "run.made": NoticeKind(_l("The run of %(period)s that you ordered is made")),
    "run.failed": NoticeKind(_l("The run of %(period)s that you ordered was not made; its page says why")),
    "work.failed": NoticeKind(
        _l("Work that you ordered broke off. What was done stays; the rest can be started again")
    ),
    "publication.objected": NoticeKind(_l("Request %(request)s to publish a rating was stopped by an objection")),
    "publication.published": NoticeKind(
        _l("Publication %(number)s is on the portal"), _l("Publication %(number)s is on the portal")
    ),
    "withdrawal.asked": NoticeKind(
        _l("The withdrawal of publication %(number)s waits for a second person"),
        _l("A withdrawal waits for a second person"),
    ),
    "publication.withdrawn": NoticeKind(
        _l("Publication %(number)s was withdrawn"), _l("Publication %(number)s was withdrawn")
    ),
    "role.granted": NoticeKind(_l("You were given a role: %(role)s"), _l("You were given a role")),
    "role.revoked": NoticeKind(_l("A role was taken from you: %(role)s"), _l("A role was taken from you")),
    "device.new": NoticeKind(
        _l("A new way to sign in was added to your account. If it was not you, tell an administrator at once"),
        _l("A new way to sign in to your account"),
    ),
    "account.invited": NoticeKind(
        "",
        _l("An invitation to the console of City Opinion"),
        _l(
            "You were invited to the console of City Opinion. The link works once and within 72 hours: "
            "with it you choose a password and set up the second step."
        ),
    ),
    "reset.asked": NoticeKind(
        _l("A person lost every way to sign in: the reset waits for a second person"),
        _l("A reset of an account waits for a second person"),
    ),
    "factor.reset": NoticeKind(
        "",
        _l("Your account has been reset"),
        _l(
            "Two persons have reset your account, and all your sessions have ended. The link works once and within "
            "72 hours: with it you choose a password and set up the second step. "
            "If you did not ask for it, tell an administrator at once."
        ),
    ),
    "account.idle": NoticeKind(
        _l("Your account has not been used for long and will be closed on %(day)s unless you sign in"),
        _l("Your account will be closed unless you sign in"),
    ),
    "comment.urgent": NoticeKind(
        _l("%(city)s: a suggestion says that somebody may be in danger. Read it at once"),
        _l("%(city)s: an urgent suggestion"),
    ),
    "comment.calmed": NoticeKind(
        _l("%(city)s: the mark of danger on a suggestion was taken back: nobody is in danger")
    ),
    "initiative.submitted": NoticeKind(_l("%(city)s: initiative %(number)s waits for an examiner")),
    "initiative.differs": NoticeKind(
        _l("%(city)s: two examiners differ on initiative %(number)s, and a third is needed"),
        _l("%(city)s: a third examiner is needed for an initiative"),
    ),
    "initiative.decided": NoticeKind(
        _l("%(city)s: the ministry has decided on initiative %(number)s"),
        _l("%(city)s: the ministry has decided on an initiative"),
    ),
    "initiative.evaluated": NoticeKind(
        _l("%(city)s: figures from before and after stand beside initiative %(number)s")
    ),
    "reply.to_release": NoticeKind(
        _l("%(city)s: reply %(number)s to suggestions waits for you to release it"),
        _l("%(city)s: replies wait to be released"),
        _l("Replies to suggestions from %(city)s wait for somebody other than their author to release them."),
    ),
    "reply.sent_back": NoticeKind(_l("%(city)s: your reply %(number)s to suggestions came back, with a note")),
    "reply.released": NoticeKind(_l("%(city)s: your reply %(number)s to suggestions was released")),
    "commitment.disputed": NoticeKind(
        _l("%(city)s: those who raised it say that commitment %(number)s is not done. A new day is to be set"),
        _l("%(city)s: a commitment is disputed"),
    ),
    "suggestions.due": NoticeKind(
        _l("%(city)s: suggestions that wait for a reply: %(count)s; last day: %(day)s"),
    ),
    "suggestions.overdue": NoticeKind(
        _l("%(city)s: suggestions that should have had a reply by %(day)s: %(count)s"),
    ),
    "commitment.due": NoticeKind(_l("%(city)s: commitment %(number)s is due on %(day)s")),
    "commitment.overdue": NoticeKind(_l("%(city)s: commitment %(number)s is overdue; it was due on %(day)s")),
    "return.due": NoticeKind(
        _l("%(city)s, %(period)s: values to send: %(count)s; last day: %(day)s"),
        _l("%(city)s, %(period)s: the return is due on %(day)s"),
    ),
    "return.overdue": NoticeKind(
        _l("%(city)s, %(period)s: values that should have been sent by %(day)s: %(count)s"),
        _l("%(city)s, %(period)s: the return is overdue"),
    ),
}
"""Every kind of notice. Whoever needs another one adds it here, with the parameters that the sentence names."""

DIGEST: Mapping[str, str] = {
    "values.returned": _l("values that came back for correction"),
    "values.due_7": _l("values due within 7 days"),
    "values.due_3": _l("values due within 3 days"),
    "values.due_1": _l("values due by tomorrow"),
    "values.overdue": _l("values overdue"),
    "cases.to_assess": _l("values that wait for your verdict"),
    "cases.split": _l("values that need a third assessor"),
    "suggestions.urgent": _l("suggestions that say that somebody may be in danger"),
    "suggestions.to_decide": _l("suggestions that wait to be decided"),
    "suggestions.assigned": _l("suggestions assigned to you"),
    "hidings.to_confirm": _l("hidings in other cities that wait for your decision"),
    "decisions.to_audit": _l("decisions about suggestions drawn for you"),
    "suggestions.to_code": _l("shown suggestions without a theme"),
    "suggestions.second": _l("suggestions that wait for your word as the second person"),
    "suggestions.due_7": _l("suggestions whose term for a reply ends within 7 days"),
    "suggestions.due_3": _l("suggestions whose term for a reply ends within 3 days"),
    "suggestions.due_1": _l("suggestions whose term for a reply ends by tomorrow"),
    "suggestions.overdue": _l("suggestions whose term for a reply is over"),
    "replies.to_release": _l("replies that wait for you to release them"),
    "replies.sent_back": _l("replies that came back to you"),
    "commitments.due_7": _l("commitments due within 7 days"),
    "commitments.due_3": _l("commitments due within 3 days"),
    "commitments.due_1": _l("commitments due by tomorrow"),
    "commitments.overdue": _l("commitments whose day is past"),
    "commitments.disputed": _l("commitments that are disputed and need a new day"),
    "approvals.waiting": _l("requests for your approval"),
    "publications.ready": _l("approved ratings that can be published"),
    "withdrawals.waiting": _l("withdrawals that wait for a second person"),
    "initiatives.to_examine": _l("initiatives that wait for your examination"),
    "initiatives.differ": _l("initiatives that need a third examiner"),
    "admins.end": _l("days until nobody is an administrator any more"),
}
"""Lines of the morning's mail; each stands before a number."""


def sentence(kind: str, parameters: Parameters, language: str) -> str:
    """Say a notice in a language: kk, ru or en."""
    return _said(KINDS[kind].sentence, parameters, language)


def subject_of(kind: str, parameters: Parameters, language: str) -> str:
    """Say what a mail is about."""
    if kind == "digest":
        return catalogue(language).gettext(_l("What waits for you today"))
    return _said(KINDS[kind].subject, parameters, language)


def text_of(kind: str, parameters: Parameters, language: str) -> str:
    """Say what a mail says before its links."""
    return _said(KINDS[kind].text or KINDS[kind].sentence, parameters, language)


def digest_line(kind: str, number: int, language: str) -> str:
    """Say one line of the morning's mail."""
    words = catalogue(language).gettext(DIGEST[kind])
    return f"{words[:1].upper()}{words[1:]}: {number}"


def footer(language: str) -> str:
    """Say why a mail came, and that nobody reads answers."""
    return catalogue(language).gettext(
        _l("The console of City Opinion sends this to members of staff. Nobody reads answers to this address.")
    )


def short_day(day: date, language: str) -> str:
    """Write day and month as they are written in a sentence: 2 желтоқсан, 2 декабря, 2 December."""
    return str(format_skeleton("MMMMd", day, locale=_LOCALES[language]))


@cache
def catalogue(language: str) -> NullTranslations:
    """Read the catalogue of a language once."""
    if language not in _LOCALES:
        raise ValueError(language)
    return translation("messages", TRANSLATIONS, [language], fallback=language == "en")


def _said(message: str, parameters: Parameters, language: str) -> str:
    texts = catalogue(language)
    values = {name: _value(name, value, language) for name, value in parameters.items()}
    return texts.gettext(message) % values if message else ""


def _value(name: str, value: str | int, language: str) -> str:
    """Give a parameter as it is read: a city, an indicator and a role by their names, a day in words."""
    if name == "city":
        return _city(str(value), language)
    if name == "indicator":
        return _indicator(str(value), language)
    if name == "day":
        return short_day(date.fromisoformat(str(value)), language)
    if name == "role":
        role, _, city = str(value).partition("/")
        named = catalogue(language).gettext(_ROLES[role])
        return f"{named}, {_city(city, language)}" if city else named
    return str(value)


def _indicator(code: str, language: str) -> str:
    found = _indicators().get(code)
    if found is None:
        return code
    return f"“{found.en}”" if language == "en" else f"«{found.pick(language)}»"


@cache
def _indicators() -> Mapping[str, Text3]:
    """Read the names of indicators once: each as the newest edition that has it calls it."""
    return {each.code: Text3(*each.name) for code in edition_codes() for each in load_edition(code).indicators}


def _city(code: str, language: str) -> str:
    found = next((city for city in load_places().cities if city.code == code), None)
    return found.name.pick(language) if found else code
