"""The scripts of the survey: small modules joined into one file each, as a browser would link them, and squeezed.

A module's top-level names are its own in a browser; joined they share one scope, so a name used twice is refused here.
"""

import re
from functools import cache
from pathlib import Path

from app.web.site import STATIC

FOLDER = STATIC / "js"
BEGIN, APP, WORKER = "begin", "app", "worker"

_IMPORT = re.compile(r'^import (?:\{[^}]*\} from )?"\./(\w+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ", re.MULTILINE)
_DECLARED = re.compile(r"^(?:async )?(?:function|const|let|class) (\w+|\[[^\]]*\])", re.MULTILINE)
_BEGUN = re.compile(r"\$\{[^}]*$")
_TOKEN = re.compile(
    r"""
      "(?:\\.|[^"\\])*" | `(?:\\.|[^`\\])*`           # texts
    | /\*.*?\*/ | //[^\n]*                            # comments
    | (?<=[(=,!&|?:]) \s* /(?:\\.|\[(?:\\.|[^\]])*\]|[^/\\\n])+/[a-z]*  # patterns
    | \s+ | [\w$]+ | .
    """,
    re.VERBOSE | re.DOTALL,
)


class ScriptError(ValueError):
    """Modules that cannot be joined: a fault of the release, found when it starts."""


@cache
def bundle(entry: str) -> str:
    """Join a module and all it imports, each once and after what it needs; raises ScriptError on a name used twice."""
    parts = [_EXPORT.sub("", _IMPORT.sub("", _source(name))) for name in _in_order(entry)]
    declared = [name for part in parts for found in _DECLARED.findall(part) for name in re.findall(r"\w+", found)]
    twice = sorted({name for name in declared if declared.count(name) > 1})
    if twice:
        raise ScriptError(f"{entry}: declared in two modules: {', '.join(twice)}")
    return squeezed("\n".join(parts))


def squeezed(source: str) -> str:
    """Leave out comments and the white space that no browser needs; texts and patterns stay as they are.

    Raises ScriptError on a text made within another text's braces: its white space could not be told from the code's.
    """
    tokens = [token for token in _TOKEN.findall(source) if not token.startswith(("/*", "//"))]
    if nested := next((token for token in tokens if token[0] == "`" and _BEGUN.search(token)), None):
        raise ScriptError(f"a text within a text: {nested}")
    kept: list[str] = []
    for token, following in zip(tokens, [*tokens[1:], ""], strict=True):
        space = _space(token, kept[-1][-1:] if kept else "", following[:1]) if token.isspace() else token
        if space and not (space.isspace() and kept and kept[-1].isspace()):
            kept.append(space)
    return "".join(_without_brackets(_without_last_signs(kept))).strip() + "\n"


def _without_last_signs(tokens: list[str]) -> list[str]:
    """Leave out the comma after the last of a list and the semicolon after the last of a block."""
    dropped = {",)", ",]", ",}", ";}"}
    return [token for token, after in zip(tokens, [*tokens[1:], ""], strict=True) if token + after not in dropped]


def _without_brackets(tokens: list[str]) -> list[str]:
    """Leave out the brackets round the only parameter of an arrow function."""
    kept: list[str] = []
    for token in tokens:
        if [token, *kept[-1:-4:-2]] == ["=", ")", "("] and re.match(r"[a-z]\w*$", kept[-2]) and _is_free(kept[-4:-3]):
            kept[-3:] = [kept[-2]]
        kept.append(token)
    return kept


def _is_free(before: list[str]) -> bool:
    return not re.match(r"[\w$)\]]", before[0]) if before else True


def _space(token: str, before: str, after: str) -> str:
    """Give what must stay of white space: a line end that may end a statement, or one space between two words."""
    if "\n" in token:
        return "\n" if re.match(r"[\w$})\]\"'`]", before) and not re.match(r"[})\].,;:?|&=+*]", after) else ""
    words = re.match(r"[\w$]", before) and re.match(r"[\w$#]", after)
    signs = before == after and before in "+-"
    return " " if words or signs else ""


def _source(name: str) -> str:
    return Path(FOLDER / f"{name}.js").read_text(encoding="utf-8")


def _in_order(entry: str) -> list[str]:
    """List a module after everything it imports; raises ScriptError when modules need one another in a circle."""
    done: list[str] = []

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            raise ScriptError(f"{' → '.join((*above, name))}: a circle of imports")
        for needed in _IMPORT.findall(_source(name)):
            visit(needed, (*above, name))
        if name not in done:
            done.append(name)

    visit(entry, ())
    return done
