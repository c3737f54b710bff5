"""Whether a reply may be released: by whom its words are, and everything it still lacks."""

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.feedback import reply_targets
from app.feedback.commitment_checks import faults_of_promise
from app.feedback.commitment_states import CommitmentState
from app.feedback.commitments import promise_of
from app.feedback.placeholders import gaps_in
from app.feedback.reply_errors import AnswerFault, Flaw
from app.feedback.reply_models import Commitment, Reply, ReplyText
from app.feedback.reply_states import PUBLIC, stage_of
from app.feedback.reply_texts import LanguageVersions, ReplyContent, ReplyFacts, faults_of_facts, faults_of_text
from surveys.languages import LANGUAGES, Text3

DAYS = frozenset({"done_on", "next_word_on", "due"})
"""Fields of the day that the gap {date} of a template is filled with."""


def content_of(text: ReplyText) -> ReplyContent:
    """Give what a version says."""
    return ReplyContent(Text3(text.kk, text.ru, text.en), facts_of(text))


def facts_of(row: ReplyText | Reply) -> ReplyFacts:
    """Give the facts of a version, or those that are public."""
    name = Text3(row.body_name_kk, row.body_name_ru, row.body_name_en)
    return ReplyFacts(row.done_on, row.evidence_address, row.next_word_on, name, row.body_address)


def versions_of(text: ReplyText) -> LanguageVersions:
    """Give the versions in which the languages of a version were written."""
    return LanguageVersions(text.kk_version, text.ru_version, text.en_version)


def writers_of(texts: Sequence[ReplyText], released: int = 0) -> frozenset[int]:
    """Give whose words the newest of some versions are: of each part whoever changed it last, and who saved it.

    The versions are all of a reply, oldest first; what was said up to the version `released` another person has seen.
    """
    writers: dict[str, ReplyText] = {}
    before = _parts(ReplyContent())
    for row in texts:
        now = _parts(content_of(row))
        writers |= {part: row for part, said in now.items() if said != before[part]}
        before = now
    unseen = {row.written_by for row in writers.values() if row.version > released}
    return frozenset({*unseen, texts[-1].written_by}) if texts else frozenset()


def _parts(content: ReplyContent) -> dict[str, object]:
    """Give all that somebody may have written, each by itself."""
    return {**content.facts._asdict(), **{code: content.text.pick(code) for code in LANGUAGES}}


def faults_of_reply(session: Session, reply: Reply, text: ReplyText, today: date) -> Iterator[Flaw]:
    """Say what the newest text of a reply lacks before it can be released.

    A text with an open {date} is whole once the day beside it is there, so only the missing day is said.
    """
    found = list(_faults_of_parts(session, reply, text, today))
    has_no_day = any(flaw.field in DAYS and flaw.code is AnswerFault.MISSING for flaw in found)
    words = Text3(text.kk, text.ru, text.en)
    for flaw in found:
        is_gap = flaw.field in LANGUAGES and flaw.code is AnswerFault.PLACEHOLDER
        if not (has_no_day and is_gap and set(gaps_in(words.pick(flaw.field))) == {"date"}):
            yield flaw


def _faults_of_parts(session: Session, reply: Reply, text: ReplyText, today: date) -> Iterator[Flaw]:
    is_public = stage_of(reply.state, reply.correction) in PUBLIC
    yield from faults_of_text(content_of(text), versions_of(text))
    yield from faults_of_facts(reply.kind, facts_of(text), today, facts_of(reply) if is_public else None)
    if is_public:
        return
    if not reply_targets.count_targets(session, reply.id).get("reached"):
        yield Flaw("", AnswerFault.NO_TARGETS)
    if reply.kind == "being_looked_at" and reply_targets.told_twice(session, reply.id):
        yield Flaw("", AnswerFault.TWICE)
    if reply.kind == "will_do":
        yield from _faults_of_promise(promised_by(session, reply.id), today)


def _faults_of_promise(row: Commitment | None, today: date) -> Iterator[Flaw]:
    if row is None:
        yield Flaw("title_kk", AnswerFault.MISSING)
    elif row.state == CommitmentState.DRAFT:
        yield from faults_of_promise(promise_of(row), today)


def promised_by(session: Session, reply: int) -> Commitment | None:
    """Give the commitment that a reply opens."""
    return session.scalars(select(Commitment).where(Commitment.reply == reply).order_by(Commitment.id)).first()
