import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from surveys.authoring.yaml_source import load
from surveys.errors import Defect, DefinitionError

Document = dict[str, Any]
Breakage = Callable[[Document], None]


def words(name: str) -> dict[str, str]:
    return {"kk": f"{name} қазақша", "ru": f"{name} по-русски", "en": f"{name} in English"}


def points(*values: int) -> list[Document]:
    scale: list[Document] = [
        {"code": f"p{value}", "value": value, "label": words(f"point {value}")} for value in values
    ]
    return [*scale, {"code": "hard_to_say", "apart": True, "label": words("hard")}]


def many(count: int) -> list[Document]:
    return [{"code": f"o{number}", "label": words(f"option {number}")} for number in range(count)]


def question(code: str, **changes: Any) -> Document:
    options = [{"code": "yes", "label": words("yes")}, {"code": "no", "label": words("no")}]
    return {"code": code, "kind": "choice", "label": words(code), "options": options} | changes


def area_page(area: str) -> Document:
    rating = question(f"{area}_work", kind="rating", scored=True, options=points(5, 4, 3, 2, 1))
    questions = [question(f"{area}_online"), rating]
    return {"code": area, "role": "area", "area": area, "title": words(area), "questions": questions}


def document() -> Document:
    """A questionnaire without a fault, for each test to break in its own way."""
    about = {"code": "about", "role": "about", "title": words("about"), "questions": [question("sex", weighting="sex")]}
    return {
        "code": "test",
        "audience": "resident",
        "version": 1,
        "title": words("title"),
        "lead": words("lead"),
        "period": words("period"),
        "minutes": 4,
        "areas_per_respondent": 1,
        "consent": [words("consent")],
        "consent_version": "1",
        "pages": [area_page("ctm"), area_page("its"), about],
    }


def at(broken: Document, path: str) -> tuple[Any, Any]:
    """Find the holder and the last key of a path such as `pages/0/questions/1/label/ru`."""
    *way, last = [int(step) if step.isdigit() else step for step in path.split("/")]
    holder: Any = broken
    for step in way:
        holder = holder[step]
    return holder, last


def put(path: str, value: object) -> Breakage:
    def breakage(broken: Document) -> None:
        holder, last = at(broken, path)
        if isinstance(holder, list) and last == len(holder):
            holder.append(copy.deepcopy(value))
        else:
            holder[last] = copy.deepcopy(value)

    return breakage


def drop(path: str) -> Breakage:
    def breakage(broken: Document) -> None:
        holder, last = at(broken, path)
        del holder[last]

    return breakage


def both(*breakages: Breakage) -> Breakage:
    def breakage(broken: Document) -> None:
        for one in breakages:
            one(broken)

    return breakage


def asks(kind: str, **limits: Any) -> Breakage:
    """Make the first question one that is not answered by ticking."""
    return put(ONLINE_AT, {"code": "ctm_online", "kind": kind, "label": words("ctm_online")} | limits)


def rule(question: str, *options: str) -> Document:
    return {"question": question, "options": list(options)}


def defects(tmp_path: Path, *breakages: Breakage) -> tuple[Defect, ...]:
    broken = document()
    for breakage in breakages:
        breakage(broken)
    path = tmp_path / "test.yaml"
    path.write_text(json.dumps(broken))  # JSON is YAML
    try:
        load(path)
    except DefinitionError as refused:
        return refused.defects
    return ()


CTM = "test.yaml, page ctm"
ONLINE = f"{CTM}, question ctm_online"
WORK = f"{CTM}, question ctm_work"
ABOUT = "test.yaml, page about"
SEX = f"{ABOUT}, question sex"

WHY = f"{ABOUT}, question why"

ONLINE_AT = "pages/0/questions/0"
WORK_AT = "pages/0/questions/1"
SEX_AT = "pages/2/questions/0"

