"""The board's pages, CSV and JSON hold the same numbers."""

import csv
import io
import json
import re
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient

from app.database import Database
from app.feedback.board import figures
from app.feedback.clock import AnswerFigures
from tests.builders.comments import make_comment
from tests.builders.replies import make_reply, make_shown, weeks_ago


class Table(HTMLParser):
    """The cells of the tables of a page, by row: texts as they are read."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._open = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - its signature
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")
            self._open = True

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag not in {"td", "th"}

    def handle_data(self, data: str) -> None:
        if self._open:
            self.rows[-1][-1] += data


def read_csv(portal: FlaskClient, name: str) -> list[dict[str, str]]:
    answer = portal.get(f"/data/{name}.csv")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def read_json(portal: FlaskClient, name: str) -> dict[str, object]:
    tree: dict[str, object] = json.loads(portal.get(f"/data/{name}.json").text)
    return tree


@pytest.mark.parametrize("name", ["said", "said-waves", "said-commitments", "said/aktau"])
def test_csv_and_json_hold_the_same(portal: FlaskClient, name: str) -> None:
    tree = read_json(portal, name)
    rows = tree["rows"]
    assert isinstance(rows, list)
    lines = read_csv(portal, name)
    assert len(lines) == len(rows) > 0
    for line, row in zip(lines, rows, strict=True):
        gaps = row.get("no_number", {})
        told = {column: gaps.get(column, str(value)) for column, value in row.items()}
        assert line == {column: told.get(column, line["illustrative"]) for column in line}
        assert told.keys() - line.keys() <= {"no_number", "steps"}
        assert line["illustrative"] == str(tree["about"]["illustrative"])  # type: ignore[index]


def test_the_table_of_cities_holds_what_the_file_holds(portal: FlaskClient) -> None:
    by_name = {line["name_en"]: line for line in read_csv(portal, "said")}
    rows = [row for row in Table(portal.get("/en/said").text).rows if row[0].strip() in by_name]
    assert len(rows) == len(by_name) == 20
    for name, received, due, in_time, late, never, overdue, hidden in rows:
        line = by_name[name.strip()]
        assert (received, due) == (line["received"], line["due"])
        for cell, kind in ((in_time, "in_time"), (late, "late"), (never, "never"), (hidden, "hidden")):
            share = line[f"{kind}_percent"]
            assert cell == ("-" if share == "-" else f"{share}% ({line[kind]})")
        assert overdue == f"{line['overdue']} of {line['commitments']}"


def test_a_citys_page_holds_what_its_file_holds(portal: FlaskClient) -> None:
    page, tree, (line, *_more) = (
        portal.get("/en/said/aktau").text,
        read_json(portal, "said/aktau"),
        [each for each in read_csv(portal, "said") if each["city"] == "aktau"],
    )
    told = dict(re.findall(r"<dt>(?:<a [^>]*>)?([^<]*)(?:</a>)?</dt><dd>(.*?)</dd>", page))
    told = {name: re.sub(r"<[^>]*>", "", value) for name, value in told.items()}
    assert told["Received"] == line["received"] == "20"
    assert told["Shown"] == str(int(line["shown"]) + int(line["shown_redacted"])) == "17"
    assert told["Answered in time"] == f"{line['in_time_percent']}% ({line['in_time']})" == "92% (11)"
    assert told["Never answered"] == f"{line['never_percent']}% ({line['never']})" == "8% (1)"
    assert told["Promises overdue"] == "1 of 1"
    assert told["Hidden"] == "5% (1)"
    figures_told = tree["figures"]
    assert isinstance(figures_told, dict)
    assert {name: str(value) for name, value in figures_told.items()} == {name: line[name] for name in figures_told}


def test_themes_are_counted_alike_on_page_and_in_file(portal: FlaskClient) -> None:
    page = portal.get("/en/said/aktau?area=hcs").text
    roads = next(line for line in read_csv(portal, "said/aktau") if line["theme"] == "hcs-roads")
    assert roads["suggestions"] == "13"
    assert "13 suggestions · 76% of all that are shown" in page
    assert roads["share_percent"] == "76"
    clinics = next(line for line in read_csv(portal, "said/aktau") if line["theme"] == "hlt-queues")
    assert (clinics["suggestions"], clinics["share_percent"]) == ("<5", "-")
    assert "fewer than 5 suggestions" in portal.get("/en/said/aktau?area=hlt").text
    assert not re.search(r"\b2 suggestions", portal.get("/en/said/aktau?area=hlt").text)


def test_the_rules_hold_what_the_file_of_waves_holds(portal: FlaskClient) -> None:
    (line,) = read_csv(portal, "said-waves")
    (row,) = (row for row in Table(portal.get("/en/said/rules").text).rows if row[0].strip() == "Aktau")
    hidden = sum(int(n) for column, n in line.items() if column.startswith("hidden_"))
    columns = (
        line["received"],
        line["waiting"],
        line["shown"],
        line["shown_redacted"],
        str(hidden),
        line["overturned"],
    )
    assert tuple(row[1:]) == columns == ("20", "2", "17", "0", "1", "1")


@pytest.mark.parametrize(
    ("part", "whole", "share"), [(0, 0, None), (0, 3, 0), (1, 3, 33), (2, 3, 67), (1, 200, 1), (1, 201, 0), (7, 7, 100)]
)
def test_a_share_is_a_whole_percent_with_halves_upwards(part: int, whole: int, share: int | None) -> None:
    assert figures.percent(part, whole) == share


def test_a_city_of_which_all_terms_run_has_no_share(board: Database, portal: FlaskClient) -> None:
    with board.writing() as session:
        make_comment(session, number=60, city="oral", state="shown", released_on=weeks_ago(1))
    line = next(line for line in read_csv(portal, "said") if line["city"] == "oral")
    assert (line["received"], line["due"], line["in_time_percent"], line["hidden_percent"]) == ("1", "0", "-", "0")


def test_the_figures_of_the_country_and_of_a_city_are_one(board: Database) -> None:
    with board.writing() as session:
        comments = make_shown(session, "hcs-roads", (61, 62, 63), city="oral", released_on=weeks_ago(8))
        make_reply(session, comments[:1], days=(weeks_ago(7),), city="oral")
        make_reply(session, comments[1:2], days=(weeks_ago(1),), city="oral")
        all_of_them, _asked = figures.list_figures(session, weeks_ago(0))
        alone, _asked = figures.get_figures(session, "oral", weeks_ago(0), ())
    assert all_of_them["oral"] == alone
    assert AnswerFigures(alone.in_time, alone.late, alone.never) == AnswerFigures(1, 1, 1)
