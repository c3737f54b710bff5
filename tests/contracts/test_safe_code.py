"""What the code never does: ways of writing that turn somebody's text into a command, or a secret into a guess."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = [file for room in ("app", "surveys", "scoring") for file in sorted((ROOT / room).rglob("*.py"))] + [
    ROOT / "wsgi.py"
]
SCRIPTS = sorted((ROOT / "app/static/js").glob("*.js"))
PAGES = sorted((ROOT / "app/templates").rglob("*.html"))

RUNS_TEXT = {"eval", "exec", "compile", "__import__"}
READS_OBJECTS = {"pickle", "marshal", "shelve", "dill", "joblib"}
WEAK = {"md5", "sha1", "crypt", "ARC4", "TripleDES", "Blowfish", "CAST5", "ECB", "CBC", "PKCS1v15"}
GUESSABLE = {"random"}
MARKUP_SCRIPT = re.compile(
    r"\b(innerHTML|outerHTML|insertAdjacentHTML|setHTMLUnsafe|srcdoc|eval|Function)\b\s*[=(]|document\.write|javascript:"
)
CHAIN = re.compile(r"__proto__|constructor\.prototype|\bfor\s*\(\s*(?:const|let|var)\s+\w+\s+in\b")
MARKUP_PAGE = re.compile(
    r"\|\s*safe\b|autoescape\s+false|<script(?![^>]*\ssrc=)|\son[a-z]+=[\"']|href=[\"']javascript:"
)
MARKED_UP = {"app/web/console/form_drafts.py": 2, "app/web/resident/form/steps.py": 4}
"""How often a module calls something markup that Jinja has not escaped: holes of a page that are filled escaped."""
SQL_OF_PARTS = {"app/database.py": 1, "surveys/sql.py": 8}
"""How often a module puts a name of a table, a column or a constant of the code into a statement."""


def name_of(node: ast.expr) -> str:
    """Give the dotted name of what is called; empty for anything else."""
    if isinstance(node, ast.Attribute):
        return f"{name_of(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    return ((name_of(node.func), node) for node in ast.walk(tree) if isinstance(node, ast.Call))


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def runs_text(tree: ast.AST) -> list[str]:
    """Find text that is run as code, and templates made of text."""
    made = {"render_template_string", "Environment.from_string", "from_string"}
    return [name for name, _call in calls(tree) if name in RUNS_TEXT or name.split(".")[-1] in made]


def starts_a_shell(tree: ast.AST) -> list[str]:
    """Find commands that go through a shell, or that are one text."""
    found = [name for name, _call in calls(tree) if name in {"os.system", "os.popen", "subprocess.getoutput"}]
    for name, call in calls(tree):
        if not name.startswith("subprocess."):
            continue
        if any(word.arg == "shell" for word in call.keywords):
            found.append(f"{name} with a shell")
        if call.args and isinstance(call.args[0], ast.JoinedStr | ast.Constant):
            found.append(f"{name} of one text")
    return found


def reads_objects(tree: ast.AST) -> list[str]:
    """Find formats that make objects of any class."""
    found = [name for name in imports(tree) if name.split(".")[0] in READS_OBJECTS]
    return found + [name for name, _call in calls(tree) if name in {"yaml.load", "yaml.unsafe_load", "yaml.full_load"}]


def is_weakly_hashed(tree: ast.AST) -> list[str]:
    """Find hashes and ciphers that nobody should use any more."""
    used = [*imports(tree), *(name for name, _call in calls(tree))]
    return [name for name in used if name.split(".")[-1] in WEAK]


def is_guessable(tree: ast.AST) -> list[str]:
    """Find the generator of random numbers whose next one can be computed."""
    return [name for name in imports(tree) if name.split(".")[0] in GUESSABLE]


def believes_any_server(tree: ast.AST) -> list[str]:
    """Find calls that look at no certificate."""
    words = {"verify", "check_hostname", "verify_mode", "ssl_verify"}
    found = [name for name, call in calls(tree) for word in call.keywords if word.arg in words]
    return found + [name for name, _call in calls(tree) if name.endswith("_create_unverified_context")]


def reads_xml(tree: ast.AST) -> list[str]:
    """Find parsers of XML of our own; workbooks are read by openpyxl in a process with limits."""
    return [name for name in imports(tree) if name.split(".")[0] in {"xml", "lxml", "xmltodict"}]


RULES: dict[str, Callable[[ast.AST], list[str]]] = {
    "no text is run": runs_text,
    "no shell": starts_a_shell,
    "no objects out of texts": reads_objects,
    "no weak hash or cipher": is_weakly_hashed,
    "no guessable random numbers": is_guessable,
    "certificates are looked at": believes_any_server,
    "no parser of XML": reads_xml,
}
PLANTED = {
    "no text is run": "eval(x)\nrender_template_string(x)",
    "no shell": "subprocess.run(f'ls {x}', shell=True)\nos.system(x)",
    "no objects out of texts": "import pickle\nyaml.load(x)",
    "no weak hash or cipher": "from hashlib import md5\nhashlib.sha1(x)",
    "no guessable random numbers": "import random\nfrom random import choice",
    "certificates are looked at": "requests.get(x, verify=False)\nssl._create_unverified_context()",
    "no parser of XML": "import xml.etree.ElementTree\nfrom lxml import etree",
}


def offenders(rule: Callable[[ast.AST], list[str]]) -> dict[str, list[str]]:
    found = {str(file.relative_to(ROOT)): rule(ast.parse(file.read_text())) for file in CODE}
    return {file: names for file, names in found.items() if names}


def test_no_text_is_run_as_code() -> None:
    assert offenders(runs_text) == {}


def test_no_command_goes_through_a_shell() -> None:
    assert offenders(starts_a_shell) == {}


def test_no_format_that_makes_objects_is_read() -> None:
    assert offenders(reads_objects) == {}


def test_no_weak_hash_or_cipher_is_used() -> None:
    assert offenders(is_weakly_hashed) == {}


def test_random_numbers_come_from_the_system() -> None:
    assert offenders(is_guessable) == {}


def test_the_certificate_of_every_server_is_looked_at() -> None:
    assert offenders(believes_any_server) == {}


def test_no_parser_of_xml_is_ours() -> None:
    assert offenders(reads_xml) == {}


@pytest.mark.parametrize("name", RULES)
def test_every_rule_finds_what_it_is_for(name: str) -> None:
    assert len(RULES[name](ast.parse(PLANTED[name]))) >= 2


def composed(tree: ast.AST) -> int:
    """Count statements of SQL that are put together from texts."""
    runs = {"text", "exec_driver_sql"}
    arguments = [call.args[0] for name, call in calls(tree) if name.split(".")[-1] in runs and call.args]
    return sum(isinstance(each, ast.JoinedStr | ast.BinOp) or "format" in ast.dump(each) for each in arguments)


def test_values_reach_the_database_as_parameters() -> None:
    """Statements are SQLAlchemy's; the few that name a table take it from the models, never from a request."""
    found = {str(file.relative_to(ROOT)): composed(ast.parse(file.read_text())) for file in CODE}
    assert {file: many for file, many in found.items() if many} == SQL_OF_PARTS
    assert composed(ast.parse("session.execute(text(f'SELECT {x}'))")) == 1


