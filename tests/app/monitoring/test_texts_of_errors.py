"""Attacks on log lines: texts of errors that reach a log in other ways than as an error."""

import asyncio
import io
import json
import subprocess
import sys

import pytest

from tests.app.monitoring.test_logs import PERSONAL, ROOT


def test_what_asyncio_says_of_a_task_holds_no_text_of_its_error(lines: io.StringIO) -> None:
    async def failed() -> None:
        raise ValueError(PERSONAL)

    async def main() -> None:
        task = asyncio.ensure_future(failed())
        await asyncio.wait([task])
        asyncio.get_running_loop().call_exception_handler(
            {"message": "Task exception was never retrieved", "exception": task.exception(), "future": task}
        )

    asyncio.run(main())
    line = json.loads(lines.getvalue().splitlines()[-1])
    assert line["event"] == "Task exception was never retrieved"
    assert line["fault"].startswith("ValueError at ")
    assert PERSONAL not in json.dumps(line, ensure_ascii=False)


IN_A_THREAD = "from threading import Thread; t = Thread(target=int, args=('{0}',)); t.start(); t.join()"
IN_A_DESTRUCTOR = "A = type('A', (), {{'__del__': lambda self: int('{0}')}}); A()"


@pytest.mark.parametrize("code", [IN_A_THREAD, IN_A_DESTRUCTOR], ids=["thread", "destructor"])
def test_an_error_that_nobody_catches_leaves_no_text_wherever_it_rises(code: str) -> None:
    words = "from app.faults import keep_words_out; keep_words_out(); " + code.format(PERSONAL)
    done = subprocess.run([sys.executable, "-c", words], cwd=ROOT, capture_output=True, check=True, timeout=60)
    written = done.stderr.decode()
    assert "ValueError" in written
    assert PERSONAL not in written
