"""What a wave is called for people: the title of its questionnaire and its months; the code stands small beside it."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.web.console.waves.words import AUDIENCES
from app.web.language import _, months, pick
from surveys.languages import Text3
from surveys.models import Wave
from surveys.models.questionnaires import QuestionnaireVersion
from surveys.questionnaire.versions import compiled_from


def wave_name(title: Text3, wave: Wave) -> str:
    """Name a wave in the language of the request, by the title of its questionnaire."""
    return _("%(title)s, %(months)s", title=pick(title), months=months(wave.opens_on, wave.closes_on))


def name_waves(session: Session, waves: Iterable[Wave]) -> dict[str, str]:
    """Name waves by their codes, in their order; one statement for all of them."""
    listed = list(waves)
    versions = (QuestionnaireVersion.digest, QuestionnaireVersion.definition)
    rows = session.execute(select(*versions).where(QuestionnaireVersion.digest.in_({each.version for each in listed})))
    titles = {digest: Text3(*compiled_from(digest, definition).questionnaire.title) for digest, definition in rows}
    return {each.code: wave_name(titles[each.version], each) for each in listed}


def wave_in_brief(audience: str, opens_on: date, closes_on: date) -> str:
    """Name a wave by whom it asks, and its months."""
    return _("%(who)s, %(months)s", who=AUDIENCES.get(audience, audience), months=months(opens_on, closes_on))
