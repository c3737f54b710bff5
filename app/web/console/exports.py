"""Files of lists: exactly the rows that the address asks for, as CSV or as a workbook."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO
from typing import Any

from flask import Response, abort, request
from sqlalchemy import Select
from sqlalchemy.orm import Session

from app.audit.journal import Entry, record
from app.clock import KAZAKHSTAN
from app.indicators.sheet import neutral
from app.printing.workbooks import write_list
from app.web import site
from app.web.console import access, tables
from app.web.console.attachments import attachment, in_turn
from app.web.console.tables import Listing

MOST = 20_000
"""Rows of a file: two seconds for a workbook; no list of ours is longer for one person."""


@dataclass(frozen=True, slots=True)
class ListFile:
    """A list as it is written into a file: its name, headings, rows, and the names of its filters."""

    name: str
    head: list[str]
    rows: list[list[object]]
    filters: list[str]


def exported(session: Session, listing: Listing, statement: Select[*tuple[Any, ...]]) -> Response:
    """Answer with the file that this request asks for (`tables.asked_for_file`), and note it in the journal."""
    by, is_descending = tables.ordered(listing, request.args)
    order = [column.desc() if is_descending else column.asc() for column in by]
    wanted = tables.filtered(listing, statement, request.args).order_by(None).order_by(*order).limit(MOST + 1)
    found = session.execute(wanted).all()
    if len(found) > MOST:
        abort(413)  # half a file would be taken for the whole
    rows = [[column.value(row) for column in listing.columns] for row in found]
    head = [str(column.title) for column in listing.columns]
    return file_of(ListFile(listing.name, head, rows, [each.name for each in listing.filters]))


def file_of(file: ListFile) -> Response:
    """Answer with a list as the file that this request asks for, and note it in the journal.

    In a transaction of its own: a long file takes seconds to write, in which nobody else waits for the database.
    """
    kind = tables.asked_for_file()
    body = csv_of(file.head, file.rows) if kind == "csv" else _workbook(file.head, file.rows)
    detail: dict[str, str | int | bool | None] = {
        "kind": kind,
        "rows": len(file.rows),
        # Names alone: a filter's value may be what somebody typed.
        "filters": " ".join(sorted(name for name in file.filters if request.args.get(name))),
    }
    entry = Entry(event="list.exported", object_kind="list", object_id=file.name, detail=detail)
    with site.database().writing() as session:
        record(session, access.actor(), entry)
    return attachment(body, f"{file.name}-{site.clock().today().isoformat()}.{kind}")


def csv_of(head: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    """Write a table as CSV for a spreadsheet."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([_plain(value) for value in row] for row in rows)
    # The mark tells spreadsheets that it is UTF-8.
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(KAZAKHSTAN).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    # A number is one; a text that a spreadsheet would take for a formula is marked as text.
    return neutral(str(value)) if isinstance(value, str) or not isinstance(value, int | float | None) else value


def _workbook(head: list[str], rows: list[list[object]]) -> bytes:
    return in_turn(lambda: write_list([head, *([_cell(value) for value in row] for row in rows)]))


def _cell(value: object) -> Any:
    return value if isinstance(value, int | float | date | None) and not isinstance(value, datetime) else _plain(value)
