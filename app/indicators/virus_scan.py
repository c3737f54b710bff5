"""Asks a ClamAV that runs beside the product whether a file is clean, by its INSTREAM command."""

import socket
import struct
from enum import StrEnum

from app.indicators.evidence_errors import EvidenceCode, EvidenceError

PATIENCE = 30.0
"""Seconds to wait for each answer; clamd reads 10 MB in one or two."""

_PART = 64 * 1024
_LONGEST_ANSWER = 4096


class Scan(StrEnum):
    """What is known of a stored file; one that is infected is never stored."""

    CLEAN = "clean"
    UNSCANNED = "unscanned"


def scan(address: str, content: bytes) -> Scan:
    """Have a content looked at by the clamd at a path or host:port; "" is nobody.

    Raises EvidenceError when something is found, and when there is no answer: whoever set an address wants every file
    looked at.
    """
    if not address:
        return Scan.UNSCANNED
    try:
        answer = _ask(address, content)
    except OSError as error:
        raise EvidenceError(EvidenceCode.NOT_SCANNED) from error
    if answer.endswith(b" FOUND"):
        raise EvidenceError(EvidenceCode.INFECTED)
    if answer != b"stream: OK":
        raise EvidenceError(EvidenceCode.NOT_SCANNED)
    return Scan.CLEAN


def _ask(address: str, content: bytes) -> bytes:
    with _connect(address) as connection:
        connection.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), _PART):
            part = content[start : start + _PART]
            connection.sendall(struct.pack(">I", len(part)) + part)
        connection.sendall(struct.pack(">I", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER and (more := connection.recv(_PART)):
            answer += more
    return answer.rstrip(b"\0").strip()


def _connect(address: str) -> socket.socket:
    if not address.startswith("/"):
        host, _colon, port = address.rpartition(":")
        return socket.create_connection((host, int(port)), PATIENCE)
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(PATIENCE)
    try:
        connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection
