"""Templates are compiled once in a process: each test has an app of its own, and Jinja would compile them for each."""

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class ProcessCache(BytecodeCache):
    """Compiled templates by name and file; one whose text has changed is compiled again (Jinja compares the text)."""

    def __init__(self) -> None:
        """Begin with none."""
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a bucket what was compiled, if it was of the same text."""
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._compiled[bucket.key] = bucket.bytecode_to_string()


def compile_once() -> None:
    """Let every app that is made from now on in this process share what is compiled."""
    Flask.jinja_options = {"bytecode_cache": ProcessCache()}
