"""Which publications used a value, and in which of its revisions; without pandas, so that a page can say it."""

import gzip
from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.indicators.keys import CaseKey
from app.publishing.models import Publication
from app.ratings.models import REVISIONS, Run, RunFrame
from app.ratings.stored import rows_of


def publications_of(session: Session, key: CaseKey) -> Mapping[int, tuple[int, ...]]:
    """Give the numbers of the publications that used each revision of a value, in order; in one statement.

    Publications of an earlier release do not say which revision they used: they are not among them.
    """
    rows = session.execute(
        select(Publication.number, RunFrame.csv_gz)
        .join(Run, Run.id == Publication.run)
        .join(RunFrame, (RunFrame.run == Run.id) & (RunFrame.side == "input") & (RunFrame.kind == REVISIONS))
        .where(Run.period == key.period)
        .order_by(Publication.number)
    )
    used: dict[int, list[int]] = defaultdict(list)
    for number, table in rows:
        for row in rows_of(gzip.decompress(table)):
            if (row["city"], row["indicator"]) == (key.city, key.indicator):
                used[int(row["revision"])].append(number)
    return {revision: tuple(numbers) for revision, numbers in used.items()}
