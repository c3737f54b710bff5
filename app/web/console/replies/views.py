"""One reply as its page shows it: its words, what it reaches, what can be done with it, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.accounts.permissions import Permission, Person, Role
from app.feedback import commitments, reply_targets
from app.feedback.replies import excluded
from app.feedback.reply_checks import versions_of
from app.feedback.reply_models import Commitment, Reply, ReplyText
from app.feedback.reply_reading import ReadReply, WrittenText, read_reply
from app.feedback.reply_states import PUBLIC, WAITING, ReplyEvent, ReplyStage, next_stage
from app.feedback.reply_texts import older_languages
from app.notices.recipients import holders_named
from app.web import site
from app.web.console.replies.listing import address_of, badge_of, readers_of
from app.web.console.replies.words import LANGUAGE_TITLES, PUBLIC_KINDS
from app.web.console.themes.scope import areas, called
from app.web.console.values.words import Badge
from app.web.language import LANGUAGES, _, _n, current_language, day
from surveys.languages import Text3

PERMISSIONS = {
    "change": Permission.WRITE_REPLIES,
    "ready": Permission.WRITE_REPLIES,
    "give-up": Permission.WRITE_REPLIES,
    "release": Permission.RELEASE_REPLIES,
    "send-back": Permission.RELEASE_REPLIES,
    "withdraw": Permission.RELEASE_REPLIES,
}
_EVENTS = {
    "change": ReplyEvent.SAVE,
    "ready": ReplyEvent.FINISH,
    "give-up": ReplyEvent.GIVE_UP,
    "release": ReplyEvent.RELEASE,
    "send-back": ReplyEvent.SEND_BACK,
    "withdraw": ReplyEvent.WITHDRAW,
}


class LanguageSide(NamedTuple):
    """What a reply says in one language."""

    lang: str
    title: str
    text: str
    is_older: bool
    """Another language was changed since, and nobody said that this one still says the same."""


class ReplyFact(NamedTuple):
    """A fact beside the words, as everybody reads it; `address` where it leads, empty for none."""

    words: str
    lang: str = ""
    address: str = ""


class PromiseFacts(NamedTuple):
    """What a reply promises; `address` is its page."""

    title_kk: str
    title_ru: str
    unit_kk: str
    unit_ru: str
    due: date | None
    address: str


class VersionLine(NamedTuple):
    """One version in the history: what it said, by whom, and when another person released it."""

    number: int
    at: datetime
    writer: str
    released_on: date | None
    releaser: str
    sides: Sequence[LanguageSide]


@dataclass(frozen=True, slots=True)
class ReplyPage:
    """Everything that the page of a reply shows."""

    number: int
    city: str
    address: str
    kind: str
    kind_words: str
    area: str
    theme: str
    theme_address: str
    state: Badge
    version: int
    is_public: bool
    is_waiting: bool
    is_draft: bool
    """Whether its newest text is being written."""
    sides: Sequence[LanguageSide]
    facts: Sequence[ReplyFact]
    promise: PromiseFacts | None
    reached: int
    """Suggestions that it answers and everybody may read."""
    number_words: str
    portal: str
    """Where everybody reads it; empty while nobody does."""
    note: str
    own_text: bool
    """Whether it waits, and somebody else has to release it because part of it is by whoever looks."""
    releasers: Sequence[str]
    """Names of those who may release what waits, for whoever wrote it."""
    told_twice: int
    """Suggestions that were told twice already that they are being looked at."""
    fresh: int
    """Suggestions that came to its theme since."""
    withdrawn_on: date | None
    reasons: Sequence[LanguageSide]
    history: Sequence[VersionLine]
    knows_names: bool
    can: frozenset[str]

    @property
    def steps(self) -> frozenset[str]:
        """What can be done beside writing."""
        return self.can - {"change", "add"}


class ReplyRights(NamedTuple):
    """What somebody may do with a reply as it stands, and what there is to do."""

    can: frozenset[str]
    writes: bool
    excluded: frozenset[int]
    """Who may not release what waits, for part of it is their own."""
    own_text: bool
    told_twice: int
    fresh: int


def read_page(session: Session, person: Person, city: str, number: int) -> tuple[ReplyPage, ReadReply] | None:
    """Read a reply as a person sees it, in eight statements at most; None where they see none such."""
    read = read_reply(session, number, city, readers_of(person))
    if read is None:
        return None
    row, stage, text = read.row, read.stage, read.texts.shown(read.stage)
    rights = _rights(session, person, read)
    counts = reply_targets.count_targets(session, number)
    page = ReplyPage(
        number=number,
        city=city,
        address=address_of(city, number),
        kind=row.kind,
        kind_words=str(PUBLIC_KINDS[row.kind]),
        area=areas().get(row.area, row.area),
        theme=called(read.theme) if read.theme else "",
        theme_address=f"/console/themes/{row.theme}/{city}/{row.wave}" if row.theme else "",
        state=badge_of(row.state, row.correction, was_released=bool(read.texts.released)),
        version=row.version,
        is_public=stage in PUBLIC,
        is_waiting=stage in WAITING,
        is_draft=stage in {ReplyStage.DRAFT, ReplyStage.CORRECTING},
        sides=sides_of(text),
        facts=list(facts_shown(text, row.kind)),
        promise=_promise(read.promise, city),
        reached=counts.get("reached", 0),
        number_words=_number_words(counts, is_told=bool(read.texts.released)),
        portal=portal_address(row) if stage in PUBLIC else "",
        note=row.note if rights.writes else "",
        own_text=rights.own_text,
        releasers=_releasers(session, read, rights),
        told_twice=rights.told_twice,
        fresh=rights.fresh,
        withdrawn_on=row.withdrawn_on,
        reasons=_reasons(row),
        history=[_version(each) for each in reversed(read.written)],
        knows_names=rights.writes or person.may(Permission.READ_JOURNAL, city),
        can=rights.can,
    )
    return page, read


def _rights(session: Session, person: Person, read: ReadReply) -> ReplyRights:
    """Say what a person may do; what stands against it is asked for only where it could be done."""
    row, stage = read.row, read.stage
    allowed = {word: person.may(permission, row.city) for word, permission in PERMISSIONS.items()}
    can = {word for word, event in _EVENTS.items() if allowed[word] and next_stage(stage, event) is not None}
    excluding = excluded(session, row, read.texts) if stage in WAITING else frozenset()
    own = "release" in can and person.id in excluding
    may_add = allowed["release" if stage in PUBLIC else "change"] and stage is not ReplyStage.WITHDRAWN
    fresh = reply_targets.new_in_theme(session, row) if may_add else []
    is_looked_at = row.kind == "being_looked_at" and stage not in PUBLIC and allowed["change"]
    told_twice = reply_targets.told_twice(session, row.id) if is_looked_at else []
    can = (can - {"release"} if own else can) | ({"add"} if fresh else set())
    return ReplyRights(frozenset(can), allowed["change"], excluding, own, len(told_twice), len(fresh))


def _releasers(session: Session, read: ReadReply, rights: ReplyRights) -> list[str]:
    """Name those who may release a reply that waits: leads of its city whose words it does not have."""
    if read.stage not in WAITING or not rights.writes:
        return []
    named = holders_named(Role.LEAD, site.clock().today(), [read.row.city])
    return sorted(session.scalars(named.where(Staff.id.not_in(rights.excluded))))


def sides_of(text: ReplyText) -> list[LanguageSide]:
    """Give what a version says, language by language; English where it has a text."""
    words = Text3(text.kk, text.ru, text.en)
    older = older_languages(words, versions_of(text))
    return [
        LanguageSide(lang, str(LANGUAGE_TITLES[lang]), words.pick(lang), lang in older)
        for lang in LANGUAGES
        if lang != "en" or words.en
    ]


def facts_shown(text: ReplyText, kind: str) -> Sequence[ReplyFact]:
    """List the facts of a version as the portal tells them."""
    found = []
    if kind == "done":
        found += [ReplyFact(_("Done on %(day)s", day=day(text.done_on)))] if text.done_on else []
        found += [ReplyFact(_("Where it can be seen"), address=text.evidence_address)] if text.evidence_address else []
    if kind == "being_looked_at" and text.next_word_on:
        found.append(ReplyFact(_("The akimat will say more by %(day)s", day=day(text.next_word_on))))
    if kind == "another_body":
        names = {lang: getattr(text, f"body_name_{lang}") for lang in LANGUAGES}
        found += [ReplyFact(name, lang) for lang, name in names.items() if name]
        found += [ReplyFact(_("Where to turn: %(address)s", address=text.body_address))] if text.body_address else []
    return found


def _promise(row: Commitment | None, city: str) -> PromiseFacts | None:
    if row is None:
        return None
    address = commitments.address_of(city, row.id)
    return PromiseFacts(
        row.title_kk, row.title_ru, row.owner_unit_kk, row.owner_unit_ru, commitments.dated(row.due), address
    )


def portal_address(row: Reply) -> str:
    """Give where everybody reads a released reply: its theme, or of one without a theme its area."""
    city = f"{site.settings().public_url}/{current_language()}/said/{row.city}"
    return f"{city}/{row.theme}#reply-{row.id}" if row.theme else f"{city}?area={row.area}"


def _number_words(counts: dict[str, int], *, is_told: bool) -> str:
    reached, hidden = counts.get("reached", 0), counts.get(reply_targets.HIDDEN, 0)
    undecided = counts.get(reply_targets.UNDECIDED, 0)
    words = [
        _n("It answered %(num)s suggestion", "It answered %(num)s suggestions", reached)
        if is_told
        else _n("It reaches %(num)s suggestion", "It reaches %(num)s suggestions", reached)
    ]
    if hidden:
        words.append(_n("%(num)s hidden one is left out", "%(num)s hidden ones are left out", hidden))
    if undecided:
        words.append(_n("%(num)s undecided one is left out", "%(num)s undecided ones are left out", undecided))
    return "; ".join(words)


def _reasons(row: Reply) -> list[LanguageSide]:
    reasons = {"kk": row.withdrawn_reason_kk, "ru": row.withdrawn_reason_ru}
    return [LanguageSide(lang, str(LANGUAGE_TITLES[lang]), text, False) for lang, text in reasons.items() if text]


def _version(each: WrittenText) -> VersionLine:
    text = each.text
    return VersionLine(text.version, text.at, each.writer, each.released_on, each.releaser, sides_of(text))