TEXTS = [
    (drop("title/kk"), "test.yaml, title, kk", "missing_language"),
    (put("lead/ru", " "), "test.yaml, lead, ru", "missing_language"),
    (put("consent/0/en", ""), "test.yaml, consent 1, en", "missing_language"),
    (drop(f"{WORK_AT}/label/ru"), f"{WORK}, label, ru", "missing_language"),
    (drop(f"{ONLINE_AT}/options/1/label/en"), f"{ONLINE}, option no, label, en", "missing_language"),
    (put(f"{ONLINE_AT}/hint", words("hint") | {"kk": ""}), f"{ONLINE}, hint, kk", "missing_language"),
    (put("pages/0/intro", words("intro") | {"en": ""}), f"{CTM}, intro, en", "missing_language"),
    (put("title/en", "A <b>bold</b> title"), "test.yaml, title, en", "html_in_text"),
    (put(f"{WORK_AT}/label/ru", "Дороги&nbsp;города"), f"{WORK}, label, ru", "html_in_text"),
    (put(f"{WORK_AT}/label/ru", "<!-- что -->"), f"{WORK}, label, ru", "html_in_text"),
    (put("title/kk", "Тақы\u200bрып"), "test.yaml, title, kk", "hidden_character"),
    (put("title/kk", "Тақырып\nжолы"), "test.yaml, title, kk", "hidden_character"),
    (put("title/kk", "Тақырып\ud800"), "test.yaml, title, kk", "hidden_character"),
    (put("title/kk", "Қалаңызда не өзгерді?" * 9), "test.yaml, title, kk", "too_long"),
    (put("consent/0/kk", "Қатысу ерікті. " * 50), "test.yaml, consent 1, kk", "too_long"),
    (put("title/kk", "Қазақстан тəуелсіз ел"), "test.yaml, title, kk", "mixed_alphabet"),
    (put("title/en", "Tоwn survey"), "test.yaml, title, en", "mixed_alphabet"),
    (put("title/ru", "title қазақша"), "test.yaml, title", "same_text"),
    (put("title/en", "title по-русски"), "test.yaml, title", "same_text"),
    (put("title/ru", "Жители улицы {street}"), "test.yaml, title, ru", "unknown_placeholder"),
    (put("title/en", "100 % {"), "test.yaml, title, en", "unknown_placeholder"),
    (put("title/kk", "{city_in} тұрасыз ба?"), "test.yaml, title", "placeholders_differ"),
]  # fmt: skip

