"""What the page of a suggestion says to whoever wrote it: its state, the reason, the answer, in residents' words."""

from dataclasses import dataclass

from app.feedback.following import Followed, FollowedCommitment, FollowedReply, is_asked
from app.feedback.verdicts import ANSWERABLE
from app.web.language import _, _l, _n, current_language, day, pick, readable
from app.web.resident.form.views import area_titles
from app.web.resident.services import services
from surveys.languages import Text3
from surveys.population.places import load_places
from surveys.responses.sealed_words import SealedWords

_STATES = {
    "pending": (
        _l("It waits to be handed to the city administration"),
        _l(
            "Suggestions wait until at least five have come from one city in one language, and are handed over on "
            "Mondays: so nobody can tell when each was written. Until then nobody reads them. Where few people write, "
            "they wait until the survey ends and are then handed over, however few they are."
        ),
    ),
    "released": (
        _l("The city administration has it"),
        _l("A moderator has not read it yet."),
    ),
    "second_look": (
        _l("A moderator has read it"),
        _l("A colleague will read it too before they decide."),
    ),
    "hidden_provisional": (
        _l("A moderator wants to hide it"),
        _l("It is not hidden before somebody from outside the city administration has agreed."),
    ),
    "shown": (_l("Everybody may read it"), ""),
    "shown_redacted": (
        _l("Everybody may read it, with parts blacked out"),
        _l("The moderator saw something in it that may not be shown. The rest stands as you wrote it."),
    ),
    "hidden": (_l("It is hidden: nobody outside the city administration can read it"), ""),
    "taken_back": (_l("It was taken back"), _l("Its words are deleted, and it counts nowhere.")),
}
"""What is said of each state of surveys.models.comments.STATES."""

_REASONS = {
    "personal_data": _l("it names a person, or tells how to find one"),
    "insult": _l("it insults somebody"),
    "threat": _l("it threatens or calls for violence"),
    "advertising": _l("it advertises something"),
    "no_content": _l("it says nothing about the city"),
    "not_the_city": _l("it is not about this city"),
}

_KINDS = {
    "done": _l("Done"),
    "will_do": _l("Will be done"),
    "being_looked_at": _l("Being looked at"),
    "cannot": _l("Cannot be done"),
    "another_body": _l("Another body decides about this"),
}

_COMMITMENTS = {
    "announced": _l("promised"),
    "in_progress": _l("in work"),
    "reported_done": _l("reported as done"),
    "agreed": _l("done: those who raised it agree"),
    "disputed": _l("reported as done, but fewer than half of those who raised it say that it has become better"),
    "dropped": _l("given up"),
}

