"""A number and what it is made of, as a tree of plain data."""

from dataclasses import dataclass

Detail = tuple[str, str | int | float]

OTHERS = "others"
"""Code of the people, or the options, of several groups put together because one of them is small."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One number and what it is made of.

    Its value is the sum of its parts' values times their `weight`, except where `kind` is "points": there it is the
    band of Table 2 in which its only part lies. A node without parts is a fact: a reported value, a count of answers.
    """

    kind: str
    code: str
    value: float | None
    weight: float = 1.0
    note: str = ""
    details: tuple[Detail, ...] = ()
    parts: tuple["Node", ...] = ()

    def to_json(self) -> dict[str, object]:
        """Give the tree as plain data for JSON."""
        return {
            "kind": self.kind,
            "code": self.code,
            "value": self.value,
            "weight": self.weight,
            "note": self.note,
            "details": dict(self.details),
            "parts": [part.to_json() for part in self.parts],
        }
