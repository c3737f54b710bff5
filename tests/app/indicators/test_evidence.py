"""Papers behind values: who may add them and when, what stays, and who is told of the same file elsewhere."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.audit.models import JournalRow
from app.database import Database
from app.indicators.case_models import EvidenceFile
from app.indicators.evidence import (
    MOST_PAPERS,
    Address,
    Extract,
    KeptFile,
    Label,
    PaperKind,
    Vault,
    add_evidence,
    check_address,
    check_extract,
    check_label,
    check_room,
    get_paper,
    keep_file,
    other_uses,
    papers_of,
    withdraw_evidence,
)
from app.indicators.evidence_errors import EvidenceCode, EvidenceError
from app.indicators.evidence_files import check_file
from app.indicators.keys import CaseKey
from app.indicators.virus_scan import Scan
from tests.builders.cases import ANALYST, LEAD, MONDAY, RATE, YES_NO, by, events, send, type_in
from tests.builders.papers import make_pdf

LABEL = Label("Әкімдіктің қаулысы", date(2026, 3, 1))
PDF = check_file("қаулы.pdf", make_pdf())
KEPT = KeptFile(PDF, Scan.UNSCANNED)
ALMATY = CaseKey("2026", "almaty", "ctm_1")
TODAY = date(2026, 11, 30)


def code_of(refused: pytest.ExceptionInfo[EvidenceError]) -> EvidenceCode:
    return refused.value.code


def test_three_kinds_of_papers_stand_behind_a_case(opened: Database) -> None:
    with opened.writing() as session:
        for item in (KEPT, Address("https://stat.gov.kz/kk/1"), Extract("ЕРОП", "12-34")):
            add_evidence(session, RATE, LABEL, item, by(ANALYST))
        file, address, extract = papers_of(session, RATE)
        assert (file.kind, file.file_name, file.sha256, file.size) == (
            PaperKind.FILE,
            "қаулы.pdf",
            PDF.sha256,
            len(PDF.content),
        )
        assert (file.scan, file.added_by, file.added_at, file.withdrawn_at) == ("unscanned", "P1", MONDAY, None)
        assert (address.kind, address.address) == (PaperKind.ADDRESS, "https://stat.gov.kz/kk/1")
        assert (extract.kind, extract.register, extract.extract) == (PaperKind.REGISTER, "ЕРОП", "12-34")
        assert events(session)[1:] == ["evidence.added"] * 3
        details = " ".join(session.scalars(select(JournalRow.detail)))
        assert LABEL.caption not in details
        assert "қаулы" not in details


def test_a_withdrawn_paper_stays_and_is_withdrawn_once(opened: Database) -> None:
    with opened.writing() as session:
        number = add_evidence(session, RATE, LABEL, KEPT, by(ANALYST))
        withdraw_evidence(session, RATE, number, by(LEAD))
        paper = get_paper(session, RATE, number)
        assert paper is not None
        assert paper.withdrawn_at == MONDAY
        for key, code in ((RATE, EvidenceCode.WITHDRAWN), (YES_NO, EvidenceCode.UNKNOWN)):
            with pytest.raises(EvidenceError) as refused:
                withdraw_evidence(session, key, number, by(LEAD))
            assert code_of(refused) is code
        assert add_evidence(session, RATE, LABEL, KEPT, by(ANALYST)) != number, "it may come again"


def test_the_same_file_comes_once_to_a_case_and_its_bytes_once_to_the_country(opened: Database) -> None:
    with opened.writing() as session:
        add_evidence(session, RATE, LABEL, KEPT, by(ANALYST))
        with pytest.raises(EvidenceError) as refused:
            add_evidence(session, RATE, Label("Another caption"), KEPT, by(ANALYST))
        assert (code_of(refused), refused.value.found) == (EvidenceCode.DUPLICATE, LABEL.caption)
        add_evidence(session, YES_NO, LABEL, KEPT, by(ANALYST))
        add_evidence(session, ALMATY, LABEL, KEPT, by(ANALYST))
        assert session.scalars(select(EvidenceFile.sha256)).all() == [PDF.sha256]


def test_a_file_that_stands_elsewhere_is_told_to_both(opened: Database) -> None:
    with opened.writing() as session:
        add_evidence(session, RATE, LABEL, KEPT, by(ANALYST))
        assert other_uses(session, RATE) == {}
        add_evidence(session, YES_NO, LABEL, KEPT, by(ANALYST))
        number = add_evidence(session, ALMATY, LABEL, KEPT, by(ANALYST))
        assert other_uses(session, RATE) == {PDF.sha256: (YES_NO, ALMATY)}
        assert other_uses(session, ALMATY) == {PDF.sha256: (YES_NO, RATE)}
        assert other_uses(session, RATE, ["aktau"]) == {PDF.sha256: (YES_NO,)}, "a city is told of itself alone"
        withdraw_evidence(session, ALMATY, number, by(ANALYST))
        assert other_uses(session, RATE) == {PDF.sha256: (YES_NO,)}


def test_papers_come_and_go_only_while_the_value_is_the_citys(opened: Database) -> None:
    with opened.writing() as session:
        type_in(session, YES_NO, value="yes")
        number = add_evidence(session, YES_NO, LABEL, KEPT, by(ANALYST))
        send(session, YES_NO)
        with pytest.raises(EvidenceError) as added:
            add_evidence(session, YES_NO, LABEL, Extract("ЕРОП"), by(ANALYST))
        with pytest.raises(EvidenceError) as withdrawn:
            withdraw_evidence(session, YES_NO, number, by(ANALYST))
        assert {code_of(added), code_of(withdrawn)} == {EvidenceCode.NOT_EDITABLE}


def test_a_case_takes_ten_papers(opened: Database) -> None:
    with opened.writing() as session:
        for number in range(MOST_PAPERS):
            add_evidence(session, RATE, LABEL, Extract("ЕРОП", str(number)), by(ANALYST))
        with pytest.raises(EvidenceError) as refused:
            check_room(session, RATE)
        assert code_of(refused) is EvidenceCode.TOO_MANY


def test_bytes_are_on_the_disk_before_a_row_names_them(opened: Database, tmp_path: Path) -> None:
    kept = keep_file(Vault(tmp_path / "evidence"), PDF)
    assert kept.scan is Scan.UNSCANNED
    assert [path.name for path in (tmp_path / "evidence").rglob("*") if path.is_file()] == [PDF.sha256]
    with opened.writing() as session:
        add_evidence(session, RATE, LABEL, kept, by(ANALYST))
        assert session.scalars(select(EvidenceFile.scan)).one() == "unscanned"
        add_evidence(session, YES_NO, LABEL, kept._replace(scan=Scan.CLEAN), by(ANALYST))
        assert session.scalars(select(EvidenceFile.scan)).one() == "clean", "seen later, and clean for all"


@pytest.mark.parametrize(
    ("label", "code"),
    [
        (Label(""), EvidenceCode.CAPTION),
        (Label("x" * 201), EvidenceCode.CAPTION),
        (Label("a\u0000bc"), EvidenceCode.CAPTION),
        (Label("Қаулы", TODAY + timedelta(1)), EvidenceCode.DAY),
        (Label("Қаулы", date(1066, 1, 1)), EvidenceCode.DAY),
        (Label("Қаулы", is_public=False), EvidenceCode.PRIVATE_REASON),
        (Label("Қаулы", is_public=False, private_reason="because"), EvidenceCode.PRIVATE_REASON),
    ],
)
def test_what_is_said_of_a_paper_is_checked(label: Label, code: EvidenceCode) -> None:
    with pytest.raises(EvidenceError) as refused:
        check_label(label, TODAY)
    assert code_of(refused) is code


def test_a_reason_not_to_show_a_paper_is_kept_only_with_one_that_is_not_shown() -> None:
    assert check_label(Label(" Қаулы\u202e  № 5 ", private_reason="names of pupils"), TODAY) == Label("Қаулы № 5")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "stat.gov.kz",
        "http://stat.gov.kz",
        "https://",
        "https://localhost/x",
        "https://a@stat.gov.kz/",
        "https://stat.gov.kz/a b",
        "https://stat.gov.kz:99999/",
        "javascript:alert(1)//https://stat.gov.kz",
        "https://stat.gov.kz/" + "x" * 800,
        "https://[::1/",
    ],
)
def test_an_address_is_https_of_a_named_host(address: str) -> None:
    with pytest.raises(EvidenceError) as refused:
        check_address(address)
    assert code_of(refused) is EvidenceCode.ADDRESS
    assert check_address(" https://stat.gov.kz/kk?x=1 ") == Address("https://stat.gov.kz/kk?x=1")


def test_an_extract_names_its_register() -> None:
    assert check_extract(" ЕРОП ", "") == Extract("ЕРОП")
    for register, number in (("", "1"), ("x" * 201, ""), ("ЕРОП", "x" * 81)):
        with pytest.raises(EvidenceError):
            check_extract(register, number)
