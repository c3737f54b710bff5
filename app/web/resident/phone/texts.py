"""Texts of the screens that a phone draws itself: every key a script asks for, in the words of the server's pages."""

from app.web.language import _, _l

_WORDS = {
    "brand": _l("City Opinion"),
    "error": _l("Error:"),
    "attention": _l("Something on this page needs your attention"),
    "back": _l("Back"),
    "continue": _l("Continue"),
    "which_city": _l("Which city do you want to speak about?"),
    "choose_city": _l("Choose your city"),
    "before": _l("Before you begin"),
    "consent": _l("Consent"),
    "consent_version": _l("Version %(version)s of this text."),
    "agree": _l("I have read this and agree to take part"),
    "agree_missing": _l("To go on, tick that you agree"),
    "appeals": _l("Formal appeals: eotinish.kz"),
    "rights": _l("More about your answers and your rights"),
    "not_mine": _l("This is not my device: keep nothing here once this tab is closed"),
    "step": _l("Step %(place)s of %(steps)s"),
    "skip": _l("Any question may be skipped."),
    "unknown_option": _l("Choose one of the answers on the page"),
    "too_many": _l("Choose the last answer alone, or any of the others"),
    "not_a_number": _l("Write a whole number in digits"),
    "out_of_range": _l("Check the number: it is too small or too large"),
    "not_text": _l("Write the text without special characters"),
    "empty": _l("Leave this empty"),
    "more": _l("Answer about more areas?"),
    "more_lead": _l("This is up to you: tick the areas you would also like to speak about, or just go on."),
    "areas": _l("Areas"),
    "suggestions": _l("Your suggestions"),
    "suggestions_lead": _l("If you like, write what should be better: up to three suggestions of 500 characters each."),
    "suggestions_rule": _l(
        "Please name no people, telephones or addresses. A suggestion is not a formal appeal. "
        "Nobody reads it at once: if somebody is in danger, call 112."
    ),
    "suggestion": _l("Suggestion %(number)s"),
    "area": _l("Area"),
    "choose_area": _l("Choose an area"),
    "better": _l("What should be better?"),
    "about_area": _l("Choose the area this suggestion is about"),
    "too_long": _l("Shorten the text: %(length)s of %(most)s characters"),
    "count": _l("Characters: %(length)s of %(most)s"),
    "check": _l("Check your answers"),
    "nothing_sent": _l("Nothing has been sent yet."),
    "not_answered": _l("not answered"),
    "change": _l("Change"),
    "none": _l("none"),
    "send": _l("Send"),
    "thanks": _l("Thank you: your answers are stored"),
    "your_receipt": _l("Your receipt"),
    "counted": _l(
        "Your answers are counted together with others; results appear on the portal with the next rating. No"
        " name is stored with your answers. Until the survey is settled, somebody who had both its secret key"
        " and its database could find out what a person who came in by code, SMS or sign-in answered; then "
        "the key is destroyed, and nobody can."
    ),
    "to_rating": _l("To the rating of cities"),
    "keep_receipt": _l(
        "You can use it to check whether your answer is counted. It will be on a public list; nobody can see or take "
        "back your answer with it."
    ),
    "your_code": _l("Your withdrawal code"),
    "keep_code": _l(
        "Keep it and show it to no one: anyone who has this code can take your answer back, and without it nobody can."
    ),
    "withdraw": _l("Take the answer back, until the survey is settled"),
    "follow": _l("Follow your suggestions"),
    "stored": _l("What was stored"),
    "receipt_kept": _l(
        "Receipt and code stay on this device for seven days. On a shared device, write them down and remove them now."
    ),
    "forget": _l("Forget on this device"),
    "waiting": _l("Your answers wait on this device"),
    "waiting_lead": _l(
        "They have not been sent yet. They go by themselves as soon as there is internet; you may close this page."
    ),
    "tab_only": _l("Nothing is kept on this device: leave this tab open until the answers are sent."),
    "keeps_nothing": _l(
        "This browser can keep nothing now (a private window, or no room left): leave this tab open until the answers "
        "are sent."
    ),
    "keeps_nothing_form": _l(
        "This browser can keep nothing (a private window, or no room left), so answers could not wait here for the "
        "internet. Use the usual form: it asks the same questions and needs the internet."
    ),
    "to_form": _l("To the usual form"),
    "device": _l("Answers on this device"),
    "not_sent": _l("Not sent yet"),
    "send_now": _l("Send now"),
    "still_waits": _l("They could not be sent just now. They stay here and will be sent later."),
    "will_go": _l("Goes by itself as soon as there is internet."),
    "tried": _l("Could not be sent yet; tries so far: %(tries)s."),
    "refused": _l("These answers could not be accepted"),
    "correct": _l("Open and correct"),
    "finish_first": _l("Finish or delete the other unfinished answers to this survey first."),
    "delete": _l("Delete this one"),
    "delete_sure": _l("Delete these answers for good?"),
    "delete_yes": _l("Yes, delete"),
    "keep": _l("Keep"),
    "unfinished": _l("Unfinished"),
    "go_on": _l("Go on"),
    "sent": _l("Sent"),
    "surveys": _l("Surveys that work here without the internet"),
    "start": _l("Start"),
    "nothing_here": _l("No answers lie on this device."),
    "no_survey": _l("This survey cannot be filled in here now"),
    "not_kept": _l("It has not been kept on this device yet. Open it once while there is internet."),
    "closed": _l("It is closed, or its address is mistyped."),
    "invited": _l(
        "It is for invited people: begin on the usual form with your invitation, then go on without the internet."
    ),
    "to_list": _l("To the list of surveys"),
    "no_network": _l("There is no internet now"),
    "not_lost": _l("What you ticked and typed is not lost: press the button when there is internet again."),
    "again": _l("Try again"),
}


def words() -> dict[str, str]:
    """Give every text in the request's language; what stands as %(name)s is put in by the script."""
    return {key: str(text) for key, text in _WORDS.items()}


def manifest_words() -> tuple[str, str, str]:
    """Give the name, the short name and the description of the survey as an installed application."""
    return (
        _("City Opinion"),
        _("City Opinion"),
        _("Say what you think of life in your city, with or without the internet"),
    )
