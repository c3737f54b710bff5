"""What one questionnaire says otherwise than another, part by part, in the words of its file."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from surveys.authoring.yaml_writing import as_document
from surveys.questionnaire.definition import Questionnaire


class ChangedPart(NamedTuple):
    """One part that differs; empty where one of the two does not have it."""

    where: str
    """Codes of page, question and option, then the part, such as "its / bus / label / kk"."""
    before: str
    after: str


def compare(before: Questionnaire, after: Questionnaire) -> list[ChangedPart]:
    """List what differs, in the order of the newer one; what only the older one has comes last."""
    old, new = (dict(_parts(as_document(each), "")) for each in (before, after))
    for parts in (old, new):
        parts.pop("version", None)
    order = dict.fromkeys((*new, *old))
    differing = (where for where in order if old.get(where) != new.get(where))
    return [ChangedPart(where, old.get(where, ""), new.get(where, "")) for where in differing]


def _parts(value: Any, where: str) -> Iterator[tuple[str, str]]:
    """Walk through plain data; parts of a list are named by their codes, others by their number."""
    if isinstance(value, Mapping):
        for name, part in value.items():
            if name != "reviewed":
                yield from _parts(part, _joined(where, "" if name in {"pages", "questions", "options"} else name))
    elif isinstance(value, list | tuple):
        for number, part in enumerate(value, 1):
            code = part.get("code") if isinstance(part, Mapping) else None
            yield from _parts(part, _joined(where, str(code or number)))
    else:
        yield where, str(value)


def _joined(where: str, name: str) -> str:
    return " / ".join(filter(None, (where, name)))
