"""What the walk of typed texts finds forms about: suggestions, initiatives, replies."""

from datetime import timedelta

from sqlalchemy.orm import Session

from app.audit.journal import Actor
from app.feedback import replies
from app.feedback.frame import store_frame
from app.feedback.groups import put_together
from app.feedback.reply_templates import TemplateTerms, add_template
from app.feedback.themes import make_city_theme
from app.initiatives.keeping import Report, start
from app.workspace.models import Selection
from tests.builders.answering import WORDS as SAID
from tests.builders.answering import Office as ReplyPeople
from tests.builders.answering import begin, by
from tests.builders.answering import released as replied
from tests.builders.answering import shown as show_some
from tests.builders.comments import make_comment
from tests.builders.examination import People
from tests.builders.initiatives import Planners, finish, keep_document, plan, release, submit, support
from tests.builders.staff import NOW, TODAY
from tests.builders.themes import HEATING, make_coded
from tests.builders.themes import name as named


def make_suggestions(session: Session, coder: int) -> None:
    """Let suggestions wait for a moderator, and others stand below a theme of the city's own, two of them alike."""
    store_frame(session)
    make_comment(session, number=1, city="aktau")
    own = make_city_theme(session, Actor(coder, NOW), "aktau", HEATING, named("Boilers"))
    one, other, *_rest = make_coded(session, coder, range(2, 8), own.code)
    put_together(session, Actor(coder, NOW), [one, other], "Boilers", "bulk")


def choose_for_a_group(session: Session, staff: int) -> None:
    """Let a person have ticked suggestions for a group whose title is still to be typed; the walk calls it "1"."""
    ids = [make_comment(session, number=number, city="aktau", state="shown") for number in (20, 21)]
    made_at = NOW + timedelta(minutes=10)  # it is over half an hour later, and the walk goes on at 31 minutes
    chosen = Selection(id="1", staff=staff, kind="comments.group", object_ids="\n".join(ids), back="", made_at=made_at)
    session.add(chosen)


def make_replies(session: Session, people: People) -> None:
    """Let a reply be a draft, another wait, and a third be released; and keep a template of the city."""
    city = ReplyPeople(people.analyst, people.lead, people.lead)
    ids = show_some(session, 3, 100)
    replied(session, city, ids)
    begin(session, city, ids)
    waits = begin(session, city, ids)
    replies.finish(session, by(people.analyst), waits.id, "aktau", version=None)
    add_template(session, by(people.lead), "aktau", TemplateTerms("done", None, "Done", SAID))


def make_initiatives(session: Session, people: People) -> None:
    """Let initiatives be planned, submitted and ended, and documents kept and released."""
    of_city = Planners(people.analyst, people.lead, people.one, people.two, people.three, people.four)
    for make in (plan, submit, support, finish):
        make(session, of_city, title_en=f"Bus: {make.__name__}")
    begun = support(session, of_city, title_en="Bus: begun")
    start(session, begun.key, begun.version, Report(day=TODAY), Actor(people.lead, NOW))
    keep_document(session, "aktau", people.lead)
    released = keep_document(session, "aktau", people.lead, kind="architecture")
    release(session, "aktau", released, Actor(people.lead, NOW))
