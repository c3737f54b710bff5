"""Measures what `make demo` holds in memory: `make bench-memory`, with CHECK=--check to fail on a missed limit.

Runs the demo in a folder of its own, follows every link of the portal and walks the survey in three languages until
caches are full, takes an answer back, follows every link of the console as each person of the demo, runs each job as
the scheduler starts it, and has a trial run made in the console. Two sizes are printed in MB of 2²⁰ bytes. RSS counts
memory that processes share in each of them; PSS divides it among them, so that only PSS adds up to what the machine
gave. The limits hold for PSS: for the most of a web worker, and for the most that was held at once while it served.
"""

import argparse
import html
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple

from app.cli.demo import demo_environment
from app.jobs.registry import JOBS
from benchmarks.load import Client, Reply, Walk

ROOT = Path(__file__).parents[1]
PORT = 8907
WAVES = ("residents-demo", "businesses-demo")
LANGUAGES = ("kk", "ru", "en")
ROUNDS = 2
PATIENCE = 600
"""Seconds the demo may take to be filled and to serve."""

WORKER, CONSOLE = "a web worker of the public site", "a web worker of the console"
SUM_OF_BOTH, ALL = "web and scheduler, a job included", "the demo in all, a job included"
LIMITS = {WORKER: 90, CONSOLE: 90, SUM_OF_BOTH: 250, ALL: 300}


class Size(NamedTuple):
    """Memory of one or several processes, in MB."""

    pss: float
    rss: float


class Family(dict[str, Size]):
    """What each process of the demo holds at one moment, by what it does."""

    def sum(self, *, without: str = "") -> Size:
        """Add all up but one."""
        sizes = [size for name, size in self.items() if name != without]
        return Size(sum(size.pss for size in sizes), sum(size.rss for size in sizes))


class Watcher(Thread):
    """Looks at a family of processes five times a second and keeps the most that it held, together and each."""

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self.root, self.most, self.peaks, self.done = root, Family(), Family(), Event()

    def run(self) -> None:
        """Look until told that it is done."""
        while not self.done.wait(0.2):
            seen = look(self.root)
            for name, size in seen.items():
                self.peaks[name] = max(size, self.peaks.get(name, size))
            if seen.sum().pss > self.most.sum().pss:
                self.most = seen


class Visitor(Client):
    """A client that asks in one language."""

    language = "kk"

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Reply:
        """Send one request in this visitor's language."""
        return super().ask(method, path, body, **{**headers, "Accept_Language": self.language})


def look(root: int) -> Family:
    """Measure the demo's process, all below it, and the jobs of this script."""
    above = {int(entry.name): _parent(entry) for entry in Path("/proc").iterdir() if entry.name.isdigit()}
    family = Family()
    for pid, parent in above.items():
        mine = parent == os.getpid() and pid != root
        if mine or root in _line(pid, above):
            with suppress(OSError):  # a process may end while it is looked at
                family[_role(pid, root)] = _size(pid)
    return family


def _line(pid: int, above: dict[int, int]) -> Iterator[int]:
    while pid:
        yield pid
        pid = above.get(pid, 0)


