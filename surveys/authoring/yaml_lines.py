"""On which line of a YAML file each part of a questionnaire stands, under the name validation gives it."""

from collections.abc import Iterator, Mapping

import yaml

_NOUNS: Mapping[str, str] = {
    "pages": "page",
    "questions": "question",
    "options": "option",
    "consent": "consent",
    "reviewed": "reviewed",
}


def lines_by_location(root: yaml.Node | None, source: str) -> dict[str, int]:
    """Map locations such as `a.yaml, page its, title, kk` to lines counted from 1."""
    return dict(_below(root, source)) if root else {}


def _below(node: yaml.Node, where: str) -> Iterator[tuple[str, int]]:
    if not isinstance(node, yaml.MappingNode):
        return
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            continue
        if key.value in _NOUNS and isinstance(value, yaml.SequenceNode):
            yield from _items(value, where, _NOUNS[key.value])
        else:
            inner = f"{where}, {key.value}"
            yield inner, key.start_mark.line + 1
            yield from _below(value, inner)


def _items(node: yaml.SequenceNode, where: str, noun: str) -> Iterator[tuple[str, int]]:
    for number, item in enumerate(node.value, 1):
        name = f"{where}, {noun} {number if noun == 'consent' else _code(item) or f'#{number}'}"
        yield name, item.start_mark.line + 1
        yield from _below(item, name)


def _code(node: yaml.Node) -> str:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next((str(value.value) for key, value in pairs if key.value == "code"), "")
