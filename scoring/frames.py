"""The tables that go into a rating: their columns, their types, their one order, their bytes and digest."""

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, field, fields

import pandas as pd

from scoring.errors import FrameError

TIER_OPEN, TIER_VERIFIED = "open", "verified"
FULL_WEIGHT = 1000
"""Base weight of an answer that no cap touched, in thousandths: integers keep the counts exact and mergeable.

An answer capped to 0, one of thousands from one source, is kept in the tables and counts nowhere.
"""

CONTRACTS: dict[str, dict[str, str]] = {
    "indicators": {"city": "key", "indicator": "key", "status": "str", "numerator": "int", "denominator": "int"},
    "cells": {
        "audience": "key",
        "city": "key",
        "cell": "key",
        "area": "key",
        "n": "int",
        "total": "int",
        "total_sq": "int",
    },
    "cell_key": {"audience": "key", "cell": "key", "dimension": "key", "category": "str"},
    "margins": {"audience": "key", "city": "key", "dimension": "key", "category": "key", "people": "int"},
    "scales": {"audience": "key", "area": "key", "scale": "int"},
    "pairs": {"audience": "key", "city": "key", "cell": "key"},
    "options": {"audience": "key", "city": "key", "cell": "key"},
    "option_key": {
        "audience": "key",
        "question": "key",
        "option": "key",
        "area": "str",
        "points": "int",
        "apart": "int",
    },
}
"""Columns that each table must have, and their kinds; the "key" columns together identify a row.

`cells` with area "" counts everyone in the cell; elsewhere y runs from scale to 5·scale. `pairs` and `options` are
wide: any further column is a count, "joint:j:k" (answered both), "left:j:k" (Σy_j over them) and "cross:j:k"
(Σy_j·y_k) in `pairs`, "question:option" in `options`. A dimension of `margins` may be joint: "age:sex" with categories
"18-24:f". `points` is the option's value (0 for none); `apart` is 1 for "hard to say" and the like.
"""

_GROUP: dict[str, tuple[str, str | int]] = {
    "tier": ("key", TIER_OPEN),
    "base_weight": ("int key", FULL_WEIGHT),
    "flagged": ("int key", 0),
}
OPTIONAL: dict[str, dict[str, tuple[str, str | int]]] = {
    "cells": _GROUP,
    "pairs": _GROUP,
    "options": _GROUP,
    "margins": {"universe": ("str", ""), "as_of": ("str", "")},
}
"""Columns with a kind and the value used where they are left out."""

WIDE = frozenset({"pairs", "options"})
STATUSES = ("reported", "missing", "not_applicable")


def _empty() -> pd.DataFrame:
    return pd.DataFrame()


@dataclass(frozen=True, eq=False, kw_only=True)
class Inputs:
    """Everything a rating is computed from; nothing else can change it.

    Without `pairs` the errors of totals are upper bounds; without `options` there are no shares of answers.
    """

    indicators: pd.DataFrame
    cells: pd.DataFrame
    cell_key: pd.DataFrame
    margins: pd.DataFrame
    scales: pd.DataFrame
    pairs: pd.DataFrame = field(default_factory=_empty)
    options: pd.DataFrame = field(default_factory=_empty)
    option_key: pd.DataFrame = field(default_factory=_empty)

    def __post_init__(self) -> None:
        """Hold every table to its contract and put it in its one order; raises FrameError."""
        for part in fields(self):
            frame = getattr(self, part.name)
            if part.name in {"pairs", "options", "option_key"} and frame.empty:
                frame = pd.DataFrame(columns=list(CONTRACTS[part.name]))
            object.__setattr__(self, part.name, check(part.name, frame))

    def tables(self) -> dict[str, pd.DataFrame]:
        """Give the tables by name."""
        return {part.name: getattr(self, part.name) for part in fields(self)}

    def digest(self) -> str:
        """Fingerprint all tables: equal inputs have equal digests on every machine."""
        return digest_of(self.tables())


def check(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Give the table with the contract's columns, types and order; raises FrameError."""
    absent = sorted(set(CONTRACTS[name]) - set(frame.columns))
    if absent:
        raise FrameError(f"{name}: no column {', '.join(absent)}")
    added = {column: value for column, (_, value) in OPTIONAL.get(name, {}).items() if column not in frame}
    kinds = _kinds(name, frame)
    try:
        typed = frame.assign(**added)[list(kinds)].astype({column: _dtype(kind) for column, kind in kinds.items()})
    except (TypeError, ValueError) as error:
        raise FrameError(f"{name}: {error}") from error
    keys = [column for column, kind in kinds.items() if kind.endswith("key")]
    ordered = typed.sort_values(keys, kind="stable").reset_index(drop=True)
    repeated = ordered.duplicated(keys)
    if repeated.any():
        raise FrameError(f"{name}: {tuple(ordered[repeated].iloc[0][keys])} is given twice")
    _check_values(name, ordered)
    return ordered


def canonical_csv(frame: pd.DataFrame) -> bytes:
    """Write a table as it is stored and digested: UTF-8, LF, shortest exact numbers, empty for no value."""
    buffer = io.StringIO()
    frame.to_csv(buffer, index=False, lineterminator="\n")
    return buffer.getvalue().encode()


def read_csv(name: str, content: bytes) -> pd.DataFrame:
    """Read an input table that `canonical_csv` wrote."""
    optional = {column: kind for column, (kind, _) in OPTIONAL.get(name, {}).items()}
    dtypes = {column: _dtype(kind) for column, kind in (CONTRACTS[name] | optional).items()}
    return pd.read_csv(io.BytesIO(content), dtype=dtypes, keep_default_na=False)


def digest_of(tables: Mapping[str, pd.DataFrame]) -> str:
    """Fingerprint named tables."""
    whole = hashlib.sha256()
    for name, frame in sorted(tables.items()):
        whole.update(f"{name}:{hashlib.sha256(canonical_csv(frame)).hexdigest()}\n".encode())
    return whole.hexdigest()


def _kinds(name: str, frame: pd.DataFrame) -> dict[str, str]:
    """Give the table's columns in order with their kinds; those of a wide table that no contract names are counts."""
    kinds = CONTRACTS[name] | {column: kind for column, (kind, _) in OPTIONAL.get(name, {}).items()}
    if name in WIDE:
        kinds |= {str(column): "int" for column in sorted(frame.columns) if column not in kinds}
    return kinds


def _dtype(kind: str) -> str:
    return "int64" if kind.startswith("int") else "str"


def _check_values(name: str, frame: pd.DataFrame) -> None:
    unknown = set(frame["status"]) - set(STATUSES) if "status" in frame else set()
    if unknown:
        raise FrameError(f"{name}: status {min(unknown)!r} is none of {', '.join(STATUSES)}")
    for column in {"n", "people", "base_weight"} & set(frame.columns):
        if (frame[column] < 0).any():
            raise FrameError(f"{name}: {column} is negative")
    for column in {"denominator", "scale"} & set(frame.columns):
        if (frame[column] <= 0).any():
            raise FrameError(f"{name}: {column} is not positive")
    if name == "cells":
        _check_cells(frame)


def _check_cells(frame: pd.DataFrame) -> None:
    keys = ["audience", "city", "cell", "tier", "base_weight", "flagged"]
    everyone = frame.loc[frame["area"] == "", [*keys, "n"]]
    whole = frame.merge(everyone, on=keys, how="left", suffixes=("", "_everyone"))
    if (whole["n_everyone"].isna() | (whole["n"] > whole["n_everyone"])).any():
        raise FrameError("cells: an area has more answers than its cell has people")
