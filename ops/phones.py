"""Phones of an upgrade that is tried: they fill in a wave, keep answers, and send them when they are told to.

python3 ops/phones.py fill NAME WAVE FILE COUNT   fill in COUNT answers with what the site shows, and keep them in FILE
python3 ops/phones.py send NAME FILE STATUS       send all of FILE; exits with 1 when an answer gets another status, or
                                                  another number than it got before

The site is asked at 127.0.0.1 by HTTPS under its NAME, as nginx shows it; needs nothing but Python.
"""

import http.client
import json
import secrets
import ssl
import sys
from pathlib import Path
from typing import Any

CERTIFICATE = "/etc/city-opinion/tls/fullchain.pem"


class _ToThisMachine(http.client.HTTPSConnection):
    def connect(self) -> None:
        """Connect to this machine, whatever the name is that is asked for."""
        name, self.host = self.host, "127.0.0.1"
        http.client.HTTPConnection.connect(self)
        self.host = name
        self.sock = ssl.create_default_context(cafile=CERTIFICATE).wrap_socket(self.sock, server_hostname=name)


def main() -> None:
    """Do what the command line says."""
    match sys.argv[1:]:
        case ["fill", name, wave, file, count]:
            filled = [fill(wave, json.loads(ask(name, "GET", plain(name, wave))[1])) for _each in range(int(count))]
            Path(file).write_text(json.dumps(filled))
        case ["send", name, file, status]:
            answers = json.loads(Path(file).read_text())
            wrong = [fault for answer in answers if (fault := send(name, answer, int(status)))]
            Path(file).write_text(json.dumps(answers))
            print(f"{file}: {len(answers) - len(wrong)} of {len(answers)} got {status}")
            sys.exit("\n".join(wrong) or None)
        case _:
            sys.exit(__doc__)


def plain(name: str, wave: str) -> str:
    """Find the address of the newest file of a wave."""
    status, _text, location = ask(name, "GET", f"/s/{wave}/offline.json")
    if status != 302:
        sys.exit(f"{wave} is not open: {status}")
    return location


def fill(wave: str, file: dict[str, Any]) -> dict[str, Any]:
    """Answer every rating by its first choice, about the first city and all areas."""
    questions = [question for page in file["questionnaire"]["pages"] for question in page["questions"]]
    areas = sorted({question["area"] for question in questions if question.get("area")})
    body = {
        "wave": wave,
        "city": min(file["cities"]),
        "version": file["version"],
        "lang": "kk",
        "consent": file["questionnaire"]["consent_version"],
        "answers": {one["code"]: one["options"][0]["code"] for one in questions if one["kind"] == "rating"},
        "extra": areas,
        "suggestions": [],
    }
    return {"id": secrets.token_hex(16), "body": body}


def send(name: str, answer: dict[str, Any], wanted: int) -> str:
    """Send an answer and keep what is told to its owner; gives what was wrong."""
    status, text, _location = ask(name, "PUT", f"/r/{answer['id']}", json.dumps(answer["body"]).encode())
    if status != wanted:
        return f"{answer['id']}: {status} {text}"
    told = json.loads(text).get("receipt")
    if answer.setdefault("receipt", told) != told:
        return f"{answer['id']}: told {told}, and {answer['receipt']} before"
    return ""


def ask(name: str, method: str, path: str, body: bytes | None = None) -> tuple[int, str, str]:
    """Send one request; gives status, text and where it leads."""
    connection = _ToThisMachine(name, timeout=60)
    connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
    answer = connection.getresponse()
    told = answer.status, answer.read().decode(), answer.headers.get("Location", "")
    connection.close()
    return told


if __name__ == "__main__":
    main()
