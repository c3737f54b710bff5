"""Everything that happened to a theme or in a city, told by its day: the same lines make the page and the feed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from app.feedback.board.commitments import PublicCommitment
from app.feedback.board.replies import PublicReply
from app.feedback.board.themes import FEW
from app.web.language import _, _n, current_language, day, percent
from app.web.portal.said.words import REPLIES, STEPS, Worded, days_moved, worded


class Happening(NamedTuple):
    """One thing that the administration or residents did; `key` names it for ever."""

    key: str
    day: date
    step: str
    """A key of words.STEPS: who did what."""
    headline: Worded
    """What it is about: the kind of a reply, or what was promised."""
    facts: tuple[str, ...]
    """Days and shares that the step changed, each a sentence."""
    body: Worded | None
    evidence: str
    anchor: str
    """Of the reply or commitment on the page of its theme."""
    theme: str
    """Under which it stands; the first where there are several."""
    is_anchor: bool = False
    """Whether links to the reply lead here: its newest version."""
    other_body: Worded | None = None
    """Another body, where it is theirs to do, and where to turn."""
    body_address: str = ""
    answers: Mapping[str, int] | None = None
    """What those who raised it said of the reply."""

    @property
    def title(self) -> str:
        """Say who did what."""
        return str(STEPS[self.step])


def happenings(
    replies: Iterable[PublicReply],
    commitments: Iterable[PublicCommitment],
    promised: Sequence[PublicCommitment],
    order: Mapping[str, int],
) -> list[Happening]:
    """Put all steps into one row, the newest first, also of one day: `order` is that of app.feedback.board.order.

    `promised` is whatever any of the replies promised.
    """
    lines = [line for reply in replies for line in _of_reply(reply, promised)]
    lines += [line for commitment in commitments for line in _of_commitment(commitment)]
    last = len(order)
    return sorted(lines, key=lambda line: (line.day, order.get(line.key, last)), reverse=True)


def _of_reply(reply: PublicReply, promised: Sequence[PublicCommitment]) -> Iterator[Happening]:
    for text in reply.texts:
        is_first, is_newest = text is reply.texts[0], text is reply.newest
        stands = reply.withdrawn_on is None
        yield Happening(
            key=f"reply-{reply.id}-{text.version}",
            day=text.day,
            step="reply" if is_first else "correction",
            headline=Worded(str(REPLIES[reply.kind]), current_language()),
            facts=tuple(_facts_of(reply, promised))
            if is_newest and stands
            else _note(is_newest=is_newest, stands=stands),
            body=worded(text.text) if text.text.kk else None,
            evidence=reply.evidence_address if is_newest else "",
            anchor=f"reply-{reply.id}",
            theme=reply.themes[0],
            is_anchor=is_newest and stands,
            other_body=worded(reply.body_name) if is_newest and reply.body_name.kk else None,
            body_address=reply.body_address if is_newest else "",
            answers=reply.answers if is_newest and stands and reply.kind == "done" else None,
        )
    if reply.withdrawn_on is not None:
        yield Happening(
            key=f"reply-{reply.id}-withdrawn",
            day=reply.withdrawn_on,
            step="withdrawal",
            headline=Worded(str(REPLIES[reply.kind]), current_language()),
            facts=(),
            body=worded(reply.withdrawn_reason),
            evidence="",
            anchor=f"reply-{reply.id}",
            theme=reply.themes[0],
            is_anchor=True,
        )


def _note(*, is_newest: bool, stands: bool) -> tuple[str, ...]:
    if not stands:
        return (_("It was withdrawn since."),)
    return () if is_newest else (_("It was corrected since."),)


def _facts_of(reply: PublicReply, promised: Sequence[PublicCommitment]) -> Iterator[str]:
    if reply.reached >= FEW:
        yield _n("It answers %(num)s suggestion", "It answers %(num)s suggestions", reply.reached)
    if reply.done_on:
        yield _("Done on %(day)s", day=day(reply.done_on))
    if reply.next_word_on:
        yield _("The akimat will say more by %(day)s", day=day(reply.next_word_on))
    yield from days_moved(reply.id, promised)


def _of_commitment(commitment: PublicCommitment) -> Iterator[Happening]:
    due = commitment.first_due
    for step in commitment.steps:
        facts = []
        if step.event == "announce":
            facts.append(_("Promised by %(day)s", day=day(commitment.first_due)))
        if step.due is not None and step.due != due:
            facts.append(_("Before: by %(before)s. Now: by %(now)s.", before=day(due), now=day(step.due)))
            due = step.due
        if step.percent is not None and step.event in {"progress", "report_done"}:
            facts.append(_("%(share)s done", share=percent(step.percent)))
        yield Happening(
            key=f"commitment-{commitment.id}-{step.id}",
            day=step.day,
            step=step.event,
            headline=worded(commitment.title),
            facts=tuple(facts),
            body=worded(step.body) if step.body.kk else None,
            evidence=step.evidence_address,
            anchor=f"commitment-{commitment.id}",
            theme=commitment.theme,
        )
