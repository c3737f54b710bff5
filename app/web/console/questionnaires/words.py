"""What the linter and the reader of XLSForms find, in the three languages of the console."""

from app.fieldwork.questionnaires import FORM
from app.web.console.questionnaires import wording
from app.web.language import _, _l
from surveys.authoring.findings import HARD, RULES, Location, QuestionnaireFinding
from surveys.workbook import Cause

FINDINGS = {
    "double_barrelled": _l("asks two things at once; ask one, or make two questions"),
    "leading_word": _l("a word that leads to an answer"),
    "one_sided": _l("names one side of the scale only; name both, or neither"),
    "long_sentence": _l("a sentence too long to be understood at first reading"),
    "long_question": _l("a question too long to be read aloud in ten seconds"),
    "untranslated": _l("the same text in two languages; translate it, or let the word stand by review"),
    "no_way_out": _l("no option apart, such as hard to say or prefer not to say"),
    "unlabelled_scale": _l("a point of the scale without words of its own"),
    "unbalanced_labels": _l("more points on one side of the scale than on the other"),
    "glued_suffix": _l("an ending glued to a name's place; use the form the name has for it"),
    "doubled_case": _l("a preposition before a form that has its own"),
    "bad_allowance": _l("a reviewed wording that names no rule or language, or whose phrase is too short"),
    "unused_allowance": _l("a reviewed wording that no text needs; take it out"),
    "period_missing": _l("the period is not stated; a question may be read without its neighbours"),
    "small_start": _l("begins with a form of the city that starts with a small letter"),
    "exact_trait": _l("an exact number about a person may identify; ask in bands"),
    "several_texts": _l("more than one open question in an area; their answers are not told apart"),
    "area_and_page_differ": _l("a question of another area than its page"),
    "area_and_role_differ": _l("a page has an area if its role is area, and none otherwise"),
    "bad_code": _l("a code has 1 to 40 small Latin letters, digits or . _ + -, the first a letter or digit"),
    "city_not_in_code": _l("the code of an option of one city starts with the city's"),
    "duplicate_code": _l("a code used twice"),
    "duplicate_key": _l("a key written twice"),
    "duplicate_label": _l("two options with the same words"),
    "duplicate_weighting": _l("a trait asked twice"),
    "hidden_character": _l("a character nobody can see"),
    "html_in_text": _l("markup in a text"),
    "kind_cannot_be_scored": _l("only a rating or a choice can be scored"),
    "later_question": _l("an answer used before it exists"),
    "limit_not_used": _l("a limit that this kind of question does not have"),
    "missing_key": _l("a key is missing"),
    "missing_language": _l("the text is missing in this language"),
    "mixed_alphabet": _l("a word of Latin and Cyrillic letters"),
    "no_consent": _l("no consent text"),
    "no_options": _l("a question to tick without options"),
    "no_questions": _l("a page without questions"),
    "not_asked_of_staff": _l("those who work in an akimat are asked for no traits and no words"),
    "not_utf8": _l("the file is not UTF-8"),
    "not_yaml": _l("the file is not YAML as it is read here"),
    "number_without_bounds": _l("a number needs a minimum and a maximum"),
    "option_without_value": _l("an option on the scale without its points"),
    "options_not_used": _l("options on a question that is not answered by ticking"),
    "out_of_range": _l("a number out of range"),
    "placeholders_differ": _l("the city is named in one language and not in another"),
    "rule_of_one": _l("all_of and any_of join two rules or more"),
    "rule_too_tangled": _l("a rule that can be met in more ways than anybody can look through"),
    "same_text": _l("two languages with the same sentence"),
    "scored_without_area": _l("a scored question needs an area"),
    "text_without_area": _l("an open question needs an area"),
    "too_deep": _l("the file is nested too deeply"),
    "too_large": _l("the file is too large"),
    "too_long": _l("the text is too long for its place"),
    "too_many_options": _l("more options than the stored byte can tell apart"),
    "unbalanced_scale": _l("the points of a scored scale run from 1 to 5 or from 5 to 1"),
    "unknown_area": _l("no such area"),
    "unknown_audience": _l("no such audience"),
    "unknown_key": _l("no such key"),
    "unknown_kind": _l("no such kind of question"),
    "unknown_option": _l("a rule on an option that does not exist"),
    "unknown_placeholder": _l("braces that stand for nothing known"),
    "unknown_question": _l("a rule on a question that does not exist"),
    "unknown_role": _l("no such role of a page"),
    "unknown_scale": _l("no such shared scale"),
    "unknown_weighting": _l("no such trait to weight by"),
    "unlabelled_point": _l("a point of the scale without words"),
    "unreachable": _l("nobody can ever get here"),
    "unreadable": _l("the file cannot be read"),
    "value_apart_from_scale": _l("points on an option that stands apart"),
    "weighting_needs_a_choice": _l("only a choice can give a weighting cell"),
    "wrong_type": _l("a value of another type is due"),
}
"""Rule → what is wrong; the sentences are those of the command line (surveys.authoring.findings)."""

CAUSES = {
    Cause.BROKEN_FILE: _l("This is no workbook that can be read, and no YAML file"),
    Cause.ENCRYPTED: _l("The workbook is protected by a password, or of an old format: save it as .xlsx without one"),
    Cause.SUSPICIOUS_ARCHIVE: _l("The workbook would unpack to too much"),
    Cause.TOO_HEAVY: _l("Reading the file took too much time or memory"),
}


def said(finding: QuestionnaireFinding) -> str:
    """Say what is wrong, with what exactly was found after it."""
    own = RULES[finding.rule][1] if finding.rule in RULES else HARD.get(finding.rule, "")
    found = finding.words.removeprefix(own).removeprefix(": ")
    if finding.where.file == FORM and not finding.where.page and (fill_in := wording.in_form(finding.rule, found)):
        return fill_in
    sentence = str(FINDINGS.get(finding.rule, finding.rule))
    return f"{sentence}: {wording.detail(found)}" if found and found != own else sentence


def where(place: Location) -> str:
    """Say where in a questionnaire something was found."""
    line = _("sheet survey, row %(number)s") if place.file == FORM else _("line %(number)s")
    parts = (
        line % {"number": place.line} if place.line else "",
        _("page %(code)s", code=place.page) if place.page else "",
        _("question %(code)s", code=place.question) if place.question else "",
        wording.part(place.part),
        wording.in_language(place.lang),
    )
    return ", ".join(filter(None, parts))