STRUCTURE = [
    (put("pages/0/area", "xyz"), CTM, "unknown_area"),
    (drop("pages/0/area"), CTM, "area_and_role_differ"),
    (put("pages/2/area", "soc"), ABOUT, "area_and_role_differ"),
    (put(f"{WORK_AT}/area", "its"), WORK, "area_and_page_differ"),
    (put("pages/0/questions", []), CTM, "no_questions"),
    (put("pages/1/code", "ctm"), "test.yaml", "duplicate_code"),
    (put(f"{SEX_AT}/code", "ctm_work"), "test.yaml", "duplicate_code"),
    (put(f"{ONLINE_AT}/options/1/code", "yes"), ONLINE, "duplicate_code"),
    (put(f"{ONLINE_AT}/options/1/label", words("yes")), ONLINE, "duplicate_label"),
    (put(f"{ONLINE_AT}/options", []), ONLINE, "no_options"),
    (drop(f"{ONLINE_AT}/options"), ONLINE, "no_options"),
    (put(f"{ONLINE_AT}/kind", "text"), ONLINE, "options_not_used"),
    (put(f"{ONLINE_AT}/kind", "number"), ONLINE, "options_not_used"),
    (put(f"{ONLINE_AT}/options", many(256)), ONLINE, "too_many_options"),
    (both(put(f"{ONLINE_AT}/kind", "multi"), put(f"{ONLINE_AT}/options", many(9))), ONLINE, "too_many_options"),
    (put(f"{WORK_AT}/code", "Work; drop"), f"{CTM}, question Work; drop", "bad_code"),
    (put(f"{ONLINE_AT}/options/0/code", "a=b"), f"{ONLINE}, option a=b", "bad_code"),
    (put("pages/0/code", ""), "test.yaml, page ", "bad_code"),
    (put("code", "x" * 41), "test.yaml", "bad_code"),
    (put(f"{ONLINE_AT}/options/0/city", "almaty"), f"{ONLINE}, option yes", "city_not_in_code"),
    (put("consent", []), "test.yaml", "no_consent"),
    (put("version", 0), "test.yaml", "out_of_range"),
    (put("minutes", -1), "test.yaml", "out_of_range"),
    (put("areas_per_respondent", 3), "test.yaml", "out_of_range"),
    (put("areas_per_respondent", 0), "test.yaml", "out_of_range"),
    (asks("text", max_chars=0), ONLINE, "out_of_range"),
    (asks("text", max_chars=501), ONLINE, "out_of_range"),
    (asks("number", minimum=9, maximum=1), ONLINE, "out_of_range"),
    (asks("number", minimum=0, maximum=65_535), ONLINE, "out_of_range"),
    (asks("number", minimum=1_000_000_000, maximum=1_000_000_001), ONLINE, "wrong_type"),
    (asks("number", minimum=0), ONLINE, "number_without_bounds"),
    (asks("number", maximum=9), ONLINE, "number_without_bounds"),
    (asks("number", minimum=0, maximum=9, max_chars=5), ONLINE, "limit_not_used"),
    (asks("text", maximum=5), ONLINE, "limit_not_used"),
    (put(f"{SEX_AT}/max_chars", 5), SEX, "limit_not_used"),
    (put(f"{SEX_AT}/minimum", 5), SEX, "limit_not_used"),
    (put("pages/2/questions/1", {"code": "why", "kind": "text", "label": words("why")}), WHY, "text_without_area"),
]  # fmt: skip

SCORING = [
    (drop(f"{WORK_AT}/options/1/value"), f"{WORK}, option p4", "option_without_value"),
    (put(f"{WORK_AT}/options/5/value", 3), f"{WORK}, option hard_to_say", "value_apart_from_scale"),
    (put(f"{WORK_AT}/options", points(5, 4, 3, 2)), WORK, "unbalanced_scale"),
    (put(f"{WORK_AT}/options", points(5, 4, 2, 3, 1)), WORK, "unbalanced_scale"),
    (put(f"{WORK_AT}/options", points(5, 4, 3, 2, 0)), WORK, "unbalanced_scale"),
    (put(f"{WORK_AT}/options/2/label", {"kk": "", "ru": "", "en": ""}), f"{WORK}, option p3", "unlabelled_point"),
    (put(f"{WORK_AT}/kind", "multi"), WORK, "kind_cannot_be_scored"),
    (both(put(f"{SEX_AT}/scored", True), put(f"{SEX_AT}/options", points(1, 2, 3, 4, 5))), SEX, "scored_without_area"),
    (put(f"{SEX_AT}/weighting", "income"), SEX, "unknown_weighting"),
    (put(f"{SEX_AT}/kind", "rating"), SEX, "weighting_needs_a_choice"),
    (put("pages/2/questions/1", question("gender", weighting="sex")), "test.yaml", "duplicate_weighting"),
    (put("audience", "staff"), SEX, "not_asked_of_staff"),
    (
        both(put("audience", "staff"), put("pages/0/questions/2", question("wish", kind="text", options=[]))),
        f"{CTM}, question wish",
        "not_asked_of_staff",
    ),
]  # fmt: skip

