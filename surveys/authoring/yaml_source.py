"""Questionnaires from YAML files: read strictly, validated whole, every defect named at once.

Less than YAML is accepted, so that a file means what it seems to: no aliases (a short file could expand
without end), no tags, no key twice, and `no`, `on` or `2026-01-01` are texts, not values of another type.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml
from yaml.composer import ComposerError

from surveys.authoring.document import read_questionnaire, read_scales
from surveys.authoring.validation import find_defects
from surveys.authoring.yaml_lines import lines_by_location
from surveys.errors import Defect, DefinitionError
from surveys.questionnaire.definition import Audience, Questionnaire

MAX_BYTES: Final = 1_000_000
"""Largest file worth reading; the shipped ones have a twentieth of it."""

SCALES: Final = "scales.yaml"
"""File of shared scales, beside the questionnaires that use them."""

_FOLDER = Path(__file__).parents[1] / "questionnaires"
_TAG: Final = "tag:yaml.org,2002:"
_SCALARS: Final[dict[str, Callable[[str], object]]] = {
    "str": str,
    "int": int,
    "bool": "true".__eq__,
    "null": lambda _: None,
}


def shipped() -> tuple[Path, ...]:
    """List the questionnaires that come with the product."""
    return tuple(_FOLDER / f"{audience}.yaml" for audience in Audience)


class Reading(NamedTuple):
    """What a file gave: the questionnaire, if one could be made of it, its defects, and the lines of its parts."""

    questionnaire: Questionnaire | None
    defects: tuple[Defect, ...]
    lines: Mapping[str, int]


def load(path: Path) -> Questionnaire:
    """Read one questionnaire and the shared scales beside it; raises DefinitionError naming every defect."""
    reading = read(path)
    if reading.questionnaire is None or reading.defects:
        raise DefinitionError(reading.defects)
    return reading.questionnaire


def read(path: Path) -> Reading:
    """Read one questionnaire and the shared scales beside it, as far as it goes."""
    defects: list[Defect] = []
    beside = path.with_name(SCALES)
    shared = _document(_compose(beside, defects), SCALES, defects) if beside.exists() else {}
    root = _compose(path, defects)
    raw = _document(root, path.name, defects)
    if raw is None or shared is None:
        return Reading(None, tuple(dict.fromkeys(defects)), {})
    scales = read_scales(shared, SCALES, defects)
    questionnaire = read_questionnaire(raw, path.name, scales, defects)
    defects += find_defects(questionnaire, path.name)
    lines = lines_by_location(root, path.name) if isinstance(root, yaml.Node) else {}
    return Reading(questionnaire, tuple(dict.fromkeys(defects)), lines)


class _Loader(yaml.SafeLoader):
    """Resolves plain scalars to text, whole number, true, false or null; refuses aliases and tags."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Compose a node as PyYAML does, unless it is an alias or says its own type."""
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]  # the stubs leave PyYAML's parser untyped
        if isinstance(event, yaml.AliasEvent) or event.tag is not None:
            raise ComposerError(None, None, "aliases and tags are not accepted", event.start_mark)
        return super().compose_node(parent, index)


_Loader.yaml_implicit_resolvers = {}
for _name, _pattern, _first in (
    ("int", r"-?(?:0|[1-9][0-9]{0,8})", list("-0123456789")),
    ("bool", r"true|false", list("tf")),
    ("null", r"null|~|", ["n", "~", ""]),
):
    _Loader.add_implicit_resolver(_TAG + _name, re.compile(rf"(?:{_pattern})\Z"), _first)


def _compose(path: Path, defects: list[Defect]) -> yaml.Node | bool:
    """Read a file as a tree of YAML; True for an empty one, False, with the cause noted, for no document."""
    try:
        if path.stat().st_size > MAX_BYTES:
            defects.append(Defect(path.name, "too_large", f"more than {MAX_BYTES} bytes"))
            return False
        return yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader) or True
    except OSError as error:
        defects.append(Defect(path.name, "unreadable", error.strerror or ""))
    except UnicodeDecodeError as error:
        defects.append(Defect(path.name, "not_utf8", f"byte {error.start}"))
    except RecursionError:
        defects.append(Defect(path.name, "too_deep"))
    except yaml.MarkedYAMLError as error:
        defects.append(Defect(f"{path.name}, {_line(error.problem_mark)}", "not_yaml", error.problem or ""))
    except yaml.YAMLError as error:
        defects.append(Defect(path.name, "not_yaml", str(error)))
    return False


def _document(root: yaml.Node | bool, source: str, defects: list[Defect]) -> object:
    """Turn a tree into plain data; None when there is none."""
    if isinstance(root, bool):
        return {} if root else None
    return _plain(root, source, defects) or {}


def _plain(node: yaml.Node, source: str, defects: list[Defect]) -> object:
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, source, defects)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, source, defects) for item in node.value]
    return _SCALARS[node.tag.removeprefix(_TAG)](node.value)


def _mapping(node: yaml.MappingNode, source: str, defects: list[Defect]) -> dict[str, object]:
    mapping: dict[str, object] = {}
    for key, value in node.value:
        where = f"{source}, {_line(key.start_mark)}"
        if not isinstance(key, yaml.ScalarNode):
            defects.append(Defect(where, "wrong_type", "a key is a text"))
        elif key.value in mapping:
            defects.append(Defect(where, "duplicate_key", key.value))
        else:
            mapping[key.value] = _plain(value, source, defects)
    return mapping


def _line(mark: yaml.Mark | None) -> str:
    return f"line {mark.line + 1}" if mark else "end"
