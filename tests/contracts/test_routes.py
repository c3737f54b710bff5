"""Every address of the public site, as a reviewed list: a new one must be added here on purpose."""

import re
from pathlib import Path

from flask import Flask

from surveys.fieldwork import RESERVED

SNAPSHOT = Path(__file__).with_name("routes.txt")


def addresses(app: Flask) -> list[str]:
    """List methods and rules."""
    return sorted(
        f"{rule.rule} {' '.join(sorted((rule.methods or set()) - {'HEAD', 'OPTIONS'}))}"
        for rule in app.url_map.iter_rules()
    )


def test_the_addresses_are_those_of_the_list(public: Flask) -> None:
    assert addresses(public) == SNAPSHOT.read_text().splitlines()


def test_no_wave_can_hide_a_page_beside_the_waves(public: Flask) -> None:
    first = {rule.rule.split("/")[2] for rule in public.url_map.iter_rules() if rule.rule.startswith("/s/")}
    assert {word for word in first if re.fullmatch(r"[a-z0-9-]+", word)} == RESERVED
