"""The peers' tests walk with the same phone as those of the browser."""

from tests.e2e.fixtures import isle, phone

__all__ = ["isle", "phone"]