def matching(pattern: re.Pattern[str], files: list[Path]) -> list[str]:
    return [f"{file.name}: {hit[0]}" for file in files for hit in pattern.finditer(file.read_text())]


def test_scripts_write_text_and_never_markup() -> None:
    assert len(SCRIPTS) > 10
    assert matching(MARKUP_SCRIPT, SCRIPTS) == []
    assert MARKUP_SCRIPT.search("x.innerHTML = y")


def test_scripts_leave_prototypes_alone() -> None:
    assert matching(CHAIN, SCRIPTS) == []
    assert CHAIN.search("for (const name in given) own[name] = given[name];")


def test_templates_escape_what_they_show_and_hold_no_script() -> None:
    assert len(PAGES) > 30
    assert matching(MARKUP_PAGE, PAGES) == []
    found = {
        str(file.relative_to(ROOT)): sum(name == "Markup" for name, _call in calls(ast.parse(file.read_text())))
        for file in CODE
    }
    assert {file: many for file, many in found.items() if many} == MARKED_UP
    assert [bad for bad in ("{{ x|safe }}", '<a onclick="x">', "<script>x") if not MARKUP_PAGE.search(bad)] == []


def test_scripts_listen_to_no_other_window() -> None:
    """Messages go between our pages and our own worker, which only pages of this site can reach."""
    sent = re.compile(r"(?:window|parent|opener|top)\.postMessage|addEventListener\(\"message\"")
    listening = {hit for hit in matching(sent, SCRIPTS) if not hit.startswith("worker.js")}
    assert listening == set()
