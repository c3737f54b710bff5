"""What is said after a value was saved: which one, what stands there now, and what to look at once more."""

from collections.abc import Mapping
from typing import NamedTuple

from app.indicators.drafts import Saved, check_value
from app.indicators.vocabulary import OUT_OF_RANGE
from app.web.console.cases.forms import typed_value
from app.web.console.cases.views import Found
from app.web.console.values.words import bounds_text, value_text
from app.web.language import _


class Outcome(NamedTuple):
    """Sentences, each with its kind, and whether somebody should look once more before the next value."""

    said: tuple[tuple[str, str], ...]
    wants_a_look: bool


def outcome_of(found: Found, saved: Saved, typed: Mapping[str, str], *, with_papers: bool) -> Outcome:
    """Put into words what became of a value; `with_papers` when papers were added with it."""
    code = found.indicator.code
    measured = check_value(typed_value(found.indicator, typed), found.indicator).measure
    value = value_text(found.indicator, measured)
    if not saved.changed:
        words = _("%(code)s: nothing has changed in the value, so nothing was saved.", code=code)
        return Outcome(() if with_papers else ((words, "message"),), wants_a_look=False)
    if saved.case.revision == found.case.revision:
        words = _("%(code)s is a draft again: %(value)s. It can be sent.", code=code, value=value)
        return Outcome(((words, "message"),), wants_a_look=False)
    said = [(_("%(code)s is saved as a draft: %(value)s.", code=code, value=value), "message")]
    outside = measured.flag in OUT_OF_RANGE
    if outside:
        bounds = bounds_text(found.indicator)
        words = _("Please look once more: %(value)s lies outside the range (%(bounds)s).", value=value, bounds=bounds)
        said.append((words, "warning"))
    return Outcome(tuple(said), wants_a_look=outside)