ANSWERS = {
    "yes": _l("Yes"),
    "partly": _l("Partly"),
    "no": _l("No"),
    "cannot_tell": _l("I cannot tell"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """A text as it was written, in its language."""

    text: str
    lang: str


@dataclass(frozen=True, slots=True)
class Promise:
    """A commitment in lines."""

    title: Words
    lines: tuple[str, ...]
    evidence: str
    """Where everybody can see that it was done, as the administration says; empty before it says so."""


@dataclass(frozen=True, slots=True)
class ShownReply:
    """A reply of the administration as the page shows it; `is_asked` where the writer may say whether it is better."""

    id: int
    heading: str
    text: Words | None
    note: str
    lines: tuple[str, ...]
    evidence: str
    promises: tuple[Promise, ...]
    is_asked: bool
    said: str


@dataclass(frozen=True, slots=True)
class Described:
    """A suggestion as the page shows it."""

    about: str
    headline: str
    detail: str
    reason: str
    written: Words | None
    """What was written; None once it is deleted."""
    shown: Words | None
    """What others may read of it where that is not the same."""
    lines: tuple[str, ...]
    answers: tuple[ShownReply, ...]
    is_taken_back: bool
    is_deleted: bool
    """Whether the text was deleted by the administration."""


def describe(words: Followed | SealedWords) -> Described:
    """Put into the request's language what is known of a suggestion."""
    if isinstance(words, SealedWords):
        return _sealed(words)
    headline, detail = _STATES[words.state]
    is_taken_back = words.state == "taken_back"
    return Described(
        about=_about(words.wave, words.city, words.area),
        headline=str(headline),
        detail=str(detail),
        reason=str(_REASONS.get(words.reason, "")) if words.state not in _WITHOUT_REASON else "",
        written=Words(words.text, words.lang) if words.text else None,
        shown=Words(words.shown_text, words.lang) if words.shown_text else None,
        lines=tuple(_lines(words)),
        answers=tuple(_answer(reply, may_answer=words.may_answer) for reply in words.replies),
        is_taken_back=is_taken_back,
        is_deleted=not words.text and not is_taken_back,
    )


_WITHOUT_REASON = ("shown", "released", "pending", "taken_back")


def _sealed(words: SealedWords) -> Described:
    headline, detail = _STATES["taken_back" if words.is_withdrawn else "pending"]
    return Described(
        about=_about(words.wave, words.city, words.sent.area),
        headline=str(headline),
        detail=str(detail),
        reason="",
        written=None if words.is_withdrawn else Words(words.sent.text, words.lang),
        shown=None,
        lines=(),
        answers=(),
        is_taken_back=words.is_withdrawn,
        is_deleted=False,
    )


def _about(wave: str, city: str, area: str) -> str:
    view, names = services().waves.get(wave), [pick(load_places().city(city).name)]
    if view is not None:
        known = area in view.compiled.areas
        names += [title for _area, title in area_titles(view, [area], city)] if known else []
        names.append(pick(view.compiled.questionnaire.title))
    return " · ".join(names)


def _lines(words: Followed) -> list[str]:
    lines = []
    if words.released_on is not None:
        year, week, _day = words.released_on.isocalendar()
        lines.append(_("Handed over in week %(week)s of %(year)s.", week=week, year=year))
    if words.themes:
        themes = "; ".join(pick(theme) for theme in words.themes)
        lines.append(_("What it is about, as the administration sees it: %(themes)s.", themes=themes))
    if words.alike:
        others = words.alike - 1
        lines.append(
            _n("Put together with %(num)s other.", "Put together with %(num)s others that say the same.", others)
        )
    return lines


def _answer(reply: FollowedReply, *, may_answer: bool) -> ShownReply:
    text = _in_my_language(reply.text)
    return ShownReply(
        id=reply.id,
        heading=str(_KINDS[reply.kind]),
        text=text,
        note=_("The answer is not there in English.") if text and text.lang != current_language() else "",
        lines=tuple(_lines_of_reply(reply)),
        evidence="" if reply.withdrawn_on else reply.evidence,
        promises=tuple(_promise(each) for each in reply.commitments),
        is_asked=may_answer and is_asked(reply),
        said=reply.answer,
    )


def _lines_of_reply(reply: FollowedReply) -> list[str]:
    if reply.withdrawn_on is not None:
        lines = [_("The administration took this answer back on %(day)s.", day=day(reply.withdrawn_on))]
        why = _in_my_language(reply.withdrawn_reason)
        return [*lines, *([why.text] if why else [])]
    lines = [_("Answered on %(day)s.", day=day(reply.released_on))]
    if reply.corrected_on is not None:
        lines.append(_("Corrected on %(day)s.", day=day(reply.corrected_on)))
    if reply.kind == "done" and reply.done_on is not None:
        lines.append(_("Done on %(day)s.", day=day(reply.done_on)))
    if reply.kind == "being_looked_at" and reply.next_word_on is not None:
        lines.append(_("More will be said by %(day)s.", day=day(reply.next_word_on)))
    lines += [
        _("The promised day was moved. First: %(first)s. Now: %(now)s.", first=day(each.first_due), now=day(each.due))
        for each in reply.commitments
        if each.due != each.first_due
    ]
    if reply.kind == "another_body" and (body := _in_my_language(reply.body_name)):
        lines.append(_("Where to turn: %(body)s, %(address)s", body=body.text, address=reply.body_address))
    return lines


def _promise(commitment: FollowedCommitment) -> Promise:
    due, first = day(commitment.due), day(commitment.first_due)
    lines = [str(_COMMITMENTS[commitment.state])]
    if commitment.state not in ANSWERABLE:
        lines.append(_("%(percent)s %% done", percent=commitment.percent))
    lines.append(_("promised for %(day)s", day=due))
    if commitment.moved:
        moved = _n("moved %(num)s time, first promised for %(day)s", "moved %(num)s times, first promised for %(day)s",
                   commitment.moved, day=first)  # fmt: skip
        lines.append(moved)
    if commitment.done_on is not None:
        lines.append(_("done on %(day)s, as was reported", day=day(commitment.done_on)))
    owner = _in_my_language(commitment.owner)
    lines += [owner.text] if owner else []
    return Promise(_in_my_language(commitment.title) or Words("", "kk"), tuple(lines), commitment.evidence)


def _in_my_language(text: Text3) -> Words | None:
    found = readable(text)
    return Words(*found) if found else None
