"""Papers of the demo: small PDFs that say of themselves, in three languages, that they are no evidence of anything."""

from app.indicators.evidence_files import PaperFile, check_file
from app.indicators.keys import CaseKey
from app.printing.typeset import pdf

LABELS = ("үлгі дерек", "иллюстративный пример", "illustrative")
"""What stands on every paper and in every caption."""


def make_paper(key: CaseKey, value: str) -> PaperFile:
    """Set the paper of a case; the same case and value give the same bytes."""
    data = {"title": f"{key.period} · {key.city} · {key.indicator}", "value": value, "labels": LABELS}
    return check_file(f"illustrative-{key.period}-{key.city}-{key.indicator}.pdf", pdf("illustrative", data))
