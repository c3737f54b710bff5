"""Every address of the public site, as a reviewed list: a new one must be added here on purpose."""

from pathlib import Path

from flask import Flask

SNAPSHOT = Path(__file__).with_name("routes.txt")


def addresses(app: Flask) -> list[str]:
    """List methods and rules."""
    return sorted(
        f"{rule.rule} {' '.join(sorted((rule.methods or set()) - {'HEAD', 'OPTIONS'}))}"
        for rule in app.url_map.iter_rules()
    )


def test_the_addresses_are_those_of_the_list(public: Flask) -> None:
    assert addresses(public) == SNAPSHOT.read_text().splitlines()
