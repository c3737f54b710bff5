"""On which line of a YAML file each part of a questionnaire stands, under the name validation gives the place."""

from collections.abc import Iterator, Mapping

import yaml

_NOUNS: Mapping[str, str] = {
    "pages": "page",
    "questions": "question",
    "options": "option",
    "consent": "consent",
    "reviewed": "reviewed",
}


def place_lines(root: yaml.Node | None, source: str) -> dict[str, int]:
    """Map places such as `a.yaml, page its, title, kk` to lines counted from 1."""
    return dict(_below(root, source)) if root else {}


def _below(node: yaml.Node, place: str) -> Iterator[tuple[str, int]]:
    if not isinstance(node, yaml.MappingNode):
        return
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            continue
        if key.value in _NOUNS and isinstance(value, yaml.SequenceNode):
            yield from _items(value, place, _NOUNS[key.value])
        else:
            inner = f"{place}, {key.value}"
            yield inner, key.start_mark.line + 1
            yield from _below(value, inner)


def _items(node: yaml.SequenceNode, place: str, noun: str) -> Iterator[tuple[str, int]]:
    for number, item in enumerate(node.value, 1):
        name = f"{place}, {noun} {number if noun == 'consent' else _code(item) or f'#{number}'}"
        yield name, item.start_mark.line + 1
        yield from _below(item, name)


def _code(node: yaml.Node) -> str:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next((str(value.value) for key, value in pairs if key.value == "code"), "")
