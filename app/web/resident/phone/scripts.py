"""The scripts of the survey: small modules joined into one file each, as a browser would link them, and minified.

A module's top-level names are its own in a browser; joined they share one scope, so a name used twice is refused here.
"""

import re
from functools import cache
from pathlib import Path

from rjsmin import jsmin

from app.web.site import STATIC

FOLDER = STATIC / "js"
BEGIN, APP, WORKER = "begin", "app", "worker"

_IMPORT = re.compile(r'^import (?:\{[^}]*\} from )?"\./(\w+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ", re.MULTILINE)
_DECLARED = re.compile(r"^(?:async )?(?:function|const|let|class) (\w+|\[[^\]]*\])", re.MULTILINE)
_BEGUN = re.compile(r"\$\{[^}]*$")
_TEXT = re.compile(r'"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`', re.DOTALL)


class ScriptError(ValueError):
    """Modules that cannot be joined: a fault of the release, found when it starts."""


@cache
def bundle(entry: str) -> str:
    """Join a module and all it imports, each once and after what it needs; raises ScriptError on a name used twice."""
    parts = [_EXPORT.sub("", _IMPORT.sub("", _source(name))) for name in _in_order(entry)]
    declared = [
        name for part in parts for declaration in _DECLARED.findall(part) for name in re.findall(r"\w+", declaration)
    ]
    twice = sorted({name for name in declared if declared.count(name) > 1})
    if twice:
        raise ScriptError(f"{entry}: declared in two modules: {', '.join(twice)}")
    return minified("\n".join(parts))


def minified(source: str) -> str:
    """Leave out comments and the white space that no browser needs.

    Raises ScriptError on a text made within another text's braces: its white space would be lost.
    """
    script = str(jsmin(source))
    if nested := next((text for text in _TEXT.findall(script) if text[0] == "`" and _BEGUN.search(text)), None):
        raise ScriptError(f"a text within a text: {nested}")
    return f"{script}\n"


def _source(name: str) -> str:
    return Path(FOLDER / f"{name}.js").read_text(encoding="utf-8")


def _in_order(entry: str) -> list[str]:
    """List a module after everything it imports; raises ScriptError when modules need one another in a circle."""
    order: list[str] = []

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            raise ScriptError(f"{' → '.join((*above, name))}: a circle of imports")
        for needed in _IMPORT.findall(_source(name)):
            visit(needed, (*above, name))
        if name not in order:
            order.append(name)

    visit(entry, ())
    return order
