"""A ClamAV beside the product, played by a few lines that speak its INSTREAM."""

import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from app.indicators import virus_scan
from app.indicators.evidence_errors import EvidenceCode, EvidenceError
from app.indicators.virus_scan import Scan, scan

CONTENT = bytes(range(256)) * 1000
EICAR = b"Eicar-Test-Signature"


def read(connection: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size and (more := connection.recv(size - len(found))):
        found += more
    return found


def clamd(connection: socket.socket) -> bytes:
    """Take a stream as clamd does and find a virus where the mark of the test is."""
    assert read(connection, 10) == b"zINSTREAM\0"
    content = b""
    while size := struct.unpack(">I", read(connection, 4))[0]:
        content += read(connection, size)
    return b"stream: Eicar FOUND\0" if EICAR in content else b"stream: OK\0"


@contextmanager
def listening(address: str | tuple[str, int], answer: Callable[[socket.socket], bytes]) -> Iterator[str]:
    kind = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
    with socket.socket(kind) as server:
        server.bind(address)
        server.listen()

        def serve() -> None:
            connection, _peer = server.accept()
            with connection:
                connection.sendall(answer(connection))

        thread = Thread(target=serve)
        thread.start()
        yield address if isinstance(address, str) else f"127.0.0.1:{server.getsockname()[1]}"
        thread.join()


def test_nobody_is_asked_unless_an_address_is_set() -> None:
    assert scan("", EICAR) is Scan.UNSCANNED


def test_a_clean_file_is_said_to_be_clean(tmp_path: Path) -> None:
    with listening(str(tmp_path / "clamd"), clamd) as address:
        assert scan(address, CONTENT) is Scan.CLEAN
    with listening(("127.0.0.1", 0), clamd) as address:
        assert scan(address, CONTENT) is Scan.CLEAN


def test_an_infected_file_is_refused(tmp_path: Path) -> None:
    with listening(str(tmp_path / "clamd"), clamd) as address, pytest.raises(EvidenceError) as error:
        scan(address, CONTENT + EICAR)
    assert error.value.code is EvidenceCode.INFECTED


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"stream: OK, but not quite\0"])
def test_no_clear_answer_is_no_clean_file(tmp_path: Path, answer: bytes) -> None:
    def unclear(connection: socket.socket) -> bytes:
        clamd(connection)
        return answer

    with listening(str(tmp_path / "clamd"), unclear) as address, pytest.raises(EvidenceError) as error:
        scan(address, CONTENT)
    assert error.value.code is EvidenceCode.NOT_SCANNED


def test_a_scanner_that_is_away_or_silent_lets_nothing_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(virus_scan, "PATIENCE", 0.05)
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "silent"))
        silent.listen()
        for address in (str(tmp_path / "away"), str(tmp_path / "silent")):
            with pytest.raises(EvidenceError) as error:
                scan(address, CONTENT)
            assert error.value.code is EvidenceCode.NOT_SCANNED