RULES = [
    (put(f"{WORK_AT}/show_if", {"question": "nothing", "options": ["yes"]}), WORK, "unknown_question"),
    (put(f"{WORK_AT}/show_if", {"question": "ctm_online", "options": ["maybe", "yes"]}), WORK, "unknown_option"),
    (put(f"{WORK_AT}/show_if", {"question": "ctm_online", "options": ["maybe"]}), WORK, "unreachable"),
    (put(f"{WORK_AT}/show_if", {"question": "ctm_online", "options": []}), WORK, "unreachable"),
    (put(f"{ONLINE_AT}/show_if", {"question": "ctm_work", "options": ["p5"]}), ONLINE, "later_question"),
    (put(f"{ONLINE_AT}/show_if", {"question": "ctm_online", "options": ["yes"]}), ONLINE, "later_question"),
    (put(f"{ONLINE_AT}/show_if", {"question": "sex", "options": ["yes"]}), ONLINE, "later_question"),
    (put("pages/1/show_if", {"question": "ctm_online", "options": ["yes"]}), "test.yaml, page its", "later_question"),
    (put("pages/0/show_if", {"question": "ctm_online", "options": ["yes"]}), CTM, "later_question"),
    (
        both(
            put(f"{ONLINE_AT}/show_if", {"question": "nothing", "options": ["yes"]}),
            put(f"{WORK_AT}/show_if", {"question": "ctm_online", "options": ["yes"]}),
        ),
        WORK,
        "unreachable",
    ),
    (
        both(
            put("pages/2/show_if", {"question": "ctm_online", "options": ["yes"]}),
            put(f"{SEX_AT}/show_if", {"question": "ctm_online", "options": ["no"]}),
        ),
        ABOUT,
        "unreachable",
    ),
]

YES, NO = rule("ctm_online", "yes"), rule("ctm_online", "no")
BEST, WORST = rule("ctm_work", "p5"), rule("ctm_work", "p1")


def lived(*codes: str) -> Document:
    options = [{"code": code, "city": code.partition(".")[0], "label": words(code)} for code in codes]
    return question("lived", options=options)


WAYS = question("ways", kind="multi", options=[*many(3), {"code": "none", "apart": True, "label": words("none")}])

TWO_WAYS = {"all_of": [rule("ways", "o1"), rule("ways", "o2")]}

JOINED_RULES = [
    (put(f"{SEX_AT}/show_if", {"all_of": [YES, rule("nothing", "yes")]}), SEX, "unknown_question"),
    (put(f"{WORK_AT}/show_if", {"any_of": [YES, rule("sex", "yes")]}), WORK, "later_question"),
    (put(f"{SEX_AT}/show_if", {"any_of": [YES, rule("ctm_work", "p9")]}), SEX, "unknown_option"),
    (put(f"{SEX_AT}/show_if", {"all_of": [YES, NO]}), SEX, "unreachable"),
    (put(f"{SEX_AT}/show_if", {"all_of": [{"any_of": [YES, NO]}, BEST, WORST]}), SEX, "unreachable"),
    (put(f"{SEX_AT}/show_if", {"any_of": [{"all_of": [YES, NO]}, {"all_of": [BEST, WORST]}]}), SEX, "unreachable"),
    (put(f"{SEX_AT}/show_if", {"all_of": [YES]}), SEX, "rule_of_one"),
    (put(f"{SEX_AT}/show_if", {"any_of": []}), SEX, "rule_of_one"),
    # Work is asked of those who say yes, so nobody can rate it and have said no.
    (both(put(f"{WORK_AT}/show_if", YES), put(f"{SEX_AT}/show_if", {"all_of": [BEST, NO]})), SEX, "unreachable"),
    (
        both(put("pages/2/show_if", {"any_of": [YES, BEST]}), put(f"{SEX_AT}/show_if", {"all_of": [NO, WORST]})),
        SEX,
        "unreachable",
    ),
    (
        both(
            put("pages/2/questions/1", WAYS),
            put("pages/2/questions/2", question("why", show_if={"all_of": [rule("ways", "o1"), rule("ways", "none")]})),
        ),
        WHY,
        "unreachable",
    ),
    (
        both(
            put("pages/2/questions/1", lived("almaty.medeu", "astana.esil")),
            put("pages/2/questions/2", question("born", options=lived("astana.esil", "almaty.medeu")["options"])),
            put(
                "pages/2/questions/3",
                question("why", show_if={"all_of": [rule("lived", "almaty.medeu"), rule("born", "astana.esil")]}),
            ),
        ),
        WHY,
        "unreachable",
    ),
    (put(f"{WORK_AT}/show_if", {"all_of": [YES, YES], "question": "ctm_online"}), f"{WORK}, show_if", "unknown_key"),
    (put(f"{WORK_AT}/show_if", {"any_of": YES}), f"{WORK}, show_if", "wrong_type"),
    (put(f"{WORK_AT}/show_if", {"any_of": [YES, "no"]}), f"{WORK}, show_if, rule #2", "wrong_type"),
]

