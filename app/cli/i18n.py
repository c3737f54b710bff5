"""`python -m app i18n …`: keep the catalogues of the screens in step with the code."""

from io import BytesIO
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[2]
TRANSLATIONS = ROOT / "translations"
TRANSLATED = {"kk": "kk", "ru": "ru"}
"""English is the language of the message ids."""

_CHANGING_HEADERS = (
    '"Project-Id',
    '"POT-Creation-Date',
    '"PO-Revision-Date',
    '"Report-Msgid',
    '"Last-Translator',
    '"Language-Team',
    '"Generated-By',
)
"""Headers that name dates, tools or people: they would differ without any text having changed."""

KEYWORDS = {
    "_": None,
    "_l": None,
    "_n": (1, 2),
    "_c": ((1, "c"), 2),
    "_lc": ((1, "c"), 2),
    "gettext": None,
    "ngettext": (1, 2),
}


def extracted() -> Catalog:
    """Collect every message of the code and the templates."""
    with (ROOT / "babel.cfg").open() as config:
        methods, options = parse_mapping_cfg(config)  # type: ignore[no-untyped-call]  # Babel leaves this one unannotated
    catalog = Catalog(project="City Opinion", charset="utf-8", fuzzy=False)
    messages = extract_from_dir(
        str(ROOT / "app"), [_below_app(m) for m in methods], _options_below_app(options), KEYWORDS
    )
    for filename, _line, message, comments, context in sorted(messages, key=lambda item: (item[0], item[1])):
        catalog.add(message, None, [(f"app/{filename}", 0)], auto_comments=comments, context=context)
    return catalog


def rendered(catalog: Catalog) -> bytes:
    """Write a catalogue the one way it is committed: sorted, file names without lines, no dates."""
    catalog.header_comment = "# Texts of the screens, in step with the code by `make i18n`."
    buffer = BytesIO()
    write_po(buffer, catalog, sort_output=True, include_lineno=False, omit_header=False, width=110)
    stable_lines = [line for line in buffer.getvalue().decode().splitlines() if not line.startswith(_CHANGING_HEADERS)]
    return ("\n".join(stable_lines).strip() + "\n").encode()


def committed(language: str) -> Catalog:
    """Read the catalogue of a language."""
    with (TRANSLATIONS / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


@click.group()
def i18n() -> None:
    """Keep the catalogues in step with the code."""


@i18n.command(name="update")
def update_catalogues() -> None:
    """Take new texts into translations/ and drop those no longer used."""
    template = extracted()
    (TRANSLATIONS / "messages.pot").write_bytes(rendered(template))
    for language in TRANSLATED:
        catalog = committed(language)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        (TRANSLATIONS / language / "LC_MESSAGES" / "messages.po").write_bytes(rendered(catalog))
        missing = sum(bool(message.id) and not _is_translated(message) for message in catalog)
        click.echo(f"{language}: {len(catalog)} texts, {missing} without a translation")


def _is_translated(message: Message) -> bool:
    return all(message.string) if isinstance(message.string, tuple | list) else bool(message.string)


def _below_app(method: tuple[str, str]) -> tuple[str, str]:
    return method[0].removeprefix("app/"), method[1]


def _options_below_app(options: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    return {pattern.removeprefix("app/"): value for pattern, value in options.items()}
