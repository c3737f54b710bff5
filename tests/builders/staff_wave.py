"""A wave of those who work in an administration, with answers."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import insert
from sqlalchemy.orm import Session

from surveys.authoring.yaml_source import load, shipped
from surveys.fieldwork import waves
from surveys.models import Response
from surveys.models.responses import FULL_WEIGHT
from surveys.questionnaire.cells import cell_code
from surveys.questionnaire.compiled import Compiled
from surveys.questionnaire.packing import pack
from surveys.questionnaire.versions import freeze_questionnaire, get_compiled
from surveys.tallies import folding

STAFF_WAVE = "staff-test"
STAFF = load(next(path for path in shipped() if path.stem == "staff"))
BY_POINTS = {5: "fully", 4: "mostly", 3: "mixed", 2: "mostly_not", 1: "not_at_all", None: "hard_to_say"}


def open_staff_wave(session: Session, today: date, *, code: str = STAFF_WAVE, illustrative: bool = False) -> Compiled:
    """Plan a wave of staff everywhere and open it."""
    version = freeze_questionnaire(session, STAFF, today=today)
    plan = waves.WavePlan(
        code=code,
        version=version,
        opens_on=today,
        closes_on=today + timedelta(days=30),
        targets={"aktau": 60, "almaty": 60, "oral": 60},
        gates=frozenset({"code"}),
        illustrative=illustrative,
    )
    waves.plan_wave(session, plan)
    waves.open_wave(session, code)
    return get_compiled(session, version)


def add_staff_answers(
    session: Session, compiled: Compiled, city: str, points: Sequence[dict[str, int | None]], today: date
) -> None:
    """Store an answer for each entry, points by area for all its scored items, and count them."""
    rows = []
    for number, by_area in enumerate(points):
        answers = {
            question.code: BY_POINTS[by_area[question.area]]
            for question in compiled.questionnaire.questions
            if question.area in by_area
        }
        rows.append(
            {
                "id": f"{city}-{number:020d}",
                "wave": STAFF_WAVE,
                "city": city,
                "version": compiled.questionnaire.digest(),
                "tier": "verified",
                "cell": cell_code(compiled.questionnaire, answers, "kk"),
                "lang": "kk",
                "channel": "link",
                "mode": "web",
                "day": today,
                "closed": pack(compiled, answers),
                "base_weight": FULL_WEIGHT,
                "flags": 0,
                "folded": False,
            }
        )
    session.execute(insert(Response), rows)
    folding.fold(session, minimum=1)