READING = [
    (put("colour", "red"), "test.yaml", "unknown_key"),
    (put("pages/0/colour", "red"), CTM, "unknown_key"),
    (put(f"{ONLINE_AT}/colour", "red"), ONLINE, "unknown_key"),
    (put(f"{ONLINE_AT}/options/0/colour", "red"), f"{ONLINE}, option yes", "unknown_key"),
    (put(f"{ONLINE_AT}/show_if", {"question": "sex", "options": [], "not": 1}), f"{ONLINE}, show_if", "unknown_key"),
    (put("title/de", "Titel"), "test.yaml, title", "unknown_key"),
    (drop("title"), "test.yaml", "missing_key"),
    (drop("pages"), "test.yaml", "missing_key"),
    (drop("pages/0/questions/0/kind"), ONLINE, "missing_key"),
    (drop("pages/0/code"), "test.yaml, page #1", "missing_key"),
    (put("audience", "tourist"), "test.yaml", "unknown_audience"),
    (put(f"{ONLINE_AT}/kind", "slider"), ONLINE, "unknown_kind"),
    (put("pages/0/role", "intro"), CTM, "unknown_role"),
    (put(f"{ONLINE_AT}/options", "stars"), ONLINE, "unknown_scale"),
    (put("title", 5), "test.yaml, title", "wrong_type"),
    (put("title", ["a"]), "test.yaml, title", "wrong_type"),
    (put("title/kk", 5), "test.yaml, title, kk", "wrong_type"),
    (put("consent", "text"), "test.yaml", "wrong_type"),
    (put("consent/0", "text"), "test.yaml, consent 1", "wrong_type"),
    (put("version", "1"), "test.yaml", "wrong_type"),
    (put("version", True), "test.yaml", "wrong_type"),
    (put("consent_version", 1), "test.yaml", "wrong_type"),
    (put("audience", ["resident"]), "test.yaml", "unknown_audience"),
    (put("pages", {"ctm": 1}), "test.yaml", "wrong_type"),
    (put("pages/0", "ctm"), "test.yaml, page #1", "wrong_type"),
    (put("pages/0/questions/0", None), f"{CTM}, question #1", "wrong_type"),
    (put(f"{WORK_AT}/scored", "yes"), WORK, "wrong_type"),
    (put(f"{WORK_AT}/options/0/value", "5"), f"{WORK}, option p5", "wrong_type"),
    (put(f"{WORK_AT}/options/0", 5), f"{WORK}, option #1", "wrong_type"),
    (put(f"{WORK_AT}/show_if", "sex"), f"{WORK}, show_if", "wrong_type"),
    (put(f"{WORK_AT}/show_if", {"question": "ctm_online", "options": ["yes", 1]}), f"{WORK}, show_if", "wrong_type"),
]  # fmt: skip


EVERY_FAULT = TEXTS + STRUCTURE + SCORING + RULES + JOINED_RULES + READING


def named(value: object) -> str:
    return value if isinstance(value, str) else ""


def test_the_document_of_these_tests_has_no_defect(tmp_path: Path) -> None:
    assert defects(tmp_path) == ()