def _role(pid: int, root: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_text().partition("\0-m\0app\0")[2].split("\0")[:-1]
    if pid == root:
        return "demo"
    if words[:2] == ["serve", "--site"]:
        return "web worker" if words[2] == "public" else words[2]  # one alone has no supervisor above it
    return "scheduler" if words == ["jobs", "run"] else " ".join(words)


def _parent(entry: Path) -> int:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def _size(pid: int) -> Size:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    kilobytes = {name: int(rest.split()[0]) for name, _colon, rest in (line.partition(":") for line in lines)}
    return Size(kilobytes["Pss"] / 1024, kilobytes["Rss"] / 1024)


@contextmanager
def demo() -> Iterator[subprocess.Popen[bytes]]:
    """Run the demo in the current folder; on leaving it is ended if it is still there."""
    words = [sys.executable, "-m", "app", "demo", "--port", str(PORT)]
    process = subprocess.Popen(words, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=sys.stderr)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


def wait_for_page(process: subprocess.Popen[bytes]) -> None:
    """Wait for the first page; raises RuntimeError when there is none."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        with suppress(OSError):
            if Visitor(PORT).ask("GET", "/kk/").status == 200:
                return
        time.sleep(0.2)
    raise RuntimeError("the demo does not serve")


def follow_links(visitor: Visitor) -> int:
    """Look at every page of the portal that can be reached in a language, and every file; gives their number."""
    waiting, seen = [f"/{visitor.language}/"], set[str]()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        reply = visitor.ask("GET", path)
        if reply.status != 200:
            raise RuntimeError(f"{path} answered {reply.status}")
        links = (urllib.parse.urljoin(path, link) for link in re.findall(r'href="([^"#?]+)', reply.text))
        waiting += [link for link in links if link.startswith((f"/{visitor.language}/", "/data/"))]
    return len(seen)


def visit_survey(visitor: Visitor) -> int:
    """Look at the pages around the survey, and walk through both questionnaires; gives the number of pages."""
    paths = ["/s/", "/s/rights", "/s/offline", "/s/worker.js", "/s/manifest.webmanifest", "/s/withdraw", "/settings"]
    for wave in WAVES:
        paths += [f"/s/{wave}/{page}" for page in ("progress", "receipts", "receipts.csv", "offline", "offline.json")]
    for path in paths:
        if (status := visitor.ask("GET", path).status) not in {200, 302}:
            raise RuntimeError(f"{path} answered {status}")
    pages = len(paths)
    for wave in WAVES:
        visitor.cookies.clear()
        walk = Walk(visitor, wave, extra=2)
        if not walk.finish():
            raise RuntimeError(f"the walk of {wave} does not end in thanks")
        pages += walk.pages
    take_back(visitor, walk.page)
    return pages


def take_back(visitor: Visitor, thanks: str) -> None:
    """Withdraw the answer whose code stands on a page of thanks."""
    code = re.search(r"\b(?:[0-9A-Z]{4}-){4}[0-9A-Z]{4}\b", thanks)
    token = re.search(r'name="csrf_token" value="([^"]+)"', visitor.ask("GET", "/s/withdraw").text)
    fields = {"csrf_token": token[1] if token else "", "code": code[0] if code else "", "sure": "yes"}
    body = urllib.parse.urlencode(fields).encode()
    reply = visitor.ask("POST", "/s/withdraw", body, Content_Type="application/x-www-form-urlencoded")
    if reply.status != 303:
        raise RuntimeError(f"the withdrawal answered {reply.status}")


def walk_console() -> int:
    """Follow every link of the console as each person of the demo; gives the number of pages."""
    pages = 0
    for person in re.findall(r'name="person" value="([0-9]+)"', Visitor(PORT + 1).ask("GET", "/console/demo").text):
        visitor = sign_in(person)
        waiting, seen = ["/console/"], set[str]()
        while waiting:
            address = waiting.pop()
            path = address.partition("?")[0]
            if path in seen:  # whatever is chosen on it
                continue
            seen.add(path)
            reply = visitor.ask("GET", address)
            if reply.status not in {200, 303, 403}:
                raise RuntimeError(f"{address} answered {reply.status}")
            found = re.findall(r'href="([^"#]+)', reply.text)
            links = (urllib.parse.urljoin(path, html.unescape(link)) for link in found)
            waiting += [link for link in links if link.startswith("/console/") and "/static/" not in link]
        visitor.close()
        pages += len(seen)
    return pages


def sign_in(person: str) -> Visitor:
    """Press a person of the demo."""
    visitor = Visitor(PORT + 1)
    send(visitor, "/console/demo", "/console/demo", person=person)
    return visitor


def send(visitor: Visitor, page: str, address: str, **fields: str) -> str:
    """Send a form of a page; gives the address that it leads to."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', visitor.ask("GET", page).text)
    body = urllib.parse.urlencode({"csrf_token": token[1] if token else "", **fields}).encode()
    reply = visitor.ask("POST", address, body, Content_Type="application/x-www-form-urlencoded")
    if reply.status != 303:
        raise RuntimeError(f"{address} answered {reply.status}")
    return reply.location


def make_run() -> float:
    """Have a trial run made in the console as whoever may; gives the seconds until its page says that it is over."""
    for person in re.findall(r'name="person" value="([0-9]+)"', Visitor(PORT + 1).ask("GET", "/console/demo").text):
        visitor = sign_in(person)
        form = visitor.ask("GET", "/console/runs/new")
        if form.status == 200:
            break
    period = re.search(r'<option[^>]* value="([^"]+)"', form.text)
    waves = re.search(r'name="waves"[^>]* value="([^"]+)"', form.text)
    if period is None or waves is None:
        raise RuntimeError("there is nothing to make a run of")
    begun = time.monotonic()
    page = send(visitor, "/console/runs/new", "/console/runs/new", period=period[1], waves=waves[1], kind="trial")
    while "<progress" in visitor.ask("GET", page).text and time.monotonic() < begun + PATIENCE:
        time.sleep(0.2)
    visitor.close()
    return time.monotonic() - begun


def run_jobs() -> None:
    """Run each job once, by the command that the scheduler starts."""
    environment = demo_environment(PORT) | {"PYTHONPATH": str(ROOT)}
    for job in JOBS:
        subprocess.run([sys.executable, "-m", "app", "jobs", "due", job.name], env=environment, check=True)


def end(process: subprocess.Popen[bytes], family: list[int]) -> float:
    """Press Ctrl-C and give the seconds until the demo ended; raises RuntimeError when it left a process behind."""
    begun = time.monotonic()
    process.send_signal(signal.SIGINT)
    process.wait()
    if left := [pid for pid in family if Path(f"/proc/{pid}").exists()]:
        raise RuntimeError(f"left behind: {left}")
    return time.monotonic() - begun


def members(root: int) -> list[int]:
    """List the processes of the demo."""
    above = {int(entry.name): _parent(entry) for entry in Path("/proc").iterdir() if entry.name.isdigit()}
    return [pid for pid in above if root in _line(pid, above)]


class Held(NamedTuple):
    """What the demo held: at rest, the most at once while it served, and the most of each process."""

    rest: Family
    most: Family
    peaks: Family


def measure() -> Held:
    """Run, fill and end the demo."""
    with demo() as process:
        seeding = Watcher(process.pid)
        seeding.start()
        wait_for_page(process)
        seeding.done.set()
        serving = Watcher(process.pid)
        serving.start()
        pages = 0
        for _round in range(ROUNDS):
            for language in LANGUAGES:
                visitor = Visitor(PORT)
                visitor.language = language
                pages += follow_links(visitor) + visit_survey(visitor)
                visitor.close()
        pages += walk_console()
        run_jobs()
        serving.done.set()
        serving.join()
        running = Watcher(process.pid)
        running.start()
        took = make_run()
        running.done.set()
        running.join()
        rest = look(process.pid)
        seconds = end(process, members(process.pid))
    held_pages = seeding.most.sum()
    print(
        f"{pages} pages looked at; while it was filled: {held_pages.pss:.0f} MB PSS, {held_pages.rss:.0f} MB RSS",
        flush=True,
    )
    print(f"Ctrl-C ended everything in {seconds:.1f} s")
    print(f"a trial run of the console took {took:.1f} s; meanwhile the demo held:")
    for name, size in sorted(running.most.items()):
        print(f"  {name[:42]:42} {size.pss:7.1f} {size.rss:7.1f}")
    peaks = {name: max(seen[name] for seen in (serving.peaks, running.peaks) if name in seen) for name in rest}
    return Held(rest, serving.most, Family(peaks))


def main() -> int:
    """Measure, print, and give 1 when a limit is missed and --check asks for it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail on a missed limit")
    check: bool = parser.parse_args().check
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        rest, most, peaks = measure()
        os.chdir(ROOT)
    print(f"\n{'at rest':44} {'PSS':>7} {'RSS':>7}")
    for name, size in sorted(rest.items()):
        print(f"  {name:42} {size.pss:7.1f} {size.rss:7.1f}")
    print(f"  {'sum':42} {rest.sum().pss:7.1f} {rest.sum().rss:7.1f}")
    print(f"\n{'limit':44} {'PSS':>7} {'RSS':>7} {'limit':>7}")
    found = {WORKER: peaks["web worker"], CONSOLE: peaks["console"]}
    found |= {SUM_OF_BOTH: most.sum(without="demo"), ALL: most.sum()}
    missed = [name for name, size in found.items() if size.pss > LIMITS[name]]
    for name, size in found.items():
        verdict = "MISSED" if name in missed else "OK"
        print(f"  {name:42} {size.pss:7.1f} {size.rss:7.1f} {LIMITS[name]:7} {verdict}")
    return int(check and bool(missed))


if __name__ == "__main__":
    sys.exit(main())
