"""What a reply says: two languages that say the same, plain text, https alone, and no gap left open."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.feedback.reply_errors import AnswerFault, Flaw
from app.feedback.reply_texts import (
    LanguageVersions,
    ReplyContent,
    ReplyFacts,
    faults_of_facts,
    faults_of_text,
    older_languages,
    tidy,
    versions_after,
)
from surveys.languages import LANGUAGES, Text3
from tests.builders.answering import EN, FACTS, KK, RU
from tests.builders.staff import TODAY

SAME = LanguageVersions(1, 1, 1)
WHOLE = Text3(KK, RU, EN)


def faults(text: Text3, versions: LanguageVersions = SAME) -> set[tuple[str, AnswerFault]]:
    return {tuple(fault) for fault in faults_of_text(ReplyContent(text), versions)}  # type: ignore[misc]


def test_a_whole_text_has_no_fault_and_english_may_be_missing() -> None:
    assert faults(WHOLE) == set()
    assert faults(Text3(KK, RU, "")) == set()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (Text3("", RU, ""), ("kk", AnswerFault.MISSING)),
        (Text3(KK, "", EN), ("ru", AnswerFault.MISSING)),
        (Text3(KK[:39], RU, ""), ("kk", AnswerFault.SHORT)),
        (Text3(KK, RU, "Too short."), ("en", AnswerFault.SHORT)),
        (Text3(KK, f"{RU} До {{date}}.", ""), ("ru", AnswerFault.PLACEHOLDER)),
        (Text3(f"{KK} {{тақырып}}", RU, ""), ("kk", AnswerFault.PLACEHOLDER)),
        (Text3(f"{KK} {{", RU, ""), ("kk", AnswerFault.PLACEHOLDER)),
        (Text3(KK, f"{RU} http://aktau.example", ""), ("ru", AnswerFault.LINK)),
        (Text3(KK, f"{RU} www.aktau.example", ""), ("ru", AnswerFault.LINK)),
        (Text3(KK, f"{RU} javascript://aktau.example/%0aalert(1)", ""), ("ru", AnswerFault.LINK)),
        (Text3(KK, f"{RU} mailto:a@aktau.example", ""), ("ru", AnswerFault.LINK)),
        (Text3(KK, f'{RU} <a href="https://aktau.example">тут</a>', ""), ("ru", AnswerFault.MARKUP)),
        (Text3(KK, f"{RU} [тут](https://aktau.example)", ""), ("ru", AnswerFault.MARKUP)),
        (Text3(KK, f"{RU} {'х' * 4000}", ""), ("ru", AnswerFault.LONG)),
    ],
)
def test_what_is_wrong_is_named_with_its_language(text: Text3, fault: tuple[str, AnswerFault]) -> None:
    assert fault in faults(text)


def test_ordinary_signs_are_no_fault() -> None:
    assert (
        faults(Text3(KK, f"{RU} Подробнее: https://aktau.example/works?a=1&b=2, тел. 8 (7292) 12-34-56; 5 < 7 км.", ""))
        == set()
    )


@pytest.mark.parametrize(
    ("kind", "changes", "fault"),
    [
        ("done", {"done_on": None}, Flaw("done_on", AnswerFault.MISSING)),
        ("done", {"done_on": TODAY + timedelta(days=1)}, Flaw("done_on", AnswerFault.IN_FUTURE)),
        ("done", {"evidence_address": ""}, Flaw("evidence_address", AnswerFault.MISSING)),
        ("done", {"evidence_address": "http://aktau.example"}, Flaw("evidence_address", AnswerFault.LINK)),
        ("done", {"evidence_address": "https://aktau"}, Flaw("evidence_address", AnswerFault.LINK)),
        ("being_looked_at", {"next_word_on": None}, Flaw("next_word_on", AnswerFault.MISSING)),
        ("being_looked_at", {"next_word_on": TODAY}, Flaw("next_word_on", AnswerFault.NOT_LATER)),
        (
            "being_looked_at",
            {"next_word_on": TODAY + timedelta(days=93)},
            Flaw("next_word_on", AnswerFault.TOO_LATE),
        ),
        (
            "another_body",
            {"body_name": Text3("«ҚазАвтоЖол» АҚ", "", "")},
            Flaw("body_name_ru", AnswerFault.MISSING),
        ),
        ("another_body", {"body_address": ""}, Flaw("body_address", AnswerFault.MISSING)),
    ],
)
def test_each_kind_needs_its_facts(kind: str, changes: dict[str, object], fault: Flaw) -> None:
    assert list(faults_of_facts(kind, FACTS[kind], TODAY)) == []
    assert list(faults_of_facts(kind, FACTS[kind]._replace(**changes), TODAY)) == [fault]  # type: ignore[arg-type]


def test_a_correction_does_not_put_off_the_next_word() -> None:
    """Or "being looked at" could be said for ever in one reply."""
    public = FACTS["being_looked_at"]
    later = public._replace(next_word_on=TODAY + timedelta(days=21))
    assert list(faults_of_facts("being_looked_at", later, TODAY, public)) == [
        Flaw("next_word_on", AnswerFault.WORD_MOVED)
    ]
    assert list(faults_of_facts("being_looked_at", public, TODAY + timedelta(days=90), public)) == []


def test_what_changes_alone_leaves_the_others_behind() -> None:
    changed = versions_after(WHOLE, SAME, Text3(KK + "!", RU, EN), 2)
    assert older_languages(WHOLE, changed) == ("ru", "en")
    caught_up = versions_after(WHOLE, changed, Text3(KK, RU + "!", EN), 3)
    assert older_languages(WHOLE, caught_up) == ("ru", "en"), "nobody said that it says the same now"
    checked = versions_after(WHOLE, changed, Text3(KK, RU + "!", EN), 3, ["ru"])
    assert older_languages(WHOLE, checked) == ("en",)


def test_what_changes_together_is_together() -> None:
    assert older_languages(WHOLE, versions_after(WHOLE, SAME, Text3(KK + "!", RU + "!", EN + "!"), 2)) == ()
    assert older_languages(Text3(KK, RU, ""), versions_after(Text3(KK, RU, ""), SAME, Text3("а", "б", ""), 2)) == ()


def test_a_first_translation_is_as_new_as_what_it_was_made_from() -> None:
    half = versions_after(Text3("", "", ""), SAME, Text3(KK, "", ""), 2)
    assert older_languages(Text3(KK, RU, ""), versions_after(Text3(KK, "", ""), half, Text3(KK, RU, ""), 3)) == ()


TEXTS = st.sampled_from(["", "a", "b"])


@given(st.lists(st.tuples(st.tuples(TEXTS, TEXTS, TEXTS), st.sets(st.sampled_from(LANGUAGES))), max_size=8))
def test_the_newest_change_is_never_older_and_checking_all_makes_all_even(
    steps: list[tuple[tuple[str, str, str], set[str]]],
) -> None:
    text, versions = Text3("", "", ""), SAME
    for number, (after, checked) in enumerate(steps, 2):
        new = Text3(*after)
        later = versions_after(text, versions, new, number, checked)
        assert all(own <= number for own in later)
        fresh = set(older_languages(new, later)) & checked
        assert fresh == set(), "what was checked is not older"
        text, versions = new, later
    even = versions_after(text, versions, text, 99, LANGUAGES)
    assert older_languages(text, even) == ()


def test_unseen_signs_and_spaces_are_taken_out() -> None:
    content = tidy(
        ReplyContent(Text3("  а\u202e\u200bб\tв \r\n\x00г", "", ""), ReplyFacts(evidence_address=" https://a.kz "))
    )
    assert content.text.kk == "аб в\nг"
    assert content.facts.evidence_address == "https://a.kz"
    assert tidy(content) == content
