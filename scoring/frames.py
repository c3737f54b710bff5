"""The tables that go into a rating and come out of it: their columns, their types, their one order and digest."""

import hashlib
import io
from dataclasses import dataclass, fields

import pandas as pd

from scoring.errors import FrameError

CONTRACTS: dict[str, dict[str, str]] = {
    "indicators": {"city": "str", "indicator": "str", "status": "str", "numerator": "int", "denominator": "int"},
    "cells": {
        "audience": "str",
        "city": "str",
        "cell": "str",
        "area": "str",
        "n": "int",
        "total": "int",
        "total_sq": "int",
    },
    "cell_key": {"audience": "str", "cell": "str", "dimension": "str", "category": "str"},
    "margins": {"audience": "str", "city": "str", "dimension": "str", "category": "str", "people": "int"},
    "scales": {"audience": "str", "area": "str", "scale": "int"},
}
"""Columns of the inputs. `cells` with area "" counts everyone in the cell; elsewhere y runs from scale to 5·scale."""

STATUSES = ("reported", "missing", "not_applicable")


@dataclass(frozen=True, eq=False, kw_only=True)
class Inputs:
    """Everything a rating is computed from; nothing else can change it."""

    indicators: pd.DataFrame
    cells: pd.DataFrame
    cell_key: pd.DataFrame
    margins: pd.DataFrame
    scales: pd.DataFrame

    def __post_init__(self) -> None:
        """Hold every table to its contract and put it in its one order; raises FrameError."""
        for field in fields(self):
            object.__setattr__(self, field.name, check(field.name, getattr(self, field.name)))

    def tables(self) -> dict[str, pd.DataFrame]:
        """Give the tables by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def digest(self) -> str:
        """Fingerprint all tables: equal inputs have equal digests on every machine."""
        return digest_of(self.tables())


def check(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Give the table with the contract's columns, types and order; raises FrameError."""
    contract = CONTRACTS[name]
    missing = sorted(set(contract) - set(frame.columns))
    if missing:
        raise FrameError(f"{name}: no column {', '.join(missing)}")
    try:
        typed = frame[list(contract)].astype({column: _dtype(kind) for column, kind in contract.items()})
    except (TypeError, ValueError) as error:
        raise FrameError(f"{name}: {error}") from error
    keys = [column for column, kind in contract.items() if kind == "str" and column != "status"]
    ordered = typed.sort_values(keys, kind="stable").reset_index(drop=True)
    if ordered.duplicated(keys).any():
        raise FrameError(f"{name}: {tuple(ordered[ordered.duplicated(keys)].iloc[0][keys])} is given twice")
    _check_values(name, ordered)
    return ordered


def canonical_csv(frame: pd.DataFrame) -> bytes:
    """Write a table as it is stored and digested: UTF-8, LF, shortest exact numbers, empty for no value."""
    buffer = io.StringIO()
    frame.to_csv(buffer, index=False, lineterminator="\n")
    return buffer.getvalue().encode()


def read_csv(name: str, content: bytes) -> pd.DataFrame:
    """Read an input table that `canonical_csv` wrote."""
    kinds = {column: _dtype(kind) for column, kind in CONTRACTS[name].items()}
    return pd.read_csv(io.BytesIO(content), dtype=kinds, keep_default_na=False)


def digest_of(tables: dict[str, pd.DataFrame]) -> str:
    """Fingerprint named tables."""
    whole = hashlib.sha256()
    for name, frame in sorted(tables.items()):
        whole.update(f"{name}:{hashlib.sha256(canonical_csv(frame)).hexdigest()}\n".encode())
    return whole.hexdigest()


def _dtype(kind: str) -> str:
    return "int64" if kind == "int" else "str"


def _check_values(name: str, frame: pd.DataFrame) -> None:
    if name == "indicators":
        unknown = set(frame["status"]) - set(STATUSES)
        if unknown:
            raise FrameError(f"indicators: status {min(unknown)!r} is none of {', '.join(STATUSES)}")
        if (frame["denominator"] <= 0).any():
            raise FrameError("indicators: a denominator is not positive")
    for column in ("n", "people"):
        if column in frame and (frame[column] < 0).any():
            raise FrameError(f"{name}: {column} is negative")