@pytest.mark.parametrize(("breakage", "where", "code"), EVERY_FAULT, ids=named)
def test_each_defect_is_named_with_its_place(breakage: Breakage, where: str, code: str, tmp_path: Path) -> None:
    assert (where, code) in {(defect.where, defect.code) for defect in defects(tmp_path, breakage)}


@pytest.mark.parametrize(("breakage", "where", "code"), TEXTS, ids=named)
def test_a_fault_of_wording_brings_no_other_defect(breakage: Breakage, where: str, code: str, tmp_path: Path) -> None:
    assert {(defect.where, defect.code) for defect in defects(tmp_path, breakage)} == {(where, code)}


def test_a_document_with_many_defects_has_them_all_named_at_once(tmp_path: Path) -> None:
    chosen = [
        (drop("title/kk"), "test.yaml, title, kk", "missing_language"),
        (put("colour", "red"), "test.yaml", "unknown_key"),
        (put("version", "1"), "test.yaml", "wrong_type"),
        (put("pages/1/area", "xyz"), "test.yaml, page its", "unknown_area"),
        (put(f"{ONLINE_AT}/kind", "slider"), ONLINE, "unknown_kind"),
        (put(f"{ONLINE_AT}/options/1/code", "yes"), ONLINE, "duplicate_code"),
        (drop(f"{WORK_AT}/options/1/value"), f"{WORK}, option p4", "option_without_value"),
        (put(f"{WORK_AT}/label/ru", "<b>"), f"{WORK}, label, ru", "html_in_text"),
        (put(f"{WORK_AT}/show_if", {"question": "sex", "options": ["yes"]}), WORK, "later_question"),
        (put(f"{SEX_AT}/weighting", "income"), SEX, "unknown_weighting"),
    ]
    named = {(defect.where, defect.code) for defect in defects(tmp_path, *(breakage for breakage, _, _ in chosen))}
    assert named >= {(where, code) for _, where, code in chosen}


def test_a_defect_of_a_shared_scale_is_named_once_however_many_questions_use_it(tmp_path: Path) -> None:
    scale = points(5, 4, 3, 2, 1)
    del scale[0]["label"]["ru"]
    (tmp_path / "scales.yaml").write_text(json.dumps({"mood": scale}))
    use = [put(f"pages/{page}/questions/1/options", "mood") for page in (0, 1)]
    assert defects(tmp_path, *use) == (Defect(f"{WORK}, option p5, label, ru", "missing_language"),)


@pytest.mark.parametrize(
    "allowed",
    [
        put("title", {"kk": "{city_of} тұрғындары", "ru": "Жители {city_of}", "en": "Residents of {city}"}),
        put("title", {"kk": "Экология", "ru": "Экология", "en": "Ecology"}),
        put("title/kk", "eGov-та 5 % < 7 % болды, IT саласы"),
        put("areas_per_respondent", 2),
        put(f"{WORK_AT}/options", points(1, 2, 3, 4, 5)),
        put(f"{WORK_AT}/show_if", {"question": "ctm_online", "options": ["yes"]}),
        put("pages/2/show_if", {"question": "its_online", "options": ["yes"]}),
        put(f"{SEX_AT}/show_if", {"question": "ctm_work", "options": ["p1", "hard_to_say"]}),
        asks("text", max_chars=500),
        asks("number", minimum=-5, maximum=5),
        put(f"{SEX_AT}/show_if", {"any_of": [YES, {"all_of": [NO, BEST]}]}),
        put(f"{SEX_AT}/show_if", {"all_of": [{"any_of": [YES, BEST]}, {"any_of": [NO, WORST]}]}),
        both(
            put("pages/2/questions/1", WAYS),
            put("pages/2/questions/2", question("why", show_if={"all_of": [rule("ways", "o1"), rule("ways", "o2")]})),
        ),
    ],
)
def test_what_is_allowed_is_not_called_a_defect(allowed: Breakage, tmp_path: Path) -> None:
    assert defects(tmp_path, allowed) == ()
